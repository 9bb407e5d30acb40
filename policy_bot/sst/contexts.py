"""Chooses the contexts of a project and runs it in each.

Small projects read the stage only in `app()`. Their `run()` is then the same in every context and runs once:
`Recording.app_alone` and `Machine.asked` tell whether that is so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_bot.record import replace
from policy_bot.sst.deployment import BlindSpot, Context
from policy_bot.sst.interpreter import Interpreter
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.recording import Recording
from policy_bot.sst.span import Span

PRODUCTION = Context("production")
DEV = Context("dev", dev=True)
MAX_STAGES = 12  # beyond production and dev; a table of a hundred customers is read for the first twelve


class Runs:
    """Runs one project in one context after another."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.interpreter = interpreter
        self.first: Recording | None = None
        self.last: Recording | None = None
        self.count = 0

    def run(self, context: Context) -> Recording:
        """The recording of a context; a part that is the same in all contexts is not run again."""
        if self.first is None:
            self.first = self.interpreter.run(context)
            return self.first
        if self.first.app_alone and not self.first.machine.asked:
            begun = self.interpreter.begin(context)
            if begun.app_alone:
                self.interpreter.count(self.first)
                stages = self.first.stages | begun.stages
                return replace(self.first, context=context, app=begun.app, stages=stages)
        return self.interpreter.run(context)

    def twin(self) -> list[Recording]:
        """The recording of dev, for comparison if dev was not requested; none if the program refuses dev."""
        found = list(self._while_affordable([DEV]))
        return [recording for recording in found if not recording.refused]

    def settled(self, recording: Recording) -> Recording:
        """The recording, run again if callbacks of the program were called on shared objects since."""
        first = self.first
        borrowed = first is not None and recording is not first and recording.machine is first.machine
        if not (borrowed and recording.machine.asked):
            return recording
        if spent := self.interpreter.exhausted():
            return replace(recording, blind_spots=[*recording.blind_spots, _left(recording, spent, 1)])
        return self.interpreter.run(recording.context)

    def all(self, contexts: Sequence[Context] | None) -> list[Recording]:
        """The recordings of the given contexts; by default of production, dev and every stage whose name the
        code compares with, except those that the program refuses by a throw.
        """
        if contexts is not None:
            return list(self._while_affordable(contexts))
        recordings = list(self._while_affordable([PRODUCTION, DEV]))
        done = {PRODUCTION.stage, DEV.stage}
        for _ in range(2):  # a stage's own branch may compare with further names
            further = sorted(_named(recordings) - done)[: MAX_STAGES + 2 - len(recordings)]
            recordings += self._while_affordable([Context(stage) for stage in further])
            done.update(further)
        admitted = [recording for recording in recordings if not recording.refused] or recordings
        if unread := _named(recordings) - done:
            admitted[-1].blind_spots.append(_over(admitted[-1], min(unread)))
        return admitted

    def _while_affordable(self, contexts: Sequence[Context]) -> Iterator[Recording]:
        """The recordings of these contexts, until all contexts together exceed a limit: the last one then
        reports that the others are not read.
        """
        for context in contexts:
            if self.last is not None and (spent := self.interpreter.exhausted()):
                self.last.blind_spots.append(_left(self.last, spent, self.count))
                return
            self.last = self.run(context)
            self.count += 1
            yield self.last


def _named(recordings: Sequence[Recording]) -> set[str]:
    """The stages with which the code compares its own."""
    return {stage for recording in recordings for stage in recording.stages}


def _left(last: Recording, spent: Reason, count: int) -> BlindSpot:
    """Reports that no further context is read, because a limit is exceeded."""
    return BlindSpot(Why.STAGES_LEFT(spent, "1 stage" if count == 1 else f"{count} stages"), _end(last))


def _over(last: Recording, stage: str) -> BlindSpot:
    """Reports that the code names more stages than are read, `stage` among them."""
    return BlindSpot(Why.STAGES_OVER(MAX_STAGES, stage), _end(last))


def _end(last: Recording) -> Span:
    """The last component that was constructed."""
    return last.constructions[-1].span if last.constructions else Span.of_file(last.path)
