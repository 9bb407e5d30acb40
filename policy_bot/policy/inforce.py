"""Determines what applies to one repository: settings and policies, from the organisation's files and its
own.

Pure: the files are passed in as revisions, and the day as an argument. A file with mistakes is never used in
part: the previous valid revision stays in force and the settings say so. Without one, the mistakes are
problems that keep a check from succeeding, and nothing may be loosened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache

from policy_bot.policy import waivers
from policy_bot.policy.layers import Layer, RepositoryTraits, parse_in_part
from policy_bot.policy.merging import resolve
from policy_bot.policy.policy import Policy
from policy_bot.policy.policyfile import parse as parse_policy
from policy_bot.policy.revision import FILE_NAME, Revision, join
from policy_bot.policy.settings import LayerName, Notice, Settings, SettingSource
from policy_bot.policy.vocabulary import unknown_names
from policy_bot.policy.yamltext import FileError, Mistake, YamlPlace
from policy_bot.record import NamedTuple, dataclass, replace
from policy_bot.sst.deployment import BlindSpot
from policy_bot.sst.reasons import said
from policy_bot.sst.span import Span

MOST_KNOWN = 64
"""Maximum number of read revisions that are kept in memory."""


@dataclass(frozen=True, slots=True)
class ValidRevision:
    """A valid revision: its settings and its policies."""

    layer: Layer
    policies: tuple[Policy, ...]


@dataclass(frozen=True, slots=True)
class InForce:
    """What applies to one repository. `problems` keep a check from succeeding.

    `organisation` and `repository` are the revisions in force, to be stored as the last valid ones; `above`
    is the organisation's file.
    """

    settings: Settings
    policies: tuple[Policy, ...]
    problems: tuple[BlindSpot, ...] = ()
    organisation: Revision | None = None
    repository: Revision | None = None
    above: Layer | None = None


def understand(revision: Revision, name: LayerName, above: Sequence[Policy]) -> ValidRevision:
    """Reads a revision strictly; `above` are the policies of the layers above it. Raises `FileError`.

    The same text under the same policies is read once: compiling a policy takes milliseconds, and an
    organisation's policies apply to every pull request.
    """
    return _known(_Asked(revision, name, tuple(above)))


def own_policies(revision: Revision) -> tuple[Policy, ...]:
    """The policies of a revision that can be read, for an editor: those with mistakes are left out."""
    found = []
    for path, text in sorted(revision.files.items()):
        if path.endswith(".md"):
            with suppress(FileError):
                found.append(parse_policy(path, text))
    return tuple(found)


class _Asked(NamedTuple):
    """What the result depends on. Policies are compared by identity: equal ones are the same objects here."""

    revision: Revision
    name: LayerName
    above: tuple[Policy, ...]

    def __hash__(self) -> int:
        return hash(self._identity())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._identity() == other._identity()

    def _identity(self) -> tuple[object, ...]:
        revision = self.revision
        files = (revision.digest, revision.folder, revision.home, revision.unreadable)
        return (*files, self.name, *map(id, self.above))


@lru_cache(maxsize=MOST_KNOWN)
def _known(asked: _Asked) -> ValidRevision:
    return _understood(*asked)


def _understood(revision: Revision, name: LayerName, above: Sequence[Policy]) -> ValidRevision:
    problems = [Mistake(f"{revision.home}{path}", YamlPlace(1, 1), why) for path, why in revision.unreadable]
    policies: list[Policy] = []
    settings = join(revision.folder, FILE_NAME)
    layer = Layer(name, settings)
    for path, text in sorted(revision.files.items()):
        try:
            if path == settings:
                layer, wrong = parse_in_part(f"{revision.home}{path}", text, name)
                problems.extend(wrong)
            elif path.endswith(".md"):
                policies.append(_new_policy(path, text, above))
            else:
                hint = f"Rename it to {settings}"
                there = f"{revision.home}{path}"
                problems.append(Mistake(there, YamlPlace(1, 1), "a file of this name is ignored", hint))
        except FileError as error:
            problems.extend(replace(each, path=f"{revision.home}{path}") for each in error.problems)
    problems.extend(unknown_names(layer, {policy.id: policy for policy in (*above, *policies)}))
    if problems:
        raise FileError(sorted(problems, key=lambda problem: (problem.path, problem.place)))
    return ValidRevision(layer, tuple(policies))


def in_force(
    organisation: Revision | None,
    repository: Revision | None,
    about: RepositoryTraits,
    builtin: Sequence[Policy],
    today: date,
    last_good: tuple[Revision | None, Revision | None] = (None, None),
) -> InForce:
    """Determines what applies to a repository on a day; `last_good` are the last valid revisions of the
    organisation and of the repository.
    """
    upper = _CurrentLayer.of("organisation", organisation, last_good[0], builtin)
    above = (*builtin, *upper.reading.policies) if upper.reading else tuple(builtin)
    lower = _CurrentLayer.of("repository", repository, last_good[1], above)
    settings = resolve(
        upper.layer(),
        lower.layer(),
        about,
        {policy.id: policy for policy in above},
        today,
    )
    notices = (*upper.notices, *lower.notices, *settings.notices, *waivers.ending(settings))
    return InForce(
        replace(settings, notices=notices),
        (*above, *lower.reading.policies) if lower.reading else above,
        (*upper.problems, *lower.problems),
        upper.revision,
        lower.revision,
        upper.layer(),
    )


@dataclass(frozen=True, slots=True)
class _CurrentLayer:
    """A layer's valid revision in force, and what to report about its current files."""

    name: LayerName
    revision: Revision | None = None
    reading: ValidRevision | None = None
    notices: tuple[Notice, ...] = ()
    problems: tuple[BlindSpot, ...] = ()

    @staticmethod
    def of(
        name: LayerName, now: Revision | None, before: Revision | None, above: Sequence[Policy]
    ) -> _CurrentLayer:
        if not now:
            return _CurrentLayer(name)
        try:
            return _CurrentLayer(name, now, understand(now, name, above))
        except FileError as error:
            found = error.problems
        try:
            if before:
                return _CurrentLayer(name, before, understand(before, name, above), _kept(found, name))
        except FileError:
            pass  # valid under an older release only: today's mistakes are reported
        return _CurrentLayer(name, problems=tuple(_hidden(problem) for problem in found))

    def layer(self) -> Layer | None:
        """The layer in force; if it cannot be read, one that sets nothing and therefore allows nothing."""
        if self.reading:
            return self.reading.layer
        return Layer(self.name, FILE_NAME) if self.problems else None


def _kept(problems: Iterable[Mistake], name: LayerName) -> tuple[Notice, ...]:
    tail = "the last valid version stays in force"
    return tuple(
        Notice(f"{each.what}. {each.hint or ''}".rstrip(" .") + f"; {tail}", _source(each, name), "error")
        for each in problems
    )


def _source(problem: Mistake, name: LayerName) -> SettingSource:
    return SettingSource(name, problem.path, *problem.place)


def _hidden(problem: Mistake) -> BlindSpot:
    line, column = problem.place
    what = f"{problem.what}. {problem.hint}" if problem.hint else problem.what
    return BlindSpot(said(what), Span(problem.path, line, column, line, column, 0, 0))


def _new_policy(path: str, text: str, above: Sequence[Policy]) -> Policy:
    policy = parse_policy(path, text)
    for other in above:
        if other.id == policy.id:
            hint = "Give yours another name, and set the other one to `off` if yours replaces it"
            raise FileError(
                [Mistake(path, YamlPlace(1, 1), f"the policy `{policy.id}` already exists", hint)]
            )
    return policy
