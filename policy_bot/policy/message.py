"""Filling a policy's message and fix texts with facts: `{timeout}`, `{timeout:duration}`,
`{parameters.least}`.

Facts may hold text from a repository. In a message they are tamed here (one line, no backtick, no invisible
or direction-changing characters, at most 200 characters), so that no name can end the code span an author put
around it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from policy_bot.policy.expression import is_seen, plain
from policy_bot.sst.deployment import OneOf, Value

HOLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_.]*)(?::([a-z]+))?\}")
FORMATS = frozenset({"duration"})
SENTENCE = 200
"""What SST says and why a value could not be seen are sentences; a name is cut much earlier."""


def holes(template: str) -> Iterator[tuple[str, str, int]]:
    """The names a template asks for, with their format and their offset in it."""
    for match in HOLE.finditer(template):
        yield match[1], match[2] or "", match.start(1)


def fill(template: str, values: Mapping[str, Value]) -> str:
    """A message: every hole filled with tame text, unknown facts by "unknown"."""
    return HOLE.sub(lambda hole: tame(shown(values.get(hole[1]), hole[2] or ""), SENTENCE), template)


def fill_code(template: str, values: Mapping[str, Value]) -> str | None:
    """A fix's text: None where a fact in it is not known, or would not be plain text in the source."""
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
    """A value as text for people."""
    if isinstance(value, OneOf):
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
    """Seconds as SST would have them written: "20 seconds", "5 minutes"."""
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size and seconds % size == 0:
            return _counted(seconds // size, unit)
    return _counted(seconds, "second")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def tame(text: str, most: int = 80) -> str:
    """One short line that cannot leave the code span or sentence it stands in; cut between words where there
    are some.
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
