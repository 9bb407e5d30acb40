"""Refuses expressions whose evaluation could become expensive for some input.

CEL's own budget counts steps, not sizes: `.map(a, a + a)` a few times in a row makes gigabytes within it, and
nothing can interrupt an evaluation. So nothing may grow inside a loop, and the number of sums is limited.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.regex import regex

LONGEST_TEXT = 2_000
"""Maximum characters of a fact, or of all items of a list; for an expression, longer ones are unknown."""
MOST_ITEMS = 500
MOST_SUMS = 16

# The closing quote may be missing, which CEL refuses: otherwise the search would restart at each quote.
_TEXT = regex(r"[rR]\"[^\"\n]*+\"?|[rR]'[^'\n]*+'?|\"(?:\\.|[^\"\\\n])*+\"?|'(?:\\.|[^'\\\n])*+'?|//[^\n]*+")
_LOOP = regex(r"\.\s*(?:all|exists|exists_one|existsOne|map|filter|transform\w*)\s*\(")


def refused(text: str) -> str:
    """Why an expression is refused; "" if nothing in it can grow."""
    if '"""' in text or "'''" in text:
        return "a string in triple quotes"
    bare = _TEXT.sub(lambda found: "''" + " " * (len(found[0]) - 2), text)
    if bare.count("+") > MOST_SUMS:
        return f"more than {MOST_SUMS} `+`"
    for body in _loops(bare):
        if _LOOP.search(body):
            return "a loop inside a loop"
        if "+" in body or "[" in body or "{" in body:
            return "`+`, a list or a map made inside a loop"
    return ""


def _loops(bare: str) -> Iterator[str]:
    """The text between the brackets of each loop."""
    for found in _LOOP.finditer(bare):
        depth, at = 1, found.end()
        while at < len(bare) and depth:
            depth += {"(": 1, ")": -1}.get(bare[at], 0)
            at += 1
        yield bare[found.end() : at]


def too_large(value: object) -> bool:
    """Whether a fact is too large for expressions."""
    if isinstance(value, str):
        return len(value) > LONGEST_TEXT
    if isinstance(value, (list, tuple)):
        return (
            len(value) > MOST_ITEMS
            or sum(len(each) for each in value if isinstance(each, str)) > LONGEST_TEXT
        )
    return False
