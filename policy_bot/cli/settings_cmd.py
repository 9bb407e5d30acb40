"""`policy-bot settings`: what is in force here, and which line of which file of which layer says so."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from policy_bot.cli import organisation
from policy_bot.cli.problem import Problem

if TYPE_CHECKING:
    from policy_bot.policy.account import Row
    from policy_bot.policy.inforce import InForce

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "settings",
        help="show the settings in force and who set them",
        description="Shows every setting in force in the current folder with the line that set it. In a"
        " checkout of an organisation's .github repository it checks the organisation's own files."
        " Exit status: 0 all is well, 1 something in them is wrong by now (a waiver that has ended),"
        " 2 mistakes.",
    )
    parser.add_argument("--explain", metavar="SETTING", help="one setting, e.g. timeout/too-short.least")
    organisation.add_arguments(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the table, or the trail of one setting. Raises `Problem` for mistakes in the files."""
    found = _in_force(args)
    if found.problems:
        raise Problem("\n".join(f"{problem.span}: {problem.reason}" for problem in found.problems))
    from policy_bot.policy.account import rows

    table = rows(found.settings, found.policies)
    if args.explain:
        _explain(args.explain, table)
    else:
        _show(table, found)
    return int(any(notice.level == "error" for notice in found.settings.notices))


def _in_force(args: argparse.Namespace) -> InForce:
    from datetime import UTC, datetime

    from policy_bot.cli.folder import FolderTree
    from policy_bot.policy import builtin
    from policy_bot.policy.edition import REPOSITORY_FOLDER, Edition
    from policy_bot.policy.inforce import in_force
    from policy_bot.sst.source import Unreadable

    above = organisation.Above.of(args)
    upper = above.edition() or organisation.own_checkout()
    try:
        repository = Edition.read(FolderTree("."), REPOSITORY_FOLDER)
    except Unreadable as error:
        raise Problem(str(error)) from None
    return in_force(upper, repository, above.repository(), builtin.load(), datetime.now(UTC).date())


def _show(table: list[Row], found: InForce) -> None:
    cells = [("SETTING", "VALUE", "SET BY")]
    cells += [(row.address, row.value, str(row.decision.source)) for row in table]
    first, second = (max(len(cell[column]) for cell in cells) for column in (0, 1))
    for address, value, source in cells:
        print(f"{address:{first}}  {value:{min(second, 40)}}  {source}")
    for waiver in found.settings.waivers:
        where = f"{waiver.path} {waiver.subject}".strip()
        print(f"waiver: {waiver.policy} at {where} until {waiver.expires} ({waiver.source})")
    for notice in found.settings.notices:
        print(f"{notice.level}: {notice}")


def _explain(address: str, table: list[Row]) -> None:
    from policy_bot.policy.mistakes import did_you_mean

    named = {row.address: row for row in table}
    chosen = [row for name, row in named.items() if name == address or name.startswith(f"{address}.")]
    if not chosen:
        raise Problem(f"there is no setting {address}. {did_you_mean(address, named)}".rstrip())
    for row in chosen:
        print(f"{row.address} = {row.value}")
        for step in row.trail:
            print(f"  {_plain(step.value)}  set by {step.source}")


def _plain(value: object) -> str:
    from policy_bot.policy.merging import shown

    return shown(value)
