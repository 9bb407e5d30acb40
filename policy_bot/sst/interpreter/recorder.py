"""What one evaluation records: constructions, calls, transforms and blind spots, certain or not."""

from __future__ import annotations

from typing import TypeVar

from policy_bot.sst.deployment import BlindSpot
from policy_bot.sst.heap import Construction, Instance
from policy_bot.sst.interpreter.path import Path
from policy_bot.sst.limits import LimitReached, Limits
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.recording import MethodCall, MissingGlobal, Recorded, Recording, Transform
from policy_bot.sst.values import AbstractValue, Placed, Unknown

_Record = TypeVar("_Record")


class Recorder:
    """Records what a program does. A record in an undecided branch is uncertain; its reason is the condition.

    A `mark` says how much was recorded at some time: a branch can be taken back to it (`rewind`).
    """

    def __init__(self, recording: Recording, limits: Limits) -> None:
        self.recording = recording
        self.limits = limits
        self.path = Path(limits.branches)
        self.phase = "config"
        self.order = 0
        self.tick = 0
        self._kept: set[int] = set()
        self._reported: set[tuple[str, int, Reason]] = set()

    def hide(self, reason: Reason, node: Placed | None) -> None:
        """Records a place that may hide constructions or settings."""
        if node is None:
            return
        span = node.span
        key = (span.path, span.start, reason)
        if key not in self._reported and len(self._reported) < self.limits.records:
            self._reported.add(key)
            self.recording.blind_spots.append(BlindSpot(reason, span))

    def certainty(self) -> tuple[bool, Reason | None]:
        """Whether the program certainly gets here, and why if it may not."""
        reason = self.path.reason
        return reason is None, reason

    def number(self) -> int:
        """The next number in the order of the program."""
        self.order += 1
        if self.order > self.limits.records:
            raise LimitReached(Why.RECORDS(self.limits.records))
        return self.order

    def constructed(
        self, type_: str, arguments: list[AbstractValue], node: Placed, instance: Instance, subclass: str = ""
    ) -> Construction:
        """Records a construction."""
        certain, reason = self.certainty()
        made = Construction(
            type_, arguments, node, instance, self.number(), self.tick, certain, reason, subclass
        )
        made.conditions = self.path.conditions
        instance.construction = made
        instance.name = made.name
        self.recording.constructions.append(made)
        return made

    def called(
        self,
        type_: str,
        method: str,
        receiver: Instance | None,
        arguments: list[AbstractValue],
        node: Placed,
        result: AbstractValue,
    ) -> None:
        """Records a method call."""
        certain, reason = self.certainty()
        call = MethodCall(
            type_, method, receiver, arguments, node, self.number(), self.tick, result, certain, reason
        )
        call.conditions = self.path.conditions
        self.recording.calls.append(call)

    def transformed(self, type_: str, callback: AbstractValue, node: Placed) -> None:
        """Records a `$transform`."""
        certain, reason = self.certainty()
        made = Transform(type_, callback, node, self.number(), self.tick, certain, reason)
        made.conditions = self.path.conditions
        self.recording.transforms.append(made)

    def missing(self, name: str, node: Placed) -> Unknown:
        """Records a read of a global that does not exist yet; returns an unknown value in its place."""
        inside = "app()" if self.phase == "app" else "the config's top level"
        span = node.span
        if not any(other.span == span for other in self.recording.missing_globals):
            self.recording.missing_globals.append(MissingGlobal(name, span, inside))
        return Unknown(Why.NOT_DEFINED_IN(name, inside), node)

    def mark(self) -> tuple[int, int, int]:
        """The number of records until now."""
        recording = self.recording
        return len(recording.constructions), len(recording.calls), len(recording.transforms)

    def assure(self, mark: tuple[int, int, int], reason: Reason) -> None:
        """Makes the records since a mark certain again, if `reason` was their only condition."""
        if not self.path.undecided:
            for record in self.since(mark):
                if record.reason == reason and record.conditions == 1:
                    record.certain, record.reason, record.conditions = True, None, 0

    def make_uncertain(
        self, mark: tuple[int, int, int], until: tuple[int, int, int], reason: Reason
    ) -> list[Recorded]:
        """Makes the records between two marks uncertain: something before them may have thrown."""
        changed = self.since(mark, until)
        for record in changed:
            record.conditions += 1
            if record.certain:
                record.certain, record.reason = False, reason
        return changed

    def since(self, mark: tuple[int, int, int], until: tuple[int, int, int] | None = None) -> list[Recorded]:
        """The records between two marks."""
        recording = self.recording
        end = until or self.mark()
        return [
            *recording.constructions[mark[0] : end[0]],
            *recording.calls[mark[1] : end[1]],
            *recording.transforms[mark[2] : end[2]],
        ]

    def rewind(self, mark: tuple[int, int, int]) -> None:
        """Takes back the records since a mark, except those of modules, which are evaluated once."""
        recording = self.recording
        self._take_back(recording.constructions, mark[0])
        self._take_back(recording.calls, mark[1])
        self._take_back(recording.transforms, mark[2])

    def _take_back(self, records: list[_Record], start: int) -> None:
        records[start:] = [each for each in records[start:] if id(each) in self._kept]

    def spots(self) -> tuple[list[BlindSpot], set[tuple[str, int, Reason]]]:
        """The blind spots until now, for `restore_spots`."""
        return list(self.recording.blind_spots), set(self._reported)

    def restore_spots(self, spots: tuple[list[BlindSpot], set[tuple[str, int, Reason]]]) -> None:
        """Takes back the blind spots that were recorded since."""
        self.recording.blind_spots[:], self._reported = spots

    def keep(self, records: list[Recorded]) -> None:
        """Keeps these records when a branch is taken back."""
        self._kept.update(map(id, records))
