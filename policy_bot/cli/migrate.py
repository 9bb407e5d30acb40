"""`policy-bot migrate`: migrates the database to this version, in a release phase for example."""

from __future__ import annotations

import argparse

from policy_bot.cli.problem import Problem
from policy_bot.cli.service import configured, with_packages


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "migrate",
        help="migrate the database to this version",
        description="Migrates the database to the schema of this version. `serve` does so when it starts.",
    )
    parser.add_argument("--state", metavar="FOLDER", help="where the SQLite database is (POLICY_BOT_STATE)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Migrates the database."""
    from policy_bot.service import assembly
    from policy_bot.service.settings import DatabaseSettings

    settings = with_packages(configured(args, DatabaseSettings))

    try:
        version = assembly.migrate(settings)
    except assembly.DatabaseProblem as error:
        raise Problem(f"DATABASE_URL: {error}") from None
    print(f"The database is at version {version}.")
    return 0
