"""`/healthz`: the process answers. `/readyz`: it can do its work, so send it traffic."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from policy_bot.service.oneline import line
from policy_bot.service.store import schema
from policy_bot.service.store.store import Store


def blueprint(store: Store, engine_alive: Callable[[], bool], refused: Callable[[], str]) -> Blueprint:
    """The routes. They only report yes, or what kind of part is missing. `refused` says why GitHub does not
    accept the App, or "".
    """
    probes = Blueprint("probes", __name__)
    older = schema.older()  # a newer one is fine: migrations only add, so that a release can be rolled out

    @probes.get("/healthz")
    def healthz() -> Response:
        return line("ok")

    @probes.get("/readyz")
    def readyz() -> Response:
        try:
            if store.read(schema.current) in older:
                return line("the database's schema is older than this version: run `policy-bot migrate`", 503)
        except SQLAlchemyError:
            return line("the database does not answer", 503)
        if trouble := store.trouble() or refused():
            return line(trouble, 503)
        return line("ready") if engine_alive() else line("the work engine is not running", 503)

    return probes
