"""The mark of a comment: ours is known again, everything else is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy_bot.review.mark import Marker, digest

MARKER = Marker([b"key"], repository=7, number=12)
BODY = MARKER.signed("timeout/too-short of Chat", "Too short.")


def test_a_mark_says_which_finding_and_which_words() -> None:
    mark = MARKER.read(BODY)
    assert mark is not None
    assert (mark.finding, mark.content) == (digest("timeout/too-short of Chat"), digest("Too short."))
    assert BODY.startswith("Too short.\n\n<!-- policy-bot ")


@pytest.mark.parametrize(
    "other",
    [replace(MARKER, number=13), replace(MARKER, repository=8), replace(MARKER, keys=[b"another"])],
    ids=["pull request", "repository", "key"],
)
def test_a_mark_is_worth_nothing_elsewhere(other: Marker) -> None:
    assert other.read(BODY) is None


def test_while_keys_rotate_old_marks_hold() -> None:
    rotated = replace(MARKER, keys=[b"new", b"key"])
    assert rotated.read(BODY) is not None
    assert MARKER.read(rotated.signed("x", "y")) is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Too short.",
        BODY + "\nand more",
        BODY.replace("policy-bot", "policy-bt"),
        BODY[:-10] + "0" + BODY[-9:],
        "<!-- policy-bot " + "0" * 16 + " " + "0" * 16 + " " + "0" * 32 + " -->",
    ],
)
def test_no_other_text_has_a_mark(body: str) -> None:
    assert MARKER.read(body) is None


def test_github_may_add_a_line_end() -> None:
    assert MARKER.read(BODY + "\r\n") is not None


def test_keys_show_in_no_repr() -> None:
    assert "key" not in repr(MARKER).replace("keys", "")
