"""The judgement at the desk: the policies and settings in force in this folder, and what they say of its
projects.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from policy_bot.cli.organisation import Above
from policy_bot.cli.output.places import Places
from policy_bot.cli.problem import Problem
from policy_bot.cli.reading import Desk
from policy_bot.cli.report import FailOn, Report
from policy_bot.policy import builtin
from policy_bot.policy.edition import REPOSITORY_FOLDER, Edition
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Judgement
from policy_bot.policy.settings import Settings
from policy_bot.sst.deployment import Context, Project, Version
from policy_bot.sst.record import replace
from policy_bot.sst.source import SourceTree, Unreadable


def rules(tree: SourceTree, above: Above, here: Edition | None = None) -> Judge:
    """The built-in policies, those of the folder's own `.github/`, and the organisation's: those that are
    named, else `here`. Raises `Problem` where files have mistakes.
    """
    upper = above.edition() or here
    try:
        edition = Edition.read(tree, REPOSITORY_FOLDER)
    except Unreadable as error:
        raise Problem(str(error)) from None
    if not edition and not upper:
        return Judge(builtin.load(), replace(Settings.default(), today=_today()))
    # what reads settings costs more than all the rest of a start: only where there are any
    from policy_bot.policy.inforce import in_force

    found = in_force(upper, edition, above.repository(), builtin.load(), _today())
    if found.problems:
        raise Problem("\npolicy-bot: ".join(f"{each.span}: {each.reason}" for each in found.problems))
    return Judge(found.policies, found.settings)


_NEWEST = Version("4.999.0", "4.999.0", "")


def judged(desk: Desk, fail_on: FailOn, above: Above) -> Report:
    """Every project of the desk, judged. Raises `Problem`."""
    judge = rules(desk.tree, above)
    judge.rehearse(_NEWEST)
    stages = judge.settings.stages
    ignored = [config for config in desk.configs if judge.settings.ignores(config)]
    judgement = judge(
        desk.project(desk.tree, config, stages) for config in desk.configs if config not in ignored
    )
    return Report(_mended(judgement, judge, desk), Places(desk.tree), fail_on, judge, ignored)


def _mended(judgement: Judgement, judge: Judge, desk: Desk) -> Judgement:
    """The judgement with the fixes that could be proved. What proves them is loaded where it is needed."""
    if not judgement.findings:
        return judgement
    from policy_bot.review.fixes import with_fixes

    def read(tree: SourceTree, path: str, contexts: Sequence[Context] | None) -> Project:
        return desk.reader.read(tree, path, contexts)

    return with_fixes(judgement, desk.tree, read, judge)


def _today() -> date:
    return datetime.now(UTC).date()
