"""The prose of a policy file: its fixed headings, in their order, and the part that is shown as its page."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from policy_bot.record import NamedTuple
from policy_bot.regex import regex

HEADINGS = (
    "What it does",
    "Why it is bad",
    "Example",
    "Use instead",
    "Options",
    "Fix",
    "References",
    "Cases",
)
"""`Options` is required if there are parameters, `Fix` if there are fixes, `References` if there is
evidence.
"""

ALWAYS = ("What it does", "Why it is bad", "Example", "Use instead")
_FENCE = regex(r"(```++|~~~++)(.*)$")


FENCE = "---"


def front(text: str) -> str | None:
    """The front matter's YAML, which begins on line 2; None if the file has none."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    if lines[0] != FENCE or FENCE not in lines[1:]:
        return None
    return "\n".join(lines[1 : lines.index(FENCE, 1)])


def heading(line: str) -> tuple[int, str] | None:
    """Level and text of a Markdown heading (`## Words ##`), or None for another line.

    A linear scan without regular expressions: a stranger may have written the line, with 256 KiB of blanks
    and `#`.
    """
    rest = line.lstrip("#")
    level = len(line) - len(rest)
    if not 1 <= level <= 6 or not rest[:1].isspace():
        return None
    return level, rest.strip().rstrip("#").rstrip()


class PageLine(NamedTuple):
    """A line of a file with its number from 1, and whether it is inside a code block."""

    number: int
    text: str
    in_code: bool


def lines(text: str) -> Iterator[PageLine]:
    """All lines of a Markdown file after its front matter; fences count as code."""
    fence = ""
    matter = 0
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.rstrip("\r")
        if matter < 2:
            matter += line == FENCE
            continue
        opening = _FENCE.match(line)
        if fence:
            yield PageLine(number, line, True)
            fence = "" if line.strip() == fence else fence
        else:
            fence = opening[1] if opening else ""
            yield PageLine(number, line, bool(opening))


def headings(text: str) -> Iterator[tuple[int, int, str]]:
    """Line, level and text of every heading."""
    for line in lines(text):
        found = None if line.in_code else heading(line.text)
        if found:
            yield line.number, *found


def check(text: str, has_parameters: bool, has_fixes: bool) -> Iterator[tuple[int, str, str]]:
    """Checks the headings: line, what is wrong, how to fix it."""
    found = [(line, words) for line, level, words in headings(text) if level == 2]
    last = -1
    for line, words in found:
        if words not in HEADINGS:
            near = difflib.get_close_matches(words, HEADINGS, n=1, cutoff=0.4)
            yield (
                line,
                f"`## {words}` is not a heading of a policy",
                f"Did you mean `## {near[0]}`?" if near else "",
            )
        elif HEADINGS.index(words) <= last:
            yield line, f"`## {words}` is out of order", "The order is " + ", ".join(HEADINGS)
        last = HEADINGS.index(words) if words in HEADINGS else last
    needed = [*ALWAYS, *(["Options"] if has_parameters else []), *(["Fix"] if has_fixes else [])]
    missing = [words for words in needed if words not in [there for _, there in found]]
    if missing:
        end = text.count("\n") + 1
        yield end, "the page lacks " + ", ".join(f"`## {words}`" for words in missing), "Write the section."


def prose(text: str) -> str:
    """The page: everything between the front matter and the cases."""
    kept = []
    for line in lines(text):
        if not line.in_code and line.text.rstrip() == "## Cases":
            break
        kept.append(line.text)
    return "\n".join(kept).strip() + "\n"
