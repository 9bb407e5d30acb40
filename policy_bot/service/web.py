"""The web application: the webhook, the probes, the metrics, the evidence pages, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from policy_bot import __version__
from policy_bot.service import evidence, hooks, metrics, probes
from policy_bot.service.hooks import Intake
from policy_bot.service.logs import logger, plain


def create_app(
    intake: Intake, engine_alive: Callable[[], bool], api_url: str, metrics_token: str = ""
) -> Flask:
    """The application. Everything it needs is given; it reads no environment."""
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(hooks.blueprint(intake))
    app.register_blueprint(probes.blueprint(intake.store, engine_alive))
    app.register_blueprint(metrics.blueprint(intake.store, intake.counting, metrics_token))
    app.register_blueprint(evidence.blueprint(intake.store, api_url))
    app.add_url_rule("/", view_func=name)
    app.register_error_handler(Exception, _failed)
    return app


def name() -> Response:
    """What answers here, for whoever looks at the bare address."""
    return _plain(f"policy-bot {__version__}", 200)


def _failed(error: Exception) -> Response:
    """An answer in one line. What went wrong inside is for the log, not for whoever asked."""
    if isinstance(error, HTTPException):
        return _plain(error.name.lower(), error.code or 500)
    if isinstance(error, (OperationalError, TimeoutError)):
        logger().error("the database does not answer", path=request.path, error=plain(error))
        return _plain("the database does not answer", 503)
    logger().error("request failed", exc_info=error)
    return _plain("internal error", 500)


def _plain(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, content_type="text/plain; charset=utf-8")
