"""Suggests what a misspelt name was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 100
"""How many characters of a word are compared: the time is the product of both lengths."""


def did_you_mean(word: str, known: Iterable[str], within: str = "") -> str:
    """A suggestion for a misspelt word, or "". `within` is put before the suggested name."""
    import difflib  # noqa: PLC0415 -- needed for mistakes alone

    close = difflib.get_close_matches(word[:LONGEST], sorted(known), n=1)
    return f"Did you mean `{within}{close[0]}`?" if close else ""
