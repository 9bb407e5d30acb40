"""Whether memory stays flat over many evaluations of varied projects: `python -m tests.bench.flat [PULLS]`.

Each pull request is of another project, in one of twenty organisations. Prints the memory of `serve` with its
reading processes after every tenth part. Exit status 1 if the second half adds more than 30 MB.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from policy_bot.cli.demo_service import service
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.server import delivering, served
from policy_bot.sandbox.state import Pull, wall_clock
from tests.bench.attacks import resting
from tests.flows.configs import CLEAN, config

ORGANISATIONS, AT_ONCE, MORE = 20, 8, 30


def varied(number: int) -> dict[str, str]:
    """A project that no other number has: other names, times, sizes, modules and findings."""
    functions = "\n".join(
        f'new sst.aws.Function("F{number}x{at}", {{ handler: "src/{at}.handler", url: true, streaming: true,'
        f' timeout: "{20 + (number * 7 + at) % 800} seconds", environment: {{ N: "{number}" }} }});'
        for at in range(number % 40)
    )
    source = config(f'timeout: "{number % 900} seconds"')
    module = f"export function more() {{ {functions} }}\n"
    return {"sst.config.ts": source, f"infra/m{number}.ts": module, f"apps/a{number}/sst.config.ts": source}


def main(count: int = 2_000) -> int:
    """Evaluates this many pull requests, a few at a time."""
    seen: list[int] = []
    with ExitStack() as stack:
        sandbox = Sandbox(clock=wall_clock)
        stack.enter_context(served(sandbox))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = stack.enter_context(service(sandbox, folder, registered=True)).address
        stack.enter_context(delivering(sandbox, f"{address}/webhook"))
        shops = [sandbox.repository(f"acme{number}/shop", CLEAN) for number in range(ORGANISATIONS)]
        for number in range(ORGANISATIONS):
            sandbox.install(f"acme{number}")
        waiting: list[Pull] = []
        for number in range(count):
            waiting.append(sandbox.open_pull(shops[number % ORGANISATIONS], varied(number)))
            while len(waiting) >= AT_ONCE:
                time.sleep(0.02)
                waiting = [
                    each for each in waiting if not sandbox.world.latest_runs(each.repository, each.head_sha)
                ]
            if (number + 1) % (count // 10) == 0:
                seen.append(resting())
                print(f"{number + 1:>6} pull requests: {seen[-1]} MB", flush=True)
    return 0 if seen[-1] <= seen[len(seen) // 2 - 1] + MORE else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
