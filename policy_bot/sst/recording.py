"""The record of what an SST config did in one context, in order: the output of the interpreter and the input
of `semantics`.

Arguments are live values and heap objects of `policy_bot.sst.values`: a later statement (or a `$transform`)
that changes them changes them here too. `order` numbers constructions, calls and transforms together, in the
order of the program. `tick` counts the awaits before a record that really yield (all except `import()` of a
project file): records of the same tick belong to one synchronous run of the program.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from policy_bot.record import dataclass, field
from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.deployment import BlindSpot, Context
from policy_bot.sst.heap import Construction, Instance
from policy_bot.sst.reasons import Reason
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known, Placed

_Result = TypeVar("_Result")


@dataclass(slots=True, eq=False)
class MethodCall:
    """`api.route(...)` on a component, or `sst.aws.Queue.subscribe(...)` on a component class (`receiver` is
    None then).

    `type` is the receiver's ("sst.aws.ApiGatewayV2"). `node` is the name of the method, to which a call stack
    would point. `result` is the value that the call returned to the program.
    """

    type: str
    method: str
    receiver: Instance | None
    arguments: list[AbstractValue]
    node: Placed
    order: int
    tick: int
    result: AbstractValue
    certain: bool = True
    reason: Reason | None = None
    conditions: int = 0

    @property
    def span(self) -> Span:
        """Position of the method's name."""
        return self.node.span


@dataclass(slots=True, eq=False)
class Transform:
    """`$transform(sst.aws.Function, callback)`.

    `callback` is applied, at construction, to what the program constructs later. It is not applied to what
    SST constructs itself, asynchronously, from definitions: there, apply it by `RunProgram.call`.
    """

    type: str
    callback: AbstractValue
    node: Placed
    order: int
    tick: int
    certain: bool = True
    reason: Reason | None = None
    conditions: int = 0

    @property
    def span(self) -> Span:
        """Position of `$transform`."""
        return self.node.span


Recorded = Construction | MethodCall | Transform


@dataclass(frozen=True, slots=True)
class MissingGlobal:
    """A read of a name that does not exist there, at which SST stops: of `$dev`, `$app` or `$cli` at the
    config's top level or in `app()`, or of a name that nothing declares (`undeclared`).
    """

    name: str
    span: Span
    inside: str

    @property
    def message(self) -> str:
        """As Node words it."""
        return f"ReferenceError: {self.name} is not defined"

    @property
    def undeclared(self) -> bool:
        """Whether nothing declares the name; otherwise it is a global of SST that does not exist yet."""
        return not self.name.startswith("$")


@dataclass(frozen=True, slots=True)
class StaticImport:
    """A top-level import (or re-export from elsewhere) of the config file itself; `used` when it is left at
    runtime.
    """

    specifier: str
    span: Span
    used: bool


class RunProgram(Protocol):
    """The program of a recording, after its run: SST then calls the program's callbacks.

    `asked` is set once the result may differ by context or by earlier calls: the config's top level or
    `run()` read the stage, `$dev` or the result of `app()`, or a callback was called.
    """

    asked: bool

    def call(
        self, function: AbstractValue, arguments: Sequence[AbstractValue], this: AbstractValue | None = None
    ) -> AbstractValue:
        """Calls a function of the program and returns its result; it may change its arguments. Never raises.

        The components that the callback constructs are recorded too. An unknown function returns `Unknown`.
        """

    def rehearse(self, run: Callable[[], _Result]) -> _Result:
        """Runs code that calls into the program, and then undoes everything that the program wrote and
        recorded.
        """

    def get(self, value: AbstractValue, key: str) -> AbstractValue:
        """Reads a property as the program would: through outputs, getters, several choices."""


@dataclass(slots=True, eq=False)
class Recording:
    """The record of one project in one context.

    `refused` is set if `app()` or `run()` throws: the project has no such stage. `app_alone` is set if
    `app()` had no effect besides its result: it wrote, loaded and constructed nothing, and has no blind
    spots. `app_imports` are the `import()`s that ran inside `app()`. `root` is the config object (`$config`'s
    argument) as a value, `app` the result of `app()`, `outputs` that of `run()`. `form` is "v3" if the
    default export is (or contains) `app`/`run`, "v2" if it has `config`/`stacks`. `files` are all paths that
    were read or probed, `stages` the names that the code compares the stage with. `unreadable` is set if the
    config itself could not be read: the rest is empty then. `blind_spots` are places that could not be
    followed and that may construct components or change settings.
    """

    path: str
    context: Context
    machine: RunProgram
    root: AbstractValue = field(default_factory=lambda: Known(UNDEFINED))
    app: AbstractValue = field(default_factory=lambda: Known(UNDEFINED))
    outputs: AbstractValue = field(default_factory=lambda: Known(UNDEFINED))
    form: str = "v3"
    constructions: list[Construction] = field(default_factory=list)
    calls: list[MethodCall] = field(default_factory=list)
    transforms: list[Transform] = field(default_factory=list)
    missing_globals: list[MissingGlobal] = field(default_factory=list)
    blind_spots: list[BlindSpot] = field(default_factory=list)
    imports: list[StaticImport] = field(default_factory=list)
    app_imports: list[StaticImport] = field(default_factory=list)
    stages: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    loaded: list[str] = field(default_factory=list)
    refused: bool = False
    app_alone: bool = False
    unreadable: BlindSpot | None = None
