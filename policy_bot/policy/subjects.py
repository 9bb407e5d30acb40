"""A subject in one context, and the values that rules may ask of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policy_bot.policy.evidence import Claim
from policy_bot.policy.paths import COMPONENTS
from policy_bot.policy.relations import Relations, argument
from policy_bot.record import dataclass
from policy_bot.sst.deployment import Context, Project, Subject, Value, Version


@dataclass(frozen=True, slots=True)
class Case:
    """A subject in one context, with everything else that a rule may use: its config, the context, the
    project.

    `broken` are the files whose syntax errors a problem already reports, `version` is the project's SST
    release.
    """

    subject: Subject
    config: Subject | None
    context: Context
    around: Mapping[str, Value]
    broken: frozenset[str] = frozenset()
    relations: Relations = Relations(())
    version: Version | None = None

    def value(self, name: str) -> Value | None:
        """A fact, an argument (`args.dlq`), a fact of the config (`config.form`) or something of the context
        or the project; None if nothing is called so.
        """
        found = self.subject.facts.get(name) or self.around.get(name)
        if found is None and name.startswith("config.") and self.config is not None:
            found = self.config.facts.get(name.removeprefix("config."))
        if found is None and name.startswith("args.") and "args" in self.subject.facts:
            return argument(self.subject, name)
        if found is None and name.startswith(COMPONENTS):
            return self.relations.value(name)
        return found


class Values(Mapping[str, Value]):
    """The values that the expressions and texts of a claim may use, looked up on demand."""

    __slots__ = ("_case", "_parameters")

    def __init__(self, case: Case, parameters: Mapping[str, Value]) -> None:
        self._case = case
        self._parameters = parameters

    def __getitem__(self, name: str) -> Value:
        found = self._parameters.get(name) or self._case.value(name)
        if found is None:
            raise KeyError(name)
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """As in `Mapping`, but without raising an exception for each missing fact."""
        return self._parameters.get(name) or self._case.value(name) or default

    def __iter__(self) -> Iterator[str]:
        yield from self._case.subject.facts
        yield from self._parameters
        yield from self._case.around
        if self._case.config is not None:
            yield from map("config.{}".format, self._case.config.facts)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def values_of(case: Case, claim: Claim) -> Values:
    """The values of all names that the claim's expressions and texts may use."""
    return Values(case, claim.parameters)


def cases(project: Project) -> Iterator[Case]:
    """Yields every subject of every context."""
    known = {
        "project.stages": Value([deployment.context.stage for deployment in project.contexts]),
        "project.streams": _streams(project),
    }
    for deployment in project.contexts:
        context = deployment.context
        around = known | {"context.stage": Value(context.stage), "context.dev": Value(context.dev)}
        broken = frozenset(each.span.path for each in deployment.unknown if each.reason.syntax_error)
        relations = Relations(deployment.subjects)
        config = next((subject for subject in deployment.subjects if subject.kind == "config"), None)
        for subject in deployment.subjects:
            yield Case(subject, config, context, around, broken, relations, project.version)


def _streams(project: Project) -> Value:
    """Whether something streams in any context."""
    found = [s.facts["streams"] for d in project.contexts for s in d.subjects if s.kind == "config"]
    sure = next((value for value in found if value.value), None)
    unsure = next((value for value in found if not value.is_known), None)
    return sure or unsure or Value(False)
