"""The web application: the webhook, the probes, the metrics, and the pages for people."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, current_app, request
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as AnyResponse

from policy_bot import __version__
from policy_bot.service import hooks, metrics, probes
from policy_bot.service.evidence import page as evidence
from policy_bot.service.hooks import Intake
from policy_bot.service.logs import logger, plain
from policy_bot.service.oneline import line
from policy_bot.service.pages import site
from policy_bot.service.pages.site import Pages


def create_app(
    intake: Intake,
    engine_alive: Callable[[], bool],
    api_url: str,
    metrics_token: str = "",
    pages: Pages | None = None,
    refused: Callable[[], str] = lambda: "",
) -> Flask:
    """The application. Everything it needs is passed in; it reads no environment."""
    app = Flask(__name__, static_folder=None)
    webhook = hooks.blueprint(intake)
    app.register_blueprint(webhook)
    app.register_blueprint(probes.blueprint(intake.store, engine_alive, refused))
    app.register_blueprint(metrics.blueprint(intake.store, intake.counting, metrics_token))
    app.register_blueprint(evidence.blueprint(intake.store, api_url, pages is not None))
    if pages is not None:
        site.install(app, pages, lambda forms: forms.exempt(webhook))
    if pages is None or pages.access is None:
        app.add_url_rule("/", view_func=name)
    app.register_error_handler(Exception, _failed)
    return app


def name() -> Response:
    """Identifies the service to anyone who opens the bare address."""
    return line(f"policy-bot {__version__}")


def _failed(error: Exception) -> AnyResponse:
    """An answer in one line, or a page. Internal errors are for the log, not for the client."""
    if isinstance(error, HTTPException) and current_app.secret_key and site.is_page(request.path):
        return site.failed(error)
    if isinstance(error, HTTPException):
        return line(error.name.lower(), error.code or 500)
    if isinstance(error, (OperationalError, TimeoutError)):
        logger().error("the database does not answer", path=request.path, error=plain(error))
        return line("the database does not answer", 503)
    logger().error("request failed", exc_info=error)
    if current_app.secret_key and site.is_page(request.path):
        return site.failed(InternalServerError())
    return line("internal error", 500)
