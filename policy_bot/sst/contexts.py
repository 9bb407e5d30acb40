"""In which contexts a project is read, and what it does in each.

Small projects ask for the stage in `app()` alone. What their `run()` does is then the same in every context
and is run once: `Recording.app_alone` and `Machine.asked` say when that is so.
"""

from __future__ import annotations

from collections.abc import Sequence

from policy_bot.record import replace
from policy_bot.sst.deployment import Context
from policy_bot.sst.interpreter import Interpreter
from policy_bot.sst.recording import Recording

PRODUCTION = Context("production")
DEV = Context("dev", dev=True)
MAX_STAGES = 12  # beyond production and dev; a table of a hundred customers is read for the first twelve


class Runs:
    """What one project does, in one context after another."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.interpreter = interpreter
        self.first: Recording | None = None

    def run(self, context: Context) -> Recording:
        """What the project does in a context; what it does in all of them alike is not run again."""
        if self.first is None:
            self.first = self.interpreter.run(context)
            return self.first
        if self.first.app_alone and not self.first.machine.asked:
            begun = self.interpreter.begin(context)
            if begun.app_alone:
                stages = self.first.stages | begun.stages
                return replace(self.first, context=context, app=begun.app, stages=stages)
        return self.interpreter.run(context)

    def twin(self) -> list[Recording]:
        """In dev, for comparison where it was not asked for; nothing where the program refuses it."""
        recording = self.run(DEV)
        return [] if recording.refused else [recording]

    def settled(self, recording: Recording) -> Recording:
        """The same, run anew where callbacks of the program were called since on what it shares."""
        first = self.first
        borrowed = first is not None and recording is not first and recording.machine is first.machine
        return self.interpreter.run(recording.context) if borrowed and recording.machine.asked else recording

    def all(self, contexts: Sequence[Context] | None) -> list[Recording]:
        """In the contexts given, else in production, dev and every stage whose name the code compares with;
        without those that the program itself refuses by a throw.
        """
        if contexts is not None:
            return [self.run(context) for context in contexts]
        recordings = [self.run(PRODUCTION), self.run(DEV)]
        done = {PRODUCTION.stage, DEV.stage}
        for _ in range(2):  # a stage's own branch may compare with further names
            stages = sorted({stage for recording in recordings for stage in recording.stages} - done)
            for stage in stages[: MAX_STAGES + 2 - len(recordings)]:
                recordings.append(self.run(Context(stage)))
                done.add(stage)
        admitted = [recording for recording in recordings if not recording.refused]
        return admitted or recordings
