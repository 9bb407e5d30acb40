"""Generated programs and the values they must have: Python computes them next to the text."""

from __future__ import annotations

import json
import operator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sst.programs import record, result_of

NAMES = st.sampled_from(["timeout", "streaming", "url", "memory", "handler"])
PLAIN = st.one_of(st.booleans(), st.integers(-1000, 1000), st.text("abc 123", max_size=8), st.none())
OBJECTS = st.dictionaries(NAMES, PLAIN, max_size=4)
DATA = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)


@given(DATA)
def test_a_literal_is_what_it_says(data: Any) -> None:
    assert result_of(f"return {json.dumps(data)};") == data


@given(DATA)
def test_json_there_and_back(data: Any) -> None:
    assert result_of(f"return JSON.parse(JSON.stringify({json.dumps(data)}));") == data


@given(st.lists(OBJECTS, min_size=1, max_size=4))
def test_the_last_spread_wins(parts: list[dict[str, Any]]) -> None:
    merged: dict[str, Any] = {}
    for part in parts:
        merged |= part
    text = ", ".join(f"...{json.dumps(part)}" for part in parts)
    assert result_of(f"return {{ {text} }};") == merged


@given(OBJECTS, OBJECTS, st.booleans())
def test_a_known_condition_takes_one_way(yes: dict[str, Any], no: dict[str, Any], which: bool) -> None:
    body = f"const on = {json.dumps(which)}; return {{ ...(on ? {json.dumps(yes)} : {json.dumps(no)}) }};"
    assert result_of(body) == (yes if which else no)


@given(OBJECTS, OBJECTS)
def test_an_unknown_condition_keeps_what_both_ways_agree_on(yes: dict[str, Any], no: dict[str, Any]) -> None:
    body = f"return {{ ...(process.env.X ? {json.dumps(yes)} : {json.dumps(no)}) }};"
    result = result_of(body)
    assert set(result) == set(yes) | set(no)
    for key, value in result.items():
        a, b = yes.get(key, "$undefined"), no.get(key, "$undefined")
        same = type(a) is type(b) and a == b
        if same:
            assert value == a
        else:
            assert sorted(map(repr, value["$oneOf"])) == sorted(map(repr, [a, b]))


@given(st.lists(st.tuples(NAMES, PLAIN), max_size=8), st.integers(0, 8))
def test_assignments_after_an_undecided_point(writes: list[tuple[str, Any]], at: int) -> None:
    """A value written after an undecided branch is known, whatever the branch wrote."""
    text = [f"o.{name} = {json.dumps(value)};" for name, value in writes]
    body = (
        "const o = {};"
        + "".join(text[:at])
        + f"if (process.env.X) {{ {''.join(text)} }}"
        + "".join(text[at:])
        + "return o;"
    )
    result = result_of(body)
    known = dict(writes[at:])
    assert {key: result[key] for key in known} == known


Term = tuple[str, int]
OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul}


def joined(parts: tuple[Term, str, Term]) -> Term:
    """A term of two: its text and its value."""
    (left, a), sign, (right, b) = parts
    return f"({left} {sign} {right})", OPERATORS[sign](a, b)


EXPRESSIONS: st.SearchStrategy[Term] = st.recursive(
    st.integers(0, 50).map(lambda n: (str(n), n)),
    lambda inner: st.tuples(inner, st.sampled_from(sorted(OPERATORS)), inner).map(joined),
    max_leaves=8,
)


@given(EXPRESSIONS)
def test_arithmetic(expression: tuple[str, int]) -> None:
    text, value = expression
    if abs(value) < 2**53:
        assert result_of(f"return {text};") == value


@given(st.lists(st.integers(-50, 50), max_size=8))
def test_array_methods(xs: list[int]) -> None:
    text = json.dumps(xs)
    body = f"""
      const xs = {text};
      return [
        xs.map((x) => x * 2), xs.filter((x) => x > 0), xs.reduce((a, b) => a + b, 0),
        xs.slice(1), xs.slice(-2), [...xs].sort((a, b) => a - b), xs.indexOf(3),
        xs.some((x) => x > 10), xs.every((x) => x > -10), xs.at(-1) ?? null,
        [...xs].reverse(), xs.join(","), xs.length,
      ];
    """
    assert result_of(body) == [
        [x * 2 for x in xs], [x for x in xs if x > 0], sum(xs), xs[1:], xs[-2:] if len(xs) > 1 else xs,
        sorted(xs), xs.index(3) if 3 in xs else -1, any(x > 10 for x in xs), all(x > -10 for x in xs),
        xs[-1] if xs else None, xs[::-1], ",".join(map(str, xs)), len(xs),
    ]  # fmt: skip


@given(st.lists(st.text("abc", min_size=1, max_size=3), max_size=6))
@settings(max_examples=50)
def test_a_loop_constructs_one_for_each(names: list[str]) -> None:
    made = record(f"for (const name of {json.dumps(names)}) new sst.aws.Queue(name);")
    assert [each.name.data for each in made.constructions] == names  # type: ignore[union-attr]
    assert all(each.certain for each in made.constructions)
