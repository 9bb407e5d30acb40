"""The web application: the webhook, the probes, the metrics, the evidence pages, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from policy_bot.service import evidence, hooks, metrics, probes
from policy_bot.service.hooks import Intake
from policy_bot.service.logs import logger


def create_app(
    intake: Intake, engine_alive: Callable[[], bool], api_url: str, metrics_token: str = ""
) -> Flask:
    """The application. Everything it needs is given; it reads no environment."""
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(hooks.blueprint(intake))
    app.register_blueprint(probes.blueprint(intake.store, engine_alive))
    app.register_blueprint(metrics.blueprint(intake.store, intake.counting, metrics_token))
    app.register_blueprint(evidence.blueprint(intake.store, api_url))
    app.register_error_handler(Exception, _failed)
    return app


def _failed(error: Exception) -> Response:
    """An answer in one line. What went wrong inside is for the log, not for whoever asked."""
    if isinstance(error, HTTPException):
        return Response(f"{error.name.lower()}\n", error.code, content_type="text/plain; charset=utf-8")
    logger().error("request failed", exc_info=error)
    return Response("internal error\n", 500, content_type="text/plain; charset=utf-8")
