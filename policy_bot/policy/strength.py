"""Defines "weaker" for every kind of setting: the definition that locking is based on.

A value is weaker than another if some deployment would be judged more leniently under it. If values have no
order (a profile, a parameter that declares no direction), every other value counts as weaker.
"""

from __future__ import annotations

from typing import Literal, cast

from policy_bot.policy.settings import Enforcement

_SEVERITY = {"off": 0, "notice": 1, "warning": 2, "error": 3}
_UNKNOWN = {"pass": 0, "neutral": 1, "fail": 2}

Direction = Literal["higher", "lower"] | None


def weaker(setting: str, value: object, than: object, tighter: Direction = None) -> bool:
    """Whether a value is weaker than another one of the same setting.

    `setting` is the last part of the address (`severity`, `mode`, ..., or a parameter's name); `tighter` is
    the direction that a parameter declares: for numbers, for lists by inclusion, for booleans with true as
    the higher value.
    """
    if setting == "severity":
        return _SEVERITY[str(value)] < _SEVERITY[str(than)]
    if setting == "unknown":
        return _UNKNOWN[str(value)] < _UNKNOWN[str(than)]
    if setting == "mode":
        return cast(Enforcement, value).start > cast(Enforcement, than).start
    if setting == "stages":
        return not _set(value) >= _set(than)
    if setting == "inline":
        return bool(value) and not than
    if setting in ("ignore", "release-branches"):
        return not _set(value) <= _set(than)
    return _parameter_weaker(value, than, tighter)


def _parameter_weaker(value: object, than: object, tighter: Direction) -> bool:
    if value == than:
        return False
    if tighter is None:
        return True
    low, high = (value, than) if tighter == "higher" else (than, value)
    if isinstance(low, tuple | list) and isinstance(high, tuple | list):
        return not _set(low) >= _set(high)
    if isinstance(low, int | float) and isinstance(high, int | float):
        return low < high
    return True


def _set(value: object) -> set[str]:
    return set(cast("tuple[str, ...]", value))
