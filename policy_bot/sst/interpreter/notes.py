"""Quotes the source in the steps of a value's derivation."""

from __future__ import annotations

from policy_bot.sst.nodes import Node


def quoted(node: Node) -> str:
    """The source text of a node, cut to fit a line of a derivation."""
    notes = node.source.notes
    key = node.start, node.end
    text = notes.get(key)
    if text is None:
        short = node.end - node.start <= 60
        text = notes[key] = node.text if short else node.source.text(node.start, node.start + 57) + "..."
    return text
