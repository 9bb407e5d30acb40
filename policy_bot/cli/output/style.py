"""Terminal output: colour, aligned columns, and escaping of control characters."""

from __future__ import annotations

import os
import unicodedata
from typing import TextIO

from policy_bot.record import dataclass

WIDTH = 80
"""Columns of text outside a terminal."""

NARROWEST, WIDEST = 40, 120
"""Maximum columns of text in a terminal; longer lines are hard to read."""

_CODES = {"red": "31", "yellow": "33", "green": "32", "blue": "34", "cyan": "36", "bold": "1", "dim": "2"}


@dataclass(frozen=True)
class Style:
    """Colours words if enabled, and wraps text to `width` columns."""

    colour: bool = False
    width: int = WIDTH

    def __call__(self, text: str, *looks: str) -> str:
        """Styles the text: red, yellow, green, blue, cyan, bold, dim."""
        if not self.colour or not text:
            return text
        return f"\x1b[{';'.join(_CODES[look] for look in looks)}m{text}\x1b[0m"

    def wrap(self, text: str, indent: str = "", hanging: str | None = None) -> list[str]:
        """Wraps paragraphs to this width, `hanging` (default: `indent`) before all lines but the first."""
        return wrap(text, indent, hanging, self.width)


def style_for(stream: TextIO, colour: str = "auto", *, to_file: bool = False) -> Style:
    """Chooses the style for a stream. `colour` is `always`, `never` or `auto`: on a terminal or with
    FORCE_COLOR, but not with NO_COLOR or on a dumb terminal.
    """
    is_terminal = stream.isatty() and not to_file
    return Style(_is_coloured(colour, is_terminal), _columns() if is_terminal else WIDTH)


def _is_coloured(colour: str, is_terminal: bool) -> bool:
    if colour != "auto":
        return colour == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in {"", "0", "false"}:
        return True
    return is_terminal and os.environ.get("TERM") != "dumb"


def _columns() -> int:
    from shutil import get_terminal_size

    return min(max(get_terminal_size((WIDTH, 24)).columns, NARROWEST), WIDEST)


def safe(text: str) -> str:
    """Escapes a project's text for display on one line: control and direction characters become `\x1b`."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character in "\t\n":
        return " "
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        code = ord(character)
        return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    return character


def width(text: str) -> int:
    """Columns of a text: wide characters count two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def wrap(text: str, indent: str = "", hanging: str | None = None, columns: int = WIDTH) -> list[str]:
    """Wraps paragraphs for the terminal, `hanging` (default: `indent`) before all lines but the first."""
    shown = safe(text)
    if len(indent) + len(shown) <= columns:
        return [indent + shown.rstrip(" ")] if shown.strip(" ") else []
    import textwrap

    return textwrap.wrap(
        shown,
        columns,
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
