"""Rewrites syntax that esbuild accepts and the grammar does not, to blanks or an equivalent form of the same
length, so that offsets stay valid.

`class A<in out T>`, `import defer * as x`, `import source x`, `import.defer("./x")`, `export * from "./x"
with {...}`, `static accessor x`, `static [key: string]: any`, `for (using x of xs)`.
"""

from __future__ import annotations

import re

from policy_bot.regex import regex

_NAME = rb"[A-Za-z_$][\w$]*+"
_MODIFIERS = rb"(?<=[<,])[ ]{0,4}(?:(?:const|in|out)[ ]{1,4}){1,3}"
_VARIANCE = _MODIFIERS + rb"(?=" + _NAME + rb"(?:[ ]{0,4}[,>=]| extends ))"
_FORMS: tuple[tuple[re.Pattern[bytes], bytes | None], ...] = (
    (regex(_VARIANCE), None),
    (regex(rb"(?<=\bimport )(?:defer|source)(?= [\w*{$])"), None),
    (regex(rb"(?<=\bimport)\.(?:defer|source)(?=\()"), None),
    (regex(rb"(?<=[\"'] )with {1,4}\{[^{}\n]{0,200}\}"), None),
    (regex(rb"(?<=\bstatic )accessor(?= [\w$#])"), None),
    (regex(rb"\bstatic \[" + _NAME + rb": ?(?:string|number|symbol)\]: ?[\w$.<>| ]{1,80};?"), None),
    (regex(rb"(?<=\bfor \()using(?= [\w$])"), b"const"),
)
_BLANK = regex(rb"[^\r\n]")


def without_newer_syntax(data: bytes) -> bytes | None:
    """The source without such syntax; None if there is none. Call it only for a file with syntax errors."""
    made = data
    for pattern, by in _FORMS:
        made = pattern.sub(lambda found, by=by: by or _BLANK.sub(b" ", found[0]), made)  # type: ignore[misc]
    return made if made != data else None
