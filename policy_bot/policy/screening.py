"""Finds the few rules that may apply to a subject without evaluating each of them.

Nearly all rules hold for nearly all subjects. So the rules for one kind of subject are joined by `||` into
one expression: if that is false, no rule has a finding, at the cost of one evaluation. Only otherwise is each
rule evaluated separately.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from policy_bot.policy.evidence import Claim
from policy_bot.policy.expression import Expression, trusted
from policy_bot.policy.paths import COMPONENTS
from policy_bot.policy.relations import Relations, argument
from policy_bot.record import dataclass
from policy_bot.sst.deployment import Context, Known, Project, Subject, Value, Version

_PARAMETER = re.compile(r"\"(?:\\.|[^\"\\])*+\"?|'(?:\\.|[^'\\])*+'?|\bparameters\.")
GROUP = 16
"""How many rules are joined into one expression: enough to be cheap, few enough that one unknown does not
require evaluating all of them.
"""


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

    def asked(self, name: str) -> Value | None:
        """Looks up a value by path: an argument, or the project's components."""
        if name.startswith("args.") and "args" in self.subject.facts:
            return argument(self.subject, name)
        return self.relations.value(name) if name.startswith(COMPONENTS) else None


class Values(dict[str, Value]):
    """Facts by name. Values with a path are looked up on demand."""

    def __init__(self, facts: Mapping[str, Value], case: Case) -> None:
        super().__init__(facts)
        self._case = case

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (isinstance(name, str) and self._case.asked(name) is not None)

    def __missing__(self, name: str) -> Value:
        found = self._case.asked(name)
        if found is None:
            raise KeyError(name)
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name, or the default."""
        try:
            return self[name]
        except KeyError:
            return default


def cases(project: Project) -> Iterator[Case]:
    """Yields every subject of every context."""
    known = {
        "project.stages": Known([deployment.context.stage for deployment in project.contexts]),
        "project.streams": _streams(project),
    }
    for deployment in project.contexts:
        context = deployment.context
        around = known | {"context.stage": Known(context.stage), "context.dev": Known(context.dev)}
        broken = frozenset(each.span.path for each in deployment.unknown if each.reason.syntax_error)
        relations = Relations(deployment.subjects)
        config = next((subject for subject in deployment.subjects if subject.kind == "config"), None)
        for subject in deployment.subjects:
            yield Case(subject, config, context, around, broken, relations, project.version)


def _streams(project: Project) -> Value:
    """Whether something streams in any context."""
    found = [s.facts["streams"] for d in project.contexts for s in d.subjects if s.kind == "config"]
    sure = next((value for value in found if isinstance(value, Known) and value.value), None)
    unsure = next((value for value in found if not isinstance(value, Known)), None)
    return sure or unsure or Known(False)


def values_of(case: Case, claim: Claim) -> dict[str, Value]:
    """The values of all names that the claim's expressions and texts may use."""
    values: dict[str, Value] = {**case.subject.facts, **claim.parameters, **case.around}
    if case.config is not None:
        values |= {f"config.{name}": value for name, value in case.config.facts.items()}
    return Values(values, case)


@dataclass(frozen=True)
class _Group:
    """Some claims of one kind, and the expression that is false if none of them has a finding."""

    claims: tuple[Claim, ...]
    joined: Expression
    parameters: Mapping[str, Value]

    def is_silent(self, case: Case) -> bool:
        values: dict[str, Value] = {}
        for name in self.joined.names:
            value = _look_up(name, case, self.parameters)
            if value is not None:
                values[name] = value
        return self.joined.decide(values).value is False


def _look_up(name: str, case: Case, parameters: Mapping[str, Value]) -> Value | None:
    value = case.subject.facts.get(name) or case.around.get(name) or parameters.get(name)
    if value is None and name.startswith("config.") and case.config is not None:
        return case.config.facts.get(name.removeprefix("config."))
    return value if value is not None else case.asked(name)


class Screen:
    """The claims of a project by kind of subject, with their joined expressions."""

    def __init__(self, claims: tuple[Claim, ...]) -> None:
        self._groups: dict[str, list[_Group]] = {}
        for kind in dict.fromkeys(claim.rule.subject for claim in claims):
            mine = [claim for claim in claims if claim.rule.subject == kind]
            parts = [tuple(mine[at : at + GROUP]) for at in range(0, len(mine), GROUP)]
            self._groups[kind] = [_join(kind, part) for part in parts]

    def get_ready(self, *kinds: str) -> None:
        """Compiles the expressions for these kinds of subject now."""
        for kind in kinds:
            for group in self._groups.get(kind, ()):
                _ = group.joined.program

    def suspects(self, case: Case) -> Iterator[Claim]:
        """The claims that may have a finding on a subject."""
        for group in self._groups.get(case.subject.kind, ()):
            if not group.is_silent(case):
                yield from group.claims


def _join(kind: str, claims: tuple[Claim, ...]) -> _Group:
    """Joins expressions. Parameters of different policies may have the same name, so each gets a number."""
    texts, types, values = [], {}, {}
    for number, claim in enumerate(claims):
        texts.append(_renamed(claim.violation.text, number))
        for name, parameter in claim.policy.parameters.items():
            types[f"p{number}_{name}"] = parameter.type
            values[f"parameters.p{number}_{name}"] = claim.parameters[f"parameters.{name}"]
    joined = " || ".join(f"({text})" for text in texts)
    return _Group(claims, trusted(joined, kind, types), values)


def _renamed(text: str, number: int) -> str:
    return _PARAMETER.sub(
        lambda match: f"parameters.p{number}_" if match[0] == "parameters." else match[0], text
    )
