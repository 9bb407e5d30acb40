"""Every regular expression of the package, found in its source, and the texts that cost each one most.

An attack on a backtracking engine has three parts: something that leads into a repetition, the repeated text
many times over, and an end that makes the engine give it back. All three can be read off the pattern:

    `\\s*(.*?)\\s*#*$`  ->  " " * N + "!",  "#" * N + "!",  (" " + "#") * N + "!",  ...

"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

ROOT = Path(__file__).parents[2] / "policy_bot"
_FUNCTIONS = {"match", "search", "fullmatch", "sub", "subn", "findall", "finditer", "split"}
_WHOLE = {"match", "fullmatch"}


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern, where it is, and whether it is only ever tried at a text's start."""

    where: str
    compiled: re.Pattern[Any]
    anchored: bool

    def run(self, text: str) -> None:
        """Try it as the package does, on all of the text."""
        given: Any = text.encode() if isinstance(self.compiled.pattern, bytes) else text
        if self.anchored:
            self.compiled.match(given)
            self.compiled.fullmatch(given)
        else:
            for _ in self.compiled.finditer(given):
                pass


def found() -> Iterator[Pattern]:
    """All patterns of the package. Raises `AssertionError` for a pattern that is made in another way."""
    for path in sorted(ROOT.rglob("*.py")):
        source = path.read_text()
        if not any(word in source for word in ("import re", "from re ", "regex(")):
            continue
        tree = ast.parse(source)
        if any(isinstance(node, ast.ImportFrom) and node.module == "re" for node in ast.walk(tree)):
            raise AssertionError(f"{path}: write `re.compile`, so that this test sees it")
        yield from _of_module(path, tree)


def _of_module(path: Path, tree: ast.Module) -> Iterator[Pattern]:
    relative = path.relative_to(ROOT.parent)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_re(node)]
    if not calls:
        return
    module = importlib.import_module(".".join(relative.with_suffix("").parts).removesuffix(".__init__"))
    used = _uses(tree)
    names = {id(node.value): node.targets[0].id for node in ast.walk(tree) if _is_named(node)}  # type: ignore[attr-defined]
    for call in calls:
        where = f"{relative}:{names.get(id(call), '')}"
        method = call.func.attr if isinstance(call.func, ast.Attribute) else "compile"
        if method == "compile" and id(call) in names:
            name = names[id(call)]
            made = getattr(module, name)
            yield Pattern(where, re.compile(made.pattern, made.flags), used.get(name, {""}) <= _WHOLE)
        else:
            text = ast.unparse(call.args[0])
            yield Pattern(f"{relative}: {text}", _evaluated(call, module), method in _WHOLE)


def _is_re(call: ast.Call) -> bool:
    func = call.func
    return _is_lazy(func) or (
        isinstance(func, ast.Attribute)
        and isinstance(func.value, ast.Name)
        and func.value.id == "re"
        and func.attr in _FUNCTIONS | {"compile"}
    )


def _is_lazy(func: ast.expr) -> bool:
    """Whether it is `policy_bot.regex`, which compiles on first use."""
    return isinstance(func, ast.Name) and func.id == "regex"


def _is_named(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)


def _uses(tree: ast.Module) -> dict[str, set[str]]:
    """The methods that a module calls on each name. A pattern that is handed on counts as searched for."""
    used: dict[str, set[str]] = {}
    direct = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used.setdefault(node.value.id, set()).add(node.attr)
            direct.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in direct:
            used.setdefault(node.id, set()).add("")
    return used


def _evaluated(call: ast.Call, module: Any) -> re.Pattern[Any]:
    """A pattern written where it is used, with the module's constants; what only a run knows is `x`."""
    flags = next((keyword.value for keyword in call.keywords if keyword.arg == "flags"), None)
    bits = eval(ast.unparse(flags), vars(module)) if flags is not None else 0
    given = call.args[0]
    if isinstance(given, ast.JoinedStr):
        parts = [each if isinstance(each, ast.Constant) else ast.Constant("x") for each in given.values]
        given = ast.Constant("".join(str(part.value) for part in parts))
    try:
        return re.compile(eval(ast.unparse(given), vars(module)), bits)
    except NameError:
        return re.compile("x")  # made of texts that are known only when it runs


