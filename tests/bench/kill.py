"""Kills the service 20 times under load and drain, on SQLite and on Postgres, and says what was lost.

python tests/bench/kill.py [KILLS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from policy_bot.service.wakeups_postgres import prepare
from tests.service import postgres
from tests.service.crashing import crash


def measure(name: str, database: str, roles: tuple[str, ...], kills: int) -> bool:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        began = time.monotonic()
        result = crash(Path(folder), database, roles, kills)
        print(f"{name}, {kills} x kill -9, {time.monotonic() - began:.0f} s: {result}", flush=True)
        return result.kept


def main() -> int:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    address = postgres.make()
    try:
        prepare(address)
        kept = [
            measure("serve on SQLite", "", ("serve",), kills),
            measure("web and two workers on Postgres", address, ("web", "worker", "worker"), kills),
        ]
    finally:
        postgres.drop(address)
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
