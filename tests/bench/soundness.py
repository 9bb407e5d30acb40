"""The standing proof at length: programs, calls of built-ins, whole configs; in Node and the reader.

    python -m tests.bench.soundness --programs 100000 --calls 200000 --configs 5000 --seed 1

Prints what is not covered, and every thousand programs how much was run, exact, unknown or too slow, and the
CPU time. Each program has a seed of its own, counted from the given one, so that a long run can be cut short
and continued: what it printed was really run.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from policy_bot.sst.values import Unknown
from tests.sst.soundness import deployed
from tests.sst.soundness.calls import any_call
from tests.sst.soundness.configs import Files, random_config
from tests.sst.soundness.covering import exact, interpreted, missed
from tests.sst.soundness.generator import random_program
from tests.sst.soundness.node import Node, running

ROUND = 1_000
PATIENCE = 3.0
"""Seconds of CPU for one program; a longer one counts as slow. The reading process ends one after ten."""


class _Slow(BaseException):
    """The program takes too long to be compared."""


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Within it, `_Slow` is raised after these seconds of CPU."""

    def slow(*_: object) -> None:
        raise _Slow

    signal.signal(signal.SIGVTALRM, slow)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def judged(node: Node, program: str, tally: Counter[str]) -> None:
    """Runs a program and counts how well its value covers what Node does."""
    tally["run"] += 1
    try:
        with _within(PATIENCE):
            said = interpreted(program).outputs
        wrong = bool(missed(node, program, said))
    except _Slow:
        tally["slow"] += 1
        return
    except Exception as error:
        tally["not covered"] += 1
        print(f"// {error!r}\n{program}", flush=True)
        return
    if wrong:
        tally["not covered"] += 1
        print(program, flush=True)
    tally["exact"] += exact(said)
    tally["unknown"] += isinstance(said, Unknown)


def judge(node: Node, what: str, programs: Iterable[str]) -> int:
    """Runs all programs; how many of them are not covered."""
    began = time.process_time()
    tally: Counter[str] = Counter()
    for program in programs:
        judged(node, program, tally)
        if tally["run"] % ROUND == 0:
            shares = ", ".join(
                f"{tally[name]:,} {name}" for name in ("not covered", "exact", "unknown", "slow")
            )
            print(f"{tally['run']:,} {what}: {shares}, {time.process_time() - began:.0f} s", flush=True)
    return tally["not covered"]


def judge_configs(configs: Iterable[Files]) -> int:
    """Runs whole configs; how many of them are not covered."""
    tally: Counter[str] = Counter()
    with deployed.running() as node:
        for files in configs:
            said = deployed.Said(files)
            found = deployed.missed(node, files, said)
            tally["run"] += 1
            tally["not covered"] += bool(found)
            tally["with a blind spot"] += said.blind
            tally["components"] += len(said.components)
            tally["certain"] += sum(each.certain for each in said.components)
            if found:
                print(*files.values(), *found, sep="\n", flush=True)
            if tally["run"] % ROUND == 0:
                print(", ".join(f"{count:,} {name}" for name, count in tally.items()), flush=True)
    return tally["not covered"]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--programs", type=int, default=100_000)
    parser.add_argument("--calls", type=int, default=200_000)
    parser.add_argument("--configs", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with running() as node:
        chance = random.Random(args.seed)
        wrong = judge(node, "calls", (any_call(chance) for _ in range(args.calls)))
        seeds = range(args.seed, args.seed + args.programs)
        wrong += judge(node, "programs", map(random_program, seeds))
    wrong += judge_configs(map(random_config, range(args.seed, args.seed + args.configs)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
