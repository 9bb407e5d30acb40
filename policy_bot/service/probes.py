"""`/healthz`: the process answers. `/readyz`: it can do its work, so send it traffic."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from policy_bot.service.store import schema
from policy_bot.service.store.store import Store


def blueprint(store: Store, engine_alive: Callable[[], bool], refused: Callable[[], str]) -> Blueprint:
    """The routes. They only report yes, or what kind of part is missing. `refused` says why GitHub does not
    accept the App, or "".
    """
    probes = Blueprint("probes", __name__)
    older = (
        schema.older()
    )  # a newer schema is fine: migrations only add, so that a release can be rolled out gradually

    @probes.get("/healthz")
    def healthz() -> Response:
        return _answer(200, "ok")

    @probes.get("/readyz")
    def readyz() -> Response:
        try:
            if store.read(schema.current) in older:
                return _answer(
                    503, "the database's schema is older than this version: run `policy-bot migrate`"
                )
        except SQLAlchemyError:
            return _answer(503, "the database does not answer")
        if trouble := store.trouble() or refused():
            return _answer(503, trouble)
        return _answer(200, "ready") if engine_alive() else _answer(503, "the work engine is not running")

    return probes


def _answer(status: int, text: str) -> Response:
    return Response(f"{text}\n", status, content_type="text/plain; charset=utf-8")
