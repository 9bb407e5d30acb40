"""What is asked of a reading process: everything that parses, matches or evaluates text of a repository.

Each question is a record that crosses the pipe and is answered there, from plain data to plain data. The
process has a limit of CPU time and of memory, so that a policy file, a pattern or an expression that explodes
ends as a limit with a name, and costs the service a process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from policy_bot.isolation import codec
from policy_bot.isolation.reader import READING
from policy_bot.isolation.stages import read_in_stages_by
from policy_bot.policy import builtin
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import (
    Edit,
    Evidence,
    Excuse,
    Fact,
    Finding,
    Fix,
    Ignore,
    Instance,
    Judgement,
    Setting,
)
from policy_bot.policy.policy import Change, Elsewhere, Policy, PolicyParameter, Remedy, Rule
from policy_bot.policy.revision import FILE_NAME, Revision, join
from policy_bot.policy.settings import Decision, Enforcement, LayerName, Notice, Settings, Source, Waiver
from policy_bot.record import dataclass, replace
from policy_bot.review.fixes import Read, with_fixes
from policy_bot.sst.deployment import BlindSpot, Context, Deployment, Function, Known, OneOf, Project, Value
from policy_bot.sst.source import SourceTree

if TYPE_CHECKING:
    from policy_bot.policy.changes import LayerState, SettingChange
    from policy_bot.policy.inforce import InForce
    from policy_bot.policy.yamltext import Problem

MOST_STREAMS = 40
"""Streams of one context that are kept, for the picture of their path."""
MOST_FUNCTIONS = 500
"""Functions of one context that are kept, if they are shown."""
MOST_HIDDEN = 200
"""Places of one context that could not be seen and are kept; the rest would be read by nobody."""


Step = Callable[[str], AbstractContextManager[object]]
"""Announces what begins: see `Answering`."""


@dataclass(frozen=True, slots=True)
class Answering:
    """Where a question is answered: the tree, what reads a project of it, and what announces a step.

    Within `step("judging")` the CPU time of the process is bounded anew, and a process that dies there is
    reported with these words.
    """

    tree: SourceTree
    read: Read
    step: Step
    goes_on: Callable[[], bool] = lambda: True


@dataclass(frozen=True, slots=True)
class ProjectJudged:
    """A project, of which only what is shown is left, and what the policies say of it."""

    project: Project
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class JudgeProject:
    """What do these rules say of the project whose config is `path`? It is judged under the path `called`,
    where it has moved since, and only in `contexts` if they are given.
    """

    path: str
    judge: Judge
    called: str = ""
    contexts: tuple[Context, ...] | None = None
    functions: bool = False
    """Whether what the project deploys is shown, and not only judged."""

    def answered(self, at: Answering) -> ProjectJudged:
        """Read it, by default in its own stages and those of the settings, and judge it."""
        with at.step(READING):
            if self.contexts is None:
                project = read_in_stages_by(at.read, at.tree, self.path, self.judge.settings.stages)
            else:
                project = at.read(at.tree, self.path, self.contexts)
        return self.of(project, at.step)

    def of(self, project: Project, step: Step) -> ProjectJudged:
        """The judgement of a project that is read already."""
        project = replace(project, path=self.called or project.path)
        with step("judging"):
            judgement = self.judge([project])
        shown = lean(project, self.functions)
        seen = tuple(shown for _ in judgement.projects)
        return ProjectJudged(shown, replace(judgement, projects=seen))


@dataclass(frozen=True, slots=True)
class ProveFixes:
    """Which fixes of these findings of a project can be proved? The answer is by fingerprint."""

    path: str
    judge: Judge
    wanted: frozenset[str]

    def answered(self, at: Answering) -> dict[str, tuple[Fix, ...]]:
        """Read and judge the project again, then try each fix on a copy."""
        with at.step(READING):
            project = read_in_stages_by(at.read, at.tree, self.path, self.judge.settings.stages)
        with at.step("trying fixes"):
            judgement = with_fixes(
                self.judge([project]),
                at.tree,
                at.read,
                self.judge,
                lambda finding: finding.fingerprint in self.wanted,
                at.goes_on,
            )
        return {each.fingerprint: each.fixes for each in judgement.findings if each.fixes}


@dataclass(frozen=True, slots=True)
class AboutRepository:
    """What selections ask of a repository: its name without the owner, its topics, its visibility."""

    name: str
    topics: frozenset[str] = frozenset()
    visibility: str = ""


@dataclass(frozen=True, slots=True)
class LayersInForce:
    """What is in force: settings, the policies besides the built-in ones, and what keeps a check from
    succeeding. `organisation` and `repository` say whether the files there now are in force ("now"), the last
    good ones ("before") or none ("").
    """

    settings: Settings
    policies: tuple[Policy, ...]
    problems: tuple[BlindSpot, ...]
    organisation: str
    repository: str


@dataclass(frozen=True, slots=True)
class WhatIsInForce:
    """What do these policy files put in force for a repository, on a day?

    `good` are the organisation's and the repository's last good revisions.
    """

    organisation: Revision | None
    repository: Revision | None
    about: AboutRepository
    builtin: tuple[Policy, ...]
    today: date
    good: tuple[Revision | None, Revision | None] = (None, None)

    def answered(self, at: Answering) -> LayersInForce:
        """Parse the files and lay the layers over each other."""
        from policy_bot.policy.inforce import in_force
        from policy_bot.policy.layers import Repository

        for revision in (self.organisation, self.repository, *self.good):
            _parse_each(revision, at)
        about = Repository(self.about.name, self.about.topics, self.about.visibility)
        with at.step("combining the settings"):
            found = in_force(self.organisation, self.repository, about, self.builtin, self.today, self.good)
        own = found.policies[len(self.builtin) :]
        return LayersInForce(
            found.settings,
            own,
            found.problems,
            _which(found.organisation, self.organisation),
            _which(found.repository, self.repository),
        )


def _which(in_force: Revision | None, now: Revision | None) -> str:
    if in_force is None:
        return ""
    return "now" if in_force is now else "before"


@dataclass(frozen=True, slots=True)
class CaseAt:
    """A case of a policy file: the file's path, the case's number, name and line."""

    path: str
    number: int
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class RevisionReview:
    """What was found of a proposed revision without judging anything by it."""

    problems: tuple[Problem, ...] = ()
    cases: tuple[CaseAt, ...] = ()
    changed: tuple[SettingChange, ...] = ()
    notices: tuple[str, ...] = ()
    above: tuple[Policy, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewRevision:
    """What does it change that a layer's policy files become `after`? `organisation` are the files above a
    repository's.
    """

    before: Revision
    after: Revision
    layer: LayerName
    organisation: Revision | None
    about: AboutRepository
    builtin: tuple[Policy, ...]
    today: date

    def answered(self, at: Answering) -> RevisionReview:
        """Parse all files, list the cases of the changed policies, compare what is in force."""
        from policy_bot.policy import cases
        from policy_bot.policy.changes import changes
        from policy_bot.policy.inforce import understand
        from policy_bot.policy.yamltext import FileError

        for revision in (self.organisation, self.before, self.after):
            _parse_each(revision, at)
        above = self._above()
        try:
            with at.step("reading the policy files"):
                reading = understand(self.after, self.layer, (*self.builtin, *above))
        except FileError as error:
            return RevisionReview(error.problems)
        listed = []
        for policy in reading.policies:
            text = self.after.files[policy.path]
            if text != self.before.files.get(policy.path):
                with at.step(f"reading the cases of {policy.path}"):
                    found = enumerate(cases.read(text))
                    listed += [CaseAt(policy.path, number, case.name, case.line) for number, case in found]
        with at.step("combining the settings"):
            then = self._in_force(self.after)
            changed = changes(self._state(self.before, above), self._state(self.after, above))
        notices = tuple(str(each) for each in then.settings.notices if each.source.layer == self.layer)
        ended = tuple(self._ended(reading.layer.waivers))
        return RevisionReview(ended, tuple(listed), changed, notices, above)

    def _above(self) -> tuple[Policy, ...]:
        """The organisation's policies, which are above a repository's."""
        from policy_bot.policy.inforce import in_force
        from policy_bot.policy.layers import Repository

        if self.layer == "organisation":
            return ()
        found = in_force(self.organisation, None, Repository(""), self.builtin, self.today)
        return found.policies[len(self.builtin) :]

    def _in_force(self, revision: Revision) -> InForce:
        """What a revision puts in force: the organisation's, in a repository that no selection takes."""
        from policy_bot.policy.inforce import in_force
        from policy_bot.policy.layers import Repository

        if self.layer == "organisation":
            return in_force(revision, None, Repository(""), self.builtin, self.today)
        about = Repository(self.about.name, self.about.topics, self.about.visibility)
        return in_force(self.organisation, revision, about, self.builtin, self.today)

    def _state(self, revision: Revision, above: Sequence[Policy]) -> LayerState:
        """What a revision says and puts in force; one with mistakes says nothing."""
        from policy_bot.policy.changes import LayerState
        from policy_bot.policy.inforce import understand
        from policy_bot.policy.yamltext import FileError

        found = self._in_force(revision)
        file = join(revision.folder, FILE_NAME)
        named = file if file in revision.files else ""
        if not revision:
            return LayerState(found.settings, found.policies, None, {}, named)
        try:
            reading = understand(revision, self.layer, (*self.builtin, *above))
        except FileError:
            return LayerState(found.settings, found.policies, None, {}, named)
        texts = {policy.id: revision.files[policy.path] for policy in reading.policies}
        return LayerState(found.settings, found.policies, reading.layer, texts, named)

    def _ended(self, waivers: Sequence[Waiver]) -> Iterator[Problem]:
        from policy_bot.policy.yamltext import Place as At
        from policy_bot.policy.yamltext import Problem

        for waiver in waivers:
            if waiver.days_left(self.today) < 0:
                what = f"this waiver of `{waiver.policy}` ended on {waiver.expires}"
                place = At(waiver.source.line, waiver.source.column)
                yield Problem(waiver.source.path, place, what, "Remove it, or have a new day approved")


