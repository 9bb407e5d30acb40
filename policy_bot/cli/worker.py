"""`policy-bot worker`: processes the work that `policy-bot web` accepted, on Postgres."""

from __future__ import annotations

import argparse

from policy_bot.cli.problem import Problem
from policy_bot.cli.service import on_postgres, starting


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "worker",
        help="process received webhooks (Postgres)",
        description="Evaluates queued pull requests and reports to GitHub. Any number of workers can "
        "share a Postgres.",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Works until SIGTERM."""
    settings = on_postgres(starting(args), "worker")
    from policy_bot.service import assembly, server

    try:
        server.run_worker(lambda: assembly.working(settings), settings.about())
    except assembly.DatabaseProblem as error:
        raise Problem(f"the database cannot be used: {error}") from None
    return 0
