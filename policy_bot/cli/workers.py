"""Judging many projects on all processors: forked copies of this process, each with a reading process of its
own.

A copy judges every n-th batch of configs and sends back what it found. Nothing else would use a second
processor: reading waits for judging, and judging for reading.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from signal import SIGKILL

from policy_bot.isolation import codec, wire
from policy_bot.isolation.local import may_fork
from policy_bot.isolation.reader import Reader
from policy_bot.isolation.wire import Line
from policy_bot.policy import finding
from policy_bot.policy.finding import Judgement
from policy_bot.record import dataclass, replace

BATCH = 8
"""Configs that one process takes at a time, so that all are about equally far."""

MOST = 16
"""Processes. More would wait for the disk, and for what collects their answers."""

Judged = Callable[[Reader, str], Judgement]
"""Judges one config with a reader."""

_TABLE = codec.table(finding)


def number_of(configs: Sequence[str]) -> int:
    """How many processes these configs are worth; 1 is this one."""
    if not may_fork():
        return 1
    return min(_processors(), MOST, len(configs) // BATCH)


def judged(
    configs: Sequence[str], count: int, judge: Judged, open_reader: Callable[[], Reader], here: Reader
) -> Iterator[Judgement]:
    """The judgement of each config, in their order, without the contexts of the projects. If a process is
    lost, what it owes is judged in this one by the reader `here`.
    """
    helpers = [_start(number, count, configs, judge, open_reader) for number in range(count)]
    lost: set[int] = set()
    try:
        for place, config in enumerate(configs):
            number = _owner(place, count)
            if number not in lost:
                try:
                    yield _received(helpers[number].line)
                    continue
                except (wire.Gone, codec.Garbled):
                    lost.add(number)
            yield judge(here, config)
    finally:
        for helper in helpers:
            helper.end()


def _processors() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _owner(place: int, count: int) -> int:
    return place // BATCH % count


@dataclass(frozen=True)
class _Helper:
    line: Line
    pid: int

    def end(self) -> None:
        self.line.close()
        with suppress(ProcessLookupError):
            os.kill(self.pid, SIGKILL)
        os.waitpid(self.pid, 0)


def _start(
    number: int, count: int, configs: Sequence[str], judge: Judged, open_reader: Callable[[], Reader]
) -> _Helper:
    source, their_sink = os.pipe()
    their_source, sink = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(source)
            os.close(sink)
            mine = [each for place, each in enumerate(configs) if _owner(place, count) == number]
            _work(Line(their_source, their_sink), mine, judge, open_reader)
        except (wire.Gone, KeyboardInterrupt):
            pass  # whoever asked is gone
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(0)  # nothing of the parent's may run here: no exit handlers, no flushing of its buffers
    os.close(their_source)
    os.close(their_sink)
    return _Helper(Line(source, sink), pid)


def _work(line: Line, configs: Sequence[str], judge: Judged, open_reader: Callable[[], Reader]) -> None:
    with open_reader() as reader:
        for config in configs:
            judgement = judge(reader, config)
            shells = tuple(replace(project, contexts=()) for project in judgement.projects)
            line.send(wire.ANSWER, codec.encode(replace(judgement, projects=shells), _TABLE))


def _received(line: Line) -> Judgement:
    judgement = codec.decode(line.receive().content, _TABLE)
    if not isinstance(judgement, Judgement):
        raise codec.Garbled
    return judgement
