"""Which lines can carry a comment: GitHub's patches, read."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_bot.review.diff import FileDiff, diff, hunks, may_stream

PATCH = """@@ -1,4 +1,5 @@ export default $config({
 a
-b
+B
+C
 c
 d
@@ -20,2 +21,2 @@
 x
-y
+Y
\\ No newline at end of file"""


def test_the_lines_of_both_sides() -> None:
    first, second = hunks(PATCH)
    assert first.left == range(1, 5)
    assert first.right == range(1, 6)
    assert first.added == {2, 3}
    assert second.left == range(20, 22)
    assert second.right == range(21, 23)
    assert second.added == {22}


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (1, 1, True),
        (1, 5, True),
        (6, 6, False),
        (5, 21, False),
        (21, 22, True),
        (23, 23, False),
        (3, 2, False),
    ],
)
def test_a_range_is_accepted_within_one_hunk_only(first: int, last: int, shown: bool) -> None:
    change = diff([FileDiff("sst.config.ts", "modified", None, hunks(PATCH))])
    assert change.shows("sst.config.ts", first, last) is shown


@pytest.mark.parametrize(
    "patch",
    [
        None,  # binary, too large, or a rename without changes
        "",
        "Binary files differ",
        "@@ -1,2 +1,2 @@\n a\n",  # ends before its header says
        "@@ -1 +1 @@\n-a\n+b\n+c",  # goes on after
        "@@ -1,2 +1,2 @@\n a\nb",  # a line of no kind
    ],
)
def test_what_cannot_be_followed_carries_no_comment(patch: str | None) -> None:
    assert hunks(patch) == ()


def test_counts_of_one_are_left_out_and_empty_sides_begin_at_zero() -> None:
    (added,) = hunks("@@ -0,0 +1 @@\n+a")
    assert (list(added.left), list(added.right)) == ([], [1])
    (removed,) = hunks("@@ -1 +0,0 @@\n-a")
    assert (list(removed.left), list(removed.right)) == ([1], [])


def test_old_names_count_as_changed() -> None:
    change = diff([FileDiff("infra/b.ts", "renamed", "infra/a.ts")])
    assert change.paths() == {"infra/a.ts", "infra/b.ts"}
    assert not change.shows("infra/b.ts", 1, 1)


lines = st.lists(st.sampled_from(["a", "b", "", "@@ -1 +1 @@", "+x", "-y", "\\ z", "c\r"]), max_size=12)


@given(lines, lines)
def test_every_hunk_of_a_real_diff_is_read_line_by_line(before: list[str], after: list[str]) -> None:
    unified = list(difflib.unified_diff(before, after, lineterm="", n=3))[2:]
    found = hunks("\n".join(unified))
    added = {line for hunk in found for line in hunk.added}
    matcher = difflib.SequenceMatcher(None, before, after)
    expected = {
        line + 1
        for tag, _, _, start, end in matcher.get_opcodes()
        if tag in ("replace", "insert")
        for line in range(start, end)
    }
    assert added == expected
    assert all(0 < line <= len(after) for hunk in found for line in hunk.right)


@given(st.text(alphabet="@+-\\ 1,a\n", max_size=80))
def test_no_patch_raises(patch: str) -> None:
    for hunk in hunks(patch):
        assert hunk.added <= set(hunk.right)


@pytest.mark.parametrize(
    ("path", "patch", "expected"),
    [
        ("web/chat.ts", "@@ -1 +1 @@\n-a\n+return answer.toUIMessageStreamResponse()", True),
        ("web/chat.ts", "@@ -1,2 +1,2 @@\n return new ReadableStream(\n-a\n+b", True),
        ("web/chat.ts", '@@ -1 +1 @@\n-a\n+export * from "./model"', True),
        ("web/chat.ts", '@@ -1 +1 @@\n+a\n-export * from "./model"', False),
        ("web/chat.ts", "@@ -1 +1 @@\n-price = 1\n+price = 2", False),
        ("api/chat.py", "@@ -1 +1 @@\n-return {}\n+return EventSourceResponse(parts())", True),
        ("api/chat.py", "@@ -1 +1 @@\n-return {}\n+return []", False),
        ("web/chat.ts", "@@ -1 +1 @@\n-a\n+b = '\ud800'", False),
        ("web/chat.ts", None, True),
        ("web/chat.test.ts", None, False),
        ("web/chat.svg", None, False),
    ],
)
def test_a_change_that_may_make_code_stream(path: str, patch: str | None, expected: bool) -> None:
    assert may_stream(path, patch) is expected
