"""Maps lines of the judged file to the head's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policy_bot.review.lines import HeadLines
from policy_bot.sst.span import Span

FILES = st.lists(st.sampled_from("abcdefgh}"), max_size=30).map(lambda lines: "\n".join(lines).encode())


def lines(judged: bytes, head: bytes) -> list[int | None]:
    """For each judged line, the head's."""
    there = HeadLines({"a.ts": judged}, {"a.ts": head})
    return [there.line(Span("a.ts", n, 1, n, 1, 0, 0)) for n in range(1, judged.count(b"\n") + 2)]


def test_what_the_base_brought_moves_the_lines_below_it() -> None:
    assert lines(b"base\na\n}\nb\n}\n", b"a\n}\nb\n}\n") == [None, 1, 2, 3, 4, 5]


def test_lines_that_are_alike_are_distinguished_by_their_neighbours() -> None:
    assert lines(b"a\n}\nnew\n}\nb\n}", b"a\n}\nb\n}") == [1, 2, None, None, 3, 4]


@given(FILES, FILES)
def test_only_equal_lines_and_in_one_order(judged: bytes, head: bytes) -> None:
    found = [(n, line) for n, line in enumerate(lines(judged, head), 1) if line is not None]
    ours, theirs = judged.split(b"\n"), head.split(b"\n")
    assert all(ours[n - 1] == theirs[line - 1] for n, line in found)
    assert [line for _, line in found] == sorted({line for _, line in found})


@given(FILES, FILES, FILES)
def test_lines_added_in_the_middle_hide_nothing_else(first: bytes, added: bytes, second: bytes) -> None:
    judged, head = b"\n".join([first, added, second]), b"\n".join([first, second])
    assert sum(line is not None for line in lines(judged, head)) == len(head.split(b"\n"))


def test_a_hundred_thousand_lines_that_are_alike_take_no_time() -> None:
    few = [b"x%d\na" % n for n in range(50_000)], [b"y%d\na" % n for n in range(50_000)]
    assert lines(b"\n".join(few[0]), b"\n".join(few[1]))[-1] == 100_000
