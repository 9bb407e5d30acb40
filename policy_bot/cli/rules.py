"""Judges a local run by the policies and settings in force in the checkout."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from policy_bot.cli.organisation import Above
from policy_bot.cli.output.places import Places
from policy_bot.cli.output.style import safe
from policy_bot.cli.problem import SettingsProblem
from policy_bot.cli.progress import ProgressLine
from policy_bot.cli.reading import FEW, LocalRun
from policy_bot.cli.report import FailOn, Ignored, Report
from policy_bot.cli.selection import ALL, Selected
from policy_bot.cli.viewpoint import Viewpoint
from policy_bot.policy import builtin
from policy_bot.policy.engine import Judge, joined
from policy_bot.policy.finding import Judgement
from policy_bot.policy.problems import included, is_complete, of_places
from policy_bot.policy.revision import REPOSITORY_FOLDER, Revision
from policy_bot.policy.settings import Notice, Settings
from policy_bot.record import replace
from policy_bot.sst.deployment import BlindSpot, Context, Project, Version
from policy_bot.sst.source import SourceTree, Unreadable
from policy_bot.sst.span import Span

if TYPE_CHECKING:
    from policy_bot.cli.workers import Pool


def rules(tree: SourceTree, above: Above, view: Viewpoint, here: Revision | None = None) -> Judge:
    """The built-in policies, the repository's from `.github/`, and the organisation's from `above`, else
    `here`. Raises `SettingsProblem` with the user's paths if files have mistakes.
    """
    upper = above.revision() or here
    try:
        revision = Revision.read(tree, REPOSITORY_FOLDER)
    except Unreadable as error:
        place = Span.of_file(REPOSITORY_FOLDER)
        raise SettingsProblem([view.of(BlindSpot(error.reason, place))]) from None
    if not revision and not upper:
        return defaults()
    # the settings reader costs more than the rest of a start, so it is loaded only if it is needed
    from policy_bot.policy.inforce import in_force

    found = in_force(upper, revision, above.repository(view.root), builtin.load(), _today())
    view.knows(revision.files)
    if found.problems:
        raise SettingsProblem([_seen(each, view, revision) for each in found.problems])
    return Judge(found.policies, found.settings)


def defaults() -> Judge:
    """The built-in policies with their default settings."""
    return Judge(builtin.load(), Settings(today=_today()))


def _seen(problem: BlindSpot, view: Viewpoint, revision: Revision) -> BlindSpot:
    """A mistake with its path as the user sees it; the organisation's files are in another checkout."""
    own = problem.span.path in revision.files or problem.span.path.startswith(REPOSITORY_FOLDER)
    return view.of(problem) if own else problem


_NEWEST = Version("4.999.0", "4.999.0", "")


def judged(local: LocalRun, fail_on: FailOn, above: Above, selected: Selected = ALL) -> Report:
    """Judges every project of the local run, with paths as the user sees them. Raises `Problem`."""
    judge = rules(local.tree, above, local.viewpoint)
    if not selected.is_all:
        judge = selected.of_judge(judge)
    ignored = [config for config in local.configs if judge.settings.ignores(config)]
    configs = [config for config in local.configs if config not in ignored]
    with _pool(local, configs) as pool:
        if pool is None:
            judge.rehearse(_NEWEST)
        judgement = joined(_followed(local, judge, configs, pool))
        judgement, old, more = _reported(judgement, judge, local, selected)
        judgement = _with_fixes(judgement, judge, local, pool if selected.is_all else None)
    settings = replace(judge.settings, notices=(*judge.settings.notices, *more))
    report = _seen_from_here(judgement, replace(judge, settings=settings), ignored, fail_on, local)
    return replace(report, old=old)


def _reported(
    judgement: Judgement, judge: Judge, local: LocalRun, selected: Selected
) -> tuple[Judgement, int | None, Sequence[Notice]]:
    """What is reported of a judgement, how many findings are old, and notices."""
    unsearched = [each for each in local.problems if not judge.settings.ignores(f"{each.span.path}/any")]
    unread = of_places(judge, unsearched)
    judgement = replace(judgement, findings=(*judgement.findings, *unread))
    judgement, old = _ratcheted(judgement, judge, local)
    more = (*_idle(judgement, judge, local), *_ignores(judgement, local)) if selected.is_all else ()
    return replace(judgement, findings=tuple(filter(selected.shows, judgement.findings))), old, more


def _pool(local: LocalRun, configs: Sequence[str]) -> AbstractContextManager[Pool | None]:
    """Reading processes on as many processors as there are, if there are enough projects."""
    if len(configs) < FEW:
        return nullcontext()
    from policy_bot.cli import workers
    from policy_bot.isolation.kept import Kept

    count, first = workers.number_of_processes(), local.reader
    if count == 1 or not isinstance(first, Kept):
        return nullcontext()
    return workers.Pool(local.tree, first, count)


