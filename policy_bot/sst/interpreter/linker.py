"""Links and evaluates modules: each once, in order, with live exports."""

from __future__ import annotations

from functools import partial

from policy_bot.sst import nodes
from policy_bot.sst.atoms import Namespace
from policy_bot.sst.catalog.packages import may_change, may_construct, provider_namespace
from policy_bot.sst.heap import CallFrame, Construction, Live, Obj, Scope
from policy_bot.sst.interpreter.builtins.table import native
from policy_bot.sst.interpreter.components import transform_late
from policy_bot.sst.interpreter.exports import Exports, declared_here, reading
from policy_bot.sst.interpreter.machine import Machine, evaluates
from policy_bot.sst.interpreter.statements import hoist, run
from policy_bot.sst.limits import LimitReached
from policy_bot.sst.nodes import Mark, Module
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.recording import StaticImport
from policy_bot.sst.repository.resolver import NotFound, Package, Resolver
from policy_bot.sst.source import Unreadable
from policy_bot.sst.syntax import Parsed, SyntaxProblem
from policy_bot.sst.values import NOTHING, AbstractValue, Births, Known, Origin, Placed, Unknown, alternatives

_GENERATED_TYPES = ".sst/platform/config"
"""The file that SST writes into every project for the editor (`pkg/project/install.go`): types, no code."""


