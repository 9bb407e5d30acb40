"""A verdict as JSON, as stored for its page. Its size is limited."""

from __future__ import annotations

import json
from collections.abc import Sequence

from policy_bot.policy.causes import by_cause
from policy_bot.policy.finding import Evidence, Fact, Finding, FindingInstance, Fix
from policy_bot.policy.message import counted
from policy_bot.policy.yamltext import Mistake
from policy_bot.review import markdown
from policy_bot.review.details import Details
from policy_bot.review.plan import ordered
from policy_bot.review.policychange import PolicyChange
from policy_bot.service.evidence.excerpts import Sources, difference, excerpt, line_text
from policy_bot.service.evidence.streams import streams
from policy_bot.sst.deployment import BlindSpot, Project, Step
from policy_bot.sst.span import Span

SCHEMA = "policy-bot.judgement/2"
MOST_FINDINGS = 500
"""Maximum number of findings on a page; the check's summary counts all."""
MOST_EXCERPTS = 200
MOST_STEPS = 60
MOST_INSTANCES = 60
"""Maximum number of subjects and stages of a finding in its table."""
MOST_EFFECTS = 500


def as_json(details: Details) -> str:
    """A verdict: findings with evidence, whether each is new, problems, projects, and policy changes."""
    review = details.review
    sources = Sources(review.lines.judged)
    new, old = review.ratcheted.new, review.ratcheted.old
    every = [*((finding, True) for finding in ordered(new)), *((finding, False) for finding in ordered(old))]
    causes = {id(f): n for n, cause in enumerate(by_cause(f for f, _ in every)) for f in cause.findings}
    shown = every[:MOST_FINDINGS]
    text = json.dumps(
        {
            "schema": SCHEMA,
            "title": details.title,
            "pull": {"number": details.number, "title": details.pull_title} if details.number else None,
            "occasion": review.occasion,
            "basis": review.basis,
            "notes": list(review.notes),
            "projects": [_project(project) for project in review.judgement.projects],
            "findings": [
                {**_finding(f, sources, number < MOST_EXCERPTS), "new": new, "cause": causes[id(f)]}
                for number, (f, new) in enumerate(shown)
            ],
            "left_out": len(every) - len(shown),
            "problems": [_hidden(problem) for problem in review.judgement.problems],
            "policy": _change(details.change) if details.change else None,
        },
        separators=(",", ":"),
        ensure_ascii=False,
    )
    # a lone surrogate cannot be encoded; bidi controls would reorder the text
    return "".join(map(_visible, text)) if markdown.hides(text) else text


def _visible(c: str) -> str:
    """A character of JSON text; an invisible or reordering one becomes its code point."""
    return markdown.visible(c) if markdown.hides(c) else c


def _project(project: Project) -> dict[str, object]:
    return {
        "path": project.path,
        "version": str(project.version),
        "version_evidence": project.version.evidence,
        "contexts": [str(deployment.context) for deployment in project.contexts],
        "unreadable": _hidden(project.unreadable) if project.unreadable else None,
        "hidden": [_hidden(hidden) for hidden in _distinct(project)[:MOST_FINDINGS]],
        "streams": streams(project),
    }


def _distinct(project: Project) -> list[BlindSpot]:
    return list(dict.fromkeys(hidden for deployment in project.contexts for hidden in deployment.unknown))


def _finding(finding: Finding, sources: Sources, with_source: bool) -> dict[str, object]:
    return {
        "policy": finding.policy,
        "title": finding.title,
        "severity": finding.severity,
        "verdict": finding.verdict,
        "gates": finding.gates,
        "trial": finding.trial,
        "project": finding.project,
        "subject": finding.subject,
        "names": list(finding.names[:MOST_INSTANCES]),
        "at": _span(finding.span),
        "excerpt": excerpt(sources, finding.span) if with_source else None,
        "message": finding.message,
        "contexts": list(finding.contexts),
        "stages": _stages(finding.instances),
        "compared": _stages(finding.compared),
        "fingerprint": finding.fingerprint,
        "page": finding.page,
        "excuse": {
            "reason": finding.excuse.reason,
            "expires": finding.excuse.expires,
            "approved_by": finding.excuse.approved_by,
            "source": finding.excuse.source,
        }
        if finding.excuse
        else None,
        "fixes": [_fix(fix, sources) for fix in finding.fixes],
        "related": _steps(finding.related, sources),
        "evidence": _evidence(finding.evidence, sources),
    }


