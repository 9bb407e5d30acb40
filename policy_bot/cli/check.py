"""`policy-bot check`: judge the SST projects of a folder, as the service judges those of a pull request."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from policy_bot.cli import organisation, reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from policy_bot.cli.report import Report

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

FORMATS = ("text", "json", "sarif", "github", "junit")
MOST_LINKS = 5
"""How many links to folders outside are named."""


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
        "--require-project", action="store_true", help="exit status 2 where there is no SST project at all"
    )
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
    if args.format == "github" and desk.configs:
        _summarise(report, os.environ.get("GITHUB_STEP_SUMMARY", ""))
    _say_what_was_left_out(sorted(desk.tree.leaving))
    return report.status if desk.configs else _without_project(args)


def _summarise(report: Report, path: str) -> None:
    """Every finding on the page of the step, where GitHub Actions offers one."""
    if not path:
        return
    from policy_bot.cli.output import stepsummary

    try:
        with open(path, "a", encoding="utf-8") as file:
            file.write(stepsummary.render(report))
    except OSError as error:  # the verdict is printed, and it is the same without this page
        print(f"policy-bot: GITHUB_STEP_SUMMARY: {error.strerror}", file=sys.stderr)


def _without_project(args: argparse.Namespace) -> int:
    """A wrong folder must not be green for ever: it is said, and wrong where a project is required."""
    if args.require_project or args.format != "text":  # as text the report says it already
        where = "here" if args.path in (None, ".") else f"below {args.path}"
        print(f"policy-bot: no SST project {where} (no sst.config.ts): nothing was judged", file=sys.stderr)
    return 2 if args.require_project else 0


def _say_what_was_left_out(links: list[str]) -> None:
    if links:
        from policy_bot.cli.output.style import safe

        more = f" and {len(links) - MOST_LINKS} more" if len(links) > MOST_LINKS else ""
        named = ", ".join(map(safe, links[:MOST_LINKS])) + more
        print(f"policy-bot: not followed, as it leads out of the current folder: {named}", file=sys.stderr)


def _writer(args: argparse.Namespace) -> Callable[[Report], str]:
    if args.format == "text":
        from policy_bot.cli.output import style, text

        look, above = style.style_for(sys.stdout), args.organisation
        return lambda report: text.render(report, look, explain=args.explain, above=above)
    render: Callable[[Report], str] = import_module(f"policy_bot.cli.output.{args.format}").render
    return render
