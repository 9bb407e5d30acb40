"""Records are what the standard dataclasses are, made in another way."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from policy_bot import record

STANDARD = (dataclasses.dataclass, dataclasses.field, dataclasses.replace)
OURS = (record.dataclass, record.field, record.replace)


def classes(dataclass, field):  # type: ignore[no-untyped-def]
    """The same classes by one decorator or the other."""

    @dataclass(frozen=True, slots=True)
    class Point:
        """A point."""

        x: int
        y: int = 0
        tags: list[str] = field(default_factory=list)
        note: str = field(default="", compare=False, repr=False)

        @property
        def far(self) -> bool:
            return self.x > 9

    @dataclass(frozen=True)
    class Named:
        name: str
        seen: set[int] = field(default_factory=set, init=False, compare=False)

        def __post_init__(self) -> None:
            self.seen.add(len(self.name))

    @dataclass
    class Counter:
        count: int = 0
        kind: str = field(default="plain", init=False)

    @dataclass(slots=True, eq=False, repr=False)
    class Node:
        value: object = None

    return Point, Named, Counter, Node


def outcomes(dataclass, field, replace) -> list[object]:  # type: ignore[no-untyped-def]
    """Everything that is asked of a dataclass, with its answers."""
    point_class, named_class, counter_class, node_class = classes(dataclass, field)
    point, same, other = point_class(1, tags=["a"]), point_class(1, 0, ["a"], "noted"), point_class(12, 5)
    named, counter = named_class("ab"), counter_class()
    counter.count += 2
    node = node_class(3)
    node.value = 4
    match point:
        case point_class(x, y):  # type: ignore[misc]
            matched = (x, y)
    found = [
        repr(point),
        point == same,
        point != other,
        point == (1, 0),
        point.far,
        other.far,
        matched,
        repr(named),
        named.seen,
        hash(named) == hash(named_class("ab")),
        repr(counter),
        counter == counter_class(2),
        counter_class.__hash__,
        node.value,
        node == node_class(4),
        hasattr(point, "__dict__"),
        hasattr(named, "__dict__"),
        repr(replace(point, y=7)),
        repr(replace(named, name="abc")),
        dataclasses.asdict(point),
        [each.name for each in dataclasses.fields(point_class)],
        dataclasses.is_dataclass(named_class),
        repr(copy.copy(point)),
        repr(copy.deepcopy(point)),
        point_class.__doc__,
        point_class.__match_args__,
        counter_class.__match_args__,
    ]
    for attempt in (
        lambda: setattr(point, "x", 2),
        lambda: delattr(named, "name"),
        point_class,
        lambda: point_class(1, 2, [], "", 5),
        lambda: point_class(1, z=3),
        lambda: counter_class(kind="x"),
        lambda: hash(counter),
        lambda: setattr(node, "other", 1),
    ):
        with pytest.raises((AttributeError, TypeError)) as refused:
            attempt()
        found.append(refused.type)
    return found


def test_they_answer_as_the_standard_ones_do() -> None:
    standard = [str(each).replace(f"{classes.__name__}.<locals>.", "") for each in outcomes(*STANDARD)]
    ours = [str(each).replace(f"{classes.__name__}.<locals>.", "") for each in outcomes(*OURS)]
    assert ours == standard


@record.dataclass(frozen=True, slots=True)
class Kept:
    x: int
    more: tuple[int, ...] = ()


def test_they_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Kept(1, (2, 3)))) == Kept(1, (2, 3))


def test_the_names_of_their_fields() -> None:
    assert record.field_names(Kept) == ("x", "more")
    assert record.field_names(int) == ()
