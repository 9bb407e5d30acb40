from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_bot.policy.finding import Edit
from policy_bot.review.fixes_text import Addition, apply, insertion, removal, replacement
from policy_bot.sst.deployment import Place
from policy_bot.sst.span import Span


def at(source: bytes, text: bytes) -> Span:
    start = source.index(text)
    return Span("a.ts", 1, 1, 1, 1, start, start + len(text))


def pair(source: bytes, text: bytes, value: bytes) -> Place:
    whole = at(source, text)
    start = whole.start + text.index(value)
    return Place(whole, whole._replace(start=start, end=start + len(value)))


def removed(source: str, text: str) -> str:
    raw = source.encode()
    result = apply(raw, [removal(raw, pair(raw, text.encode(), text.encode()))])
    assert result is not None
    return result.decode()


def added(source: str, *additions: Addition) -> str:
    raw = source.encode()
    result = apply(raw, insertion(raw, at(raw, raw[raw.index(b"{") : raw.rindex(b"}") + 1]), additions))
    assert result is not None
    return result.decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{ a: 1, x: 2, b: 3 }", "{ a: 1, b: 3 }"),
        ("{ x: 2, b: 3 }", "{ b: 3 }"),
        ("{ a: 1, x: 2 }", "{ a: 1 }"),
        ("{ a: 1, x: 2, }", "{ a: 1, }"),
        ("{ x: 2 }", "{ }"),
        ("{\n  a: 1,\n  x: 2,\n  b: 3,\n}", "{\n  a: 1,\n  b: 3,\n}"),
        ("{\n  a: 1,\n  x: 2\n}", "{\n  a: 1,\n}"),
        ("{\r\n\ta: 1,\r\n\tx: 2, // why\r\n\tb: 3\r\n}", "{\r\n\ta: 1,\r\n\tb: 3\r\n}"),
        ("{\n  // kept\n  x: 2, /* gone */\n}", "{\n  // kept\n}"),
        ("{\n  a: 1, x: 2, b: 3,\n}", "{\n  a: 1, b: 3,\n}"),
        ("{ a: 1 /* kept */, x: 2 }", "{ a: 1 /* kept */ }"),
    ],
)
def test_removal(before: str, after: str) -> None:
    assert removed(before, "x: 2") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{ a: 1 }", "{ a: 1, x: 2 }"),
        ("{ a: 1, }", "{ a: 1, x: 2 }"),
        ("{}", "{ x: 2 }"),
        ("{ }", "{ x: 2 }"),
        ("{\n  a: 1,\n}", "{\n  a: 1,\n  x: 2,\n}"),
        ("{\n  a: 1\n}", "{\n  a: 1,\n  x: 2\n}"),
        ("{\r\n\ta: 1, // last\r\n}", "{\r\n\ta: 1, // last\r\n\tx: 2,\r\n}"),
        ("{\n  a: 1 // last\n}", "{\n  a: 1, // last\n  x: 2\n}"),
        ('{\n    a: "// {",\n    /* , */\n}', '{\n    a: "// {",\n    x: 2,\n    /* , */\n}'),
        ("  f({\n  })", "  f({\n    x: 2,\n  })"),
    ],
)
def test_insertion(before: str, after: str) -> None:
    assert added(before, Addition("x", "2")) == after


def test_several_additions_keep_their_order() -> None:
    assert added("{ a: 1 }", Addition("x", "2"), Addition("y", "3")) == "{ a: 1, x: 2, y: 3 }"
    assert added("{\n  a,\n}", Addition("x", "2"), Addition("y", "3")) == "{\n  a,\n  x: 2,\n  y: 3,\n}"


def test_a_shorthand_becomes_a_pair() -> None:
    source = b"{ handler, timeout }"
    short = pair(source, b"timeout", b"timeout")
    edit = replacement(source, "timeout", short, '"1 minute"')
    assert apply(source, [edit]) == b'{ handler, timeout: "1 minute" }'


def test_an_argument_of_a_call_stays_one() -> None:
    source = b'router.route("/*", api.url)'
    argument = pair(source, b'"/*"', b'"/*"')
    assert apply(source, [replacement(source, "path", argument, '"/"')]) == b'router.route("/", api.url)'


def test_overlapping_edits_are_refused() -> None:
    assert apply(b"abcdef", [Edit("a", 0, 3, ""), Edit("a", 2, 4, "")]) is None


ITEM = st.sampled_from(["a: 1", 'b: "x, }"', "c", "d: { e: [1, 2] }", "f: `t ${1}`", "...g", "h: 'it\\'s'"])
GAP = st.sampled_from([" ", "\n  ", "\n\n    ", " /* , */ ", " // }\n  ", "\r\n\t"])


@given(st.lists(ITEM, max_size=4, unique=True), st.data())
def test_adding_then_removing_gives_the_items_back(items: list[str], data: st.DataObject) -> None:
    """Whatever blanks, comments and line endings stand between: only blanks and a last comma may differ."""
    gaps = [data.draw(GAP) for _ in range(len(items) + 1)]
    body = "".join(f"{gap}{item}," for gap, item in zip(gaps, items, strict=False))
    source = "{" + body + gaps[-1] + "}"
    there = added(source, Addition("x", "2"))
    assert there.count("x: 2") == 1
    back = removed(there, "x: 2")
    assert "".join(back.split()).replace(",", "") == "".join(source.split()).replace(",", "")
