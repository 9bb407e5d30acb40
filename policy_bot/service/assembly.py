"""Assembles the parts of the service."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from policy_bot.github.app import App, Identity
from policy_bot.github.deliveries import Deliveries
from policy_bot.github.people import People
from policy_bot.github.web import web_address
from policy_bot.isolation import Workers
from policy_bot.isolation.kept import ReaderProcess
from policy_bot.service.audit import StoredRepositories
from policy_bot.service.counting import Counting
from policy_bot.service.credentials import Credentials
from policy_bot.service.evaluation.evaluator import Evaluator
from policy_bot.service.hooks import Intake
from policy_bot.service.housekeeping import Chore
from policy_bot.service.logs import logger, plain
from policy_bot.service.nightly import Nightly
from policy_bot.service.pages import access
from policy_bot.service.pages.site import Pages
from policy_bot.service.pages.what_if import WhatIf
from policy_bot.service.reconciliation import DeliveryLog, Opens, Reconciliation
from policy_bot.service.running import Running
from policy_bot.service.settings import DatabaseSettings, ServiceSettings
from policy_bot.service.store import due, engine, forgetting, holds, schema
from policy_bot.service.store.heads import StoredHeads
from policy_bot.service.store.revisions import StoredRevisions
from policy_bot.service.store.store import Store
from policy_bot.service.wakeups import Engine, Threads
from policy_bot.service.web import create_app
from policy_bot.service.worker import Evaluates, Worker

# Concurrent evaluations in one process, which mostly wait for GitHub. One installation has six at most, so
# that two busy ones leave some to the others.
SLOTS = 16
# Reading processes, which use a core each. One installation gets all but one.
READERS = 3
REST_SECONDS = 15.0
CREDENTIALS_SECONDS = 60.0
# Chores that only one of all processes runs. Each interval is a number of minutes that divides an hour.
FORGET_SECONDS = 60.0
UNCLAMP_SECONDS = 300.0
REDELIVERY_SECONDS = 300.0
SWEEP_SECONDS = 600.0
NIGHT_SECONDS = 600.0


@dataclass(frozen=True)
class Outside:
    """What the service needs from outside: GitHub, and readers of source code."""

    evaluator: Evaluates
    opens: Opens
    deliveries: DeliveryLog
    close: Callable[[], None] = lambda: None
    night: Callable[[Callable[[], None]], None] = lambda wake: None
    rest: Callable[[], None] = lambda: None
    credentials: Credentials | None = None

    def refused(self) -> str:
        """Why GitHub does not accept the App; "" if it does."""
        return self.credentials.trouble() if self.credentials else ""


def outside(settings: ServiceSettings, store: Store, counting: Counting) -> Outside:
    """The real one. Reading processes start on first use."""
    identity = Identity(settings.github_app_id, settings.private_key(), settings.github_api_url)
    app = App(identity, counting.response)
    readers = Workers(READERS)
    evaluator = Evaluator(
        app,
        readers,
        settings.webhook_secrets(),
        StoredRevisions(store),
        known_repositories=StoredRepositories(store),
        heads=StoredHeads(store),
        public_url=settings.public_url,
        organisation_required=settings.policy_bot_organisation_required,
    )
    nightly = Nightly(app, readers, store, organisation_required=settings.policy_bot_organisation_required)
    return Outside(
        evaluator,
        evaluator,
        Deliveries(app),
        readers.close,
        nightly.round,
        readers.rest,
        Credentials(app.itself, settings.github_api_url),
    )


def serving(settings: ServiceSettings, given: Outside | None = None) -> tuple[Flask, Running]:
    """Web and worker in this process, which holds the state folder's lock, so all earlier leases are lost."""
    store = Store(settings.database())
    store.write(due.lose_all)
    counting, threads = Counting(), Threads()
    given = given or outside(settings, store, counting)
    app = _app(settings, store, counting, threads, given.refused)
    return app, _working(settings, store, counting, threads, given)


def accepting(settings: ServiceSettings) -> tuple[Flask, Running]:
    """Web only, on Postgres."""
    from policy_bot.service.wakeups_postgres import Jobs  # noqa: PLC0415 -- lazy

    jobs = Jobs(settings.database())
    store = Store(settings.database(), also=jobs.wake_with)
    _look(store)
    counting = Counting()
    return _app(settings, store, counting, jobs), Running(store, counting, jobs)