def attacks(pattern: re.Pattern[Any], size: int) -> Iterator[str]:
    """Texts of about `size` characters that make the pattern repeat, with ends that make it give back."""
    source = pattern.pattern
    parsed = _parser.parse(source, pattern.flags)
    pieces = list(dict.fromkeys(piece for piece in _pieces(parsed) if piece))
    singles = list(dict.fromkeys(letter for piece in pieces for letter in piece))[:24]
    leads = ["", *pieces[:12]]
    pumps = list(dict.fromkeys([*singles, *pieces[:16]]))
    for pump in pieces:
        yield pump * (size // len(pump))
    for lead, pump, end in product(leads, pumps, ("", "!", "\n", "\x00")):
        yield lead + pump * (size // len(pump)) + end
    half = size // 2
    for one, two in product(pumps[:10], pumps[:10]):
        yield one * (half // len(one)) + two * (half // len(two)) + "!"
        yield (one + two) * (size // len(one + two)) + "!"


def _pieces(parsed: Any) -> Iterator[str]:
    """Shortest texts that the parts of a pattern take: each part's, and all those of a sequence joined."""
    whole = ""
    for part in parsed:
        least = _least(part)
        whole += least
        yield least
        yield whole
        for inner in _inside(part):
            yield from _pieces(inner)
    yield whole


def _inside(part: Any) -> list[Any]:
    operation, argument = part
    if operation in _REPEATS:
        return [argument[2]]
    if operation is _constants.SUBPATTERN:
        return [argument[3]]
    if operation is _constants.BRANCH:
        return list(argument[1])
    if operation in (_constants.ASSERT, _constants.ASSERT_NOT):
        return [argument[1]]
    return [argument] if operation is _constants.ATOMIC_GROUP else []


_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)


def _least(part: Any) -> str:
    operation, argument = part
    if operation is _constants.LITERAL:
        return chr(argument)
    if operation is _constants.NOT_LITERAL:
        return "a" if argument != ord("a") else "b"
    if operation is _constants.ANY:
        return "a"
    if operation is _constants.IN:
        return _one_of(argument)
    if operation in _REPEATS:
        least, _, inner = argument
        return "".join(map(_least, inner)) * min(max(least, 1), 4)
    if operation is _constants.BRANCH:
        return "".join(map(_least, argument[1][0]))
    if operation is _constants.SUBPATTERN:
        return "".join(map(_least, argument[3]))
    return "".join(map(_least, argument)) if operation is _constants.ATOMIC_GROUP else ""


_CATEGORIES = {
    _constants.CATEGORY_SPACE: " ",
    _constants.CATEGORY_DIGIT: "1",
    _constants.CATEGORY_WORD: "a",
    _constants.CATEGORY_NOT_SPACE: "a",
    _constants.CATEGORY_NOT_DIGIT: "a",
    _constants.CATEGORY_NOT_WORD: " ",
}


def _one_of(choices: Any) -> str:
    first = choices[0]
    if first[0] is _constants.NEGATE:
        taken = set()
        for operation, argument in choices[1:]:
            if operation is _constants.LITERAL:
                taken.add(chr(argument))
            elif operation is _constants.RANGE:
                taken |= {chr(code) for code in range(argument[0], min(argument[1], 0x250) + 1)}
            elif operation is _constants.CATEGORY:
                taken.add(_CATEGORIES[argument])
        return next(letter for letter in "a1 -!\\\x01\u4e00" if letter not in taken)
    if first[0] is _constants.RANGE:
        return chr(first[1][0])
    return _CATEGORIES[first[1]] if first[0] is _constants.CATEGORY else chr(first[1])
