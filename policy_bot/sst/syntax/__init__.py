"""Parses TypeScript and JavaScript; the only package that uses tree_sitter.

A small hostile file can make the parser run for seconds and take gigabytes, so a service parses strangers'
files in a process with limits (`policy_bot.isolation`).
"""

from __future__ import annotations

from functools import cache
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType

import tree_sitter

from policy_bot.record import dataclass
from policy_bot.sst.deployment import Directive
from policy_bot.sst.limits import Limits
from policy_bot.sst.nodes import Block, Export, Import, Module, Opaque, Source
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.syntax.blocks import SILENT, fill
from policy_bot.sst.syntax.directives import directives
from policy_bot.sst.syntax.kinds import KINDS
from policy_bot.sst.syntax.lowering import FieldNumbers, Grammar, KindNumbers, Language, Lowering, Tree

__all__ = ["Parsed", "SyntaxProblem", "parse"]

_PLAIN = (".ts", ".mts", ".cts")


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """A file that could not be parsed at all, and why."""

    reason: Reason


@cache
def _binding() -> ModuleType:
    """The compiled grammar, without its package: importing that loads its queries, which takes 10 ms."""
    package = PathFinder.find_spec("tree_sitter_typescript")
    spec = package and PathFinder.find_spec("_binding", package.submodule_search_locations)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _grammar(plain: bool) -> Grammar:
    """The grammar of `.ts` files, or of all others, which may contain JSX."""
    pointer = _binding().language_typescript() if plain else _binding().language_tsx()
    language = tree_sitter.Language(pointer)
    kinds = {}
    for name, lower in KINDS.items():
        number = language.id_for_node_kind(name, True)
        if number:
            kinds[number] = lower

    def number_of(name: str) -> int:
        return language.id_for_node_kind(name, True) or -1

    return Grammar(
        tree_sitter.Parser(language),
        kinds,
        FieldNumbers(lambda name: language.field_id_for_name(name) or 0),
        KindNumbers(number_of),
        frozenset(map(number_of, SILENT)),
    )


def parse(data: bytes, path: str, limits: Limits | None = None) -> Module | SyntaxProblem:
    """Parses and lowers a file. A syntax error becomes an `Opaque` node and `Module.error`, not a problem."""
    limits = limits or Limits()
    if len(data) > limits.file_bytes:
        return SyntaxProblem(Why.FILE_SIZE(limits.file_bytes))
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return SyntaxProblem(Why.NOT_UTF8())
    if data.startswith(b"\xef\xbb\xbf"):
        data = b"   " + data[3:]  # blank the byte order mark in place, to keep offsets
    grammar = _grammar(path.endswith(_PLAIN))
    with limits.watch(path):
        root = _parsed(grammar, data)
    source = Source(path, data)
    source.broken = root.has_error
    low = Lowering(source, grammar, limits.nesting, root.has_error)
    module = Module()
    module.source = source
    module.block = Block(source, root.start_byte, root.end_byte)
    fill(low, module.block, root.named_children if root.type == "program" else [root])
    module.imports = [node for node in module.block.statements if isinstance(node, (Import, Export))]
    module.names, module.pending, module.everything = low.names, low.pending, low.everything
    module.directives = directives(root, data, path)
    module.error = _first_error(low, root, source.data, grammar.parser.language) if root.has_error else None
    return module


_ROUNDS = 6  # some errors appear only once earlier ones are gone


def _parsed(grammar: Grammar, data: bytes) -> Tree:
    """The root of the tree, after blanking syntax that the grammar does not know and that has no effect at
    run time.
    """
    root = grammar.parser.parse(data).root_node
    for _ in range(_ROUNDS):
        if not root.has_error:
            break
        from policy_bot.sst.syntax.newer import without_newer_syntax
        from policy_bot.sst.syntax.recovery import without_unknown_types

        text = without_newer_syntax(data) or without_unknown_types(root, data)
        if text is None:
            break
        data, root = text, grammar.parser.parse(text).root_node
    return root


def _first_error(low: Lowering, root: Tree, data: bytes, language: Language) -> Opaque:
    """Locates and describes the first syntax error: follows the first damaged child down."""
    from policy_bot.sst.syntax.expected import described

    at = root
    while True:
        below = next((child for child in at.children if child.has_error or child.is_missing), None)
        if below is None:
            break
        at = below
    said = described(at, data, language)
    return low.opaque(at, Why.SYNTAX_ERROR_AT(said) if said else Why.SYNTAX_ERROR())


class Parsed:
    """Modules by path and content, shared by all contexts and tried fixes of a reading."""

    __slots__ = ("_modules", "limits")

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._modules: dict[tuple[str, bytes], Module | SyntaxProblem] = {}

    def module(self, path: str, data: bytes) -> Module | SyntaxProblem:
        """Parses the file, at most once."""
        key = (path, data)
        found = self._modules.get(key)
        if found is None:
            found = self._modules[key] = parse(data, path, self.limits)
        return found

    def directives(self) -> tuple[Directive, ...]:
        """The comments addressed to policy-bot in all files parsed so far, sorted by path and position."""
        modules = (module for module in self._modules.values() if isinstance(module, Module))
        found = {each for module in modules for each in module.directives}
        return tuple(sorted(found, key=lambda each: each.span))
