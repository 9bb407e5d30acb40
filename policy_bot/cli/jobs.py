"""`policy-bot jobs`: what is due, running and failed; `policy-bot jobs retry` tries the failed ones again."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from policy_bot.cli.problem import Problem
from policy_bot.cli.service import configured, with_packages

if TYPE_CHECKING:
    from policy_bot.service.store.overview import Job
    from policy_bot.service.store.store import Store


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "jobs",
        help="show what is due and what failed; retry it",
        description="Shows what is due, running and failed. `retry` makes failed rows due again: all, or"
        " the ones named. Exit status 1 where something has failed.",
    )
    parser.add_argument("action", nargs="?", choices=["list", "retry"], default="list")
    parser.add_argument("row", nargs="*", help="rows to retry, as listed (default: all failed ones)")
    parser.add_argument("--failed", action="store_true", help="list only failed rows")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.add_argument("--state", metavar="FOLDER", help="where the SQLite database is (POLICY_BOT_STATE)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Lists or retries."""
    from policy_bot.service import assembly
    from policy_bot.service.settings import DatabaseSettings
    from policy_bot.service.store.store import Store

    settings = with_packages(configured(args, DatabaseSettings))
    try:
        with assembly.plainly():
            store = Store(settings.database())
            try:
                return _retry(store, args.row) if args.action == "retry" else _list(store, args)
            finally:
                store.close()
    except assembly.DatabaseProblem as error:
        raise Problem(f"the database cannot be read: {error}") from None


def _retry(store: Store, rows: list[str]) -> int:
    from policy_bot.service.store import due

    names = rows or [""]
    count = store.write(lambda connection: sum(due.retry(connection, store.now(), row) for row in names))
    print(f"{count} made due again.")
    return 0 if count or not rows else 1


def _list(store: Store, args: argparse.Namespace) -> int:
    from policy_bot.service.store import overview

    jobs = store.read(lambda connection: overview.jobs(connection, store.now(), failed_only=args.failed))
    failed = any(job.state == "failed" for job in jobs)
    if args.format == "json":
        import dataclasses
        import json

        print(json.dumps([dataclasses.asdict(job) for job in jobs], indent=2))
        return int(failed)
    for job in jobs:
        print(_line(job))
    if not jobs:
        print("Nothing is due.")
    return int(failed)


def _line(job: Job) -> str:
    what = f"{job.name}#{job.number}" if job.number else job.name
    wait = f", again in {job.again_in:.0f} s" if job.again_in else ""
    error = f"\n    {job.last_error}" if job.last_error else ""
    kind = "person" if job.urgent else "bulk"
    since = f"due for {job.age:.0f} s, attempt {job.attempts}{wait}"
    return f"{job.state:8} {kind:6} {what}  {since}  {job.row}{error}"
