"""The compiled conditions of the built-in policies, and the facts that they use: loading one takes a
twentieth of the time of compiling it.

`policy-bot docs` generates the file; a test fails when it is stale. A program is a `CheckedExpr` in an `Any`:
https://github.com/google/cel-spec/blob/master/proto/cel/expr/checked.proto
"""

from __future__ import annotations

import json
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

FILE = "compiled.json"
_TYPE_URL, _VALUE = 1, 2
"""The fields of an `Any`."""
_SOURCE_INFO = 5
"""The field of a `CheckedExpr` with the positions of its parts in the text, which nothing reads."""


def key(text: str, subject: str, parameters: tuple[tuple[str, str], ...]) -> str:
    """Everything that determines a compiled condition, except the facts of its subject."""
    return " ".join([subject, *map(":".join, parameters), text])


def program(key: str) -> bytes | None:
    """The program of a built-in condition, None for any other."""
    found = _conditions().get(key)
    return None if found is None else a2b_base64(found[0])


def names(key: str) -> tuple[str, ...] | None:
    """The facts that a built-in condition uses, None for any other."""
    found = _conditions().get(key)
    return None if found is None else tuple(found[1:])


@cache
def _conditions() -> dict[str, list[str]]:
    loader: Any = __spec__ and __spec__.loader  # as in `builtin`
    found: dict[str, list[str]] = json.loads(loader.get_data(__file__.removesuffix("compiled.py") + FILE))
    return found


def dump(conditions: Mapping[str, tuple[bytes, Sequence[str]]]) -> str:
    """The text of the file from each condition's program and facts: the same give the same bytes."""
    lines = []
    for key, (program, names) in sorted(conditions.items()):
        row = [b2a_base64(_stable(program), newline=False).decode(), *names]
        lines.append(f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(row)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _stable(program: bytes) -> bytes:
    """The program with its fields sorted, since the entries of its maps come in any order."""
    outer = dict(_fields(program))
    fields = sorted(each for each in _fields(outer[_VALUE]) if each[0] != _SOURCE_INFO)
    inner = b"".join(_field(number, content) for number, content in fields)
    return _field(_TYPE_URL, outer[_TYPE_URL]) + _field(_VALUE, inner)


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """The number and the content of each field of a message. All fields of a program have a length."""
    at = 0
    while at < len(message):
        tag, start = _integer(message, at)
        length, start = _integer(message, start)
        at = start + length
        yield tag >> 3, message[start:at]


def _field(number: int, content: bytes) -> bytes:
    length, left = bytearray(), len(content)
    while left >= 0x80:
        length.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([number << 3 | 2, *length, left]) + content


def _integer(message: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits per byte, the lowest first, and the offset of its end."""
    number = shift = 0
    while True:
        number |= (message[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if message[at - 1] < 0x80:
            return number, at
