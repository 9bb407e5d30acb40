"""The state of one evaluation: fuel, what is undecided, what was recorded; and the dispatch from nodes to
meanings.

Every module of this package that gives nodes a meaning registers it with `evaluates` or `executes`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from policy_bot.sst.deployment import BlindSpot, Context
from policy_bot.sst.interpreter.branches import collect
from policy_bot.sst.interpreter.handlers import ThrowHandler
from policy_bot.sst.interpreter.path import Path, undo
from policy_bot.sst.interpreter.scope import Completion, Scope, Thrown
from policy_bot.sst.limits import LimitReached, Limits
from policy_bot.sst.nodes import Chain, FunctionNode, Node
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.recording import Construction, MethodCall, MissingGlobal, Recorded, Recording, Transform
from policy_bot.sst.values import UNDEFINED, AbstractValue, Instance, Known, Placed, Unknown

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.linker import Linker

_Result = TypeVar("_Result")
Evaluator = Callable[["Machine", Any, Scope], AbstractValue]
Executor = Callable[["Machine", Any, Scope], Completion]


class _Evaluators(dict[type[Any], Evaluator]):
    """Where the parser mended a file with syntax errors, a statement may stand for an expression: it is
    unknown.
    """

    def __missing__(self, kind: type[Any]) -> Evaluator:
        return _misplaced


class _Executors(dict[type[Any], Executor]):
    """And an expression for a statement."""

    def __missing__(self, kind: type[Any]) -> Executor:
        return _for_its_effect


def _misplaced(m: Machine, node: Node, scope: Scope) -> AbstractValue:
    m.hide(Why.SYNTAX_ERROR(), node)
    return Unknown(Why.SYNTAX_ERROR(), node)


def _for_its_effect(m: Machine, node: Node, scope: Scope) -> Completion:
    m.eval(node, scope)
    return None


EVALUATORS = _Evaluators()
EXECUTORS = _Executors()


def evaluates(kind: type[Any]) -> Callable[[Any], Any]:
    """Registers a function as the meaning of a kind of expression."""

    def register(function: Any) -> Any:
        EVALUATORS[kind] = function
        return function

    return register


def executes(kind: type[Any]) -> Callable[[Any], Any]:
    """Registers a function as the meaning of a kind of statement."""

    def register(function: Any) -> Any:
        EXECUTORS[kind] = function
        return function

    return register


class Machine:
    """One evaluation of one project in one context."""

    def __init__(self, path: str, context: Context, limits: Limits) -> None:
        self.recording = Recording(path, context, self)
        self.limits = limits
        self.fuel = limits.fuel
        self.allocation = limits.allocation
        self.depth = 0
        self.active: Counter[FunctionNode] = Counter()
        self.cut: set[FunctionNode] = set()
        self.path: Path = Path(limits.branches)
        self.handlers: list[ThrowHandler] = []
        self.links: dict[Node, AbstractValue] = {}
        self.chain: Chain | None = None
        self.awaited: set[Node] = set()
        self.phase = "config"
        self.label = ""
        self.lenient = False
        self.at: Node | None = None
        self.order = 0
        self.tick = 0
        self.asked = False
        self.linker: Linker | None = None
        self.stacks: dict[object, AbstractValue] = {}
        self.returned: dict[object, AbstractValue] = {}
        self.folder = "/" + "/".join(["repository", *path.split("/")[:-1]])
        self._kept: set[int] = set()
        self._reported: set[tuple[str, int, Reason]] = set()

    # ---- walking

    def eval(self, node: Node, scope: Scope) -> AbstractValue:
        """The value of an expression."""
        self.fuel -= 1
        if self.fuel < 0:
            raise LimitReached(Why.STEPS(self.limits.fuel))
        return EVALUATORS[node.__class__](self, node, scope)

    def exec(self, node: Node, scope: Scope) -> Completion:
        """Runs a statement; None where it ends normally."""
        self.fuel -= 1
        if self.fuel < 0:
            raise LimitReached(Why.STEPS(self.limits.fuel))
        self.at = node
        return EXECUTORS[node.__class__](self, node, scope)

    def burn(self, amount: int) -> None:
        """Charges fuel for work that evaluates no node."""
        self.fuel -= amount
        if self.fuel < 0:
            raise LimitReached(Why.STEPS(self.limits.fuel))

    def allocate(self, amount: int) -> None:
        """Charges the allocation budget for characters and elements that are made."""
        self.allocation -= amount
        if self.allocation < 0:
            raise LimitReached(Why.WORK(self.limits.allocation))

    def ask(self) -> Context:
        """The context, for a program that asks which one it is in."""
        self.asked = self.asked or self.phase != "app"
        return self.recording.context

    # ---- recording

    def hide(self, reason: Reason, node: Placed | None) -> None:
        """Records a place that may hide constructions or settings."""
        if node is None:
            return
        span = node.span
        key = (span.path, span.start, reason)
        if key not in self._reported and len(self._reported) < self.limits.records:
            self._reported.add(key)
            self.recording.blind_spots.append(BlindSpot(reason, span))

    def certainty(self) -> tuple[bool, Reason | None]:
        """Whether what happens now surely happens, else why not."""
        reason = self.path.reason
        return reason is None, reason

    def number(self) -> int:
        """The next number in the order of the program."""
        self.order += 1
        if self.order > self.limits.records:
            raise LimitReached(Why.RECORDS(self.limits.records))
        return self.order

    def constructed(
        self, type_: str, arguments: list[AbstractValue], node: Placed, instance: Instance, subclass: str = ""
    ) -> Construction:
        """Records a construction."""
        certain, reason = self.certainty()
        made = Construction(
            type_, arguments, node, instance, self.number(), self.tick, certain, reason, subclass
        )
        instance.construction = made
        instance.name = made.name
        self.recording.constructions.append(made)
        return made

    def called(
        self,
        type_: str,
        method: str,
        receiver: Instance | None,
        arguments: list[AbstractValue],
        node: Placed,
        result: AbstractValue,
    ) -> None:
        """Records a method call."""
        certain, reason = self.certainty()
        call = MethodCall(
            type_, method, receiver, arguments, node, self.number(), self.tick, result, certain, reason
        )
        self.recording.calls.append(call)

    def transformed(self, type_: str, callback: AbstractValue, node: Placed) -> None:
        """Records a `$transform`."""
        certain, reason = self.certainty()
        made = Transform(type_, callback, node, self.number(), self.tick, certain, reason)
        self.recording.transforms.append(made)

    def missing(self, name: str, node: Placed) -> Unknown:
        """Records a read of a global that does not exist yet, and gives what goes on in its place."""
        inside = "app()" if self.phase == "app" else "the config's top level"
        span = node.span
        if not any(other.span == span for other in self.recording.missing_globals):
            self.recording.missing_globals.append(MissingGlobal(name, span, inside))
        return Unknown(Why.NOT_DEFINED_IN(name, inside), node)

    def mark(self) -> tuple[int, int, int]:
        """How much has been recorded until now."""
        recording = self.recording
        return len(recording.constructions), len(recording.calls), len(recording.transforms)

    def assure(self, mark: tuple[int, int, int], reason: Reason) -> None:
        """Makes what was recorded since certain again, if `reason` was its only condition."""
        if not self.path.undecided:
            for record in self.since(mark):
                if record.reason == reason:
                    record.certain, record.reason = True, None

    def make_uncertain(self, mark: tuple[int, int, int], until: tuple[int, int, int], reason: Reason) -> None:
        """Makes what was recorded between two marks uncertain: something before it may have thrown."""
        for record in self.since(mark, until):
            if record.certain:
                record.certain, record.reason = False, reason

    def since(self, mark: tuple[int, int, int], until: tuple[int, int, int] | None = None) -> list[Recorded]:
        """What was recorded between two marks."""
        recording = self.recording
        end = until or self.mark()
        return [
            *recording.constructions[mark[0] : end[0]],
            *recording.calls[mark[1] : end[1]],
            *recording.transforms[mark[2] : end[2]],
        ]

    def rewind(self, mark: tuple[int, int, int]) -> None:
        """Takes back what was recorded since, but for what modules did: they are evaluated once."""
        recording = self.recording
        kept = self._kept
        recording.constructions[mark[0] :] = [
            each for each in recording.constructions[mark[0] :] if id(each) in kept
        ]
        recording.calls[mark[1] :] = [each for each in recording.calls[mark[1] :] if id(each) in kept]
        recording.transforms[mark[2] :] = [
            each for each in recording.transforms[mark[2] :] if id(each) in kept
        ]

    def keep(self, records: list[Recorded]) -> None:
        """These stay recorded whatever branch is taken back."""
        self._kept.update(map(id, records))

    # ---- throwing

    def note(self, error: Thrown) -> None:
        """The program throws in the state of now, which the handler round it has to know."""
        if self.handlers and not error.noted:
            self.handlers[-1].note(self, error.value)
        error.noted = True

    def may_throw(self, node: Placed | None, value: AbstractValue | None = None) -> None:
        """The program may throw here, and goes on if it does not."""
        if self.handlers and self.handlers[-1].undecided:
            self.handlers[-1].note(self, value or Unknown(Why.THROWN_VALUE(), node))

    # ---- for the users of a recording

    def guarded(self, run: Callable[[], Any], node: Placed | None, what: str) -> Any:
        """Runs a part of the program from outside; whatever stops it becomes a blind spot and None."""
        try:
            return run()
        except LimitReached as limit:
            self.hide(Why.READ_NO_FURTHER(what, limit.reason), self.at or node)
        except RecursionError:
            self.hide(Why.READ_NO_FURTHER(what, Why.NESTED_TOO_DEEPLY()), self.at or node)
        except Thrown as error:
            self._thrown(error, node, what)
        self.path.clear()
        self.handlers.clear()
        self.depth = 0
        self.active.clear()
        return None

    def _thrown(self, error: Thrown, node: Placed | None, what: str) -> None:
        """The program ends here. A name that is declared nowhere is a mistake, and refuses no stage."""
        said, place = _said(error.value), error.node or node
        whole = what in {"app()", "run()"}
        found = _UNDECLARED.fullmatch(said)
        if whole and found is not None and place is not None:
            self.recording.missing_globals.append(MissingGlobal(found[1], place.span, what))
            return
        self.hide(Why.THROWS(what, said), place)
        self.recording.refused = self.recording.refused or whole

    def call(
        self, function: AbstractValue, arguments: Sequence[AbstractValue], this: AbstractValue | None = None
    ) -> AbstractValue:
        """Calls a function of the program; see `recording.Machine`."""
        from policy_bot.sst.interpreter.calls import call  # noqa: PLC0415 -- calls stand on the machine

        self.asked = True
        node = function.data.node if isinstance(function, Known) and hasattr(function.data, "node") else None
        result = self.guarded(lambda: call(self, function, list(arguments), this, node), node, "a callback")
        return Unknown(Why.NOT_FOLLOWED_TO_END("the callback"), node) if result is None else result

    def rehearse(self, run: Callable[[], _Result]) -> _Result:
        """Runs a part of the program from outside and takes back all that it did; see `recording.Machine`."""
        start, level = self.mark(), self.path.push(None)
        before_spots = list(self.recording.blind_spots), set(self._reported)
        try:
            return run()
        finally:
            if level in self.path.levels:
                collect(self, self.path.levels.index(level), [])
            else:
                undo(level.log)
            self.rewind(start)
            self.recording.blind_spots[:], self._reported = before_spots

    def get(self, value: AbstractValue, key: str) -> AbstractValue:
        """Reads a property; see `recording.Machine`."""
        from policy_bot.sst.interpreter.access import get  # noqa: PLC0415 -- the two need each other

        before = self.fuel
        result = self.guarded(lambda: get(self, value, key, None), None, "a property")
        self.asked = self.asked or self.fuel != before  # a getter has run
        return Unknown(Why.PROPERTY()) if result is None else result


_UNDECLARED = re.compile(r": ReferenceError: ([\w$]++) is not defined")


def _said(value: AbstractValue) -> str:
    data = value.data if isinstance(value, Known) else None
    if isinstance(data, Instance):
        kind = "" if data.type == "Error" else f"{data.type}: "
        message = data.props.get("message")
        data = f"{kind}{message.data}" if isinstance(message, Known) else None
    return f": {data[:200]}" if isinstance(data, str) and data else ""


NOTHING = Known(UNDEFINED)
"""The value of what has none."""
