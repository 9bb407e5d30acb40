"""Many random histories: `python tests/bench/histories.py [FIRST] [COUNT]`, ten thousand by default.

Prints the seed and the log of each that does not end as an evaluation from scratch; exit 1 if there was any.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.faults.history import History


def main(first: int = 0, count: int = 10_000) -> int:
    wrong, began = 0, time.monotonic()
    for seed in range(first, first + count):
        try:
            History(seed).run()
        except AssertionError as difference:
            wrong += 1
            print(difference)
        if (seed - first) % 500 == 499:
            print(
                f"{seed - first + 1} histories, {wrong} wrong, {time.monotonic() - began:.0f} s", flush=True
            )
    print(f"{count} histories from {first}, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
