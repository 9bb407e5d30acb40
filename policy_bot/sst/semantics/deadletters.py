"""Dead-letter queues: every queue that something names as its dead-letter queue."""

from __future__ import annotations

from policy_bot.sst.deployment import Value
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Arr, Construction, Instance, Obj, Property
from policy_bot.sst.reasons import Why
from policy_bot.sst.recording import Recording
from policy_bot.sst.semantics.lambdas import Record
from policy_bot.sst.semantics.lookup import fact
from policy_bot.sst.values import AbstractValue, Known, OneOf, OptionalItem, Unknown

# Keys below which SST and Pulumi accept a dead-letter queue: `dlq` of Queue and CronV2, `deadLetterConfig` of
# bus targets, schedules and functions, `redrivePolicy` of queues and topic subscriptions, `onFailure` of
# readers of a stream.
KEYS = frozenset({"dlq", "deadLetterConfig", "redrivePolicy", "deadLetterTargetArn", "onFailure"})
_DEPTH = 24


class DeadLetters:
    """The dead-letter queues of a recording. `found`: by identity, whether it is certain."""

    def __init__(self, recording: Recording) -> None:
        self.found: dict[int, bool] = {}
        self._seen: set[tuple[int, bool, bool]] = set()
        records: list[Record] = [*recording.constructions, *recording.calls]
        for record in records:
            for value in record.arguments:
                self._search(value, record.certain, False, _DEPTH)

    def holds(self, record: Construction) -> Value:
        """Whether this queue is one."""
        certain = self.found.get(id(record.instance))
        if certain is None:
            return fact(False)
        return fact(True) if certain else Value.any_of([fact(True), fact(False)], Why.BRANCH_OF_REDRIVE())

    def _search(self, value: AbstractValue, certain: bool, named: bool, depth: int) -> None:
        value = strip(value)
        if isinstance(value, Unknown):
            if value.text_of is not None:
                self._search(value.text_of, certain, named, depth)
        elif isinstance(value, OneOf):
            for choice in value.choices:
                self._inside(choice, False, named, depth)
        else:
            self._inside(value, certain, named, depth)

    def _inside(self, value: Known, certain: bool, named: bool, depth: int) -> None:
        data = value.data
        if isinstance(data, (Instance, Property)):
            if named:
                key = id(data.instance if isinstance(data, Property) else data)
                self.found[key] = self.found.get(key, False) or certain
        elif isinstance(data, (Obj, Arr)) and depth and (id(data), certain, named) not in self._seen:
            self._seen.add((id(data), certain, named))
            self._parts(data, certain, named, depth - 1)

    def _parts(self, data: Obj | Arr, certain: bool, named: bool, depth: int) -> None:
        if isinstance(data, Obj):
            for key, value in data.props.items():
                self._search(value, certain, named or key in KEYS, depth)
            return
        for item in data.items:
            if isinstance(item, OptionalItem):
                self._search(item.value, False, named, depth)
            else:
                self._search(item, certain, named, depth)
