"""Evaluates conditions on the variables that SST sets for functions in `sst dev`."""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.catalog.handlers import GLOBAL_NAMESPACE
from policy_bot.sst.nodes import FunctionNode, Node
from policy_bot.sst.streams.bodies import returns_in
from policy_bot.sst.streams.files import Files
from policy_bot.sst.streams.scopes import Bound, NameScope
from policy_bot.sst.streams.walk import text_of

LIVE_VARIABLES = ("SST_LIVE", "SST_DEV")
"""Set to "true" for functions that run live in `sst dev` (pkg/runtime/runtime.go), unset when deployed."""


class Conditions:
    """Evaluates them for a function that runs live in `sst dev`, or is deployed."""

    def __init__(self, files: Files, live: bool) -> None:
        self.files = files
        self.live = live

    def truth(self, test: Bound, depth: int = 8) -> bool | None:
        """Evaluates a condition on SST's variables; None for any other."""
        end = self.files.origin(test) if depth else ""
        if not isinstance(end, Bound):
            return None
        node, scope = end
        if _is_live_variable(node):
            return self.live
        if isinstance(node, nodes.Unary) and node.operator == "!":
            inner = self.truth(Bound(node.argument, scope), depth - 1)
            return None if inner is None else not inner
        if isinstance(node, nodes.Call) and node.callee.text == "Boolean" and len(node.arguments) == 1:
            return self.truth(Bound(node.arguments[0], scope), depth - 1)
        if isinstance(node, nodes.Binary) and node.operator in ("===", "==", "!==", "!="):
            sides = (node.left, node.right)
            variable = next((each for each in sides if _is_live_variable(each)), None)
            other = text_of(node.right if variable is node.left else node.left)
            if variable is not None and other is not None:
                return (self.live and other == "true") is (node.operator[0] == "=")
            if not self.live and any(_is_type_of_namespace(each) for each in sides):
                return node.operator[0] == "!" if "undefined" in map(text_of, sides) else None
        if isinstance(node, nodes.Logical) and node.operator in ("&&", "||"):
            return self._joined(node, scope, depth)
        return None

    def results(self, function: FunctionNode, scope: NameScope) -> list[Node]:
        """The values that a function may return, without those behind a condition that is known to be false:
        `if (typeof awslambda === "undefined") return serve`.
        """
        body, found = function.lower().statements, list[Node]()
        for statement in body.statements if isinstance(body, nodes.Block) else ():
            taken: Node | None = statement
            truth = None
            if isinstance(statement, nodes.If):
                truth = self.truth(Bound(statement.test, scope))
                taken = statement if truth is None else statement.yes if truth else statement.no
            if taken is not None:
                found += returns_in(taken)
                if leaves(taken):
                    break
        return found

    def _joined(self, node: nodes.Logical, scope: NameScope, depth: int) -> bool | None:
        sides = [self.truth(Bound(each, scope), depth - 1) for each in (node.left, node.right)]
        deciding = node.operator == "||"
        if deciding in sides:
            return deciding
        return None if None in sides else not deciding


def leaves(statement: Node) -> bool:
    """Whether nothing after a statement runs."""
    if isinstance(statement, nodes.Block):
        return any(map(leaves, statement.statements))
    if isinstance(statement, nodes.If):
        return statement.no is not None and leaves(statement.yes) and leaves(statement.no)
    return isinstance(statement, (nodes.Return, nodes.Throw))


def _is_type_of_namespace(node: Node) -> bool:
    """`typeof awslambda`, which AWS's runtime defines."""
    return (
        isinstance(node, nodes.Unary) and node.operator == "typeof" and node.argument.text == GLOBAL_NAMESPACE
    )


def _is_live_variable(node: Node) -> bool:
    """`process.env.SST_LIVE`, `process.env["SST_DEV"]`."""
    if isinstance(node, nodes.Member):
        return node.name in LIVE_VARIABLES and node.object.text == "process.env"
    if isinstance(node, nodes.Index):
        return text_of(node.index) in LIVE_VARIABLES and node.object.text == "process.env"
    return False
