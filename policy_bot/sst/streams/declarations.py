"""Settings that a route declares: its maximum duration and its runtime.

Next.js reads both from literals
(https://nextjs.org/docs/app/api-reference/file-conventions/route-segment-config): `export const maxDuration =
60`, and in the pages router `export const config = { maxDuration: 60 }`.
"""

from __future__ import annotations

from policy_bot.record import NamedTuple
from policy_bot.regex import regex
from policy_bot.sst import nodes
from policy_bot.sst.deployment import Step, Value
from policy_bot.sst.nodes import Node
from policy_bot.sst.streams.scopes import Bound, File
from policy_bot.sst.streams.walk import text_of

WORDS = regex(rb"maxDuration|runtime")
"""Words that a file with such a declaration contains."""
UNDECLARED = -1
_EDGE = ("edge", "experimental-edge")


class Declared(NamedTuple):
    """The declared duration in seconds, -1 if none, and the runtime, "" if none."""

    duration: Value
    runtime: Value


def declared(file: File) -> Declared:
    """Reads the declarations of a route file; expressions that Next.js cannot read do not count."""
    duration, runtime = _literal(file, "maxDuration"), _literal(file, "runtime")
    seconds = duration.data if isinstance(duration, nodes.Literal) else None
    name = text_of(runtime) if runtime is not None else None
    return Declared(
        _value(int(seconds), duration) if isinstance(seconds, (int, float)) else Value(UNDECLARED),
        _value("edge" if name in _EDGE else name, runtime) if name is not None else Value(""),
    )


def _value(value: object, node: Node | None) -> Value:
    return Value(value, (Step("declared here", node.span),) if node is not None else ())


def _literal(file: File, name: str) -> Node | None:
    """The expression of an exported constant, or of its key in the exported `config`."""
    found = _constant(file, name)
    config = _constant(file, "config") if found is None else None
    if isinstance(config, nodes.ObjectLiteral):
        for entry in config.entries:
            if isinstance(entry, nodes.Entry) and entry.key == name:
                return entry.value
    return found


def _constant(file: File, name: str) -> Node | None:
    exported = file.exports.get(name)
    if not isinstance(exported, Bound) or not isinstance(exported.node, nodes.Identifier):
        return None
    bound = exported.scope.find(exported.node.name)
    return bound.node if isinstance(bound, Bound) else None
