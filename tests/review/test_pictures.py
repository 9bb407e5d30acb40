"""Visible results, as Markdown next to their input: `tests/review/pictures/`."""

from __future__ import annotations

import pytest

from policy_bot.review.markdown import SUMMARY_LIMIT
from policy_bot.review.plan import MOST_ANNOTATIONS, MOST_COMMENTS
from policy_bot.review.summary import TITLE_LIMIT
from tests.review.pictures import FOLDER, check, comments, names, planned


@pytest.mark.parametrize("name", names())
def test_a_picture(name: str) -> None:
    drawn = planned(name)
    assert check(drawn) == (FOLDER / name / "check.md").read_text()
    assert comments(drawn) == (FOLDER / name / "comments.md").read_text()


@pytest.mark.parametrize("name", names())
def test_limits(name: str) -> None:
    drawn = planned(name)
    assert len(drawn.title) <= TITLE_LIMIT
    assert len(drawn.summary) <= SUMMARY_LIMIT
    assert len(drawn.comments) <= MOST_COMMENTS
    assert len(drawn.annotations) <= MOST_ANNOTATIONS
