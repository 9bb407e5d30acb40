"""The service with an evaluator that only waits: `python -m tests.bench.serving FOLDER PORT SECONDS`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from policy_bot.github.events import PullKey
from policy_bot.service import assembly, logs, server
from tests.service.crashing import Nothing
from tests.service.keys import settings
from tests.service.pulls import Judge, Verdict


def main(folder: str, port: str, seconds: str) -> None:
    def evaluate(_key: PullKey, _superseded: Callable[[], bool]) -> Verdict:
        time.sleep(float(seconds))
        return Verdict()

    given = settings(Path(folder) / "state", port=int(port))
    logs.set_up(given.secrets())
    assembly.migrate(given)
    judge = Judge(evaluate)
    outside = assembly.Outside(judge, judge, Nothing())  # type: ignore[arg-type]
    server.run_web(lambda: assembly.serving(given, outside), given.host, given.port)


if __name__ == "__main__":
    main(*sys.argv[1:])
