"""What crosses the pipe arrives as it was, shared where it was, and nothing else can be built from it."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_bot.isolation import codec
from policy_bot.sst.deployment import Component, Context, Project, Reference, Step, Value, Version
from policy_bot.sst.span import Span

SPAN = Span("sst.config.ts", 1, 2, 3, 4, 5, 6)

atoms = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
origins = st.lists(st.builds(Step, st.text(), st.none() | st.just(SPAN)), max_size=3).map(tuple)
known = st.recursive(
    st.builds(Value, atoms | st.just(Reference("sst.aws.Queue", "Jobs", "arn")), origins),
    lambda inner: st.builds(Value, st.lists(inner) | st.dictionaries(st.text(), inner), origins),
)
values = (
    known
    | st.builds(Value.one_of, st.lists(known).map(tuple), st.text(), origins)
    | st.builds(Value.unknown, st.text())
)


@given(values)
def test_every_value_arrives_as_it_was(value: object) -> None:
    assert codec.decode(codec.encode(value)) == value


def test_a_project_arrives_as_it_was() -> None:
    version = Version("4.0.0", "4.17.1", "package.json", SPAN)
    project = Project("sst.config.ts", version, (), frozenset({"b", "a"}))
    assert codec.decode(codec.encode(project)) == project
    assert codec.encode(project) == codec.encode(Project("sst.config.ts", version, (), frozenset({"a", "b"})))


def test_what_was_shared_is_sent_once_and_shared_again() -> None:
    origin = tuple(Step(f"step {number}", SPAN) for number in range(50))
    parts = [Value(number, origin) for number in range(1_000)]
    data = codec.encode(parts)
    assert len(data) < 50_000
    received = codec.decode(data)
    assert all(part.origin is received[0].origin for part in received)


def test_depth_does_not_matter() -> None:
    value: Value = Value(1)
    for _ in range(20_000):
        value = Value([value])
    received = codec.decode(codec.encode(value))
    for _ in range(20_000):
        [received] = received.value
    assert received == Value(1)


def test_what_is_not_plain_data_is_not_sent() -> None:
    circle: list[object] = []
    circle.append(Value(circle))
    with pytest.raises(ValueError, match="contains itself"):
        codec.encode(circle)
    with pytest.raises(TypeError, match="not plain data"):
        codec.encode(Component("t", Value(object()), SPAN, Value(None)))


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"\xff",
        b'[["Popen","ls"]]',
        b'[["__class__"]]',
        b'[["list",[0]]]',  # names itself
        b'[["list",[1]],["list"]]',  # names a later row
        b'[["list",[-5]]]',
        b'[["Span",1]]',
        b'[["Context",1,2,3]]',
        b'[["dict",1]]',
        b'[["dict",[0]]]',
        b"[" * 100_000,
        pickle.dumps(Context("production")),
    ],
)
def test_anything_else_is_refused(hostile: bytes) -> None:
    with pytest.raises(codec.Garbled):
        codec.decode(hostile)
