"""The details page: the reasons of a stored verdict, for anyone with its unguessable address."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, render_template
from markupsafe import Markup, escape

from policy_bot.github.web import web_address
from policy_bot.policy import builtin
from policy_bot.review import wording
from policy_bot.service.evidence.view import view
from policy_bot.service.oneline import line
from policy_bot.service.store import evaluations
from policy_bot.service.store.evaluations import Evaluation
from policy_bot.service.store.store import Store

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


def blueprint(store: Store, api_url: str, policy_pages: bool = False) -> Blueprint:
    """The route `/e/<token>`. `policy_pages`: the built-in policies' pages are served too."""
    pages = Blueprint("evidence", __name__, template_folder="../templates")
    web = web_address(api_url)
    paged = frozenset(policy.id for policy in builtin.load()) if policy_pages else frozenset()

    @pages.get("/e/<token>")
    def evidence(token: str) -> Response:
        found = store.read(lambda connection: evaluations.find(connection, token, store.now()))
        if found is None:
            text = "There is no such page, or it has expired. The check of a newer commit links to a new one."
            return line(text, 404, _HEADERS)
        earlier = store.read(lambda connection: evaluations.earlier(connection, found, store.now()))
        page = render_template(
            "evidence.html",
            style=_STYLE,
            made=found,
            made_at=moment(found.made_at),
            judgement=view(json.loads(found.judgement), found.conclusion),
            earlier=[(each, moment(each.made_at)) for each in earlier],
            web=web,
            marked=marked,
            split=split,
            step=wording.step,
            fact=wording.fact,
            link=lambda at: line_address(web, found, at),
            page_of=lambda policy: f"/policies/{quote(policy)}" if policy in paged else "",
        )
        return Response(page, 200, _HEADERS, content_type="text/html; charset=utf-8")

    return pages


def moment(seconds: float) -> str:
    """A time in UTC to the minute."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def line_address(web: str, shown: Evaluation, at: dict[str, Any]) -> str:
    """A line of a file at the judged head."""
    return f"{web}/{shown.name}/blob/{shown.head}/{quote(at['path'])}#L{at['line']}"


def split(text: str, start: int, end: int) -> tuple[str, str, str]:
    """A line of source: before, in and after the span."""
    return text[:start], text[start:end], text[end:]


def marked(text: str) -> Markup:
    """Shows text between backticks as code; escapes everything."""
    parts = text.split("`")
    closed = len(parts) - 1 if len(parts) % 2 == 0 else len(parts)
    code = Markup("<code>{}</code>")
    said = [code.format(part) if number % 2 else escape(part) for number, part in enumerate(parts[:closed])]
    return Markup("").join([*said, *(escape("`" + part) for part in parts[closed:])])