def working(settings: ServiceSettings, given: Outside | None = None) -> Running:
    """Worker only, on Postgres."""
    from policy_bot.service.wakeups_postgres import Jobs  # noqa: PLC0415 -- lazy

    counting = Counting()
    store, jobs = Store(settings.database()), Jobs(settings.database())
    _look(store, prepared=True)
    return _working(settings, store, counting, jobs, given or outside(settings, store, counting))


def _look(store: Store, prepared: bool = False) -> None:
    """Logs that the database is away, but continues: after a power cut everything starts together.

    With `prepared`, its tables must exist: raises `DatabaseProblem` if nobody has migrated it.
    """
    try:
        old = store.read(schema.current) in schema.older()
    except SQLAlchemyError as error:
        logger().warning("the database does not answer yet; waiting for it", error=plain(error))
        return
    if old and prepared:
        store.close()
        raise DatabaseProblem("its schema is older than this version: run `policy-bot migrate` first")


def _app(
    settings: ServiceSettings,
    store: Store,
    counting: Counting,
    wakeups: Engine,
    refused: Callable[[], str] = lambda: "",
) -> Flask:
    intake = Intake(store, settings.webhook_secrets(), wakeups, counting)
    token = settings.metrics_token.get_secret_value()
    return create_app(intake, wakeups.alive, settings.github_api_url, token, _pages(settings, store), refused)


def _pages(settings: ServiceSettings, store: Store) -> Pages:
    """The pages for people; with sign-in if the App's client id, its secret and our address are set."""
    key = access.derived(settings.webhook_secrets()[0], "cookies").decode()
    secure = settings.public_url.startswith("https://")
    if not settings.signs_people_in():
        return Pages(key, secure)
    client_secret = settings.github_client_secret.get_secret_value()
    people = People(
        settings.github_client_id,
        client_secret,
        web_address(settings.github_api_url),
        settings.github_api_url,
        time.monotonic,
        time.sleep,
    )
    sealing = access.derived(client_secret, "tokens")
    entry = access.Access(store, people, settings.public_url, settings.operators, sealing)
    return Pages(key, secure, entry, WhatIf(ReaderProcess, lambda: datetime.now(UTC).date()))


def _working(
    settings: ServiceSettings, store: Store, counting: Counting, wakeups: Engine, given: Outside
) -> Running:
    worker = Worker(store, given.evaluator, counting, SLOTS, settings.public_url)
    reconciliation = Reconciliation(store, given.deliveries, given.opens, counting, wakeups.wake)
    asking = [Chore("rest", REST_SECONDS, given.rest, first=REST_SECONDS)]
    if given.credentials:
        asking.append(Chore("credentials", CREDENTIALS_SECONDS, given.credentials.check))
    shared = [
        Chore("redeliver", REDELIVERY_SECONDS, reconciliation.redeliver, first=5),
        Chore("forget", FORGET_SECONDS, lambda: forgetting.forget_all(store), first=30),
        Chore("sweep", SWEEP_SECONDS, reconciliation.sweep, first=60),
        Chore("night", NIGHT_SECONDS, lambda: given.night(wakeups.wake), first=180),
        Chore("unclamp", UNCLAMP_SECONDS, lambda: store.write(lambda to: holds.unclamp(to, store.now()))),
    ]
    return Running(store, counting, wakeups, worker, asking, shared, given.close)


class DatabaseProblem(Exception):
    """The database cannot be used; the message is its own, in one line."""


@contextmanager
def plainly() -> Iterator[None]:
    """Converts errors of SQLAlchemy to `DatabaseProblem`."""
    try:
        yield
    except SQLAlchemyError as error:
        raise DatabaseProblem(plain(error)) from None
    except schema.TooNew as newer:
        raise DatabaseProblem(str(newer)) from None


def migrate(settings: DatabaseSettings) -> str:
    """Migrates the database, and procrastinate's tables on Postgres, to this version; returns the version."""
    database = engine.connect(settings.database())
    try:
        with plainly():
            schema.migrate(database)
            if settings.on_postgres():
                from policy_bot.service.wakeups_postgres import prepare  # noqa: PLC0415 -- lazy

                prepare(settings.database())
    finally:
        database.dispose()
    return schema.newest()
