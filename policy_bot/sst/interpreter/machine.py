"""The state of one evaluation: fuel, undecided conditions, and the dispatch from nodes to their meaning.

The machine does not know its users. Modules that give nodes a meaning register it with `evaluates` or
`executes`; the linker and the handlers of `try` are protocols.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from policy_bot.regex import regex
from policy_bot.sst.deployment import Context
from policy_bot.sst.heap import Arr, Instance, Keyed, Obj, Scope
from policy_bot.sst.interpreter.completions import Completion, Thrown
from policy_bot.sst.interpreter.path import Raced
from policy_bot.sst.interpreter.recorder import Recorder
from policy_bot.sst.limits import LimitReached, Limits
from policy_bot.sst.nodes import Chain, FunctionNode, Node
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.recording import MissingGlobal, Recording, RunProgram
from policy_bot.sst.values import AbstractValue, Known, Placed, Unknown

_Kind = TypeVar("_Kind", bound=Node)
_Result = TypeVar("_Result")
Expression = Callable[["Machine", _Kind, Scope], AbstractValue]
Statement = Callable[["Machine", _Kind, Scope], Completion]


class _Expressions(dict[type[Node], Expression[Any]]):
    """After a syntax error a statement may be parsed in place of an expression: it is unknown."""

    def __missing__(self, kind: type[Node]) -> Expression[Node]:
        return _misplaced


class _Statements(dict[type[Node], Statement[Any]]):
    """After a syntax error an expression may be parsed in place of a statement."""

    def __missing__(self, kind: type[Node]) -> Statement[Node]:
        return _for_its_effect


def _misplaced(m: Machine, node: Node, scope: Scope) -> AbstractValue:
    m.hide(Why.SYNTAX_ERROR(), node)
    return Unknown(Why.SYNTAX_ERROR(), node)


def _for_its_effect(m: Machine, node: Node, scope: Scope) -> Completion:
    m.eval(node, scope)
    return None


_EXPRESSIONS = _Expressions()
_STATEMENTS = _Statements()


def evaluates(kind: type[_Kind]) -> Callable[[Expression[_Kind]], Expression[_Kind]]:
    """Registers a function as the meaning of a kind of expression."""

    def register(function: Expression[_Kind]) -> Expression[_Kind]:
        _EXPRESSIONS[kind] = function
        return function

    return register


def executes(kind: type[_Kind]) -> Callable[[Statement[_Kind]], Statement[_Kind]]:
    """Registers a function as the meaning of a kind of statement."""

    def register(function: Statement[_Kind]) -> Statement[_Kind]:
        _STATEMENTS[kind] = function
        return function

    return register


class Handler(Protocol):
    """Handles the throws of a body (`handlers.ThrowHandler`). Without `undecided` only those that are certain
    count.
    """

    undecided: bool
    mark: tuple[int, int, int] | None

    def forget(self, birth: int) -> None:
        """Takes containers made since `birth` out of the noted states."""

    def note(self, m: Machine, value: AbstractValue) -> None:
        """Notes the current state as one from which the handler may run."""


class Modules(Protocol):
    """The modules of the evaluation (`linker.Linker`).

    `root` is the scope of the globals. `changing` are the reasons why functions are unknown that may change
    their arguments.
    """

    root: Scope
    changing: set[Reason]

    def is_first_call(self, function: Unknown) -> bool:
        """Whether it is the first function called of an unread package that may make components."""

    def imported(self, specifier: AbstractValue, path: str, node: Placed) -> AbstractValue:
        """`import(specifier)`."""

    def module_name(self, name: str, path: str) -> AbstractValue | None:
        """The value of a name that each module has for itself, such as `module` and `__dirname`."""

    def release(self) -> None:
        """Clears the names of all modules."""


class Machine(Recorder):
    """One evaluation of one project in one context."""

    def __init__(
        self, path: str, context: Context, limits: Limits, after: Callable[[Machine], RunProgram]
    ) -> None:
        super().__init__(Recording(path, context, after(self)), limits)
        self.fuel = limits.fuel
        self.allocation = limits.allocation
        self.depth = 0
        self.active: defaultdict[FunctionNode, int] = defaultdict(int)
        self.cut: set[FunctionNode] = set()
        self.handlers: list[Handler] = []
        self.links: dict[Node, AbstractValue] = {}
        self.templates: dict[Node, Known] = {}
        self.chain: Chain | None = None
        self.awaited: set[Node] = set()
        self.together: dict[object, Raced] = {}
        self.label = ""
        self.lenient = False
        self.at: Node | None = None
        self.asked = False
        self.linker: Modules | None = None
        self.stacks: dict[object, AbstractValue] = {}
        self.returned: dict[object, AbstractValue] = {}
        self.folder = "/" + "/".join(["repository", *path.split("/")[:-1]])

    # ---- walking

    def eval(self, node: Node, scope: Scope) -> AbstractValue:
        """The value of an expression."""
        self.fuel -= 1
        if self.fuel < 0:
            raise LimitReached(Why.STEPS(self.limits.fuel))
        return _EXPRESSIONS[node.__class__](self, node, scope)

    def exec(self, node: Node, scope: Scope) -> Completion:
        """Runs a statement; None if it ends normally."""
        self.fuel -= 1
        if self.fuel < 0:
            raise LimitReached(Why.STEPS(self.limits.fuel))
        self.at = node
        return _STATEMENTS[node.__class__](self, node, scope)

    def burn(self, amount: int) -> None:
        """Charges fuel for work that evaluates no node."""
        self.fuel -= amount
        if self.fuel < 0:
            raise LimitReached(Why.STEPS(self.limits.fuel))

    def scan(self, data: object) -> None:
        """Charges fuel for going through a string or a collection once, as most built-ins do: a loop of such
        calls is quadratic. 64 elements or 256 characters cost about as much as a node.
        """
        if isinstance(data, str):
            self.burn(len(data) >> 8)
        elif isinstance(data, Arr):
            self.burn(len(data.items) >> 6)
        elif isinstance(data, Keyed):
            self.burn(len(data.entries) >> 6)
        elif isinstance(data, Obj):
            self.burn(len(data.props) >> 6)

    def allocate(self, amount: int) -> None:
        """Charges the allocation budget for characters and elements that are made."""
        self.allocation -= amount
        if self.allocation < 0:
            raise LimitReached(Why.WORK(self.limits.allocation))

    def ask(self) -> Context:
        """The context. Records that the program depends on it."""
        self.asked = self.asked or self.phase != "app"
        return self.recording.context

    # ---- throwing

    def note(self, error: Thrown) -> None:
        """The program throws in the current state, which the surrounding handler has to know."""
        if self.handlers and not error.noted:
            self.handlers[-1].note(self, error.value)
        error.noted = True

    def may_throw(self, node: Placed | None, value: AbstractValue | None = None) -> None:
        """The program may throw here, and continues if it does not. A `value` that is known to be thrown in a
        branch reaches every handler.
        """
        if self.handlers and (value is not None or self.handlers[-1].undecided):
            self.handlers[-1].note(self, value or Unknown(Why.THROWN_VALUE(), node))

    # ---- running a part of the program

    def guarded(self, run: Callable[[], _Result], node: Placed | None, what: str) -> _Result | None:
        """Runs a part of the program from outside. If something stops it, records a blind spot and returns
        None.
        """
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
        """The program ends here by a throw. An undeclared name is a mistake of the author, so it does not
        count as refusing the stage.
        """
        said, place = _said(error.value), error.node or node
        whole = what in {"app()", "run()"}
        found = _UNDECLARED.fullmatch(said)
        if whole and found is not None and place is not None:
            self.recording.missing_globals.append(MissingGlobal(found[1], place.span, what))
            return
        self.hide(Why.THROWS(what, said), place)
        self.recording.refused = self.recording.refused or whole


_UNDECLARED = regex(r": ReferenceError: ([\w$]++) is not defined")


def _said(value: AbstractValue) -> str:
    data = value.data if isinstance(value, Known) else None
    if isinstance(data, Instance):
        kind = "" if data.type == "Error" else f"{data.type}: "
        message = data.props.get("message")
        data = f"{kind}{message.data}" if isinstance(message, Known) else None
    return f": {data[:200]}" if isinstance(data, str) and data else ""
