"""What a project deploys in one context, as plain data: the contract between the reader and everything above
it.

Nothing here refers to a syntax tree or to the interpreter: a deployment can be pickled, compared and printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policy_bot.record import dataclass, field
from policy_bot.sst.reasons import Reason
from policy_bot.sst.span import Span


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a derivation, nearest first, with a `note` in words ("literal", "spread", "$transform",
    "default of SST 4.17").
    """

    note: str
    span: Span | None = None


@dataclass(slots=True)  # not frozen, since a project has ten thousands of them, and that doubles the cost
class Value:
    """A value as a deployment has it: known, one of several, or unknown.

    A known `value` is a str, int, float, bool, None, list[Value], dict[str, Value] or `Reference`. If not,
    `reason` says why it is not known: it is one of `choices`, or, if there are none, it may be anything, and
    `span` is the place that hides it. `origin` leads from the place where the value takes effect back to the
    place that writes it.

        Value(60)                                     # known
        Value.one_of((Value(60), Value(20)), reason)  # a condition is unknown
        Value.unknown(reason, span)
    """

    value: object = None
    origin: tuple[Step, ...] = ()
    reason: Reason | None = None
    choices: tuple[Value, ...] = ()
    span: Span | None = None

    def __hash__(self) -> int:
        return hash((self.value, self.origin, self.reason, self.choices, self.span))

    @classmethod
    def one_of(cls, choices: tuple[Value, ...], reason: Reason, origin: tuple[Step, ...] = ()) -> Value:
        """Makes a value that is one of several known ones."""
        return cls(None, origin, reason, choices)

    @classmethod
    def unknown(cls, reason: Reason, span: Span | None = None, origin: tuple[Step, ...] = ()) -> Value:
        """Makes an unknown value."""
        return cls(None, origin, reason, (), span)

    @classmethod
    def any_of(cls, values: Iterable[Value], reason: Reason) -> Value:
        """Joins values: the result is unknown if one of them is unknown, and known if all are equal.

        This is the `join` of the interpreter (`domain.py`) on plain data.
        """
        found: list[Value] = []
        for value in values:
            if value.is_unknown:
                return value
            found += [
                each for each in value.alternatives if all(each.value != other.value for other in found)
            ]
        return found[0] if len(found) == 1 else cls.one_of(tuple(found), reason, found[0].origin)

    def derived(self, origin: tuple[Step, ...]) -> Value:
        """Returns the same value with another origin."""
        return Value(self.value, origin, self.reason, self.choices, self.span)

    @property
    def is_known(self) -> bool:
        """Whether it is one known value."""
        return self.reason is None

    @property
    def is_unknown(self) -> bool:
        """Whether it may be anything."""
        return self.reason is not None and not self.choices

    @property
    def alternatives(self) -> tuple[Value, ...]:
        """The known values that it may be: itself, its choices, or none if it is unknown."""
        return (self,) if self.reason is None else self.choices


@dataclass(frozen=True, slots=True)
class Reference:
    """A component, or one of its outputs (`queue.arn`), inside an argument."""

    type: str
    name: str
    output: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """A stage and whether `$dev`: `production`, `sst dev`, `alice (sst dev)`. No stage has a space."""

    stage: str
    dev: bool = False

    def __str__(self) -> str:
        if not self.dev:
            return self.stage
        return "sst dev" if self.stage == "dev" else f"{self.stage} (sst dev)"


@dataclass(frozen=True, slots=True)
class Place:
    """The place where an object literal sets a key, for fixes: the whole `key: value` pair, and the value
    alone.
    """

    pair: Span
    value: Span


@dataclass(frozen=True, slots=True)
class Subject:
    """Something a policy can judge: a config, component, function, site, queue, route, crash ...

    `facts` has a value for every field of `shape.SHAPES[kind]`. `places` are the places where settable keys
    are written, by dotted path as in the source (`timeout`, `server.timeout`); `literals` are the object
    literals to which a missing key may be added, by dotted path ("" for the subject's own).
    """

    kind: str
    name: str
    type: str
    span: Span
    facts: Mapping[str, Value]
    certain: bool = True
    places: Mapping[str, Place] = field(default_factory=dict)
    literals: Mapping[str, Span] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Component:
    """A constructed component. `certain` is False if an unknown condition decides whether it exists."""

    type: str
    name: Value
    span: Span
    args: Value
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda, however made. `effective` has timeout_seconds, streaming, url (each a Value)."""

    via: str
    owner_type: str
    owner_name: Value
    name: Value
    span: Span
    effective: Mapping[str, Value]
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Crash:
    """An error with which SST, or AWS at the deployment (`code` then begins with `aws-`), refuses the
    project.

    `remedy` says how to fix it; `since` and `before` bound the releases that refuse it ("" for no bound).
    `certain` is False if it depends on the release and the project's release is unknown.
    """

    message: str
    span: Span
    code: str
    remedy: str = ""
    since: str = ""
    before: str = ""
    certain: bool = True


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """A place that could not be evaluated, and why."""

    reason: Reason
    span: Span

    @property
    def cut_short(self) -> bool:
        """Whether a limit or a syntax error ended the reading here, rather than a value that is unknown by
        nature.
        """
        return self.reason.limit or self.reason.syntax_error


MARK = "policy-bot:"
"""The beginning of a comment addressed to policy-bot."""


@dataclass(frozen=True, slots=True)
class Directive:
    """A comment addressed to policy-bot: `text` follows `MARK`. `alone` is set if its line holds no code, so
    that the comment is about the next line.
    """

    text: str
    span: Span
    alone: bool


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a project deploys in one context."""

    context: Context
    root: Mapping[str, Value]
    app: Mapping[str, Value]
    crashes: tuple[Crash, ...]
    components: tuple[Component, ...]
    functions: tuple[Function, ...]
    subjects: tuple[Subject, ...]
    unknown: tuple[BlindSpot, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """The SST version by the strongest evidence. `low` and `high` bound it (inclusive, "4.17.0") and are
    equal if it is exact. `assumed` is set if neither a lockfile nor package.json gives it, or a lockfile
    could not be read, so that `high` is only a guess.
    """

    low: str
    high: str
    evidence: str
    span: Span | None = None
    assumed: bool = False

    @property
    def major(self) -> int:
        """2, 3 or 4, from the upper bound."""
        return int(self.high.partition(".")[0])

    def __str__(self) -> str:
        return self.low if self.low == self.high else f"{self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class Project:
    """An SST app: its config, the files that were read, and its deployment in every context.

    `files` are all paths on whose content (or absence) the reading depended: a change of any of them may
    change the result. `unreadable` is set if the config itself could not be read or parsed; then there are no
    contexts. `weight` is the size in bytes of the reading process' answer that contained it. `directives` are
    the comments addressed to policy-bot in the parsed files, by place.
    """

    path: str
    version: Version
    contexts: tuple[Deployment, ...]
    files: frozenset[str]
    unreadable: BlindSpot | None = None
    weight: int = field(default=0, compare=False, repr=False)
    directives: tuple[Directive, ...] = ()