class Linker:
    """The modules of one evaluation."""

    def __init__(self, m: Machine, resolver: Resolver, parsed: Parsed) -> None:
        self.m = m
        self.resolver = resolver
        self.parsed = parsed
        self.loaded: dict[str, Exports] = {}
        self.constructing: set[Reason] = set()  # why functions of unread packages are unknown: those that may
        self.changing: set[Reason] = set()  # construct components, and those that may change their arguments
        self.root = Scope({}, None, CallFrame(nodes.Source("", b"")))
        self._scopes: list[Scope] = []
        m.linker = self

    def module(self, specifier: str, importer: str, node: Placed) -> Exports:
        """The value of an import."""
        found = self.resolver.resolve(specifier, importer)
        if isinstance(found, str):
            return self.load(found, node)
        key = f"{type(found).__name__} {specifier}"
        if key not in self.loaded:
            self.loaded[key] = self._outside(specifier, found, node)
        return self.loaded[key]

    def _outside(self, specifier: str, found: Package | NotFound, node: Placed) -> Exports:
        made = Exports()
        made.done = True
        if isinstance(found, NotFound) and specifier.removesuffix(".d.ts").endswith(_GENERATED_TYPES):
            return made
        if isinstance(found, NotFound):
            self.m.may_throw(node)
            made.rest = Unknown(found.reason, node)
            self.m.hide(found.reason, node)
            return made
        if specifier == "@pulumi/pulumi":
            made.space = Namespace("pulumi")
            return made
        provider = provider_namespace(specifier)
        if provider is not None:
            made.space = Namespace(provider)
            return made
        from policy_bot.sst.interpreter import node as node_modules

        made.object = node_modules.module(self.resolver, specifier)
        if made.object is None:
            unread = self.resolver.unread
            made.rest = Unknown(unread or Why.PACKAGE_NOT_READ(specifier), node)
            if unread:
                self.m.hide(unread, node)
            if may_construct(specifier):
                self.constructing.add(made.rest.reason)
            if may_change(specifier):
                self.changing.add(made.rest.reason)
        return made

    def is_first_call(self, function: Unknown) -> bool:
        """Whether it is the first function called of an unread package that may make components."""
        if self.m.phase != "run" or function.reason not in self.constructing:
            return False
        self.constructing.discard(function.reason)  # reported once for each package
        return True

    def load(self, path: str, node: Placed) -> Exports:
        """A module of the tree, evaluated once."""
        if path in self.loaded:
            self._assure(self.loaded[path])
            return self.loaded[path]
        if len(self.loaded) >= self.m.limits.files:
            raise LimitReached(Why.FILES(self.m.limits.files))
        made = self.loaded[path] = Exports(path)
        try:
            data = self.resolver.read(path)
        except Unreadable as error:
            data = None
            self.m.hide(error.reason, node)
        if data is None:
            made.rest, made.done = Unknown(Why.FILE_NOT_READ(path), node), True
        elif path.endswith(".json"):
            self._load_json(made, data, node)
        else:
            self._load_source(made, data, node)
        return made

    def _load_json(self, made: Exports, data: bytes, node: Placed) -> None:
        from policy_bot.sst.interpreter.builtins.json import decoded

        source = nodes.Source(made.path, data)
        origin = Origin(Mark(source, 0, 0), f'the file "{made.path}"')
        value = decoded(self.m, data.decode("utf-8-sig", "replace"), origin) or Unknown(
            Why.NOT_JSON(made.path), node
        )
        made.set_common(value)
        made.done = True

    def _load_source(self, made: Exports, data: bytes, node: Placed) -> None:
        module = self.parsed.module(made.path, data)
        if isinstance(module, SyntaxProblem):
            self.m.hide(Why.MODULE_NOT_READ(made.path, module.reason), node)
            made.rest, made.done = Unknown(module.reason, node), True
            return
        self.m.recording.loaded.append(made.path)
        if module.error is not None:
            self.m.hide(module.error.reason, module.error)
        if self.m.depth >= self.m.limits.calls:
            raise LimitReached(Why.IMPORTS_AND_CALLS(self.m.limits.calls))
        self.m.depth += 1
        try:
            self._evaluate_once(made, module)
        finally:
            self.m.depth -= 1
        made.done = True

    def _evaluate_once(self, made: Exports, module: Module) -> None:
        """Evaluates a module for all branches, even if it is first imported in one of them.

        The containers that it makes are made in this branch, so its writes are in no undo log. From now on
        others see these containers too, so that further writes to them are logged in every level.
        """
        m = self.m
        start = m.mark()
        m.path.publish()
        birth = Births.now
        self.evaluate(made, module)
        if m.path.levels:
            m.path.forget(birth)
            for handler in m.handlers:
                handler.forget(birth)
            m.path.publish()
            made.records, made.conditions = m.since(start), m.path.conditions
            m.keep(made.records)

    def _assure(self, made: Exports) -> None:
        """A module that was first imported under a condition is now imported for certain, so its records
        become certain.
        """
        m = self.m
        for record in made.records:
            if isinstance(record, Construction):
                transform_late(m, record)
        thrown_before = any(handler.mark is not None for handler in m.handlers)
        if made.records and not m.path.undecided and not thrown_before:
            for record in made.records:
                if record.conditions == made.conditions:
                    record.certain, record.reason, record.conditions = True, None, 0
            made.records = []

    def evaluate(self, made: Exports, module: Module) -> None:
        """Links a module and runs it."""
        scope = Scope({}, self.root, CallFrame(module.source), declares=True)
        self._scopes.append(scope)
        hoist(self.m, module.block, scope)
        for statement in module.imports:  # a cycle of imports finds these names, if not their values
            if isinstance(statement, nodes.Export) and statement.specifier is None:
                for inside, outside in statement.names:
                    made.names[outside] = declared_here(scope, inside, statement)
        for statement in module.imports:
            if isinstance(statement, nodes.Import):
                if self._stays(statement, module):
                    self._link_import(statement, made.path, scope)
            else:
                self._link_export(statement, made)
        run(self.m, module.block.statements, scope)
        if made.common is not None and not made.names:
            made.set_common(made.common.props["exports"])

    def release(self) -> None:
        """Clears the names of all modules, whose functions refer back to them."""
        for scope in self._scopes:
            scope.vars.clear()

    def _stays(self, statement: nodes.Import, module: Module) -> bool:
        """Whether the compiler leaves an import in place: TypeScript drops those whose names are types
        alone.
        """
        if statement.types:
            return False
        path = module.source.path
        if not statement.names or not path.endswith((".ts", ".tsx", ".mts", ".cts")):
            return True
        return any(module.uses(local) for _, local in statement.names) or self.resolver.keeps_imports(path)

    def module_name(self, name: str, path: str) -> AbstractValue | None:
        """The value of a name that each module has for itself, such as `module` and `__dirname`."""
        if name == "require":
            return native("require", partial(self._require, path))
        if name in {"module", "exports"}:
            return self._common(name, path)
        return self._place(name, path) if name in {"__dirname", "__filename", "import.meta"} else None

    def _place(self, name: str, path: str) -> AbstractValue:
        """The names that depend on a module's path, such as `__dirname`."""
        from policy_bot.sst.interpreter.node import ROOT

        here = f"{ROOT}/{path}"
        folder = here.rpartition("/")[0]
        if name == "__dirname":
            return Known(folder)
        if name == "__filename":
            return Known(here)
        made = Obj({"dirname": Known(folder), "filename": Known(here), "url": Known(f"file://{here}")})
        made.rest = Unknown(Why.RUN_TIME_ONLY("import.meta"))
        return Known(made)

    def _require(
        self, path: str, m: Machine, given: list[AbstractValue], node: Placed | None
    ) -> AbstractValue:
        assert node is not None
        return self.imported(given[0] if given else NOTHING, path, node, required=True)

    def _common(self, name: str, path: str) -> AbstractValue | None:
        """`module` and `exports` of a CommonJS module."""
        exports = self.loaded.get(path)
        if exports is None:
            return None
        if exports.common is None:
            exports.common = Obj({"exports": Known(Obj())})
        return Known(exports.common) if name == "module" else exports.common.props["exports"]

    def _link_import(self, statement: nodes.Import, path: str, scope: Scope) -> None:
        exports = self.module(statement.specifier, path, statement)
        for outside, local in statement.names:
            scope.vars[local] = (
                Live(exports.whole) if outside == "*" else reading(exports, outside, statement)
            )

    def _link_export(self, statement: nodes.Export, made: Exports) -> None:
        if statement.specifier is None:
            return
        exports = self.module(statement.specifier, made.path, statement)
        for inside, outside in statement.names:
            if inside == "*" and not outside:
                made.stars.append(exports)
            elif inside == "*":
                made.names[outside] = Live(exports.whole)
            else:
                made.names[outside] = reading(exports, inside, statement)

    def imported(
        self, specifier: AbstractValue, path: str, node: Placed, required: bool = False
    ) -> AbstractValue:
        """`import(specifier)`, or `require(specifier)`."""
        if self.m.phase == "app" and isinstance(specifier, Known):
            self.m.recording.app_imports.append(StaticImport(str(specifier.data), node.span, True))
        texts = [choice.data for choice in alternatives(specifier) if isinstance(choice.data, str)]
        if isinstance(specifier, Known) and texts:
            exports = self.module(texts[0], path, node)
            return (exports.value if required else None) or exports.whole()
        reason = specifier.reason if not isinstance(specifier, Known) else Why.VALUE()
        self.m.hide(Why.UNKNOWN_IMPORT(reason), node)
        return Unknown(reason, node)


@evaluates(nodes.ImportCall)
def import_call(m: Machine, node: nodes.ImportCall, scope: Scope) -> AbstractValue:
    """`import(argument)`."""
    assert m.linker is not None
    return m.linker.imported(m.eval(node.argument, scope), scope.frame.source.path, node)


@evaluates(nodes.Meta)
def meta(m: Machine, node: nodes.Meta, scope: Scope) -> AbstractValue:
    """`import.meta`; `new.target` is unknown."""
    assert m.linker is not None
    found = (
        m.linker.module_name("import.meta", scope.frame.source.path)
        if node.text.startswith("import")
        else None
    )
    return found or Unknown(Why.RUN_TIME_ONLY(f"`{node.text}`"), node)
