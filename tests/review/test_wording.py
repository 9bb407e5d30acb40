"""Facts and days in the words of a comment."""

from __future__ import annotations

import pytest

from policy_bot.review import wording


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1 second"),
        (60, "60 seconds"),
        (119, "119 seconds"),
        (120, "120 seconds (2 minutes)"),
        (121, "121 seconds"),
        (1200, "1200 seconds (20 minutes)"),
    ],
)
def test_seconds_are_also_given_in_minutes_if_they_are_whole_ones(number: int, text: str) -> None:
    assert wording.seconds(number) == text


def test_a_day_is_written_out() -> None:
    assert wording.day("2027-03-01") == "1 March 2027"
    assert wording.day("soon") == "soon"