def _fix(fix: Fix, sources: Sources) -> dict[str, object]:
    return {"title": fix.title, "hunks": difference(sources.contents, fix)}


def _stages(instances: Sequence[FindingInstance]) -> list[dict[str, object]]:
    """The deciding values by subject and stage."""
    return [
        {
            "stage": each.context,
            "subject": each.subject,
            "values": [[name, value] for name, value, _ in each.facts],
        }
        for each in instances[:MOST_INSTANCES]
    ]


def _evidence(evidence: Evidence, sources: Sources) -> dict[str, object]:
    return {
        "sst_version": evidence.sst_version,
        "expression": evidence.expression,
        "facts": [_fact(fact, sources) for fact in evidence.facts],
        "settings": [
            {"name": setting.name, "value": setting.value, "source": setting.source}
            for setting in evidence.settings
        ],
    }


def _fact(fact: Fact, sources: Sources) -> dict[str, object]:
    return {
        "name": fact.name,
        "value": fact.value,
        "decisive": fact.decisive,
        "derivation": _steps(fact.derivation, sources),
    }


def _steps(steps: Sequence[Step], sources: Sources) -> list[dict[str, object]]:
    return [
        {
            "note": step.note,
            "at": _span(step.span),
            "text": line_text(sources, step.span) if step.span else "",
        }
        for step in steps[:MOST_STEPS]
    ]


def _change(change: PolicyChange) -> dict[str, object]:
    effects = _effects(change)
    return {
        "layer": change.layer,
        "mistakes": [_problem(each) for each in change.problems],
        "failing": [_problem(each) for each in change.failing],
        "cases": change.cases,
        "failed": change.failed,
        "changed": [
            {"setting": each.setting, "now": each.now, "then": each.then, "effect": each.effect}
            for each in change.changed[:MOST_EFFECTS]
        ],
        "notices": list(change.notices),
        "effects": effects[:MOST_EFFECTS],
        "effects_left": max(0, len(effects) - MOST_EFFECTS),
        "looked_at": change.looked_at,
        "unseen": list(change.unseen),
    }


def _effects(change: PolicyChange) -> list[dict[str, object]]:
    """The effects of a policy change by repository: the default branch first, then pull requests."""
    found: list[dict[str, object]] = []
    for branch in change.branches:
        before, after = (counted(each, "gating finding") for each in (branch.before, branch.after))
        worse = branch.after > branch.before
        found.append(_effect(branch.where, "default branch", before, after, worse))
    for pull in change.effects:
        repository = pull.where.rpartition("#")[0] or pull.where
        found.append(_effect(repository, pull.where, pull.before, pull.after, pull.red))
    return sorted(found, key=lambda each: str(each["repository"]))


def _effect(repository: str, where: str, before: str, after: str, worse: bool) -> dict[str, object]:
    return {"repository": repository, "where": where, "before": before, "after": after, "worse": worse}


def _problem(problem: Mistake) -> dict[str, object]:
    said = f"{problem.what}. {problem.hint}" if problem.hint else problem.what
    at = {"path": problem.path, "line": problem.place.line, "column": problem.place.column}
    return {"reason": said, "at": at}


def _hidden(hidden: BlindSpot) -> dict[str, object]:
    return {"reason": str(hidden.reason), "at": _span(hidden.span)}


def _span(span: Span | None) -> dict[str, object] | None:
    return {"path": span.path, "line": span.line, "column": span.column} if span else None
