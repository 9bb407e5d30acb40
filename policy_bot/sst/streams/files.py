"""Loads the modules that handlers and routes lead to, and resolves their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policy_bot.sst import nodes
from policy_bot.sst.catalog.handlers import KEEPING_DECORATORS
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.repository.resolver import NotFound, Package, Resolver
from policy_bot.sst.source import SourceTree, Unreadable, announce, read_code
from policy_bot.sst.streams.scopes import Bound, File, Imported
from policy_bot.sst.streams.walk import text_of
from policy_bot.sst.syntax import Parsed, SyntaxProblem

SCRIPTS = (".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".cjs")
"""Extensions of files that may contain a route."""
PYTHON = ".py"
MOST_FILES = 400
MOST_BYTES = 4 << 20
"""Most files, and bytes, parsed for the handlers and routes of one project."""
OWN_FILES, OWN_BYTES = 1_000, 4 << 20
"""Most route and handler files, and bytes, searched for words, at a tenth of the cost of parsing."""
IMPORTED_FILES, IMPORTED_BYTES = 500, 4 << 20
"""The same for the files that they import."""


class CodeTree:
    """A tree of application code; a remote file that was not announced is unreadable."""

    def __init__(self, below: SourceTree) -> None:
        self.below = below

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None."""
        return read_code(self.below, path)

    def list(self, folder: str) -> Sequence[str] | None:
        """The folder's entry names, or None."""
        return self.below.list(folder)

    def announce(self, paths: Sequence[str]) -> None:
        """Prefetches files."""
        announce(self.below, paths)


class _Searched:
    """The searched files and their total size in bytes."""

    def __init__(self) -> None:
        self.found: dict[str, bytes | Reason] = {}
        self.size = 0


