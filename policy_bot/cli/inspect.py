"""`policy-bot inspect`: shows what the reader understood, as text or JSON."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from policy_bot.cli import reading
from policy_bot.cli.problem import Problem
from policy_bot.cli.result import put

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy_bot.cli.output.style import Style
    from policy_bot.cli.reading import LocalRun
    from policy_bot.sst.deployment import Project

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

MOST_NAMED = 20
"""Maximum number of functions or streams suggested for an unknown name."""


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "inspect",
        help="show the settings of every function, by stage",
        description="Shows every Lambda function of each SST project with its effective timeout and "
        "streaming in each stage. No code of the project is run.",
    )
    reading.add_arguments(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument(
        "--streams", action="store_true", help="show what sends streams, and whether they reach the browser"
    )
    parser.add_argument(
        "--explain",
        metavar="NAME",
        help="show where a function's values come from, line by line; with --streams, the links of a route",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the deployments. Exit status 0 even if something is unknown."""
    with reading.local_run(args) as local:
        if args.format == "json":
            from policy_bot.cli.output import inspect_json

            seen = (local.viewpoint.of(_known(project, local)) for project in local.projects())
            text = inspect_json.render(
                seen, local.viewpoint.tree(local.tree), local.viewpoint.of(local.problems)
            )
        else:
            from policy_bot.cli.output import style

            projects = [local.viewpoint.of(_known(project, local)) for project in local.projects()]
            show = _streams if args.streams else _functions
            blocks = show(projects, style.style_for(sys.stdout, args.color), args.explain)
            text = "\n\n".join(blocks) or "No SST project here."
    put(text)
    for problem in local.problems:
        print(f"policy-bot: {problem.reason}", file=sys.stderr)
    return 0 if local.configs else reading.without_project(args, local, is_said=args.format == "text")


def _functions(projects: list[Project], look: Style, name: str | None) -> Iterator[str]:
    from policy_bot.cli.output import inspect_text

    if name is not None:
        known = inspect_text.names(projects)
        _look_for(name, "function", [*known, *known.values()], list(known.values()))
    return inspect_text.render(projects, look, name)


def _streams(projects: list[Project], look: Style, route: str | None) -> Iterator[str]:
    from policy_bot.cli.output import streams_text

    if route is not None:
        known = streams_text.routes(projects)
        _look_for(route, "stream", [*known, *(name.rpartition(" ")[2] for name in known)], known)
    return streams_text.render(projects, look, route)


def _known(project: Project, local: LocalRun) -> Project:
    local.viewpoint.knows(project.files)
    return project


def _look_for(name: str, what: str, known: Sequence[str], listed: Sequence[str]) -> None:
    """Raises `Problem` if no function or stream of any project and stage has this name."""
    if name in known:
        return
    from policy_bot.cli.output.style import safe

    names = list(dict.fromkeys(listed))
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    there = f"{what}s: {', '.join(map(safe, names[:MOST_NAMED]))}{more}" if names else "there are none"
    raise Problem(f"no {what} is named {name}; {there}")
