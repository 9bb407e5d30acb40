"""Durations in arguments as SST reads them, in seconds, as plain or abstract values."""

from __future__ import annotations

from collections.abc import Callable

from policy_bot.sst import durations
from policy_bot.sst.catalog import lambdas as catalog
from policy_bot.sst.deployment import Value
from policy_bot.sst.durations import Duration
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Property
from policy_bot.sst.reasons import Why
from policy_bot.sst.semantics.lookup import Unclear, is_nothing, to_plain
from policy_bot.sst.values import AbstractValue, Known, OneOf, Unknown


def as_written(data: object) -> object:
    """A datum for the reader of durations: None for nothing, an object() for anything but a scalar."""
    if isinstance(data, (str, int, float, bool)):
        return data
    if isinstance(data, Property):
        raise Unclear(Why.OUTPUT_KNOWN_AT_DEPLOYMENT(f"{data.instance.type} .{data.path}"))
    return None if is_nothing(data) else object()


def duration(data: object) -> Duration:
    """Reads a datum as SST does."""
    return durations.read(as_written(data))


def seconds(default: int) -> Callable[[object], int]:
    """Makes a converter to seconds, with `default` for nothing; unclear if SST throws for the datum."""

    def convert(data: object) -> int:
        read = duration(data)
        if read.form == "none":
            return default
        if read.seconds is None:
            raise Unclear(Why.STOPS(read.error))
        return read.seconds

    return convert


def seconds_value(value: AbstractValue, default: int) -> AbstractValue:
    """The seconds as an abstract value that a transform may receive."""
    value = strip(value)
    if isinstance(value, Unknown):
        return value
    if isinstance(value, OneOf):
        values = [seconds_value(choice, default) for choice in value.choices]
        unclear = next((each for each in values if isinstance(each, Unknown)), None)
        return unclear or OneOf(
            tuple(each for each in values if isinstance(each, Known)), value.reason, value.origin
        )
    try:
        return Known(seconds(default)(value.data), value.origin)
    except Unclear as error:
        return Unknown(error.reason, None, value.origin)


def lambda_seconds(value: AbstractValue, error: str) -> Value:
    """The Lambda's timeout after Lambda-level arguments, which must be a number of seconds."""

    def convert(data: object) -> int:
        if is_nothing(data):
            return catalog.RAW_TIMEOUT
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            raise Unclear(Why.LAMBDA_TIMEOUT())
        return int(data)

    if isinstance(strip(value), Unknown) and error:
        return Value.unknown(Why.STOPS(error))
    return to_plain(value, convert)
