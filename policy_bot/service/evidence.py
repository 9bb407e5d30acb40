"""The evidence page: what a stored verdict was derived from, for whoever has its unguessable address."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from importlib.resources import files
from urllib.parse import quote

from flask import Blueprint, Response, render_template
from markupsafe import Markup, escape

from policy_bot.github.web import web_address
from policy_bot.policy.finding import Evidence, Finding, Judgement
from policy_bot.review import markdown
from policy_bot.service.store import evaluations
from policy_bot.service.store.store import Store
from policy_bot.sst.deployment import BlindSpot, Project, Step
from policy_bot.sst.span import Span

# A page nobody could read any more; the check's summary counts all of them.
MOST_FINDINGS = 500
MOST_STEPS = 60

_STYLE = files("policy_bot.service").joinpath("templates/evidence.css").read_text()
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def as_json(judgement: Judgement) -> str:
    """A judgement as it is stored: findings with their evidence, problems, and what the projects were."""
    text = json.dumps(
        {
            "schema": "policy-bot.judgement/1",
            "projects": [_project(project) for project in judgement.projects],
            "findings": [_finding(finding) for finding in judgement.findings[:MOST_FINDINGS]],
            "left_out": max(0, len(judgement.findings) - MOST_FINDINGS),
            "problems": [_hidden(problem) for problem in judgement.problems],
        },
        separators=(",", ":"),
        ensure_ascii=False,
    )
    # half a surrogate pair, which a program can make, has no bytes; others turn the direction of what is read
    return "".join(map(_shown, text)) if markdown.hides(text) else text


def _shown(c: str) -> str:
    """A character of JSON text; one that hides or reorders is shown as its code point."""
    return markdown.visible(c) if markdown.hides(c) else c


def _project(project: Project) -> dict[str, object]:
    return {
        "path": project.path,
        "version": str(project.version),
        "version_evidence": project.version.evidence,
        "contexts": [str(deployment.context) for deployment in project.contexts],
        "unreadable": _hidden(project.unreadable) if project.unreadable else None,
        "hidden": [_hidden(hidden) for hidden in _distinct(project)[:MOST_FINDINGS]],
    }


def _distinct(project: Project) -> list[BlindSpot]:
    return list(dict.fromkeys(hidden for deployment in project.contexts for hidden in deployment.unknown))


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "policy": finding.policy,
        "title": finding.title,
        "severity": finding.severity,
        "verdict": finding.verdict,
        "gates": finding.gates,
        "subject": finding.subject,
        "at": _span(finding.span),
        "message": finding.message,
        "contexts": list(finding.contexts),
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
        "fixes": [fix.title for fix in finding.fixes],
        "related": _steps(finding.related),
        "evidence": _evidence(finding.evidence),
    }


def _evidence(evidence: Evidence) -> dict[str, object]:
    return {
        "sst_version": evidence.sst_version,
        "expression": evidence.expression,
        "facts": [
            {
                "name": fact.name,
                "value": fact.value,
                "decisive": fact.decisive,
                "derivation": _steps(fact.derivation),
            }
            for fact in evidence.facts
        ],
        "settings": [
            {"name": setting.name, "value": setting.value, "source": setting.source}
            for setting in evidence.settings
        ],
    }


def _steps(steps: tuple[Step, ...]) -> list[dict[str, object]]:
    return [{"note": step.note, "at": _span(step.span)} for step in steps[:MOST_STEPS]]


def _hidden(hidden: BlindSpot) -> dict[str, object]:
    return {"reason": str(hidden.reason), "at": _span(hidden.span)}


def _span(span: Span | None) -> dict[str, object] | None:
    return {"path": span.path, "line": span.line, "column": span.column} if span else None


def blueprint(store: Store, api_url: str) -> Blueprint:
    """The route `/e/<token>`."""
    pages = Blueprint("evidence", __name__, template_folder="templates")
    web = web_address(api_url)

    @pages.get("/e/<token>")
    def evidence(token: str) -> Response:
        found = store.read(lambda connection: evaluations.find(connection, token, store.now()))
        if found is None:
            text = "There is no such page, or it has expired: the check of a newer commit has a new one."
            return Response(f"{text}\n", 404, _HEADERS, content_type="text/plain; charset=utf-8")
        page = render_template(
            "evidence.html",
            style=_STYLE,
            made=found,
            made_at=datetime.fromtimestamp(found.made_at, UTC).strftime("%Y-%m-%d %H:%M UTC"),
            judgement=json.loads(found.judgement),
            marked=marked,
            link=lambda at: f"{web}/{found.name}/blob/{found.head}/{quote(at['path'])}#L{at['line']}",
        )
        return Response(page, 200, _HEADERS, content_type="text/html; charset=utf-8")

    return pages


def marked(text: str) -> Markup:
    """A sentence with what stands between backticks as code; nothing else in it means anything."""
    parts = text.split("`")
    closed = len(parts) - 1 if len(parts) % 2 == 0 else len(parts)
    code = Markup("<code>{}</code>")
    said = [code.format(part) if number % 2 else escape(part) for number, part in enumerate(parts[:closed])]
    return Markup("").join([*said, *(escape("`" + part) for part in parts[closed:])])
