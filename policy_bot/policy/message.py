"""Fills a policy's message and fix texts with facts: `{timeout}`, `{timeout:duration}`, `{parameters.least}`.

Facts may contain text from a repository. In a message that text is sanitised (one line, no backtick, no
invisible or direction-changing characters, at most 200 characters), so that no name can end the code span
around it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from policy_bot.policy.expression import is_seen, plain
from policy_bot.regex import regex
from policy_bot.sst.deployment import Value

HOLE = regex(r"\{([A-Za-z_][A-Za-z0-9_.]*)(?::([a-z]+))?\}")
FORMATS = frozenset({"duration"})
SENTENCE = 200
"""Messages from SST and reasons for unknown values are sentences; a name is cut much earlier."""


def holes(template: str) -> Iterator[tuple[str, str, int]]:
    """The names used in a template, with their format and their offset."""
    for match in HOLE.finditer(template):
        yield match[1], match[2] or "", match.start(1)


def fill(template: str, values: Mapping[str, Value]) -> str:
    """Fills a message with sanitised text; unknown facts become "unknown"."""
    return HOLE.sub(lambda hole: tame(shown(values.get(hole[1]), hole[2] or ""), SENTENCE), template)


def fill_code(template: str, values: Mapping[str, Value]) -> str | None:
    """Fills a fix's text; None if a fact is unknown, or would not be plain text in the source."""
    texts = {}
    for name, form, _ in holes(template):
        value = values.get(name)
        if value is None or not is_seen(value):
            return None
        texts[name, form] = shown(value, form)
    if any(re.search(r"[^\w .:,/+-]", text) for text in texts.values()):
        return None
    return HOLE.sub(lambda hole: texts[hole[1], hole[2] or ""], template)


def shown(value: Value | None, form: str = "") -> str:
    """Formats a value for people."""
    if value is not None and value.choices:
        return " or ".join(dict.fromkeys(shown(choice, form) for choice in value.choices))
    if value is None or not is_seen(value):
        return "unknown"
    content = plain(value)
    if isinstance(content, bool):
        return "true" if content else "false"
    if isinstance(content, list):
        return ", ".join(str(item) for item in content)
    if form == "duration" and isinstance(content, int):
        return duration(content)
    return str(content)


def duration(seconds: int) -> str:
    """Formats seconds as SST expects them: "20 seconds", "5 minutes"."""
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size and seconds % size == 0:
            return counted(seconds // size, unit)
    return counted(seconds, "second")


def counted(number: int, one: str, many: str = "") -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def tame(text: str, most: int = 80) -> str:
    """Makes one short line that cannot break out of its code span or sentence; cut between words if
    possible.
    """
    visible = "".join(
        " " if ch.isspace() else ch for ch in text if ch.isspace() or unicodedata.category(ch)[0] != "C"
    )
    line = visible.replace("`", "'")
    if len(line) <= most:
        return line
    kept = line[: most - 3]
    words = kept[: kept.rfind(" ")] if " " in kept[most // 2 :] else kept
    return words.rstrip() + "..."
