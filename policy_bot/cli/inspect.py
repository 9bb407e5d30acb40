"""`policy-bot inspect`: what the reader understood, for people (text) and for tools (JSON)."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from policy_bot.cli import reading
from policy_bot.cli.problem import Problem
from policy_bot.cli.result import put

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policy_bot.cli.reading import Desk
    from policy_bot.sst.deployment import Project

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

MOST_NAMED = 20
"""How many functions are named to somebody who asked for one that is not there."""


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

            seen = (desk.viewpoint.of(_known(project, desk)) for project in desk.projects())
            text = inspect_json.render(seen, desk.viewpoint.tree(desk.tree), desk.viewpoint.of(desk.problems))
        else:
            from policy_bot.cli.output import inspect_text, style

            projects = [desk.viewpoint.of(_known(project, desk)) for project in desk.projects()]
            if args.explain is not None:
                _look_for(args.explain, inspect_text.names(projects))
            look = style.style_for(sys.stdout, args.color)
            text = inspect_text.render(projects, look, args.explain)
    put(text)
    for problem in desk.problems:
        print(f"policy-bot: {problem.reason}", file=sys.stderr)
    return 0 if desk.configs else reading.without_project(args, desk, is_said=args.format == "text")


def _known(project: Project, desk: Desk) -> Project:
    desk.viewpoint.knows(project.files)
    return project


def _look_for(name: str, known: Mapping[str, str]) -> None:
    """Raises `Problem` where no project has a function of this title or name in any stage."""
    if name in known or name in known.values():
        return
    from policy_bot.cli.output.style import safe

    names = list(dict.fromkeys(known.values()))
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    there = f"there are: {', '.join(map(safe, names[:MOST_NAMED]))}{more}" if names else "there are none"
    raise Problem(f"there is no function {name} here; {there}")
