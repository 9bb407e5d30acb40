"""Assembles the pages: style, headers, error pages, and CSRF protection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from policy_bot.policy.message import counted
from policy_bot.service.evidence.page import marked
from policy_bot.service.oneline import line
from policy_bot.service.pages import access, operations, organisations, policies, what_if
from policy_bot.service.pages.access import Access, Visitor
from policy_bot.service.pages.what_if import WhatIf

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self';"
    " img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_STATIC = {"theme.js": "text/javascript", "page.css": "text/css"}


@dataclass(frozen=True)
class Pages:
    """Dependencies of the pages for people. Without access only the policies are shown."""

    secret_key: str
    secure: bool
    access: Access | None = None
    what_if: WhatIf | None = None


def install(app: Flask, pages: Pages, exempt: Callable[[CSRFProtect], None]) -> None:
    """Adds the pages to the application. `exempt` exempts the webhook from CSRF protection."""
    app.config.update(
        SECRET_KEY=pages.secret_key,
        SESSION_COOKIE_NAME="policy-bot",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=pages.secure,
        BOOTSTRAP_SERVE_LOCAL=True,
        WTF_CSRF_TIME_LIMIT=None,
    )
    Bootstrap5(app)
    app.jinja_env.filters.update(marked=marked, counted=counted)
    exempt(CSRFProtect(app))
    add_style(app)
    app.register_blueprint(policies.blueprint(lambda: _fired(pages.access)))
    if pages.access is not None:
        app.register_blueprint(access.blueprint(pages.access))
        app.register_blueprint(organisations.blueprint(pages.access))
        app.register_blueprint(operations.blueprint(pages.access))
        if pages.what_if is not None:
            app.register_blueprint(what_if.blueprint(pages.access, pages.what_if))
    app.context_processor(lambda: {"visitor": _visitor(pages.access), "signs_in": pages.access is not None})
    app.after_request(with_headers)


def is_page(path: str) -> bool:
    """Whether an address belongs to the pages for people, whose errors are pages too."""
    first = path.strip("/").partition("/")[0]
    return first in {"", "o", "r", "policies", "operations", "what-if", "login", "callback", "logout"}


def failed(error: HTTPException, page: str = "pages/error.html") -> AnyResponse:
    """An error as a page; a person who is not signed in is sent to sign in and returns here."""
    if error.code == 401:
        return redirect(url_for("access.login", then=request.full_path.rstrip("?")))
    title, text = _ERRORS.get(error.code or 500, (error.name, ""))
    own = type(error).description != error.description  # our own text about this request
    text = (error.description if own else text) or error.description or ""
    return Response(render_template(page, title=title, text=text), error.code or 500)


_ERRORS = {
    400: ("This request cannot be processed", ""),
    403: (
        "No access",
        "You can read no repository that the App is installed on, or this page is for operators.",
    ),
    404: ("Not found", "There is no such page, or GitHub does not let you read its repository."),
    500: ("Something went wrong", "This is a fault in policy-bot. The service's log has the details."),
    503: ("Try again in a minute", ""),
}
"""Titles of error pages, and default texts."""


def _visitor(access: Access | None) -> Visitor | None:
    return access.visitor() if access else None


def _fired(access: Access | None) -> dict[str, int]:
    visitor = _visitor(access)
    if access is None or visitor is None:
        return {}
    counted: Counter[str] = Counter()
    for installation in access.owners(visitor).values():
        for each in access.repositories(visitor, installation)[0]:
            counted.update(each.found.by_policy)
    return counted


def add_style(app: Flask) -> None:
    """Serves our style and script."""
    pages = Blueprint("style", __name__, template_folder="templates")
    contents = {name: files(__package__).joinpath("static", name).read_bytes() for name in _STATIC}

    @pages.get("/style/<name>")
    def style(name: str) -> Response:
        if name not in contents:
            return line("not found", 404)
        response = Response(contents[name], content_type=f"{_STATIC[name]}; charset=utf-8")
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    app.register_blueprint(pages)


def with_headers(response: Response, forms_to: str = "") -> Response:
    """Adds the headers of every page; `forms_to` is another site to which forms may be sent."""
    for name, value in HEADERS.items():
        response.headers.setdefault(
            name, value.replace("form-action 'self'", f"form-action 'self'{forms_to}")
        )
    return response
