"""The least interval of a schedule, or nothing if unknown."""

from __future__ import annotations

import pytest

from policy_bot.sst.schedules import least_interval

MINUTE, HOUR, DAY = 60, 3600, 86400
TOLD = {
    "rate(1 minute)": MINUTE,
    "rate(2 days)": 2 * DAY,
    "cron(* * * * ? *)": MINUTE,
    "cron(*/15 * * * ? *)": 15 * MINUTE,
    "cron(0/10 * * * ? *)": 10 * MINUTE,
    "cron(*/7 * * * ? *)": 4 * MINUTE,  # from minute 56 to the next hour
    "cron(*/7 3 * * ? *)": 7 * MINUTE,
    "cron(0,20,25 * * * ? *)": 5 * MINUTE,
    "cron(5 * * * ? *)": HOUR,
    "cron(0 9-17/4 * * ? *)": 4 * HOUR,
    "cron(0 0,23 * * ? *)": HOUR,
    "cron(15 10 * * ? *)": DAY,
    "cron(15 10 ? * * *)": DAY,
    "cron(0 18 ? * MON-FRI *)": DAY,
    "cron(0 18 ? * MON,THU *)": 3 * DAY,
    "cron(0 18 ? * 2 *)": 7 * DAY,
    "cron(0 8 1 * ? *)": 28 * DAY,
    "cron(0 0,23 1 * ? *)": 23 * HOUR,
    "cron(0/5 8-17 ? * MON-FRI *)": 5 * MINUTE,
    "cron(*/5 8 L * ? *)": 5 * MINUTE,
}
UNTOLD = [
    "cron(0 10 L * ? *)", "cron(0 0,23 L * ? *)",
    "cron(0 10 ? * 2#1 *)", "cron(0 10 ? * MUN *)", "cron(0 10 31 * ? *)",
    "cron(* * * * *)", "cron(61 * * * ? *)", "cron(*/0 * * * ? *)", "cron(0 22-4 * * ? *)", "cron()",
    "rate(5)", "soon", "at(2027-01-01T00:00:00)", "cron(" + "1," * 5000 + " * * * ? *)",
]  # fmt: skip


@pytest.mark.parametrize("text", TOLD)
def test_the_least_interval_is_reported(text: str) -> None:
    assert least_interval(text) == TOLD[text]


@pytest.mark.parametrize("text", UNTOLD)
def test_what_is_unsure_is_not_reported(text: str) -> None:
    assert least_interval(text) is None
