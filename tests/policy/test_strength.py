"""The meaning of "weaker": a strict order for every kind of setting."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_bot.policy.settings import Enforcement
from policy_bot.policy.strength import Direction, weaker

VALUES = {
    "severity": st.sampled_from(["off", "notice", "warning", "error"]),
    "unknown": st.sampled_from(["pass", "neutral", "fail"]),
    "mode": st.dates().map(Enforcement),
    "stages": st.lists(st.sampled_from("abc")).map(tuple),
    "ignore": st.lists(st.sampled_from("abc")).map(tuple),
    "a number": st.integers(),
    "a list": st.lists(st.sampled_from("abc")).map(tuple),
    "a flag": st.booleans(),
}


@pytest.mark.parametrize("setting", VALUES)
@pytest.mark.parametrize("direction", ["higher", "lower"])
@given(data=st.data())
def test_nothing_is_weaker_than_itself_and_weaker_never_leads_back(
    setting: str, direction: Direction, data: st.DataObject
) -> None:
    one, two, three = (data.draw(VALUES[setting]) for _ in range(3))
    assert not weaker(setting, one, one, direction)
    if not weaker(setting, one, two, direction) and not weaker(setting, two, three, direction):
        assert not weaker(setting, one, three, direction), "as strict as, twice, is as strict as"


@given(st.integers(), st.integers())
def test_without_a_direction_every_change_is_weaker(one: int, two: int) -> None:
    assert weaker("x", one, two, None) is (one != two)


def test_a_value_of_another_type_is_weaker() -> None:
    assert weaker("x", "600", 300, "higher")


def test_the_later_enforcement_is_the_weaker() -> None:
    assert weaker("mode", Enforcement(date.max), Enforcement(date(2027, 1, 1)))
    assert weaker("mode", Enforcement(date(2027, 1, 1)), Enforcement(date.min))
