"""Evaluates an SST config in one context and records what SST would construct. Nothing of the program is
executed.

An abstract interpreter: values are known, one of several, or unknown; an unknown condition takes both
branches. `Interpreter` never raises because of a program; code that it could not follow is in
`Recording.blind_spots`.
"""

from __future__ import annotations

from importlib import import_module

from policy_bot.sst.deployment import BlindSpot, Context
from policy_bot.sst.heap import Closure, Scope
from policy_bot.sst.interpreter import (  # noqa: F401 -- importing them registers the meaning of each kind of node or value
    builtins,
    calls,
    closures,
    conditions,
    expressions,
    literals,
    operations,
    statements,
)
from policy_bot.sst.interpreter.callables import call
from policy_bot.sst.interpreter.completions import Completion
from policy_bot.sst.interpreter.config import run_config
from policy_bot.sst.interpreter.linker import Linker
from policy_bot.sst.interpreter.machine import Machine, Statement, executes
from policy_bot.sst.interpreter.reentry import Reentry
from policy_bot.sst.interpreter.stack import headroom
from policy_bot.sst.limits import Limits
from policy_bot.sst.nodes import For, ForEach, Mark, Module, Node, Source, Switch, While
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.recording import Recording
from policy_bot.sst.repository.resolver import Resolver
from policy_bot.sst.source import SourceTree, Unreadable
from policy_bot.sst.syntax import Parsed, SyntaxProblem
from policy_bot.sst.values import AbstractValue, Known, Unknown

__all__ = ["Interpreter", "evaluate"]


def _on_demand(module: str) -> Statement[Node]:
    """A kind of statement whose module is loaded on first use, and then registers itself."""

    def execute(m: Machine, node: Node, scope: Scope) -> Completion:
        import_module(f"{__name__}.{module}")
        m.fuel += 1  # this statement is charged already
        return m.exec(node, scope)

    return execute


for _kind in (For, ForEach, While):
    executes(_kind)(_on_demand("loops"))
executes(Switch)(_on_demand("switches"))


class Interpreter:
    """Evaluates one project in any number of contexts; parsed and resolved files are kept for all of them."""

    def __init__(
        self, tree: SourceTree, path: str, limits: Limits | None = None, parsed: Parsed | None = None
    ) -> None:
        self.path = path
        self.limits = limits or Limits()
        self.parsed = parsed or Parsed(self.limits)
        self.resolver = Resolver(tree)
        self._fuel = self._allocation = self._records = 0
        self._machines: list[Machine] = []

    def exhausted(self) -> Reason | None:
        """The limit on all contexts together that the runs so far exceed; None if there is none."""
        limits = self.limits
        if self._records > limits.total_records:
            return Why.RECORDS(limits.total_records)
        if self._allocation > limits.total_allocation:
            return Why.WORK(limits.total_allocation)
        return Why.STEPS(limits.total_fuel) if self._fuel > limits.total_fuel else None

    def count(self, recording: Recording) -> None:
        """Counts the records of a recording, which cost time in each context that uses it."""
        self._records += len(recording.constructions) + len(recording.calls) + len(recording.transforms)

    def run(self, context: Context) -> Recording:
        """Evaluates the config in a context."""
        return self._interpreted(context, only_app=False)

    def begin(self, context: Context) -> Recording:
        """Evaluates the config until `app()` has returned."""
        return self._interpreted(context, only_app=True)

    def _interpreted(self, context: Context, only_app: bool) -> Recording:
        m = Machine(self.path, context, self.limits, Reentry)
        self._machines.append(m)
        m.recording.files = self.resolver.files
        with headroom():
            module = self._read()
            if isinstance(module, SyntaxProblem):
                m.recording.unreadable = BlindSpot(module.reason, Source(self.path, b"").span(0, 0))
            else:
                run_config(m, Linker(m, self.resolver, self.parsed), module, only_app)
        self._fuel += self.limits.fuel - m.fuel
        self._allocation += self.limits.allocation - m.allocation
        self.count(m.recording)
        return m.recording

    def release(self) -> None:
        """Ends the use of all recordings: cuts most circles in which their values refer to each other. Their
        memory is then free at once; the collector would take longer to find it than a parse takes.
        """
        for m in self._machines:
            for made in m.recording.constructions:
                made.instance.construction = None
            if m.linker is not None:
                m.linker.release()
            vars(m).clear()

    def _read(self) -> Module | SyntaxProblem:
        try:
            data = self.resolver.read(self.path)
        except Unreadable as error:
            return SyntaxProblem(error.why)
        return SyntaxProblem(Why.NO_SUCH_FILE()) if data is None else self.parsed.module(self.path, data)


def evaluate(
    tree: SourceTree, path: str, limits: Limits | None = None, parsed: Parsed | None = None
) -> tuple[AbstractValue, set[str]]:
    """The default export of any module (a framework's config), and the files it depends on.

    A function is called for its result. A call of a package's function is represented by an object with its
    name under `$call` and its arguments under `0`, `1`, ..., so that the argument of `defineConfig({...})` is
    accessible.
    """
    limits = limits or Limits()
    resolver = Resolver(tree)
    m = Machine(path, Context("production"), limits, Reentry)
    m.phase, m.lenient = "run", True
    linker = Linker(m, resolver, parsed or Parsed(limits))
    start = Mark(Source(path, b""), 0, 0)

    def run() -> AbstractValue:
        value = linker.load(path, start).get("default") or Unknown(Why.NO_DEFAULT_EXPORT_OF(path), start)
        if isinstance(value, Known) and isinstance(value.data, Closure):
            return call(m, value, [Unknown(Why.FRAMEWORK_ARGUMENT(), start)] * 2, None, start)
        return value

    with headroom():
        result = m.guarded(run, start, path)
    unclear = m.recording.blind_spots[0].reason if m.recording.blind_spots else Why.NOT_FOLLOWED()
    return (Unknown(Why.IN_FILE(path, unclear), start) if result is None else result), resolver.files
