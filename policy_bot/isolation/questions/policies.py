"""Questions about policy files: their rules in force, the effect of a change, the result of a case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from policy_bot.isolation.answering import Answering
from policy_bot.policy.engine import Judge
from policy_bot.policy.policy import Policy
from policy_bot.policy.revision import FILE_NAME, Revision, join
from policy_bot.policy.settings import LayerName, Settings, Waiver
from policy_bot.record import dataclass
from policy_bot.sst.deployment import BlindSpot

if TYPE_CHECKING:
    from policy_bot.policy.changes import LayerState, SettingChange
    from policy_bot.policy.inforce import InForce
    from policy_bot.policy.yamltext import Mistake


@dataclass(frozen=True, slots=True)
class AboutRepository:
    """The traits that selections match: the repository's name without the owner, topics, visibility."""

    name: str
    topics: frozenset[str] = frozenset()
    visibility: str = ""


@dataclass(frozen=True, slots=True)
class LayersInForce:
    """The result: settings, the policies besides the built-in ones, and problems that fail the check.

    `organisation` and `repository`: the current files are in force ("now"), the last valid ones ("before"),
    or none ("").
    """

    settings: Settings
    policies: tuple[Policy, ...]
    problems: tuple[BlindSpot, ...]
    organisation: str
    repository: str


@dataclass(frozen=True, slots=True)
class WhatIsInForce:
    """What do these policy files put in force for a repository on a given day?

    `good` are the last valid revisions of the organisation and the repository.
    """

    organisation: Revision | None
    repository: Revision | None
    about: AboutRepository
    builtin: tuple[Policy, ...]
    today: date
    good: tuple[Revision | None, Revision | None] = (None, None)

    def answered(self, at: Answering) -> LayersInForce:
        """Parses the files and merges the layers."""
        from policy_bot.policy.inforce import in_force
        from policy_bot.policy.layers import RepositoryTraits

        for revision in (self.organisation, self.repository, *self.good):
            _parse_each(revision, at)
        about = RepositoryTraits(self.about.name, self.about.topics, self.about.visibility)
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
    """The findings about a proposed revision that do not depend on any project."""

    problems: tuple[Mistake, ...] = ()
    cases: tuple[CaseAt, ...] = ()
    changed: tuple[SettingChange, ...] = ()
    notices: tuple[str, ...] = ()
    above: tuple[Policy, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewRevision:
    """What changes if a layer's files become `after`? `organisation` are the files above a repository's."""

    before: Revision
    after: Revision
    layer: LayerName
    organisation: Revision | None
    about: AboutRepository
    builtin: tuple[Policy, ...]
    today: date

    def answered(self, at: Answering) -> RevisionReview:
        """Parses all files, lists the cases of the changed policies, and compares the rules in force."""
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
        from policy_bot.policy.layers import RepositoryTraits

        if self.layer == "organisation":
            return ()
        found = in_force(self.organisation, None, RepositoryTraits(""), self.builtin, self.today)
        return found.policies[len(self.builtin) :]

    def _in_force(self, revision: Revision) -> InForce:
        """The rules of a revision; for the organisation's, in a repository that no selection matches."""
        from policy_bot.policy.inforce import in_force
        from policy_bot.policy.layers import RepositoryTraits

        if self.layer == "organisation":
            return in_force(revision, None, RepositoryTraits(""), self.builtin, self.today)
        about = RepositoryTraits(self.about.name, self.about.topics, self.about.visibility)
        return in_force(self.organisation, revision, about, self.builtin, self.today)

    def _state(self, revision: Revision, above: Sequence[Policy]) -> LayerState:
        """The settings and rules of a revision, empty if it has mistakes."""
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

    def _ended(self, waivers: Sequence[Waiver]) -> Iterator[Mistake]:
        from policy_bot.policy.yamltext import Mistake, YamlPlace

        for waiver in waivers:
            if waiver.days_left(self.today) < 0:
                what = f"this waiver of `{waiver.policy}` ended on {waiver.expires}"
                place = YamlPlace(waiver.source.line, waiver.source.column)
                yield Mistake(waiver.source.path, place, what, "Remove it, or have a new day approved")


@dataclass(frozen=True, slots=True)
class RunCase:
    """Does one case of a policy file pass? `above` judges by the policies above it."""

    path: str
    text: str
    number: int
    above: Judge

    def answered(self, at: Answering) -> tuple[Mistake, ...]:
        """Returns the case's mistakes, none if it passes."""
        from policy_bot.policy import cases
        from policy_bot.review.rehearsal import failures, rehearse

        with at.step(f"reading {self.path}"):
            policy = _parsed(self.path, self.text)
            case = cases.read(self.text)[self.number]
        with at.step(f"running a case of {self.path}"):
            return tuple(failures(policy, rehearse(policy, case, at.read, self.above.policies)))


def _parse_each(revision: Revision | None, at: Answering) -> None:
    """Parses each policy file separately, so that a limit names the file that exceeds it."""
    from policy_bot.policy.yamltext import FileError

    for path, text in sorted(revision.files.items()) if revision else ():
        if path.endswith(".md"):
            with at.step(f"reading {path}"):
                try:
                    _parsed(path, text)
                except FileError:
                    continue  # reported when the whole revision is parsed


@lru_cache(maxsize=256)
def _parsed(path: str, text: str) -> Policy:
    from policy_bot.policy.policyfile import parse

    return parse(path, text)