def _followed(
    local: LocalRun, judge: Judge, configs: Sequence[str], pool: Pool | None
) -> Iterator[Judgement]:
    """Passes the judgements on and reports their progress on stderr."""
    progress = ProgressLine("projects", len(configs), quiet=local.quiet or local.verbose)
    for judgement in progress.over(_judgements(local, judge, configs, pool)):
        if local.verbose:
            for project in judgement.projects:
                found = f"SST {project.version}, {len(judgement.findings)} findings"
                print(f"policy-bot: {safe(local.viewpoint.path(project.path))}: {found}", file=sys.stderr)
        yield judgement


def _judgements(
    local: LocalRun, judge: Judge, configs: Sequence[str], pool: Pool | None
) -> Iterator[Judgement]:
    """The judgement of each project, in order."""
    if pool is None:
        stages = judge.settings.stages
        projects = (local.project(local.tree, config, stages) for config in configs)
        return (included(judge, judge([project])) for project in projects)
    from policy_bot.isolation.questions.projects import JudgeProject

    contexts = None if local.contexts is None else tuple(local.contexts)
    questions = (JudgeProject(config, judge, contexts=contexts, alone=True) for config in configs)
    return pool.judgements(questions)


def _ratcheted(judgement: Judgement, judge: Judge, local: LocalRun) -> tuple[Judgement, int | None]:
    """Keeps the findings that are new by the pull requests' rule, in the projects that the change affects;
    returns also the number of findings that the base already has.
    """
    change = local.change
    if change is None:
        return judgement, None
    from policy_bot.review.ratchet import ratchet

    projects = tuple(p for p in judgement.projects if change.paths & (p.files | {p.path}))
    paths = {project.path for project in projects}
    there = [path for path in sorted(paths) if change.base.read(path) is not None]
    stages = judge.settings.stages
    base = joined(included(judge, judge([local.project(change.base, path, stages)])) for path in there)
    found = ratchet((finding for finding in judgement.findings if finding.project in paths), base.findings)
    ignores = tuple(each for each in judgement.ignores if each.span.path in change.paths)
    return Judgement(projects, found.new, ignores=ignores), len(found.old)


def _seen_from_here(
    judgement: Judgement, judge: Judge, ignored: Sequence[str], fail_on: FailOn, local: LocalRun
) -> Report:
    view = local.viewpoint
    view.knows(file for project in judgement.projects for file in project.files)
    if not view.is_root:
        judgement = replace(
            judgement,
            projects=tuple(view.of(replace(project, contexts=())) for project in judgement.projects),
            findings=view.of(judgement.findings),
        )
    places = Places(view.tree(local.tree))
    left_out = [view.of(Ignored.by(judge.settings, config)) for config in ignored]
    return Report(judgement, places, fail_on, replace(judge, settings=view.of(judge.settings)), left_out)


def _idle(judgement: Judgement, judge: Judge, local: LocalRun) -> Sequence[Notice]:
    """Unused waivers, reported only if every project they could apply to was judged."""
    if not judge.settings.waivers or not local.is_whole or local.contexts is not None:
        return ()
    if not is_complete(judgement):
        return ()
    from policy_bot.policy.waivers import idle

    return idle(judge.settings, judgement.findings)


def _ignores(judgement: Judgement, local: LocalRun) -> Sequence[Notice]:
    """Mistakes in ignore comments. An unused comment is reported only if all projects that may import its
    file were judged, in all stages and completely.
    """
    if not judgement.ignores:
        return ()
    from policy_bot.policy.inline import notices

    configs = {project.path for project in judgement.projects}
    is_all = local.contexts is None and is_complete(judgement)
    return notices(
        each if is_all and (local.is_whole or each.span.path in configs) else replace(each, idle=())
        for each in judgement.ignores
    )


def _with_fixes(judgement: Judgement, judge: Judge, local: LocalRun, pool: Pool | None) -> Judgement:
    """The judgement with the fixes that could be proved; the proving code is loaded on demand."""
    if not judgement.findings:
        return judgement
    from policy_bot.review.fixes import is_fixable, most_urgent, with_fixes

    def read(tree: SourceTree, path: str, contexts: Sequence[Context] | None) -> Project:
        if contexts is None:
            return local.project(tree, path, judge.settings.stages)
        return local.reader.read(tree, path, contexts)

    if pool is None or local.change is not None or local.contexts is not None:
        return with_fixes(judgement, local.tree, read, judge)
    from policy_bot.cli.workers import tried

    findings = most_urgent(each for each in judgement.findings if is_fixable(each, judge))
    return with_fixes(judgement, local.tree, read, judge, elsewhere=tried(pool, judge, findings))


def _today() -> date:
    return datetime.now(UTC).date()
