"""Joins the writes of several branches: the content of each container after them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policy_bot.sst.domain import absent_or, equivalent, hiding, objects, presence, same
from policy_bot.sst.domain import join as join_values
from policy_bot.sst.heap import Live
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.path import MISSING, Writes, content_of
from policy_bot.sst.reasons import Reason
from policy_bot.sst.values import HOLE, AbstractValue, Item, Items, OptionalItem, Unknown, optional, value_of

UNSURE = 100
"""Maximum number of optional elements of an array: each iteration of a loop could double them."""


def join(m: Machine, values: Sequence[AbstractValue], reason: Reason) -> AbstractValue:
    """Returns a value that covers all of these."""
    return join_values(values, reason, m.limits.choices)


def merged(m: Machine, states: list[Writes], reason: Reason, widen: bool) -> Writes:
    """The writes of several states as one."""
    if len(states) == 1:
        return states[0]
    places: Writes = {}
    for state in states:
        places.update(state)
    m.burn(len(places) * len(states))
    for place, (container, key, _) in places.items():
        contents = [state[place][2] if place in state else content_of(container, key) for state in states]
        places[place] = (container, key, _content(m, container, contents, reason, widen))
    return places


def _content(m: Machine, container: Any, contents: list[Any], reason: Reason, widen: bool) -> Any:
    first = contents[0]
    if all(content is first for content in contents[1:]):
        return first
    if isinstance(container, list):
        return _lists(m, contents, reason, widen)
    there = [content for content in contents if content is not MISSING]
    if isinstance(there[0], tuple):
        entry = [each[1] for each in there]
        return there[0][0], _slot(m, entry, len(there) < len(contents), reason, widen)
    if any(isinstance(content, Live) for content in there):
        return there[0]
    return _slot(m, there, len(there) < len(contents), reason, widen)


def _slot(
    m: Machine, values: list[AbstractValue], absent: bool, reason: Reason, widen: bool
) -> AbstractValue:
    """Joins the content of a key over the states that have it; `absent` if one of them does not."""
    absent = absent or any(presence(abstract) is not None for abstract in values)
    there = [presence(abstract) or abstract for abstract in values]
    if widen and not all(equivalent(there[0], abstract) for abstract in there[1:]):
        value: AbstractValue = Unknown(reason, among=objects(there))
    else:
        value = join(m, there, reason)
    return absent_or(value, reason, m.limits.choices) if absent else value


def _lists(m: Machine, lists: list[Items], reason: Reason, widen: bool) -> Items:
    m.allocate(sum(map(len, lists)))
    shortest = min(map(len, lists))
    more = next((items.open for items in lists if items.open is not None), None)
    holes = any(HOLE in items for items in lists)
    if all(len(items) == shortest for items in lists) and not (holes and _holes_differ(lists)):
        made = Items(_element(m, items, reason, widen) for items in zip(*lists, strict=True))
        made.open = more
        return made
    same_until = 0
    while same_until < shortest and all(_alike(items[same_until], lists[0][same_until]) for items in lists):
        same_until += 1
    if widen and same_until < len(lists[0]):
        same_until = 0  # not only appended to: another round may remove elements that this one left
    made = Items(lists[0][:same_until])
    made.open = more or (Unknown(reason) if widen or holes else None)
    if widen and lists[0].open is not None and same_until == len(lists[0]):
        return made  # elements of a further round are already covered
    woven = None if widen or holes else _woven(lists, reason)
    if woven is not None:
        woven.open = more
        return woven
    tails = [item for items in lists for item in items[same_until:]]
    if len(tails) > UNSURE:
        among = objects(map(value_of, tails))
        made.open = hiding(made.open or Unknown(reason), among)
    else:
        made += optional(tails, reason)
    return made


def _woven(lists: list[Items], reason: Reason) -> Items | None:
    """The longest list, whose elements may be missing, if each of the others is a part of it in order.

    Of `[1, 2, 3]` and `[1, 3]` it is `[1, (2), 3]`.
    """
    longest = max(lists, key=len)
    sure = set(range(len(longest)))
    for items in lists:
        place, there = -1, set()
        for item in items:
            value, rest = value_of(item), range(place + 1, len(longest))
            place = next((at for at in rest if _alike(value, value_of(longest[at]))), -1)
            if place < 0:
                return None
            if not isinstance(item, OptionalItem):
                there.add(place)
        sure &= there
    if len(longest) - len(sure) > UNSURE:
        return None
    return Items(item if at in sure else optional([item], reason)[0] for at, item in enumerate(longest))


def _holes_differ(lists: list[Items]) -> bool:
    """Whether a place is a hole in one state and an element in another."""
    return any(len({item is HOLE for item in items}) > 1 for items in zip(*lists, strict=True))


def _alike(a: Item, b: Item) -> bool:
    if a is b or isinstance(a, OptionalItem) or isinstance(b, OptionalItem):
        return a is b
    return same(a, b) and (a is HOLE) == (b is HOLE)


def _element(m: Machine, items: Sequence[Item], reason: Reason, widen: bool) -> Item:
    if all(item is items[0] for item in items):
        return items[0]
    there = [item for item in items if not isinstance(item, OptionalItem)]
    if len(there) < len(items):
        return OptionalItem(Unknown(reason, among=objects(map(value_of, items))), reason)
    if widen and not all(same(there[0], item) for item in there):
        return Unknown(reason, among=objects(there))
    return join(m, there, reason)


def differs(write: tuple[Any, Any, Any]) -> bool:
    """Whether a write would change the current content. If none does, a repeated branch has settled."""
    container, key, content = write
    now = content_of(container, key)
    if isinstance(container, list):
        alike = len(now) == len(content) and (now.open is None) == (content.open is None)
        return not (alike and all(_covered(a, b) for a, b in zip(now, content, strict=True)))
    return not _covered(now, content)


def _covered(now: Any, content: Any) -> bool:
    if now is content:
        return True
    if isinstance(now, OptionalItem) and isinstance(content, OptionalItem):
        return equivalent(now.value, content.value)
    if isinstance(now, tuple) and isinstance(content, tuple):
        return equivalent(now[1], content[1])
    if isinstance(now, (OptionalItem, tuple, Live)) or isinstance(content, (OptionalItem, tuple, Live)):
        return False
    if now is MISSING or content is MISSING or not equivalent(now, content):
        return False
    return not isinstance(content, Unknown) or _kinds(content) <= _kinds(now)


def _kinds(value: Unknown) -> set[object]:
    """The places that made the objects that an unknown value may be: each iteration of a loop makes new
    ones.
    """
    return {getattr(known.data, "node", None) or known.data.__class__ for known in value.among}
