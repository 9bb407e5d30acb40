"""Mutation operators: each small change that could be made to a module, except where no test could notice."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.LShift: ast.RShift,
    ast.RShift: ast.LShift, ast.Pow: ast.Mult,
}  # fmt: skip
UNTESTED = ("log.", "assert_never(", "cast(", "TypeVar(", "warnings.")
SILENT = ("annotation", "returns", "decorator_list", "format_spec")


@dataclass(frozen=True)
class Mutant:
    """One change. `lines` are those of the changed statement, or of the lambda around it."""

    file: Path
    number: int
    lines: range
    at_import: bool
    before: str
    after: str

    def tree(self) -> ast.Module:
        """The module with the change."""
        tree = ast.parse(self.file.read_text())
        for number, (parent, old, new, *_) in enumerate(_changes(tree)):
            if number == self.number:
                _put(parent, old, new)
                return ast.fix_missing_locations(tree)
        raise AssertionError("the file has changed")

    def codes(self) -> Iterator[tuple[CodeType, CodeType]]:
        """The function that the change is in, before and after."""
        name = str(self.file)
        before = compile(self.file.read_text(), name, "exec", dont_inherit=True)
        yield from _different(before, compile(self.tree(), name, "exec", dont_inherit=True))


def _different(before: CodeType, after: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Functions outside functions that differ: a function's constants contain those that it defines."""
    for one, other in zip(before.co_consts, after.co_consts, strict=True):
        if isinstance(one, CodeType) and one != other:
            if one.co_flags & inspect.CO_OPTIMIZED:
                yield one, other
            else:  # a class
                yield from _different(one, other)


def mutants_of(file: Path) -> list[Mutant]:
    """Every mutant of a module."""
    return [
        Mutant(file, number, lines, at_import, ast.unparse(old), ast.unparse(new))
        for number, (_, old, new, lines, at_import) in enumerate(_changes(ast.parse(file.read_text())))
    ]


Change = tuple[ast.AST, ast.AST, ast.AST, range, bool]
"""The parent, the node before and after, its lines, and whether these run while modules are imported."""


def _changes(parent: ast.AST, lines: range = range(0), at_import: bool = True) -> Iterator[Change]:
    for node in _children(parent):
        here = lines
        if isinstance(node, (ast.stmt, ast.Lambda)):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if isinstance(body, list) else node.end_lineno or 0
            here = range(node.lineno, max(last, node.lineno) + 1)
        for new in _replacements(node):
            yield parent, node, new, here, at_import
        is_function = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        yield from _changes(node, here, at_import and not is_function)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node that tests can notice: no annotation, docstring, decorator, base class or log."""
    for name, field in ast.iter_fields(node):
        if name in SILENT or (isinstance(node, ast.ClassDef) and name != "body"):
            continue
        for child in field if isinstance(field, list) else [field]:
            if isinstance(child, ast.AST) and not _unnoticed(child):
                yield child


def _unnoticed(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Expr(value=ast.Call()) | ast.Call():
            return ast.unparse(node).startswith(UNTESTED)
        case ast.Subscript(value=ast.Name(id="Literal")):
            return True
        case ast.BinOp(op=ast.BitOr()):  # a union of types
            return ast.unparse(node.left).split("|")[-1].strip()[:1].isupper() or "None" in ast.unparse(node)
    return False


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left=left, ops=[op], comparators=right):
            yield ast.Compare(left, [COMPARISONS[type(op)]()], right)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
            yield ast.BinOp(left, ARITHMETIC[type(op)](), right)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield ast.Constant(value + 1)
        case ast.Constant(value=str(value)):
            yield ast.Constant(value + "X")
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) if not _has_opposite(test):
            fields = dict(ast.iter_fields(node)) | {"test": ast.UnaryOp(ast.Not(), test)}
            yield type(node)(**fields)
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) | ast.AugAssign() | ast.Raise():
            yield ast.Pass()
        case ast.Expr(value=ast.Call()) | ast.Continue() | ast.Break() | ast.Delete():
            yield ast.Pass()


def _has_opposite(test: ast.expr) -> bool:
    """Whether another operator already makes the opposite of a condition."""
    match test:
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Compare(ops=[op]):
            return not isinstance(op, (ast.Lt, ast.LtE, ast.Gt, ast.GtE))
    return False


def _put(parent: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for name, field in ast.iter_fields(parent):
        if field is old:
            setattr(parent, name, new)
        elif isinstance(field, list):
            field[:] = [new if child is old else child for child in field]