class Files:
    """Modules of one project that handlers and routes lead to, each parsed at most once."""

    def __init__(self, resolver: Resolver, parsed: Parsed) -> None:
        self.resolver = resolver
        self.parsed = parsed
        self._hops = 0
        self.bytes = 0
        self._own = _Searched()
        self._imported = _Searched()
        self._files: dict[str, File | Reason] = {}

    def get(self, path: str) -> File | Reason:
        """Loads a module, or gives the reason why it cannot be read."""
        found = self._files.get(path)
        if found is None:
            found = self._files[path] = self._load(path)
        return found

    def content(self, path: str) -> bytes | None:
        """The bytes of a source file; None if it cannot be read."""
        try:
            return self.resolver.read(path)
        except Unreadable:
            return None

    def own(self, path: str) -> bytes | Reason:
        """The bytes of a route or handler, within their budget."""
        return self._search(path, self._own, OWN_FILES, OWN_BYTES)

    def bytes_of(self, path: str) -> bytes | Reason:
        """The bytes of any other file that is searched, within their budget."""
        found = self._own.found.get(path)
        return found or self._search(path, self._imported, IMPORTED_FILES, IMPORTED_BYTES)

    def _search(self, path: str, budget: _Searched, files: int, size: int) -> bytes | Reason:
        if path not in budget.found:
            content = self.content(path)
            budget.size += len(content or b"")
            if len(budget.found) >= files or budget.size > size:
                return Why.CODE_BUDGET(files, size >> 20)
            budget.found[path] = Why.FILE_NOT_READ(path) if content is None else content
        return budget.found[path]

    def announce(self, paths: Iterable[str]) -> None:
        """Prefetches files that are read next, in one request if the tree is remote."""
        announce(self.resolver.tree, [path for path in paths if path not in self._own.found])

    def _load(self, path: str) -> File | Reason:
        try:
            data = self.resolver.read(path)
        except Unreadable as error:
            return error.reason
        if data is None:
            return Why.NO_SUCH_FILE()
        self.bytes += len(data)
        if len(self._files) >= MOST_FILES or self.bytes > MOST_BYTES:
            return Why.CODE_BUDGET(MOST_FILES, MOST_BYTES >> 20)
        module = self.parsed.module(path, data)
        return module.reason if isinstance(module, SyntaxProblem) else File(path, module)

    def origin(self, found: Bound | Imported | None) -> Bound | Imported | Reason:
        """Resolves a name to an expression of the repository or an export of a package (`Imported`), or gives
        the reason why it is unknown.
        """
        self._hops = 0
        return self._origin(found)

    def _origin(self, found: Bound | Imported | None) -> Bound | Imported | Reason:
        while self._hops < _MOST_HOPS:
            self._hops += 1
            if isinstance(found, Imported):
                target = self.resolver.resolve(found.specifier, found.importer)
                if isinstance(target, Package):
                    return found
                if isinstance(target, NotFound):
                    return target.reason
                file = self.get(target)
                if isinstance(file, Reason):
                    return file
                if found.name == "*":
                    return found
                name, found = found.name, self.exported(file, found.name)
                if found is None:
                    return Why.NOT_EXPORTED(name, target)
            elif found is None:
                return Why.NAME_ASSIGNED()
            elif isinstance(found.node, nodes.Identifier) and found.scope.declares(found.node.name):
                found = found.scope.find(found.node.name)
            elif (module := required(found)) is not None:
                found = module
            elif isinstance(found.node, nodes.Member) and isinstance(through := self._member(found), tuple):
                found = through
            else:
                return found
        return Why.NAME_HOPS()

    def _member(self, found: Bound) -> Bound | Imported | None:
        """`object.name` of a module, an object literal, a class, or an instance."""
        assert isinstance(found.node, nodes.Member)
        holder = self._origin(Bound(found.node.object, found.scope))
        if isinstance(holder, Imported) and (holder.name == "*" or self._is_package_default(holder)):
            return Imported(holder.specifier, found.node.name, holder.importer)
        if isinstance(holder, Bound) and isinstance(holder.node, nodes.ObjectLiteral):
            for entry in holder.node.entries:
                if isinstance(entry, nodes.Entry) and entry.key == found.node.name and entry.kind == "value":
                    return Bound(entry.value, holder.scope)
        return self._class_member(holder, found.node.name)

    def _class_member(self, holder: Bound | Imported | Reason | None, name: str) -> Bound | None:
        """`Class.name`, `new Class().name`: a method or the value of a field, also of a base class."""
        static = not (isinstance(holder, Bound) and isinstance(holder.node, nodes.New))
        while isinstance(holder, Bound) and self._hops < _MOST_HOPS:
            node, scope = holder
            if isinstance(node, nodes.New):
                holder = self._origin(Bound(node.callee, scope))
                continue
            if not isinstance(node, nodes.ClassNode) or not all(map(_keeps_kind, node.decorators)):
                break
            for member in node.members:
                if member.key == name and member.static is static and member.kind in ("method", "field"):
                    return Bound(member.value, scope) if member.value is not None else None
            self._hops += 1
            holder = self._origin(Bound(node.base, scope)) if node.base is not None else None
        return None

    def _is_package_default(self, imported: Imported) -> bool:
        """Whether it is a package as one object, as in CommonJS."""
        target = self.resolver.resolve(imported.specifier, imported.importer)
        return imported.name == "default" and isinstance(target, Package)

    def exported(self, file: File, name: str, depth: int = 8) -> Bound | Imported | None:
        """The export of a module by name, through `export *` too; a package that is exported so has it if
        nothing else does.
        """
        if name in file.exports:
            return file.exports[name]
        packages = []
        for specifier in file.stars if depth else ():
            target = self.resolver.resolve(specifier, file.path)
            inner = self.get(target) if isinstance(target, str) else None
            found = self.exported(inner, name, depth - 1) if isinstance(inner, File) else None
            if found is not None:
                return found
            packages += [specifier] if isinstance(target, Package) else []
        return Imported(packages[0], name, file.path) if len(packages) == 1 else None


_MOST_HOPS = 64
"""Names, imports and members followed for one question: `const a = b.x, b = a.y` would never end."""


def _keeps_kind(decorator: Node) -> bool:
    callee = decorator.callee if isinstance(decorator, nodes.Call) else decorator
    return isinstance(callee, nodes.Member | nodes.Identifier) and callee.name in KEEPING_DECORATORS


def required(found: Bound) -> Imported | None:
    """The module of `require("...")`, of `await import("...")`."""
    node = found.node
    if isinstance(node, nodes.Await) and isinstance(node.argument, nodes.ImportCall):
        specifier = text_of(node.argument.argument)
        return None if specifier is None else Imported(specifier, "*", found.scope.file.path)
    if not (isinstance(node, nodes.Call) and isinstance(node.callee, nodes.Identifier)):
        return None
    if node.callee.name != "require" or len(node.arguments) != 1 or found.scope.declares("require"):
        return None
    name = text_of(node.arguments[0])
    return None if name is None else Imported(name, "*", found.scope.file.path)
