"""Comparable forms of the values that an expression uses: see `answers`."""

from __future__ import annotations

from policy_bot.policy.expression import is_seen, plain
from policy_bot.sst.deployment import Value

LONGEST = 200
"""Characters of a text that is compared; longer ones hardly ever occur twice."""
MOST_ITEMS = 50
"""Items in all lists and mappings of a value that is compared."""

_SIMPLE = frozenset({bool, int, type(None)})


def token(value: Value | None) -> object:
    """A token that is equal for values that no expression can distinguish: origins do not count, and the
    token of an unknown value is None. A value that is too large to compare equals nothing.

    Types are part of it, since to Python `1 == True`.
    """
    if value is None:
        return None
    if value.reason is None:
        content = value.value
        kind = content.__class__
        if kind in _SIMPLE or (isinstance(content, str) and len(content) <= LONGEST):
            return kind, content
        return _frozen(plain(value), [MOST_ITEMS]) if is_seen(value) else None
    if value.choices and all(map(is_seen, value.choices)):
        return Value, tuple(map(token, value.choices))
    return None


def _frozen(content: object, left: list[int]) -> object:
    """`left` is how many items may still come, in a list so that all levels share it."""
    left[0] -= 1
    if left[0] < 0 or (isinstance(content, str) and len(content) > LONGEST):
        return object()
    if isinstance(content, list | tuple):
        return list, tuple(_frozen(item, left) for item in content)
    if isinstance(content, dict):
        return dict, tuple((key, _frozen(item, left)) for key, item in content.items())
    # -0.0 == 0.0, and NaN is unlike itself
    return content.__class__, repr(content) if isinstance(content, float) else content
