"""`policy-bot web`: accepts webhooks, on Postgres; any number of processes and machines."""

from __future__ import annotations

import argparse

from policy_bot.cli.service import add_address, free, on_postgres, starting


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "web",
        help="receive webhooks (Postgres)",
        description="Receives webhooks and serves the pages; `policy-bot worker` processes the webhooks. "
        "Needs DATABASE_URL of a Postgres that `policy-bot migrate` has prepared.",
    )
    add_address(parser)
    parser.add_argument("--processes", type=int, default=1, help="serving processes (default 1)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serves until SIGTERM."""
    settings = on_postgres(starting(args), "web")
    from policy_bot.service import assembly, server

    free(settings)
    server.run_web(
        lambda: assembly.accepting(settings), settings.host, settings.port, args.processes, settings.about()
    )
    return 0
