"""Sizes as SST reads them (`"512 MB"`, C/size.ts), and the architecture of a Lambda."""

from __future__ import annotations

from policy_bot.regex import regex
from policy_bot.sst.catalog import lambdas as catalog
from policy_bot.sst.catalog.refusals import SIZE_INVALID, SIZE_NOT_TEXT
from policy_bot.sst.deployment import Value
from policy_bot.sst.reasons import Why
from policy_bot.sst.semantics.lookup import Unclear, is_nothing, text
from policy_bot.sst.values import AbstractValue, Known, Unknown

_COUNT = regex(r"[0-9]{1,9}(?:\.[0-9]{1,9})?\Z")


def megabytes(data: object) -> int:
    """A size in MB; unclear if SST throws for it."""
    if is_nothing(data):
        return catalog.DEFAULT_MEMORY
    count, _, unit = data.partition(" ") if isinstance(data, str) else ("", "", "")
    if not _COUNT.match(count) or unit not in ("MB", "GB"):
        raise Unclear(Why.STOPS(f"Invalid size {text(data)}"))
    return int(float(count) * (1024 if unit == "GB" else 1))


def gigabytes(data: object) -> float | None:
    """A size in GB (`toGBs` of C/size.ts); None if SST does not read it."""
    count, _, unit = data.partition(" ") if isinstance(data, str) else ("", "", "")
    factors = {"MB": 1 / 1024, "GB": 1.0, "TB": 1024.0}
    return float(count) * factors[unit] if _COUNT.match(count) and unit in factors else None


def size_error(data: object) -> str:
    """The error that SST throws for a size (`toMBs` of C/size.ts); "" if none, or if it is unknown."""
    if is_nothing(data) or not isinstance(data, (str, int, float)):
        return ""
    if not isinstance(data, str):
        return SIZE_NOT_TEXT
    unit = data.split(" ")[1] if " " in data else ""
    return "" if unit in ("MB", "GB", "TB") else SIZE_INVALID.format(size=data)


def memory_value(memory: Value) -> AbstractValue:
    """The number of MB that a Lambda-level transform may receive."""
    if memory.reason is not None:
        return Unknown(memory.reason, None)
    return Known(memory.value if isinstance(memory.value, (int, float)) else None)


def processor(data: object) -> str:
    """The architecture that SST sets: everything but `arm64` is the default."""
    return catalog.ARCHITECTURES[text(data) == "arm64"]
