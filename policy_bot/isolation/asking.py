"""Asks a reader the questions of `questions`; each has an answer in case it exceeds a limit."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, TypeVar

from policy_bot.isolation.answering import Answering
from policy_bot.isolation.kept import Asking, Kept
from policy_bot.isolation.questions.policies import (
    CaseAt,
    LayersInForce,
    ReviewRevision,
    RevisionReview,
    RunCase,
    WhatIsInForce,
)
from policy_bot.isolation.questions.projects import JudgeProject, ProjectJudged, ProveFixes
from policy_bot.isolation.reader import NOBODY, Asker, Reader, Unanswered, not_read
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Fix
from policy_bot.policy.revision import FILE_NAME, Revision, join
from policy_bot.record import replace
from policy_bot.review.fixes import TriedFixes
from policy_bot.sst.source import MemoryTree, SourceTree

if TYPE_CHECKING:
    from policy_bot.policy.yamltext import Mistake

_Answer = TypeVar("_Answer")

NOTHING = MemoryTree({})
"""The tree of a question that carries its files."""


class UnexpectedAnswer(Exception):
    """The reading process sent an answer of the wrong type."""


def judged(reader: Reader, tree: SourceTree, question: JudgeProject, asker: Asker = NOBODY) -> ProjectJudged:
    """Reads and judges a project. The result of one that cannot be read has the reason."""
    try:
        return _of_type(ProjectJudged, reader.ask(tree, question, asker))
    except Unanswered as unanswered:
        return _unread(reader, question, unanswered)


def judging(reader: Kept, tree: SourceTree, question: JudgeProject) -> Asking[ProjectJudged]:
    """Like `judged`, for one thread that asks several processes at once."""
    try:
        return _of_type(ProjectJudged, (yield from reader.asking(tree, question)))
    except Unanswered as unanswered:
        return _unread(reader, question, unanswered)


def _unread(reader: Reader, question: JudgeProject, unanswered: Unanswered) -> ProjectJudged:
    project = not_read(question.path, unanswered.why, unanswered.files)
    return question.of(project, Answering(NOTHING, reader.read, nullcontext))


def proved_fixes(
    reader: Reader,
    tree: SourceTree,
    path: str,
    judge: Judge,
    wanted: frozenset[str],
    asker: Asker = NOBODY,
) -> dict[str, tuple[Fix, ...]]:
    """The proved fixes by fingerprint; none if proving exceeds a limit."""
    try:
        tried: dict[str, TriedFixes] = _of_type(
            dict, reader.ask(tree, ProveFixes(path, judge, wanted), asker)
        )
    except Unanswered:
        return {}
    proved = {name: tuple(fix for fix in each.fixes if fix is not None) for name, each in tried.items()}
    return {name: fixes for name, fixes in proved.items() if fixes}


def proving(reader: Kept, tree: SourceTree, question: ProveFixes) -> Asking[dict[str, TriedFixes]]:
    """Asks which fix drafts of each finding are proved; empty if that exceeds a limit."""
    try:
        return _of_type(dict, (yield from reader.asking(tree, question)))
    except Unanswered:
        return {}


def in_force(reader: Reader, question: WhatIsInForce, asker: Asker = NOBODY) -> LayersInForce:
    """Puts policy files in force. If reading them exceeds a limit, it fails closed: nothing of them is in
    force, and a problem says so.
    """
    try:
        answer = reader.ask(NOTHING, question, asker)
    except Unanswered as unanswered:
        why = str(unanswered.why)
        closed = replace(
            question,
            organisation=_unreadable(question.organisation, why),
            repository=_unreadable(question.repository, why),
            good=(None, None),
        )
        answer = closed.answered(Answering(NOTHING, reader.read, nullcontext))
    return _of_type(LayersInForce, answer)


def _unreadable(revision: Revision | None, why: str) -> Revision | None:
    if not revision:
        return None
    return Revision(revision.folder, {}, ((join(revision.folder, FILE_NAME), why),))


def reviewed(reader: Reader, question: ReviewRevision, asker: Asker = NOBODY) -> RevisionReview:
    """The effect of a change of policy files; if reading them exceeds a limit, a mistake says so."""
    try:
        answer = reader.ask(NOTHING, question, asker)
    except Unanswered as unanswered:
        files = sorted(question.after.files)
        path = next((path for path in files if path in str(unanswered.why)), files[0] if files else "")
        path = path or join(question.after.folder, FILE_NAME)
        return RevisionReview((_mistake(path, 1, str(unanswered.why)),))
    return _of_type(RevisionReview, answer)


def failures(
    reader: Reader, case: CaseAt, text: str, above: Judge, asker: Asker = NOBODY
) -> tuple[Mistake, ...]:
    """Runs a case of a policy file and returns its mistakes, none if it passes."""
    try:
        answer = reader.ask(NOTHING, RunCase(case.path, text, case.number, above), asker)
    except Unanswered as unanswered:
        return (_mistake(case.path, case.line, f"{case.name}: {unanswered.why}"),)
    return _of_type(tuple, answer)


def _of_type(kind: type[_Answer], answer: object) -> _Answer:
    """The answer; raises `UnexpectedAnswer` if it is of another type."""
    if not isinstance(answer, kind):
        raise UnexpectedAnswer
    return answer


def _mistake(path: str, line: int, what: str) -> Mistake:
    from policy_bot.policy.yamltext import Mistake, YamlPlace

    return Mistake(path, YamlPlace(line, 1), what)
