"""`policy-bot check`: judge the SST projects of a folder, as the service judges those of a pull request."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from policy_bot.cli import organisation, reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from policy_bot.cli.report import Report

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

FORMATS = ("text", "json", "sarif", "github", "junit")


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "check",
        help="judge the SST projects of a folder",
        description="Judges each SST project below PATH in every stage, without running anything of it. "
        "Exit status: 0 clean, 1 findings or something that could not be read, 2 wrong usage or settings.",
    )
    reading.add_arguments(parser)
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning"),
        default="error",
        help="what makes the exit status 1; default: error",
    )
    organisation.add_arguments(parser)
    parser.add_argument(
        "--explain", action="store_true", help="in text: where every fact comes from, line by line"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what was found. Raises `Problem` for wrong usage and settings."""
    with reading.desk(args) as desk:
        # all that is needed is loaded while the reading process gets ready
        from policy_bot.cli import rules

        write = _writer(args)
        report = rules.judged(desk, args.fail_on, organisation.Above.of(args))
    print(write(report))
    return report.status


def _writer(args: argparse.Namespace) -> Callable[[Report], str]:
    if args.format == "text":
        from policy_bot.cli.output import style, text

        return lambda report: text.render(report, style.style_for(sys.stdout), explain=args.explain)
    render: Callable[[Report], str] = import_module(f"policy_bot.cli.output.{args.format}").render
    return render
