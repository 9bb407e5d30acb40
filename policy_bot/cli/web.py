"""`policy-bot web`: takes webhooks in, on Postgres; as many processes and machines as wanted."""

from __future__ import annotations

import argparse

from policy_bot.cli.service import add_address, free, on_postgres, starting


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "web",
        help="take webhooks in (Postgres)",
        description="Takes webhooks in and shows pages; `policy-bot worker` works them off. Needs"
        " DATABASE_URL of a Postgres that `policy-bot migrate` has prepared.",
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
