"""Questions about a project: which findings it has, and which fixes can be proved."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from policy_bot.isolation.answering import READING, Answering
from policy_bot.isolation.stages import read_in_stages
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Finding, Judgement
from policy_bot.policy.problems import included
from policy_bot.record import dataclass, field, replace
from policy_bot.review.fixes import Budget, FixSearch, TriedFixes, is_fixable, most_urgent
from policy_bot.sst.deployment import Context, Deployment, Function, Project, Value

MOST_STREAMS = 40
"""Maximum number of streams kept per context, to draw their paths."""
MOST_FUNCTIONS = 500
"""Maximum number of functions kept per context, if they are shown."""
MOST_HIDDEN = 200
"""Maximum number of blind spots kept per context; nobody would read more."""


@dataclass(frozen=True, slots=True)
class ProjectJudged:
    """A project, reduced to what is shown, and its judgement.

    `unwritable` are the fixes of findings for which none can be written, which takes no proof to know.
    """

    project: Project
    judgement: Judgement
    unwritable: dict[str, TriedFixes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JudgeProject:
    """Judges the project of the config `path`, under the path `called` if it has moved since, and only in
    `contexts` if they are given.
    """

    path: str
    judge: Judge
    called: str = ""
    contexts: tuple[Context, ...] | None = None
    functions: bool = False
    """Whether the project's functions are shown as well as judged."""
    alone: bool = False
    """Whether only the judgement is shown: with its problems as findings, and without contexts."""
    drafts: bool = False
    """Whether fixes are drafted, to know the findings for which none can be written."""

    def answered(self, at: Answering) -> ProjectJudged:
        """Reads the project, by default in its own stages and those of the settings, and judges it."""
        with at.step(READING):
            if self.contexts is None:
                project = read_in_stages(at.read, at.tree, self.path, self.judge.settings.stages)
            else:
                project = at.read(at.tree, self.path, self.contexts)
        return self.of(project, at)

    def of(self, project: Project, at: Answering) -> ProjectJudged:
        """Judges a project that was already read."""
        project = replace(project, path=self.called or project.path)
        shown = replace(project, contexts=(), directives=()) if self.alone else lean(project, self.functions)
        unwritable: dict[str, TriedFixes] = {}
        with at.step("judging"):
            judgement = self.judge([project])
            if self.drafts:
                tried = _tried_fixes(judgement.findings, judgement, self.judge, at, Budget(0))
                unwritable = {name: each for name, each in tried.items() if not each.fixes}
            if self.alone:
                judgement = included(self.judge, judgement)
        seen = tuple(shown for _ in judgement.projects)
        return ProjectJudged(shown, replace(judgement, projects=seen), unwritable)


@dataclass(frozen=True, slots=True)
class ProveFixes:
    """Which of these findings' fixes can be proved? Answered by fingerprint, without what is not reached."""

    path: str
    judge: Judge
    wanted: frozenset[str]
    budget: int | None = None

    def answered(self, at: Answering) -> dict[str, TriedFixes]:
        """Reads and judges the project again, then tries each fix on a copy."""
        with at.step(READING):
            project = read_in_stages(at.read, at.tree, self.path, self.judge.settings.stages)
        with at.step("trying fixes"):
            judgement = self.judge([project])
            wanted = [each for each in judgement.findings if each.fingerprint in self.wanted]
            return _tried_fixes(wanted, judgement, self.judge, at, Budget(self.budget))


def _tried_fixes(
    wanted: Iterable[Finding], judgement: Judgement, judge: Judge, at: Answering, budget: Budget
) -> dict[str, TriedFixes]:
    """Searches fixes for some findings, most urgent first, as long as there is time."""
    search = FixSearch(judgement, at.tree, at.read, judge, budget)
    fixable = most_urgent(each for each in wanted if is_fixable(each, judge))
    return {each.fingerprint: search.tried(each) for each in takewhile(lambda _: at.goes_on(), fixable)}


def lean(project: Project, functions: bool = False) -> Project:
    """Drops what only judging needs: a deployment is many times what is shown. `functions` keeps these,
    without the derivations of their values.
    """
    contexts = tuple(
        Deployment(
            each.context,
            *({}, {}, (), ()),
            tuple(map(_plainly, each.functions[:MOST_FUNCTIONS])) if functions else (),
            tuple(each for each in each.subjects if each.kind == "stream")[:MOST_STREAMS],
            tuple(sorted(each.unknown, key=lambda hidden: not hidden.cut_short)[:MOST_HIDDEN]),
        )
        for each in project.contexts
    )
    return replace(project, contexts=contexts, directives=())


def _plainly(function: Function) -> Function:
    """A function without the origins of its values."""
    effective = {name: _underived(value) for name, value in function.effective.items()}
    names = _underived(function.owner_name), _underived(function.name)
    return replace(function, owner_name=names[0], name=names[1], effective=effective)


def _underived(value: Value) -> Value:
    if value.choices:
        return replace(value, choices=tuple(Value(choice.value) for choice in value.choices), origin=())
    return replace(value, origin=())
