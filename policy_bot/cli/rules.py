"""The judgement at the desk: the policies and settings in force in this folder, and what they say of its
projects.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime

from policy_bot.cli.output.places import Places
from policy_bot.cli.problem import Problem
from policy_bot.cli.reading import Desk
from policy_bot.cli.report import FailOn, Report
from policy_bot.policy import builtin
from policy_bot.policy.edition import REPOSITORY_FOLDER, Edition
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Judgement
from policy_bot.policy.settings import Notice, Settings
from policy_bot.sst.deployment import Context, Hidden, Project, Version
from policy_bot.sst.record import replace
from policy_bot.sst.source import SourceTree, Unreadable


def rules(tree: SourceTree, organisation: str | None = None) -> Judge:
    """The built-in policies, those of the folder's own `.github/`, and the organisation's, where a checkout
    of its `.github` repository is named. Raises `Problem` where files have mistakes.
    """
    try:
        above = Edition.read(_checkout(organisation)) if organisation else None
        edition = Edition.read(tree, REPOSITORY_FOLDER)
    except Unreadable as error:
        raise Problem(str(error)) from None
    if not edition and not above:
        return Judge(builtin.load(), replace(Settings.default(), today=_today()))
    # what reads settings costs more than all the rest of a start: only where there are any
    from policy_bot.policy.inforce import in_force
    from policy_bot.policy.layers import Repository

    found = in_force(above, edition, Repository(os.path.basename(os.getcwd())), builtin.load(), _today())
    if found.problems:
        raise Problem("\npolicy-bot: ".join(f"{each.span}: {each.reason}" for each in found.problems))
    return Judge(found.policies, found.settings)


def _checkout(folder: str) -> SourceTree:
    from pathlib import Path

    from policy_bot.cli.folder import FolderTree

    if not os.path.isdir(folder):
        raise Problem(f"{folder}: no such folder")
    return FolderTree(Path(folder))


_NEWEST = Version("4.999.0", "4.999.0", "")


def judged(desk: Desk, fail_on: FailOn, organisation: str | None = None) -> Report:
    """Every project of the desk, judged. Raises `Problem`."""
    judge = rules(desk.tree, organisation)
    judge.rehearse(_NEWEST)
    stages = judge.settings.stages
    judgement = judge(desk.project(desk.tree, config, stages) for config in desk.configs)
    notices = [_shown(notice) for notice in judge.settings.notices]
    return Report(_mended(judgement, judge, desk), Places(desk.tree), fail_on, notices)


def _mended(judgement: Judgement, judge: Judge, desk: Desk) -> Judgement:
    """The judgement with the fixes that could be proved. What proves them is loaded where it is needed."""
    if not judgement.findings:
        return judgement
    from policy_bot.review.fixes import with_fixes

    def read(tree: SourceTree, path: str, contexts: Sequence[Context] | None) -> Project:
        return desk.reader.read(tree, path, contexts)

    return with_fixes(judgement, desk.tree, read, judge)


def _shown(notice: Notice) -> Hidden:
    return Hidden(notice.message, notice.source.span())


def _today() -> date:
    return datetime.now(UTC).date()
