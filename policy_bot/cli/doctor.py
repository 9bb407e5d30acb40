"""`policy-bot doctor`: checks that the App is set up so that its check gates merging, and how to fix it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from policy_bot.cli.service import configured, github_problem

MOST_NAMED = 3
"""Maximum number of repositories that a point names without --list."""

if TYPE_CHECKING:
    from policy_bot.github.app import App
    from policy_bot.github.posture import Point

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "doctor",
        help="check the GitHub set-up and explain how to fix it",
        description="Checks the App, its webhook, an installation, its policy and its rulesets. Changes "
        "nothing. Exit status: 0 all is well, 1 something needs fixing, 2 GitHub cannot be "
        "reached.",
    )
    parser.add_argument("--org", metavar="NAME", help="also check this organisation (or person)")
    parser.add_argument(
        "--repositories",
        type=int,
        metavar="N",
        default=30,
        help="maximum number of repositories to check (default 30)",
    )
    parser.add_argument("--list", action="store_true", help="name every repository, not just the first three")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints every point. Raises `Problem` if GitHub cannot be asked."""
    from policy_bot.github.app import App, Identity
    from policy_bot.github.errors import Absent, Refused, RetryLater
    from policy_bot.service.settings import AppSettings

    settings = configured(args, AppSettings)
    app = App(Identity(settings.github_app_id, settings.private_key(), settings.github_api_url))
    looked = wrong = 0
    try:
        for point in _points(app, args):
            if not looked:
                print(f"GitHub at {settings.github_api_url}")
            looked += 1
            wrong += not point.ok
            print("\n".join(_lines(point, args.list)))
    except (Absent, Refused, RetryLater) as error:
        raise github_problem(error, settings.github_api_url) from None
    print("All is well." if not wrong else f"{wrong} to fix.")
    return int(wrong > 0)


def _lines(point: Point, every: bool) -> Iterator[str]:
    """A point as text: the result, the repositories concerned, and the fix."""
    from policy_bot.cli.output.style import wrap

    names = point.repositories
    number = len(names)
    count = f" ({number} {'repository' if number == 1 else 'repositories'})" if names else ""
    yield f"{'ok' if point.ok else '!!'}  {point.what}{count}"
    shown = names if every else names[:MOST_NAMED]
    more = f" and {number - len(shown)} more (--list names them)" if len(shown) < number else ""
    if names and (every or not point.ok):
        yield from wrap(", ".join(shown) + more, "    ")
    if point.fix:
        yield from wrap(point.fix, "    ")


def _points(app: App, args: argparse.Namespace) -> Iterator[Point]:
    from policy_bot.github import posture, repositories

    points = list(posture.of_app(app.itself()))
    yield from points
    if not points[0].ok or not args.org:
        return
    installation = repositories.installation_of(app.itself(), args.org)
    if installation is None:
        page = "the App's page, “Install App”"
        yield posture.Point(False, f"the App is not installed on {args.org}", f"Install it: {page}.")
        return
    yield from posture.of_installation(app.itself(), installation)
    yield from _policy(app, installation, args.org)
    yield from posture.of_gates(app.client(installation), app.identity.app_id, args.repositories)


def _policy(app: App, installation: int, owner: str) -> Iterator[Point]:
    """Checks that the organisation's policy can be read and is valid."""
    from policy_bot.github.objects import Objects
    from policy_bot.github.posture import Point
    from policy_bot.policy import builtin
    from policy_bot.policy.inforce import understand
    from policy_bot.policy.yamltext import FileError
    from policy_bot.service.evaluation.rules import organisation_revision

    revision = organisation_revision(app.client(installation), owner, Objects())
    if revision is None:
        fix = f"Add policy-bot.yml to {owner}/.github (docs/settings.md), or give the App access to it."
        yield Point(False, f"no policy of {owner} is visible: each repository uses its own", fix)
        return
    try:
        reading = understand(revision, "organisation", builtin.load())
    except FileError as error:
        for problem in error.problems:
            yield Point(False, f"{owner}/.github: {problem}", "Until then the last valid version applies.")
        return
    yield Point(True, f"the policy of {owner} is valid ({len(reading.policies)} own policies)")
