"""The wire format of questions, their rules and their answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any

from policy_bot.isolation import codec
from policy_bot.isolation.answering import Question
from policy_bot.isolation.questions.policies import (
    AboutRepository,
    CaseAt,
    LayersInForce,
    ReviewRevision,
    RevisionReview,
    RunCase,
    WhatIsInForce,
)
from policy_bot.isolation.questions.projects import JudgeProject, ProjectJudged, ProveFixes
from policy_bot.policy import builtin
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import (
    Edit,
    Evidence,
    Excuse,
    Fact,
    Finding,
    FindingInstance,
    Fix,
    Ignore,
    Judgement,
    Setting,
)
from policy_bot.policy.policy import Change, Elsewhere, Policy, PolicyParameter, Remedy, Rule
from policy_bot.policy.revision import Revision
from policy_bot.policy.settings import Decision, Enforcement, Notice, Settings, SettingSource, Waiver
from policy_bot.record import dataclass, replace
from policy_bot.review.fixes import TriedFixes


@dataclass(frozen=True, slots=True)
class _Named:
    """A judge or its policies on the wire: the built-in policies by id, the others in full."""

    ids: tuple[str, ...]
    own: tuple[Policy, ...]
    settings: Settings | None = None


def _sent(policies: Sequence[Policy], settings: Settings | None = None) -> _Named:
    known = {id(policy): policy.id for policy in builtin.load()}
    ids = tuple(known.get(id(policy), "") for policy in policies)
    return _Named(ids, tuple(each for each, name in zip(policies, ids, strict=True) if not name), settings)


def _received(named: _Named) -> tuple[Policy, ...]:
    known = {policy.id: policy for policy in builtin.load()}
    own = iter(named.own)
    if all(named.ids) and len(named.ids) == len(known):
        return builtin.load()  # one object, so that whatever is prepared for it can be reused
    return tuple(known[name] if name else next(own) for name in named.ids)


def as_rules(judge: Judge) -> bytes:
    """Encodes a judge."""
    return codec.encode(_sent(judge.policies, judge.settings))


def judge_of(rules: bytes) -> Judge:
    """Decodes a judge."""
    named = codec.decode(rules)
    return Judge(_received(named), named.settings)


def packed(question: Question, digest: str) -> bytes:
    """Encodes a question, its judge replaced by the digest of its rules."""
    wired: Any = digest
    if isinstance(question, (JudgeProject, ProveFixes)):
        return codec.encode(replace(question, judge=wired))
    learn_more()
    if isinstance(question, RunCase):
        return codec.encode(replace(question, above=wired))
    if isinstance(question, (WhatIsInForce, ReviewRevision)):
        wired = _sent(question.builtin)
        return codec.encode(replace(question, builtin=wired))
    raise TypeError(f"{type(question).__name__} is not a question")


def unpacked(content: bytes, judge: Callable[[str], Judge]) -> Question:
    """Decodes a question; `judge` finds one by the digest of its rules."""
    question = codec.decode(content)
    if isinstance(question, (JudgeProject, ProveFixes)):
        digest: Any = question.judge
        return replace(question, judge=judge(digest))
    learn_more()
    if isinstance(question, RunCase):
        digest = question.above
        return replace(question, above=judge(digest))
    if isinstance(question, (WhatIsInForce, ReviewRevision)):
        named: Any = question.builtin
        return replace(question, builtin=_received(named))
    raise codec.Garbled(type(question).__name__)


def judge_in(question: Question) -> Judge | None:
    """The judge in a question, if any."""
    if isinstance(question, RunCase):
        return question.above
    return question.judge if isinstance(question, (JudgeProject, ProveFixes)) else None


def config_of(question: Question) -> str:
    """The config that a question is about; "" if it is about other files."""
    return question.path if isinstance(question, (JudgeProject, ProveFixes)) else ""


def learn() -> None:
    """Registers the records of questions and answers in the codec."""
    codec.learn(
        *(JudgeProject, ProveFixes, WhatIsInForce, ReviewRevision, RunCase, AboutRepository, _Named),
        *(ProjectJudged, LayersInForce, CaseAt, RevisionReview, Revision),
        *(
            Edit,
            Evidence,
            Excuse,
            Fact,
            Finding,
            Fix,
            Ignore,
            FindingInstance,
            Judgement,
            Setting,
            TriedFixes,
        ),
        *(Change, Elsewhere, PolicyParameter, Policy, Remedy, Rule),
        *(Decision, Enforcement, Notice, Settings, SettingSource, Waiver),
    )
    codec.learn_leaf(date, date.toordinal, date.fromordinal)


@cache
def learn_more() -> None:
    """Registers what only questions about policy files are answered with: loading what reads these files
    takes longer than judging a project.
    """
    from policy_bot.policy import changes, yamltext

    codec.learn(changes.SettingChange, yamltext.Mistake, yamltext.YamlPlace)


learn()
