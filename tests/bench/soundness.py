"""The standing proof at length: generated programs and calls of built-ins, in Node and in the interpreter.

    python -m tests.bench.soundness --programs 100000 --calls 200000 --seed 1

Prints what is not covered, how much was run, how much of it was exact, and the CPU time. Programs come in
rounds of 500 with a seed each, so that a long run can be cut short: what it printed was really run.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings

from policy_bot.sst.values import Unknown
from tests.sst.soundness.calls import any_call
from tests.sst.soundness.covering import exact, interpreted, missed
from tests.sst.soundness.generator import PROGRAMS
from tests.sst.soundness.node import Node, running

ROUND = 500


def generated(node: Node, start: int, count: int, tally: Counter[str]) -> list[str]:
    """Runs one round; the programs that are not covered."""
    wrong: list[str] = []

    @seed(start)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(program=PROGRAMS)
    def run(program: str) -> None:
        judged(node, program, tally, wrong)

    run()
    return wrong


def judged(node: Node, program: str, tally: Counter[str], wrong: list[str]) -> None:
    tally["run"] += 1
    try:
        if missed(node, program):
            wrong.append(program)
            print(program, flush=True)
        said = interpreted(program).outputs
    except Exception as error:
        wrong.append(f"// {error!r}\n{program}")
        print(wrong[-1], flush=True)
        return
    tally["exact"] += exact(said)
    tally["unknown"] += isinstance(said, Unknown)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--programs", type=int, default=100_000)
    parser.add_argument("--calls", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    began = time.process_time()
    tally: Counter[str] = Counter()
    wrong: list[str] = []
    with running() as node:
        chance = random.Random(args.seed)
        for _ in range(args.calls):
            judged(node, any_call(chance), tally, wrong)
        print(f"{args.calls:,} calls: {len(wrong)} not covered, {tally['exact']:,} exact", flush=True)
        tally.clear()
        for at in range(0, args.programs, ROUND):
            wrong += generated(node, args.seed + at, min(ROUND, args.programs - at), tally)
            spent = time.process_time() - began
            shares = f"{tally['exact']:,} exact, {tally['unknown']:,} unknown"
            print(f"{tally['run']:,} programs: {len(wrong)} not covered, {shares}, {spent:.0f} s", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
