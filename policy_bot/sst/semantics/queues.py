"""Queues: how long a message stays hidden while its subscriber processes it, and where failed messages go."""

from __future__ import annotations

from policy_bot.record import dataclass, field
from policy_bot.sst.catalog.http import QUEUE_VISIBILITY_SECONDS
from policy_bot.sst.deployment import Place, Value
from policy_bot.sst.heap import Construction, Obj
from policy_bot.sst.reasons import Why
from policy_bot.sst.recording import Recording
from policy_bot.sst.semantics.deadletters import DeadLetters
from policy_bot.sst.semantics.effects import Facts
from policy_bot.sst.semantics.functions import LambdaFacts, owner_queue
from policy_bot.sst.semantics.lambdas import Lambda, argument_at, written
from policy_bot.sst.semantics.lookup import combine, either, fact, is_set, lookup, to_plain
from policy_bot.sst.semantics.timeouts import duration, lambda_seconds, seconds, seconds_value
from policy_bot.sst.semantics.transforms import Transforms
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known, Unknown, is_nullish

RAW_QUEUE = "aws.sqs.Queue"
WRITABLE = ("visibilityTimeout", "dlq", "transform.queue.visibilityTimeoutSeconds", "delay")


@dataclass(slots=True, eq=False)
class Queue:
    """A queue with its facts and subscribers."""

    record: Construction
    facts: Facts
    subscribers: list[tuple[LambdaFacts, Lambda]]
    places: dict[str, Place] = field(default_factory=dict)
    literals: dict[str, Span] = field(default_factory=dict)


def find_queues(recording: Recording, transforms: Transforms, made: list[LambdaFacts]) -> list[Queue]:
    """The queues in the order of the program, each with its subscribers' timeouts."""
    queues = []
    for record in recording.constructions:
        if record.type == "sst.aws.Queue" and not record.reference:
            queues.append(_queue(record, recording, transforms, made))
    if any(queue.subscribers for queue in queues):
        dead = DeadLetters(recording)
        for queue in queues:
            queue.facts["serves_as_dlq"] = dead.holds(queue.record)
    return queues


def _queue(
    record: Construction, recording: Recording, transforms: Transforms, made: list[LambdaFacts]
) -> Queue:
    machine, args = recording.machine, record.args
    places, literals = written(machine, args, WRITABLE)
    subscribers = [
        (each, use)
        for each in made
        for use in each.uses
        if use.via == "subscribe" and use.owner_type == record.type and owner_queue(use) is record.instance
    ]
    windows = [window(recording, use) for _, use in subscribers]
    value = lookup(machine, args, "visibilityTimeout")
    raw = _inputs(record, recording, transforms)
    facts: Facts = {
        "visibility_timeout": _visibility(value, recording, raw),
        "visibility_set": to_plain(value, is_set),
        "visibility_error": to_plain(value, lambda data: duration(data).error),
        "function_timeout": Value.any_of(
            [each.facts["timeout"] for each, _ in subscribers] or [fact(-1)], Why.SEVERAL_SUBSCRIBERS()
        ),
        "batch_window": Value.any_of(windows or [fact(0)], Why.SEVERAL_SUBSCRIBERS()),
        "dlq": _dlq(recording, args, raw),
    }
    facts["advised_visibility"] = combine(_recommended, facts["function_timeout"], facts["batch_window"])
    return Queue(record, facts, subscribers, places, literals)


def _recommended(timeout: int, window: int) -> int:
    """AWS's advice: six times the function's timeout plus the batch window, at most SQS's 12 hours."""
    return -1 if timeout < 0 else min(6 * timeout + window, 43_200)


def _inputs(record: Construction, recording: Recording, transforms: Transforms) -> Obj | None:
    """The arguments of the raw queue that matter here; None if no transform touches it."""
    machine, args = recording.machine, record.args
    transform = lookup(machine, args, "transform.queue")
    plain_args = is_nullish(transform)
    if plain_args and RAW_QUEUE not in transforms.by_type:
        return None
    value = lookup(machine, args, "visibilityTimeout")
    inputs = Obj({"visibilityTimeoutSeconds": seconds_value(value, QUEUE_VISIBILITY_SECONDS)})
    inputs = transforms.component(transform, inputs, record.name)
    for each, sure, why in transforms.reaching(RAW_QUEUE, record, immediate=False):
        inputs = transforms.apply(each, inputs, record.name, sure, why)
    return inputs


def _visibility(value: AbstractValue, recording: Recording, raw: Obj | None) -> Value:
    if raw is None:
        return to_plain(value, seconds(QUEUE_VISIBILITY_SECONDS))
    return lambda_seconds(lookup(recording.machine, Known(raw), "visibilityTimeoutSeconds"), "")


def _dlq(recording: Recording, args: AbstractValue, raw: Obj | None) -> Value:
    """Whether failed messages are kept: by `dlq`, or by a redrive policy of the raw queue."""
    own = _is_given(lookup(recording.machine, args, "dlq"))
    if raw is None:
        return own
    return either(own, _is_given(lookup(recording.machine, Known(raw), "redrivePolicy")))


def _is_given(value: AbstractValue) -> Value:
    if isinstance(value, Unknown) and value.text_of is not None:
        return fact(True)  # a string of any content
    return to_plain(value, is_set)


def window(recording: Recording, use: Lambda) -> Value:
    """Seconds of the batch window of a subscription."""
    value = lookup(recording.machine, argument_at(use.record, 1 + use.shift), "batch.window")
    return to_plain(value, seconds(0))
