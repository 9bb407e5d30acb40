"""`policy-bot jobs`: lists due, running and failed work; `policy-bot jobs retry` retries what failed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from policy_bot.cli.problem import Problem
from policy_bot.cli.service import configured, with_packages

if TYPE_CHECKING:
    from policy_bot.service.settings import DatabaseSettings
    from policy_bot.service.store.overview import Job
    from policy_bot.service.store.store import Store


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "jobs",
        help="list queued and failed jobs; retry failed ones",
        description="Lists jobs that are queued, running or failed. `retry` queues failed jobs again: "
        "all, or the ones named. Exit status 1 if any job has failed.",
    )
    parser.add_argument(
        "action",
        nargs="?",
        choices=["list", "retry"],
        default="list",
        help="list jobs (default), or retry failed ones",
    )
    parser.add_argument(
        "row", nargs="*", help="row to retry, from the end of its line (default: all failed ones)"
    )
    parser.add_argument("--failed", action="store_true", help="list only failed rows")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="default: text")
    parser.add_argument("--state", metavar="FOLDER", help="where the SQLite database is (POLICY_BOT_STATE)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Lists or retries work."""
    from policy_bot.service import assembly
    from policy_bot.service.settings import DatabaseSettings

    if args.row and args.action == "list":
        raise Problem("only `retry` takes rows: policy-bot jobs retry ROW")
    settings = _existing(with_packages(configured(args, DatabaseSettings)))
    try:
        with assembly.plainly(), _opened(settings) as store:
            return _retry(store, args.row) if args.action == "retry" else _list(store, args)
    except assembly.DatabaseProblem as error:
        raise Problem(f"the database cannot be read: {error}") from None


def _existing(settings: DatabaseSettings) -> DatabaseSettings:
    """The same settings, if the database exists: a command that reads creates none."""
    if not settings.on_postgres() and not settings.file().is_file():
        folder = "is this the state folder of `serve` (--state, POLICY_BOT_STATE)?"
        raise Problem(f"there is no database {settings.file()}: {folder}")
    return settings


@contextmanager
def _opened(settings: DatabaseSettings) -> Iterator[Store]:
    """Opens the store if its tables have this version."""
    from policy_bot.service.store import schema
    from policy_bot.service.store.store import Store

    store = Store(settings.database())
    try:
        if store.read(schema.current) in schema.older():
            raise Problem("the database is older than this version: run policy-bot migrate")
        yield store
    finally:
        store.close()


def _retry(store: Store, rows: list[str]) -> int:
    from policy_bot.service.store import due

    count, left = 0, 0
    for row in rows or [""]:
        done = store.write(partial(due.retry, now=store.now(), row=row))
        count += done
        if row and not done:
            left += 1
            print(f"policy-bot: {_not_failed(store, row)}", file=sys.stderr)
    print(f"{count} queued again." if count or rows else "Nothing has failed.")
    return int(left > 0)


def _not_failed(store: Store, row: str) -> str:
    from policy_bot.service.store import overview

    state = store.read(lambda connection: overview.state(connection, row))
    if not state:
        return f"there is no row {row}; `policy-bot jobs` shows each row at the end of its line"
    return f"{row} has not failed: it is {state}"


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
        print("Nothing has failed." if args.failed else "Nothing is due.")
    return int(failed)


def _line(job: Job) -> str:
    what = f"{job.name}#{job.number}" if job.number else job.name
    kind = "person" if job.urgent else "bulk"
    tried = f", attempt {job.attempts}" if job.attempts else ""
    wait = f", again in {job.again_in_seconds:.0f} s" if job.again_in_seconds else ""
    error = f"\n    {job.last_error}" if job.last_error else ""
    return f"{job.state:8} {kind:6} {what}  due for {job.age_seconds:.0f} s{tried}{wait}  {job.row}{error}"
