"""SST's durations, read exactly as SST reads them: which it accepts, their seconds, and the error that it
throws.

v3 and v4 split the string at spaces, read the leading integer of the first part and look at the beginning of
the second part (`platform/src/components/duration.ts`, unchanged from 3.0.0 to 4.17.0). Nothing checks the
range or the rest of the string.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from policy_bot.record import NamedTuple
from policy_bot.regex import regex

Form = Literal["duration", "number", "invalid", "none"]
Oddity = Literal["", "fraction", "exponent", "negative", "zero", "case", "trailing", "padded", "unit"]

_UNITS = (("second", 1), ("minute", 60), ("hour", 3600), ("day", 86400))
_PLAIN = regex(r"[0-9]+ (?:second|minute|hour|day)s?\Z")
_INTEGER = regex(r"[ \t\n\r\f\v\xa0\ufeff]*([+-]?)(0[xX][0-9a-fA-F]+|[0-9]+)")

NOT_A_STRING = "duration.split is not a function or its return value is not iterable"
NO_UNIT = "Cannot read properties of undefined (reading 'toLowerCase')"


class Duration(NamedTuple):
    """SST's reading of one written duration.

    `seconds` is None if SST throws (`error` is its message), if nothing is written, and if the count is not a
    number. `oddity` says why an accepted string may not mean what it seems to ("1.5 minutes" is 60 seconds);
    "" for a plain one.
    """

    seconds: int | None
    form: Form
    error: str = ""
    oddity: Oddity = ""


def read(value: object) -> Duration:
    """Reads a v3/v4 duration from its JavaScript value (None for undefined and null)."""
    if value is None:
        return Duration(None, "none")
    if isinstance(value, str):
        return _read_short(str(value)) if len(value) <= _SHORT else _read_text(value)
    form: Form = "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else "invalid"
    return Duration(None, form, f"TypeError: {NOT_A_STRING}")


def _read_text(value: str) -> Duration:
    count, _, rest = value.partition(" ")
    if not _:
        return Duration(None, "invalid", f"TypeError: {NO_UNIT}")
    unit = rest.partition(" ")[0].lower()
    factor = next((factor for name, factor in _UNITS if unit.startswith(name)), None)
    if factor is None:
        return Duration(None, "invalid", f"Error: Invalid duration {value}")
    number = parse_int(count)
    if number is None:
        return Duration(None, "invalid", f"NaN: SST reads no number from {value!r}")
    return Duration(number * factor, "duration", "", _oddity(value, count, number))


_SHORT = 40
_read_short = lru_cache(maxsize=1024)(_read_text)


def read_v2(value: object) -> Duration:
    """Reads a v2 `timeout`: a number is seconds, a string a duration; an unknown unit counts as zero days.

    Source: `packages/sst/src/constructs/util/duration.ts` at v2.44.0.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Duration(int(value), "number") if value else Duration(None, "none")
    if value is None or value == "":
        return Duration(None, "none")
    read_as_v3 = read(value)
    if read_as_v3.error.startswith("Error: Invalid duration"):
        return Duration(0, "duration", "", "unit")
    return read_as_v3


def parse_int(text: str) -> int | None:
    """JavaScript's `parseInt(text)`: the leading integer, or None for NaN. At most 400 digits are read."""
    found = _INTEGER.match(text[:400])
    if found is None:
        return None
    digits = found.group(2)
    number = int(digits, 16 if digits[:2] in ("0x", "0X") else 10)
    return -number if found.group(1) == "-" else number


def _oddity(value: str, count: str, number: int) -> Oddity:
    if number <= 0:
        return "negative" if number < 0 else "fraction" if "." in count else "zero"
    if _PLAIN.match(value):
        return "padded" if count != str(number) else ""
    if "." in count:
        return "fraction"
    if "e" in count.lower() and not count.lower().startswith("0x"):
        return "exponent"
    return "case" if _PLAIN.match(value.lower()) else "trailing"
