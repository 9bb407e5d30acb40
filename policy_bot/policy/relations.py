"""Values that an expression requests by path: an argument of a component, and the components of the project.

An argument that is not set is null. An unknown value does not make its neighbours unknown.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from policy_bot.policy import growth
from policy_bot.policy.paths import COMPONENTS
from policy_bot.sst.deployment import Reference, Step, Subject, Value
from policy_bot.sst.reasons import CONDITION, Why

MOST_COMPONENTS = 200
"""How many components an expression may examine; a condition over a list takes about 5 us per item."""
MOST_UNCERTAIN = 5
"""How many components may be of unknown existence: each doubles the number of lists that are tried."""
_NOTHING = Value(None)


def at_path(value: Value, keys: Sequence[str]) -> Value:
    """The value at a path: null if any part of it is missing."""
    for at, key in enumerate(keys):
        if value.choices:
            found = [at_path(choice, keys[at:]) for choice in value.choices]
            return Value.any_of(found, value.reason or CONDITION)
        if not value.is_known:
            return value
        value = _step(value.value, key)
    return value


def _step(content: object, key: str) -> Value:
    if isinstance(content, dict):
        found = content.get(key)
        if isinstance(found, Value):
            return found
        rest = content.get("...")
        return rest if isinstance(rest, Value) else _NOTHING
    if isinstance(content, Reference):
        named = {"type": content.type, "name": content.name, "output": content.output}
        return Value(named[key]) if key in named else Value.unknown(Why.ONLY_AT_DEPLOYMENT())
    return _NOTHING


def argument(subject: Subject, name: str) -> Value:
    """The argument `args.a.b` of a component, with the place where it is written."""
    keys = name.split(".")[1:]
    value = at_path(subject.facts["args"], keys)
    place = subject.places.get(".".join(keys))
    if place is None or value.origin:
        return value
    return value.derived((Step("written here", place.pair),))


def fact_of(subject: Subject, name: str) -> Value:
    """A fact of a subject, or an argument of a component by its path."""
    return argument(subject, name) if name.startswith("args.") else subject.facts[name]


class Relations:
    """The components of one deployment, for expressions over `project.components`."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._sure = [each for each in subjects if each.kind == "component" and each.certain]
        self._unsure = [each for each in subjects if each.kind == "component" and not each.certain]
        self._hidden = any(each.kind == "unseen" for each in subjects)
        self._known: dict[str, Value] = {}

    def value(self, name: str) -> Value:
        """The components with the requested arguments; `name` comes from `named`."""
        if name not in self._known:
            self._known[name] = self._list([each for each in name.partition(":")[2].split(",") if each])
        return self._known[name]

    def _list(self, paths: list[str]) -> Value:
        if len(self._sure) + len(self._unsure) > MOST_COMPONENTS or len(self._unsure) > MOST_UNCERTAIN:
            return Value.unknown(Why.TOO_LONG_TO_JUDGE())
        sure: list[object] = [_item(each, paths) for each in self._sure]
        if self._hidden:
            sure.append({})  # code that cannot be followed may construct anything
        unsure = [_item(each, paths) for each in self._unsure]
        lists = [
            Value([*sure, *chosen])
            for size in range(len(unsure) + 1)
            for chosen in itertools.combinations(unsure, size)
        ]
        return lists[0] if len(lists) == 1 else Value.one_of(tuple(lists), CONDITION)


def named(paths: set[str]) -> str:
    """The name by which an expression requests the components with some of their arguments."""
    return f"{COMPONENTS}:{','.join(sorted(paths))}"


def _item(subject: Subject, paths: list[str]) -> dict[str, object]:
    """A component as CEL sees it. An unknown argument has no key, so CEL answers with an error."""
    item: dict[str, object] = {
        name: seen(value)
        for name, value in subject.facts.items()
        if name != "args" and value.is_known and is_whole(value)
    }
    arguments: dict[str, object] = {}
    for path in sorted(paths):
        _put(arguments, path.split(".")[1:], at_path(subject.facts["args"], path.split(".")[1:]))
    return item | {"args": arguments}


def _put(tree: dict[str, object], keys: Sequence[str], value: Value) -> None:
    for key in keys[:-1]:
        inner = tree.setdefault(key, {})
        if not isinstance(inner, dict):  # a shorter path has already put the whole value there
            return
        tree = inner
    if keys and value.is_known and is_whole(value):
        tree[keys[-1]] = seen(value)


def is_whole(value: object) -> bool:
    """Whether a value is completely known, at every depth, and small enough to be judged."""
    waiting, left = [value], growth.MOST_ITEMS
    while waiting:
        each = waiting.pop()
        left -= 1
        if left < 0 or (isinstance(each, Value) and not each.is_known):
            return False
        content = each.value if isinstance(each, Value) else each
        if isinstance(content, str) and len(content) > growth.LONGEST_TEXT:
            return False
        if isinstance(content, (list, tuple)):
            waiting += content
        elif isinstance(content, Mapping):
            if "..." in content:
                return False
            waiting += content.values()
    return True


def seen(value: object) -> object:
    """The Python value for CEL of a completely known value."""
    content = value.value if isinstance(value, Value) else value
    if isinstance(content, (list, tuple)):
        return [seen(each) for each in content]
    if isinstance(content, Mapping):
        return {str(key): seen(each) for key, each in content.items()}
    if isinstance(content, Reference):
        return {"type": content.type, "name": content.name, "output": content.output}
    return content
