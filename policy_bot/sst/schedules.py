"""How soon a schedule starts again: the least interval of `rate(...)` and `cron(...)` of EventBridge.

A cron expression has six fields: minute, hour, day of the month, month, day of the week, year. Source:
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import itertools
import re

from policy_bot.regex import regex

_RATE = regex(r"\s*rate\(\s*([0-9]{1,6})\s+(minute|hour|day)s?\s*\)\s*\Z")
_CRON = regex(r"\s*cron\(([^()]*)\)\s*\Z")
_PART = regex(r"(?:\*|([0-9]{1,2})(?:-([0-9]{1,2}))?)(?:/([0-9]{1,2}))?\Z")
_UNIT = {"minute": 60, "hour": 3600, "day": 86400}
_WEEK = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_DAY = 86400
_ANY = ("*", "?")


def least_interval(text: str) -> int | None:
    """The least number of seconds from one start to the next; None if that is not simple and certain."""
    rate, cron = _RATE.match(text), _CRON.match(text)
    if rate:
        return int(rate[1]) * _UNIT[rate[2]]
    fields = cron[1].split() if cron else []
    return _of_cron(fields) if len(fields) == 6 else None


def _of_cron(fields: list[str]) -> int | None:
    minutes, hours = _numbers(fields[0], 0, 59), _numbers(fields[1], 0, 23)
    if not minutes or not hours:
        return None
    times = [hour * 3600 + minute * 60 for hour in hours for minute in minutes]
    within = min((after - before for before, after in itertools.pairwise(times)), default=_DAY)
    days = _days(fields[2], fields[3], fields[4])
    over_night = times[0] + (days or 1) * _DAY - times[-1]
    if days is None:  # then it is a day at least, and a nearer start on the same day decides
        return within if len(times) > 1 and within <= over_night else None
    return min(within, over_night) if len(times) > 1 else over_night


def _days(of_month: str, month: str, of_week: str) -> int | None:
    """Days from one on which it runs to the next, at the least."""
    if of_month in _ANY and of_week in _ANY:
        return 1
    if of_month in _ANY:
        numbered = re.sub("[A-Z]{3}", lambda name: str(_number(name[0])), of_week.upper())
        week = _numbers(numbered, 1, 7)
        following = [*week[1:], *(day + 7 for day in week[:1])]
        return min((after - day for day, after in zip(week, following, strict=True)), default=None)
    is_monthly = of_week in _ANY and month == "*" and of_month.isdigit() and 1 <= int(of_month) <= 28
    return 28 if is_monthly else None  # from February to March


def _number(name: str) -> int:
    return _WEEK.index(name) + 1 if name in _WEEK else 0


def _numbers(field: str, low: int, high: int) -> list[int]:
    """The numbers of a field, in order; none if the field is not plain."""
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.match(part)
        if match is None:
            return []
        first = int(match[1] or low)
        last = int(match[2] or (high if match[3] or not match[1] else first))
        step = int(match[3] or 1)
        if not (low <= first <= last <= high and step):
            return []
        found.update(range(first, last + 1, step))
    return sorted(found)


_PLAIN = regex(r"([0-9]{1,6})(?:-([0-9]{1,6}))?(?:/([0-9]{1,6}))?\Z")
_FIELDS = (
    ("minutes", 0, 59), ("hours", 0, 23), ("day of the month", 1, 31), ("month", 1, 12),
    ("day of the week", 1, 7), ("year", 1970, 2199),
)  # fmt: skip
_ANY_RATE = regex(r"rate\(([0-9]{1,9}) (minute|minutes|hour|hours|day|days)\)\Z")


def refusal(text: str, scheduler: bool) -> str:
    """Why EventBridge refuses a schedule; "" for one that it accepts, or that is not certainly wrong.

    `scheduler`: for EventBridge Scheduler (`CronV2`), which knows `at(...)`; else for a rule.

    >>> refusal("0 12 * * *", False)
    'it is neither rate(...) nor cron(...)'
    >>> refusal("cron(0 12 * * * *)", False)
    'one of day of the month and day of the week must be "?"'
    """
    if scheduler and text.startswith("at("):
        return ""
    if text.startswith("rate("):
        return _rate_refusal(text, scheduler)
    if not (text.startswith("cron(") and text.endswith(")")):
        return f"it is neither rate(...) nor cron(...){' nor at(...)' if scheduler else ''}"
    fields = text[5:-1].split()
    if len(fields) != len(_FIELDS):
        return f"a cron expression has six fields, and this one {len(fields)}"
    if (fields[2] == "?") == (fields[4] == "?"):
        return 'one of day of the month and day of the week must be "?"' + (
            ", not both" if fields[2] == "?" else ""
        )
    wrong = (_field_refusal(field, *limits) for field, limits in zip(fields, _FIELDS, strict=True))
    return next((why for why in wrong if why), "")


def _rate_refusal(text: str, scheduler: bool) -> str:
    match = _ANY_RATE.match(text)
    if match is None:
        return "a rate is a whole number and minutes, hours or days"
    if int(match[1]) == 0:
        return "a rate is at least 1"
    if not scheduler and (int(match[1]) == 1) == match[2].endswith("s"):
        return "the unit is in the singular for 1, and in the plural otherwise"
    return ""


def _field_refusal(field: str, name: str, low: int, high: int) -> str:
    """Why a field is out of its range; letters (`MON`, `L`, `15W`, `2#1`), `*` and `?` are left alone."""
    for part in field.split(","):
        match = _PLAIN.match(part)
        numbers = [int(number) for number in match.groups()[:2] if number] if match else []
        if any(not low <= number <= high for number in numbers):
            return f"the {name} goes from {low} to {high}, and this is {part[:20]}"
    return ""
