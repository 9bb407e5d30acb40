"""Queues: how long a message stays hidden while its subscriber works on it."""

from __future__ import annotations

from policy_bot.sst.catalog.http import QUEUE_VISIBILITY
from policy_bot.sst.deployment import Place, Value
from policy_bot.sst.durations import read
from policy_bot.sst.meaning.effects import Facts, any_of, duration, lambda_seconds, seconds, seconds_box
from policy_bot.sst.meaning.functions import Made, owner_queue
from policy_bot.sst.meaning.lambdas import Lambda, argument_at, written
from policy_bot.sst.meaning.look import combine, fact, is_nothing, look, to_plain
from policy_bot.sst.meaning.transforms import Transforms
from policy_bot.sst.record import dataclass, field
from policy_bot.sst.recording import Construction, Recording
from policy_bot.sst.span import Span
from policy_bot.sst.values import Known, Obj

RAW_QUEUE = "aws.sqs.Queue"
WRITABLE = ("visibilityTimeout", "dlq", "transform.queue.visibilityTimeoutSeconds", "delay")


@dataclass(slots=True, eq=False)
class Queue:
    """A queue with its facts, and its subscribers."""

    record: Construction
    facts: Facts
    subscribers: list[tuple[Made, Lambda]]
    places: dict[str, Place] = field(default_factory=dict)
    literals: dict[str, Span] = field(default_factory=dict)


def find_queues(recording: Recording, transforms: Transforms, made: list[Made]) -> list[Queue]:
    """The queues in the order of the program, each with its subscribers' timeouts."""
    queues = []
    for record in recording.constructions:
        if record.type == "sst.aws.Queue" and not record.reference:
            queues.append(_queue(record, recording, transforms, made))
    return queues


def _queue(record: Construction, recording: Recording, transforms: Transforms, made: list[Made]) -> Queue:
    machine, args = recording.machine, record.args
    places, literals = written(machine, args, WRITABLE)
    subscribers = [
        (each, use)
        for each in made
        for use in each.uses
        if use.via == "subscribe" and use.owner_type == record.type and owner_queue(use) is record.instance
    ]
    windows = [window(recording, use) for _, use in subscribers]
    box = look(machine, args, "visibilityTimeout")
    facts: Facts = {
        "visibility_timeout": _visibility(record, recording, transforms),
        "visibility_set": to_plain(box, lambda data: not is_nothing(data)),
        "visibility_error": to_plain(box, lambda data: duration(data).error),
        "function_timeout": any_of(
            [each.facts["timeout"] for each, _ in subscribers] or [fact(-1)], "subscriber"
        ),
        "batch_window": any_of(windows or [fact(0)], "subscriber"),
        "dlq": to_plain(look(machine, args, "dlq"), lambda data: not is_nothing(data)),
    }
    facts["advised_visibility"] = combine(_advised, facts["function_timeout"], facts["batch_window"])
    return Queue(record, facts, subscribers, places, literals)


def _advised(timeout: int, window: int) -> int:
    """What AWS advises: six times the function's timeout plus the batch window, at most SQS's 12 hours."""
    return -1 if timeout < 0 else min(6 * timeout + window, 43_200)


def _visibility(record: Construction, recording: Recording, transforms: Transforms) -> Value:
    machine, args = recording.machine, record.args
    default = read(QUEUE_VISIBILITY).seconds or 0
    box = look(machine, args, "visibilityTimeout")
    transform = look(machine, args, "transform.queue")
    plain_args = isinstance(transform, Known) and is_nothing(transform.data)
    if plain_args and RAW_QUEUE not in transforms.by_type:
        return to_plain(box, seconds(default))
    inputs = Obj({"visibilityTimeoutSeconds": seconds_box(box, default)})
    inputs = transforms.component(transform, inputs, record.name)
    for each, sure, why in transforms.reaching(RAW_QUEUE, record, immediate=False):
        inputs = transforms.apply(each, inputs, record.name, sure, why)
    return lambda_seconds(look(machine, Known(inputs), "visibilityTimeoutSeconds"), "")


def window(recording: Recording, use: Lambda) -> Value:
    """Seconds of the batch window of a subscription."""
    box = look(recording.machine, argument_at(use.record, 1 + use.shift), "batch.window")
    return to_plain(box, seconds(0))
