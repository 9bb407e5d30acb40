"""`policy-bot inspect`: what the reader understood, for people (text) and for tools (JSON)."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from policy_bot.cli import reading

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "inspect",
        help="show what was understood of a folder's SST projects",
        description="Shows every Lambda function of each SST project, with its effective timeout "
        "and streaming in each stage. Nothing of the project is run.",
    )
    reading.add_arguments(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--explain", metavar="NAME", help="where a function's values come from, line by line")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what was understood. Exit status 0, also where something could not be seen: that is an answer."""
    with reading.desk(args) as desk:
        if args.format == "json":
            from policy_bot.cli.output import inspect_json

            print(inspect_json.render(desk.projects(), desk.tree))
        else:
            from policy_bot.cli.output import inspect_text, style

            print(inspect_text.render(desk.projects(), style.style_for(sys.stdout), args.explain))
    return 0
