"""Which names a file uses at run time: an import whose names are used in types alone is dropped by the compiler."""

from __future__ import annotations

from typing import Any

from policy_bot.sst.nodes import FunctionNode, Identifier, Module, Node


def names_used(module: Module) -> set[str]:
    """All names that stand as expressions anywhere in the file. Lowers every function."""
    used: set[str] = set()
    stack: list[Any] = list(module.block.statements)
    while stack:
        at = stack.pop()
        if isinstance(at, (list, tuple)):
            stack.extend(at)
        elif isinstance(at, FunctionNode):
            body = at.lower()
            stack += [body.parameters, body.statements, body.expression]
        elif isinstance(at, Identifier):
            used.add(at.name)
        elif isinstance(at, Node):
            for kind in type(at).__mro__:
                stack.extend(
                    getattr(at, name, None) for name in getattr(kind, "__slots__", ()) if name != "source"
                )
    return used
