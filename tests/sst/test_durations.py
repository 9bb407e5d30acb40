"""SST's durations, as SST reads them and not as they look."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_bot.sst.durations import Duration, parse_int, read, read_v2

NOT_SPLIT = "TypeError: duration.split is not a function or its return value is not iterable"
NO_UNIT = "TypeError: Cannot read properties of undefined (reading 'toLowerCase')"


@pytest.mark.parametrize(
    ("written", "seconds", "oddity"),
    [
        ("20 seconds", 20, ""),
        ("1 second", 1, ""),
        ("5 minutes", 300, ""),
        ("1 minute", 60, ""),
        ("2 hours", 7200, ""),
        ("14 days", 1209600, ""),
        ("15 minute", 900, ""),
        ("1.5 minutes", 60, "fraction"),
        ("0.5 minutes", 0, "fraction"),
        ("0 seconds", 0, "zero"),
        ("1e2 seconds", 1, "exponent"),
        ("-5 seconds", -5, "negative"),
        ("5 Minutes", 300, "case"),
        ("5 minutes and a bit", 300, "trailing"),
        ("5 minutesssss", 300, "trailing"),
        ("007 seconds", 7, "padded"),
        ("0x10 seconds", 16, "trailing"),
    ],
)
def test_accepted(written: str, seconds: int, oddity: str) -> None:
    assert read(written) == Duration(seconds, "duration", "", oddity)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "form", "error"),
    [
        (300, "number", NOT_SPLIT),
        (2.5, "number", NOT_SPLIT),
        (True, "invalid", NOT_SPLIT),
        (object(), "invalid", NOT_SPLIT),
        ("300", "invalid", NO_UNIT),
        ("300seconds", "invalid", NO_UNIT),
        ("", "invalid", NO_UNIT),
        ("5 min", "invalid", "Error: Invalid duration 5 min"),
        ("5  minutes", "invalid", "Error: Invalid duration 5  minutes"),
        ("five minutes", "invalid", "NaN: SST reads no number from 'five minutes'"),
    ],
)
def test_refused(written: object, form: str, error: str) -> None:
    assert read(written) == Duration(None, form, error)  # type: ignore[arg-type]


def test_nothing_is_the_default() -> None:
    assert read(None) == Duration(None, "none")


@pytest.mark.parametrize(
    ("written", "seconds", "form"),
    [(300, 300, "number"), (0, None, "none"), (None, None, "none"), ("5 minutes", 300, "duration"),
     ("5 weeks", 0, "duration")],
)  # fmt: skip
def test_v2(written: object, seconds: int | None, form: str) -> None:
    assert read_v2(written)[:2] == (seconds, form)


@given(
    st.integers(0, 10**9), st.sampled_from([("second", 1), ("minutes", 60), ("hour", 3600), ("days", 86400)])
)
def test_every_plain_duration_is_its_product(count: int, unit: tuple[str, int]) -> None:
    name, factor = unit
    assert read(f"{count} {name}").seconds == count * factor


@given(st.text())
def test_any_text_ends(text: str) -> None:
    found = read(text)
    assert (found.seconds is None) == bool(found.error)


def test_a_number_of_a_million_digits_is_read_at_once() -> None:
    assert parse_int("9" * 1_000_000) is not None
