"""A fault that many meet is logged now and then, not by each."""

from __future__ import annotations

import pytest
import structlog

from policy_bot.service.logs import REPEATED_SECONDS, Repeated
from tests.toy import Clock


def test_the_same_fault_is_one_line_in_ten_seconds_with_how_many_were_left_out() -> None:
    clock = Clock()
    repeated = Repeated(clock)

    def line(**more: object) -> object:
        return repeated.line(None, "error", {"event": "the database does not answer", **more})

    assert line(error="away") == {"event": "the database does not answer", "error": "away"}
    for _ in range(13):
        with pytest.raises(structlog.DropEvent):
            line(error="away")
    assert line(error="another")
    clock.sleep(REPEATED_SECONDS)
    assert line(error="away") == {"event": "the database does not answer", "error": "away", "left_out": 13}


def test_what_somebody_looks_for_by_its_reference_is_never_left_out() -> None:
    repeated = Repeated(Clock())
    for number in range(3):
        assert repeated.line(None, "error", {"event": "failed", "reference": str(number)})
    for _ in range(3):
        assert repeated.line(None, "info", {"event": "worked off"})
