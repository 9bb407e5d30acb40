"""Bad days: a full disk, a database that goes away, an organisation that re-evaluates everything."""

from __future__ import annotations

import json
import threading
import time as real
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from policy_bot.github.events import Due, PullKey
from policy_bot.service import assembly, logs
from policy_bot.service.store import due, overview, turns
from policy_bot.service.store.due import EnqueueRequest
from policy_bot.service.store.store import Store
from policy_bot.service.wakeups_postgres import Jobs, prepare
from tests.service import postgres, pulls
from tests.service.keys import settings
from tests.service.pulls import ACME, OTHER, Judge, Verdict, delivery, key, want
from tests.service.web import Site, opened
from tests.waiting import LONG, until


class Quiet:
    """Deliveries that never fail."""

    def failed(self, *_: object) -> list[object]:
        return []

    def redeliver(self, id: int) -> None:
        raise AssertionError


def outside(judge: Judge) -> assembly.Outside:
    return assembly.Outside(judge, judge, Quiet())  # type: ignore[arg-type]


def test_a_full_disk_refuses_and_recovers_without_a_restart(sqlite: Store) -> None:
    pages = [0]

    @event.listens_for(sqlite.engine, "checkout")
    def limit(raw, *_: object) -> None:  # type: ignore[no-untyped-def]
        raw.execute(f"pragma max_page_count = {pages[0] or 1_000_000}").close()

    site = Site(sqlite)
    with sqlite.engine.connect() as connection:
        used = connection.exec_driver_sql("pragma page_count").scalar()
    pages[0] = used or 1
    statuses = [site.post(opened(number), guid=f"guid-{number:06}").status_code for number in range(1, 201)]
    full = statuses.index(503)
    assert set(statuses[:full]) <= {202}
    assert statuses[-1] == 503
    assert site.client.get("/healthz").status_code == 200
    pages[0] = 0
    accepted = [site.post(opened(number), guid=f"guid-{number:06}").status_code for number in range(1, 201)]
    assert set(accepted[:full]) <= {200}, "what was answered 202 is there"
    assert set(accepted) <= {200, 202}


@pytest.fixture
def address() -> Iterator[str]:
    made = postgres.make()
    prepare(made)
    yield made
    postgres.drop(made)


def away(address: str) -> Callable[[], None]:
    """Ends all connections to a database and allows no new ones; the result allows them again."""
    url = make_url(address)
    server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")

    def allow(yes: bool) -> None:
        with server.connect() as connection:
            connection.execute(text(f"alter database {url.database} allow_connections {yes}"))
            if not yes:
                query = text("select pg_terminate_backend(pid) from pg_stat_activity where datname = :name")
                connection.execute(query, {"name": url.database})

    def back() -> None:
        allow(True)
        server.dispose()

    allow(False)
    return back


def test_postgres_goes_away_and_comes_back_under_web_and_worker(tmp_path: Path, address: str) -> None:
    done: list[int] = []

    def evaluate(asked: PullKey, _: Callable[[], bool]) -> Verdict:
        done.append(asked.number)
        return Verdict()

    given = settings(tmp_path, database_url=address)
    app, web = assembly.accepting(given)
    working = assembly.working(given, outside(Judge(evaluate)))
    web.start()
    working.start()
    try:
        client = app.test_client()
        site = Site(Store(address))
        site.__dict__["app"] = app
        assert site.post(opened(1), guid="guid-000001").status_code == 202
        until(lambda: done == [1])
        back = away(address)
        assert site.post(opened(2), guid="guid-000002").status_code == 503
        assert client.get("/readyz").text == "the database does not answer\n"
        back()
        until(lambda: client.get("/readyz").status_code == 200)
        until(lambda: site.post(opened(2), guid="guid-000002").status_code in {200, 202})
        until(lambda: done == [1, 2])
    finally:
        working.stop()
        web.stop()
        site.store.close()


def test_web_and_worker_that_start_before_postgres_refuse_until_it_is_there(
    tmp_path: Path, address: str, capfd: pytest.CaptureFixture[str]
) -> None:
    done: list[int] = []

    def evaluate(asked: PullKey, _: Callable[[], bool]) -> Verdict:
        done.append(asked.number)
        return Verdict()

    given = settings(tmp_path, database_url=address)
    logs.set_up(given.secrets())
    back = away(address)
    app, web = assembly.accepting(given)
    working = assembly.working(given, outside(Judge(evaluate)))
    web.start()
    working.start()
    site = Site(Store(address))
    site.__dict__["app"] = app
    try:
        answer = site.post(opened(1), guid="guid-000001")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        for path in ("/readyz", "/metrics"):
            assert (site.client.get(path).status_code, site.client.get(path).text) == (
                503,
                "the database does not answer\n",
            )
        assert site.client.get("/healthz").status_code == 200
        back()
        until(lambda: site.client.get("/readyz").status_code == 200)
        until(lambda: site.post(opened(1), guid="guid-000001").status_code in {200, 202})
        until(lambda: done == [1])
    finally:
        working.stop()
        web.stop()
        site.store.close()
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert "the database does not answer yet; waiting for it" in {line["event"] for line in lines}
    assert not [line for line in lines if "exception" in line], "no traceback"


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_ten_thousand_rows_in_bulk_do_not_delay_another_ones_push(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    """The whole service at work: the push is next, after no more than what runs when it comes."""
    done: list[int] = []
    pushed = threading.Event()

    def evaluate(asked: PullKey, _: Callable[[], bool]) -> Verdict:
        assert pushed.wait(LONG)
        real.sleep(0.02)
        done.append(asked.installation)
        return Verdict()

    judge = Judge(evaluate, open=[Due(key(number), "h") for number in range(1, 10_001)])
    url = "" if database == "sqlite" else request.getfixturevalue("address")
    given = settings(tmp_path, database_url=url)
    assembly.migrate(given)
    store = Store(given.database(), also=Jobs(url).wake_with if url else None)
    one = outside(judge)
    running = assembly.working(given, one) if url else assembly.serving(given, one)[1]
    running.start()
    try:
        refresh = EnqueueRequest("refresh", PullKey(ACME, 0, "acme/.github"), urgent=False)
        store.accept(delivery("guid-1", refresh), LONG)
        until(lambda: waiting(store) > 5_000)
        store.accept(delivery("guid-2", pulls.request(1, OTHER)), LONG)
        pushed.set()
        until(lambda: OTHER in done)
        assert done.index(OTHER) < 300  # without its own turn it would wait for thousands
    finally:
        pushed.set()
        running.stop()
        store.close()


def waiting(store: Store) -> int:
    depth = store.read(lambda connection: overview.depth(connection, store.now()))
    return depth.rows.get(("waiting", False), 0)


def test_a_worker_that_is_lost_for_good_is_replaced(store: Store) -> None:
    """Its lease ends by itself, with the clock of the database's machine, and the row is due again."""
    want(store)
    assert store.write(lambda connection: turns.take(connection, store.now(), "lost"))
    store.now.pass_(due.LEASE_SECONDS + 1)  # type: ignore[attr-defined]
    store.write(lambda connection: due.renew(connection, ["of another worker"], store.now()))
    assert store.write(lambda connection: turns.take(connection, store.now(), "next"))
