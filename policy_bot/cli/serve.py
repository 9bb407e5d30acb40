"""`policy-bot serve`: the whole service in one process, with a SQLite file."""

from __future__ import annotations

import argparse

from policy_bot.cli.problem import Problem
from policy_bot.cli.service import add_address, free, starting
from policy_bot.cli.setup import is_needed, set_up


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "serve",
        help="run the service in one process (SQLite)",
        description="Receives and processes webhooks in one process, with a SQLite file in the state "
        "folder. Environment variables configure it: see docs/operations.md.",
    )
    add_address(parser)
    parser.add_argument(
        "--state", metavar="FOLDER", help="where the database is (POLICY_BOT_STATE, default ./state)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serves until SIGTERM. Without an App, serves the set-up page first."""
    if is_needed(args) and not set_up(args):
        return 130
    settings = starting(args)
    if settings.on_postgres():
        raise Problem(
            "DATABASE_URL names Postgres: run `policy-bot web` and `policy-bot worker` for it, or unset it"
        )
    from policy_bot.service import assembly, server
    from policy_bot.service.lock import InUse, StateLock
    from policy_bot.service.logs import logger

    lock = StateLock(settings.state_folder())
    try:
        lock.take(lambda holder: logger().warning("waiting for the state folder", holder=holder))
    except InUse as error:
        raise Problem(f"{error}: end that process, or choose another folder with --state") from None
    except OSError as error:
        raise Problem(
            f"the state folder {settings.state_folder()} cannot be used: {error.strerror}"
        ) from None
    try:
        assembly.migrate(settings)
        free(settings)
        server.run_web(
            lambda: assembly.serving(settings), settings.host, settings.port, about=settings.about()
        )
    except assembly.DatabaseProblem as error:
        raise Problem(f"the database in {settings.state_folder()} cannot be used: {error}") from None
    finally:
        lock.release()
    return 0