@dataclass(frozen=True, slots=True)
class RunCase:
    """Does one case of a policy file come out as its marks say? `above` judges by the policies above it."""

    path: str
    text: str
    number: int
    above: Judge

    def answered(self, at: Answering) -> tuple[Problem, ...]:
        """What is wrong with it; nothing where it passes."""
        from policy_bot.policy import cases
        from policy_bot.review.rehearsal import failures, rehearse

        with at.step(f"reading {self.path}"):
            policy = _parsed(self.path, self.text)
            case = cases.read(self.text)[self.number]
        with at.step(f"running a case of {self.path}"):
            return tuple(failures(policy, rehearse(policy, case, at.read, self.above.policies)))


Question = JudgeProject | ProveFixes | WhatIsInForce | ReviewRevision | RunCase


def lean(project: Project, functions: bool = False) -> Project:
    """A project without what only judging needs: what it deploys is many times what is ever shown. With
    `functions` it keeps these, without the derivations of their values.
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
    """A function with values that do not say where they come from."""
    effective = {name: _underived(value) for name, value in function.effective.items()}
    names = _underived(function.owner_name), _underived(function.name)
    return replace(function, owner_name=names[0], name=names[1], effective=effective)


def _underived(value: Value) -> Value:
    if isinstance(value, OneOf):
        return replace(value, choices=tuple(Known(choice.value) for choice in value.choices), origin=())
    return replace(value, origin=())


def _parse_each(revision: Revision | None, at: Answering) -> None:
    """Parse each policy file by itself, so that one that explodes is reported by its name."""
    from policy_bot.policy.yamltext import FileError

    for path, text in sorted(revision.files.items()) if revision else ():
        if path.endswith(".md"):
            with at.step(f"reading {path}"):
                try:
                    _parsed(path, text)
                except FileError:
                    continue  # reported where the revision is understood as a whole


@lru_cache(maxsize=256)
def _parsed(path: str, text: str) -> Policy:
    from policy_bot.policy.policyfile import parse

    return parse(path, text)


@dataclass(frozen=True, slots=True)
class _Named:
    """A judge or its policies on the wire: the built-in policies by their ids, the others in full."""

    ids: tuple[str, ...]
    own: tuple[Policy, ...]
    settings: Settings | None = None


def _sent(policies: Sequence[Policy], settings: Settings | None = None) -> _Named:
    known = {id(policy): policy.id for policy in builtin.load()}
    ids = tuple(known.get(id(policy), "") for policy in policies)
    return _Named(ids, tuple(each for each, name in zip(policies, ids, strict=True) if not name), settings)


def _received(named: _Named) -> tuple[Policy, ...]:
    known = {policy.id: policy for policy in builtin.load()}
    own = iter(named.own)
    if all(named.ids) and len(named.ids) == len(known):
        return builtin.load()  # one object, so that what is made ready for it is found again
    return tuple(known[name] if name else next(own) for name in named.ids)


def as_rules(judge: Judge) -> bytes:
    """A judge on the wire."""
    return codec.encode(_sent(judge.policies, judge.settings))


def judge_of(rules: bytes) -> Judge:
    """The judge that `as_rules` was given."""
    named = codec.decode(rules)
    return Judge(_received(named), named.settings)


def packed(question: Question, digest: str) -> bytes:
    """A question on the wire, its judge by the digest of its rules."""
    changes: dict[str, Any] = {}
    if isinstance(question, (JudgeProject, ProveFixes)):
        changes["judge"] = digest
    elif isinstance(question, RunCase):
        changes["above"] = digest
    else:
        changes["builtin"] = _sent(question.builtin)
    return codec.encode(replace(question, **changes))


def unpacked(content: bytes, judge: Callable[[str], Judge]) -> Question:
    """The question that `packed` was given; `judge` finds one by the digest of its rules."""
    question = codec.decode(content)
    if isinstance(question, (JudgeProject, ProveFixes)):
        digest: Any = question.judge
        return replace(question, judge=judge(digest))
    if isinstance(question, RunCase):
        digest = question.above
        return replace(question, above=judge(digest))
    if isinstance(question, (WhatIsInForce, ReviewRevision)):
        named: Any = question.builtin
        return replace(question, builtin=_received(named))
    raise codec.Garbled(type(question).__name__)


def judge_in(question: Question) -> Judge | None:
    """The judge that a question carries, if any."""
    if isinstance(question, RunCase):
        return question.above
    return question.judge if isinstance(question, (JudgeProject, ProveFixes)) else None


def config_of(question: Question) -> str:
    """The config that a question is about, "" for one about other files."""
    return question.path if isinstance(question, (JudgeProject, ProveFixes)) else ""


def learn() -> None:
    """Teach the codec what questions and answers are made of."""
    from policy_bot.policy import changes, yamltext

    codec.learn(
        changes.SettingChange,
        *(JudgeProject, ProveFixes, WhatIsInForce, ReviewRevision, RunCase, AboutRepository, _Named),
        *(ProjectJudged, LayersInForce, CaseAt, RevisionReview, Revision, yamltext.Problem, yamltext.Place),
        *(Edit, Evidence, Excuse, Fact, Finding, Fix, Ignore, Instance, Judgement, Setting),
        *(Change, Elsewhere, PolicyParameter, Policy, Remedy, Rule),
        *(Decision, Enforcement, Notice, Settings, Source, Waiver),
    )
    codec.learn_leaf(date, date.toordinal, date.fromordinal)


learn()
