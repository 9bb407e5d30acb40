"""Patterns over names and paths: anchored, case-sensitive, and linear in time for every pattern.

`*` matches any characters within one path segment, `?` one character, `**` any number of segments; everything
else is literal, including brackets (`[slug]` is a folder's name). Both sides are compared in Unicode's
composed form, so that one name cannot be written in two ways.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

LONGEST_PATTERN = 300
"""How many characters a pattern may have: settings files are written by people."""

FORM = r"^(?!\s*$)(?!/)(?!.*//)(?!.*/$)(?!(?:.*/)?\.{1,2}(?:/|$))(?!.*[^/]\*\*)(?!.*\*\*[^/])[^\\]+$"
"""The form of a valid pattern as a regular expression for editors; nothing here evaluates it."""


def matches(pattern: str, path: str) -> bool:
    """Whether the pattern matches the whole path. Takes at most len(pattern) x len(path) steps."""
    parts = _parts(path)
    wanted = _parts(pattern)
    return _sequence(wanted, parts, lambda part: part == "**", _part_matches)


def name_matches(pattern: str, name: str) -> bool:
    """Whether the pattern matches a repository's name; GitHub's names ignore case."""
    return matches(pattern.casefold(), name.casefold())


def text_matches(pattern: str, text: str) -> bool:
    """Whether the pattern matches the whole of a name that is not a path (`GET /users`): `*` matches
    anything.
    """
    return _part_matches(unicodedata.normalize("NFC", pattern), unicodedata.normalize("NFC", text))


def mistake(pattern: str) -> str | None:
    """The error of a pattern, or None."""
    parts = pattern.split("/")
    if not pattern.strip() or len(pattern) > LONGEST_PATTERN:
        return f"a pattern has 1 to {LONGEST_PATTERN} characters"
    if "\\" in pattern:
        return "write `/` between the parts of a path; nothing is escaped by `\\`"
    if any(part in {"", ".", ".."} for part in parts):
        return "write the path from the repository's root, without a leading `/`, `//`, `.` or `..`"
    if any("**" in part and part != "**" for part in parts):
        return "`**` stands for whole folders: write it alone between slashes, like `apps/**/sst.config.ts`"
    return None


def _parts(path: str) -> list[str]:
    return [part for part in unicodedata.normalize("NFC", path).split("/") if part not in {"", "."}]


def _part_matches(pattern: str, part: str) -> bool:
    return _sequence(pattern, part, lambda char: char == "*", lambda want, char: want in {"?", char})


def _sequence(
    wanted: Sequence[str],
    given: Sequence[str],
    is_star: Callable[[str], bool],
    fits: Callable[[str, str], bool],
) -> bool:
    """Two-pointer matching: on a mismatch only the latest star takes one more, so the search is never
    exponential.
    """
    want = at = 0
    star, resume = -1, 0
    while at < len(given):
        if want < len(wanted) and is_star(wanted[want]):
            star, resume = want, at
            want += 1
        elif want < len(wanted) and fits(wanted[want], given[at]):
            want, at = want + 1, at + 1
        elif star >= 0:
            resume += 1
            want, at = star + 1, resume
        else:
            return False
    return all(is_star(rest) for rest in wanted[want:])
