"""Error recovery: blanks type-only syntax that the grammar does not know.

An error in type-only syntax cannot change a value and must not keep a file from being judged. It is replaced
by blanks or by a name of the same length, so that offsets stay valid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy_bot.record import NamedTuple
from policy_bot.regex import regex
from policy_bot.sst.syntax.lowering import Tree

_DECLARATIONS = {"interface_declaration", "type_alias_declaration"}
_TYPED = {
    "type_annotation", "type_alias_declaration", "type_arguments", "type_parameter", "as_expression",
    "satisfies_expression", "type_query", "constraint", "default_type", "type_predicate_annotation",
}  # fmt: skip
_CASTS = {"as_expression", "satisfies_expression"}
_BLANK = regex(rb"[^\r\n]")


def without_unknown_types(root: Tree, data: bytes) -> bytes | None:
    """The source without type syntax that may have caused the errors; None if there is no such syntax."""
    spots = sorted(set(_spots(root, data)))
    imports = [spot for spot in spots if spot[2]]  # the smaller change first, which may be enough
    return _without(data, imports or spots) if spots else None


def _without(data: bytes, spots: list[tuple[int, int, bool]]) -> bytes:
    made, at = bytearray(data), 0
    for start, end, name in spots:
        if start >= at:  # nested in a spot that was blanked already
            made[start:end] = b"T" + b"_" * (end - start - 1) if name else _BLANK.sub(b" ", data[start:end])
            at = end
    return bytes(made)


class _Visited(NamedTuple):
    """A node with its ancestors."""

    tree: Tree
    above: _Visited | None

    def outwards(self) -> Iterator[Tree]:
        """The ancestors, innermost first."""
        at = self.above
        while at is not None:
            yield at.tree
            at = at.above


def _spots(root: Tree, data: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yields ranges to blank, or (True) to replace by a name."""
    everywhere = b"import(" in data
    pending = [_Visited(root, None)]
    while pending:
        place = pending.pop()
        tree = place.tree
        if tree.type == "call_expression" and tree.child(0).type == "import" and _is_type(place):
            yield tree.start_byte, tree.end_byte, True
        elif tree.is_error or tree.is_missing:
            covered = _covered(place)
            if covered is not None:
                yield covered.start_byte, covered.end_byte, False
        inner = (child for child in tree.children if everywhere or child.has_error or child.is_missing)
        pending.extend(_Visited(child, place) for child in inner)


def _is_type(place: _Visited) -> bool:
    """Whether the node, first in a chain of members, is a type."""
    inside: Tree = place.tree
    for tree in place.outwards():
        if tree.type not in {"member_expression", "ERROR"}:
            value = tree.type in _CASTS and tree.child(0) == inside
            return (tree.type in _TYPED or tree.type.endswith("_type")) and not value
        inside = tree
    return False


def _covered(place: _Visited) -> Tree | None:
    """The whole declaration around an error if it only declares types."""
    inside: Tree = place.tree
    for tree in place.outwards():
        if tree.type == "export_statement":
            alone = inside == place.tree and inside.text == b"type"  # `export type * from "./x"`
            return tree if alone or (inside.type in _DECLARATIONS and _is_alone(inside.text)) else None
        if inside.type in _DECLARATIONS:
            return inside if _is_alone(inside.text) else None
        inside = tree
    return None


WORDS = regex(
    rb"\"(?:\\.|[^\"\\\n])*+\"?|'(?:\\.|[^'\\\n])*+'?|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|[\w$]++|[^\s\w]",
    re.DOTALL,
)
_BEGINS = {
    b"const", b"let", b"var", b"function", b"class", b"new", b"await", b"return", b"for", b"while", b"if",
    b"throw", b"export", b"import", b"async", b"switch", b"try",
}  # fmt: skip


def _is_alone(text: bytes) -> bool:
    """Whether the text is one complete declaration, so that the parser has not included code after it."""
    depth = 0
    for word in WORDS.findall(text):
        depth += 1 if word in b"{[(" else -1 if word in b"}])" else 0
        if depth < 0 or (depth == 0 and word in _BEGINS):
            return False
    return depth == 0
