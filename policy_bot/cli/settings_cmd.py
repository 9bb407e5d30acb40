"""`policy-bot settings`: shows the settings in force, and the layer, file and line that set each."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from policy_bot.cli import organisation
from policy_bot.cli.boundary import root_of
from policy_bot.cli.problem import Problem

if TYPE_CHECKING:
    from policy_bot.policy.inforce import InForce
    from policy_bot.policy.revision import Revision
    from policy_bot.policy.settingsreport import SettingRow

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


LIMITS = ("select", "allow", "lock", "approvers")
"""Entries of the organisation's file that are not settings; they can be queried even if missing."""


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "settings",
        help="show the settings in force and who set them",
        description="Shows every setting in force in the current folder and the line that sets it. In a "
        "checkout of an organisation's .github repository it checks the organisation's files."
        " Exit status: 0 all is well, 1 a setting is outdated (a waiver that has expired), 2 "
        "mistakes.",
    )
    parser.add_argument("--explain", metavar="SETTING", help="one setting, e.g. timeout/too-short.least")
    parser.add_argument("--changed", action="store_true", help="show only settings that a file sets")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="default: text")
    parser.add_argument(
        "--schema",
        action="store_true",
        help="print the JSON Schema of the settings file here, which knows your own policies too",
    )
    organisation.add_arguments(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the table, or the history of one setting. Raises `Problem` for mistakes in the files."""
    if args.schema:
        print(_schema(args), end="")
        return 0
    found = _in_force(args)
    if found.problems:
        raise Problem("\npolicy-bot: ".join(f"{each.span}: {each.reason}" for each in found.problems))
    from policy_bot.cli import settings_report

    table = _rows(args, found)
    if args.format == "json":
        print(settings_report.as_json(table, found.settings))
    else:
        lines = settings_report.trails if args.explain else settings_report.table
        print("\n".join(lines(table, found.settings)))
    return int(any(notice.level == "error" for notice in found.settings.notices))


def _schema(args: argparse.Namespace) -> str:
    """The schema of this folder's settings file. It knows an organisation's policies in its own checkout and
    with --organisation; otherwise it checks the form of their ids only.
    """
    from policy_bot.policy import builtin
    from policy_bot.policy.editorschema import as_text, settings_schema
    from policy_bot.policy.inforce import own_policies

    root = root_of(".")
    above = organisation.Above.of(args).revision()
    if above is None and (here := organisation.own_checkout(root)):
        return as_text(settings_schema("organisation", builtin.load(), own_policies(here), is_complete=True))
    own = [*(own_policies(above) if above else ()), *own_policies(_repository(root))]
    return as_text(settings_schema("repository", builtin.load(), own, is_complete=above is not None))


def _rows(args: argparse.Namespace, found: InForce) -> list[SettingRow]:
    """The requested settings. Raises `Problem` for an unknown name."""
    from policy_bot.policy.settingsreport import limits, rows
    from policy_bot.policy.spelling import did_you_mean

    table = [
        *limits(found.above, organisation.Above.of(args).repository(root_of("."))),
        *rows(found.settings, found.policies),
    ]
    if args.changed:
        table = [row for row in table if row.decision.source.path]
    asked = args.explain
    if not asked:
        return table
    chosen = [row for row in table if row.address == asked or row.address.startswith(f"{asked}.")]
    if not chosen and asked not in LIMITS and not args.changed:
        raise Problem(f"there is no setting {asked}. {did_you_mean(asked, _names(table))}".rstrip())
    return chosen


def _names(table: list[SettingRow]) -> set[str]:
    return {*LIMITS, *(row.address for row in table)}


def _in_force(args: argparse.Namespace) -> InForce:
    from datetime import UTC, datetime

    from policy_bot.policy import builtin
    from policy_bot.policy.inforce import in_force

    above, root = organisation.Above.of(args), root_of(".")
    upper = above.revision() or organisation.own_checkout(root)
    today = datetime.now(UTC).date()
    return in_force(upper, _repository(root), above.repository(root), builtin.load(), today)


def _repository(root: str) -> Revision:
    from policy_bot.cli.folder import FolderTree
    from policy_bot.policy.revision import REPOSITORY_FOLDER, Revision
    from policy_bot.sst.source import Unreadable

    try:
        return Revision.read(FolderTree(root), REPOSITORY_FOLDER)
    except Unreadable as error:
        raise Problem(str(error)) from None
