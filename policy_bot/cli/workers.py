"""Judges many projects on all processors: several reading processes, each with one project at a time.

They read and judge; this process serves files and collects the findings. A project's deployment never leaves
the process that reads it: encoding and decoding it took a third of the time.
"""

from __future__ import annotations

import os
import select
from collections.abc import Iterator, Sequence

from policy_bot.isolation.asking import judging
from policy_bot.isolation.kept import Asking, Forked
from policy_bot.isolation.local import may_fork
from policy_bot.isolation.questions.projects import JudgeProject
from policy_bot.policy.finding import Judgement
from policy_bot.policy.problems import included
from policy_bot.record import replace
from policy_bot.sst.source import SourceTree

MOST = 16
"""Maximum number of reading processes. More would wait for this process, which serves their files."""


def number_of_processes() -> int:
    """Number of reading processes for this machine's processors; 1 if processes cannot be forked."""
    return min(_processors(), MOST) if may_fork() else 1


def judged(tree: SourceTree, questions: Sequence[JudgeProject], count: int) -> Iterator[Judgement]:
    """The judgement of each project, in order, without the projects' contexts."""
    readers = [Forked() for _ in range(count)]
    rest = iter(enumerate(questions))  # shared: an idle process takes the next
    found: dict[int, Judgement] = {}
    number = 0
    try:
        for _ in _together([_answers(reader, tree, rest, found) for reader in readers]):
            while number in found:
                yield found.pop(number)
                number += 1
    finally:
        for reader in readers:
            reader.close()


def _answers(
    reader: Forked,
    tree: SourceTree,
    rest: Iterator[tuple[int, JudgeProject]],
    found: dict[int, Judgement],
) -> Asking[None]:
    """Asks one reader question after question."""
    for number, question in rest:
        judgement = included(question.judge, (yield from judging(reader, tree, question)).judgement)
        shells = tuple(replace(project, contexts=()) for project in judgement.projects)
        found[number] = replace(judgement, projects=shells)


def _together(conversations: Sequence[Asking[None]]) -> Iterator[None]:
    """Continues each conversation when its pipe has data, until all have ended."""
    ready, waiting = list(conversations), dict[int, Asking[None]]()
    while ready:
        for each in ready:
            line = next(each, None)
            if line is not None:
                waiting[line.source] = each
        yield
        ready = [waiting.pop(source) for source in select.select(list(waiting), [], [])[0]] if waiting else []


def _processors() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
