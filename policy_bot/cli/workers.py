"""Judges many projects on all processors: several reading processes, each with one project at a time.

They read and judge; this process serves files and collects the findings. A project's deployment never leaves
the process that reads it: encoding and decoding it took a third of the time.
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from policy_bot.isolation.asking import judging, proving
from policy_bot.isolation.kept import Asking, Forked, Kept
from policy_bot.isolation.local import may_fork
from policy_bot.isolation.questions.projects import JudgeProject, ProveFixes
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Finding, Judgement
from policy_bot.record import replace
from policy_bot.review.fixes import MOST_FINDINGS, MOST_WORK, Budget, TriedFixes, is_fixable
from policy_bot.sst.source import SourceTree

_Question = TypeVar("_Question")
_Answer = TypeVar("_Answer")

MOST = 16
"""Maximum number of reading processes. More would wait for this process, which serves their files."""


def number_of_processes() -> int:
    """Number of reading processes for this machine's processors; 1 if processes cannot be forked."""
    return min(_processors(), MOST) if may_fork() else 1


class Pool:
    """Reading processes that answer questions side by side, kept from one list of questions to the next. The
    first is the local run's, which has been loading the reader since the command began.
    """

    def __init__(self, tree: SourceTree, first: Kept, count: int) -> None:
        self.tree = tree
        self.unwritable: dict[str, TriedFixes] = {}
        self._readers = [first, *(Forked() for _ in range(count - 1))]

    def answers(
        self, questions: Iterable[_Question], ask: Callable[[Kept, SourceTree, _Question], Asking[_Answer]]
    ) -> Iterator[_Answer]:
        """The answers in the order of the questions, each of which is taken when a process is idle."""
        found: dict[int, _Answer] = {}
        rest = iter(enumerate(questions))

        def asked(reader: Kept) -> Asking[None]:
            for number, question in rest:
                found[number] = yield from ask(reader, self.tree, question)

        number = 0
        for _ in _together([asked(reader) for reader in self._readers]):
            while number in found:
                yield found.pop(number)
                number += 1

    def judgements(self, questions: Iterable[JudgeProject]) -> Iterator[Judgement]:
        """The judgements of projects in order. Notes the findings for which no fix can be written, among the
        first that may have one.
        """
        fixable = 0

        def judgement(reader: Kept, tree: SourceTree, question: JudgeProject) -> Asking[Judgement]:
            nonlocal fixable
            question = replace(question, drafts=fixable < MOST_FINDINGS)
            answer = yield from judging(reader, tree, question)
            self.unwritable |= answer.unwritable
            fixable += sum(is_fixable(finding, question.judge) for finding in answer.judgement.findings)
            return answer.judgement

        return self.answers(questions, judgement)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for reader in self._readers[1:]:
            reader.close()


def tried(
    pool: Pool, judge: Judge, findings: Sequence[Finding]
) -> Callable[[Finding, Budget], TriedFixes | None]:
    """The results of trying the findings' fixes in other processes, for `with_fixes`, which asks in this
    order.

    The processes are ahead of what is asked, so they know a budget that is at most larger than what is left.
    """
    found: dict[str, TriedFixes | None] = {**pool.unwritable}
    written = (finding for finding in findings if finding.fingerprint not in found)
    in_turn = groupby(written, lambda finding: finding.project)
    groups = [(path, frozenset(each.fingerprint for each in group)) for path, group in in_turn]
    left = MOST_WORK
    questions = (ProveFixes(path, judge, wanted, left) for path, wanted in groups)
    answers = zip(groups, pool.answers(questions, proving), strict=True)

    def elsewhere(finding: Finding, budget: Budget) -> TriedFixes | None:
        nonlocal left
        left = budget.left
        while finding.fingerprint not in found:
            (_, wanted), answer = next(answers)
            found.update(dict.fromkeys(wanted) | answer)
        return found[finding.fingerprint]

    return elsewhere


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
