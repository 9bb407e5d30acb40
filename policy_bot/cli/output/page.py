"""Renders a policy's page in a terminal, from the subset of Markdown that policy pages use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy_bot.cli.output.style import Style, safe

_SPAN = re.compile(r"\*\*([^*]++)\*\*|`([^`]++)`")
_LINK = re.compile(r"\[([^\[\]]*+)\]\(([^()\s]*+)\)")


def rendered(markdown: str, style: Style) -> Iterator[str]:
    """The page's lines. Paragraphs are wrapped; code and tables keep their lines."""
    paragraph: list[str] = []
    is_code = False
    for line in [*markdown.splitlines(), ""]:
        if is_code or line.startswith(("```", "#", "|", "- ", "1.")) or not line:
            yield from _paragraph(paragraph, style)
            paragraph = []
        if line.startswith("```"):
            is_code = not is_code
        elif is_code:
            yield style(f"    {_code(line)}", "cyan")
        elif line.startswith("#"):
            yield style(safe(line.lstrip("# ")), "bold")
        elif line.startswith("|"):
            yield from _row(line, style)
        elif line:
            paragraph.append(line)
        else:
            yield ""


def _paragraph(lines: list[str], style: Style) -> Iterator[str]:
    text = " ".join(line.strip() for line in lines)
    for line in (
        style.wrap(_LINK.sub(_shown, text), "", "  " if text.startswith("- ") else "") if text else ()
    ):
        yield _SPAN.sub(lambda found: _painted(found, style), line)


def _painted(span: re.Match[str], style: Style) -> str:
    """Paints bold text and code; without colour, code keeps its backticks."""
    text = span[1] or (span[2] if style.colour else span[0])
    return style(text, "bold" if span[1] else "cyan")


def _shown(link: re.Match[str]) -> str:
    """Shows a web link with its address, which terminals make clickable, and another page by its name."""
    return f"{link[1]} ({link[2]})" if link[2].startswith("https://") else link[1]


def _row(line: str, style: Style) -> Iterator[str]:
    cells = [safe(cell.strip()) for cell in line.strip("|").split("|")]
    if set("".join(cells)) != {"-"}:
        yield from style.wrap("  ".join(f"{cell:12}" for cell in cells).rstrip(), "", "  ")


def _code(line: str) -> str:
    """A line of code with its indentation."""
    return " " * (len(line) - len(line.lstrip(" "))) + safe(line.strip())
