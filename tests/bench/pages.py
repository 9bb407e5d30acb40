"""The first page of an organisation: 10,000 repositories and 1,000,000 findings stored.

    python -m tests.bench.pages [REPOSITORIES] [FINDINGS OF EACH] [FOLDER]

Server time of `/o/acme` for a person who reads all of it, on SQLite and Postgres, next to a page without data
(the first request, with nothing kept, and the median and the slowest of ten that follow). With FOLDER the
databases stay there, and the next run measures at once.
"""

from __future__ import annotations

import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask.testing import FlaskClient

from policy_bot.service.store import audits, schema, standings, visits
from policy_bot.service.store.audits import Audited
from policy_bot.service.store.store import Store
from tests.service import postgres
from tests.service.pages.people import FINDING, Office, office

POLICIES = ("timeout/too-short", "ops/logging", "streaming/no-http-entry", "config/unseen-code")
FIRST_ID = 1_000_000


def main(repositories: int = 10_000, findings: int = 100, folder: str = "") -> None:
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(folder or temporary)
        place.mkdir(exist_ok=True)
        measure("SQLite", f"sqlite:///{place}/policy-bot.sqlite3", repositories, findings)
        measure("Postgres", postgres.start(str(place / "postgres")), repositories, findings)


def measure(name: str, address: str, repositories: int, findings: int) -> None:
    with stored(address) as store, office(store) as place:
        if len(store.read(lambda to: standings.of_installation(to, place.acme.id))) < repositories:
            fill(store, place, repositories, findings)
        browser = place.signed_in("bob")
        sees_all(store, place.acme.id)
        gc.collect()
        gc.freeze()  # as the service does when it has started
        bare = timed(browser, "/policies/timeout/too-short")
        first, *page = timed(browser, "/o/acme", 11)
        print(
            f"{name}: {repositories} repositories, {repositories * findings} findings:"
            f" /o/acme first {first:.0f} ms, then {statistics.median(page):.0f} ms (at most {max(page):.0f});"
            f" a page without data {statistics.median(bare):.0f} ms"
        )


@contextmanager
def stored(address: str) -> Iterator[Store]:
    store = Store(address)
    schema.migrate(store.engine)
    yield store
    store.close()


def fill(store: Store, place: Office, repositories: int, findings: int) -> None:
    """One audit, stored under many ids: what is in it is the same, and so is its size."""
    found = [
        replace(FINDING, policy=POLICIES[number % 4], fingerprint=str(number)) for number in range(findings)
    ]
    audited = Audited("a" * 40, "rules", ("sst.config.ts",), tuple(found))
    audits.keep(store, place.acme.id, FIRST_ID, "acme/model", audited)
    kept = audits.table
    with store.engine.connect() as connection:
        model = connection.execute(kept.select().where(kept.c.repository == FIRST_ID)).mappings().one()
    standing = audits.standing(FIRST_ID, "acme/model", audited, store.now())
    for start in range(0, repositories, 500):
        ids = range(FIRST_ID + 1 + start, FIRST_ID + 1 + start + 500)
        rows = [{**model, "repository": id} for id in ids]
        store.write(lambda to, rows=rows: to.execute(kept.insert(), rows))
        some = [standing._replace(repository=id, name=f"acme/repository-{id}") for id in ids]
        store.write(lambda to, some=some: [standings.keep(to, place.acme.id, one) for one in some])


def sees_all(store: Store, installation: int) -> None:
    """Whoever is signed in sees every repository that was filled in."""
    ids = frozenset(
        each.repository for each in store.read(lambda to: standings.of_installation(to, installation))
    )
    packed = visits._packed({installation: ids}, store.now())
    store.write(lambda to: to.execute(visits.visit.update().values(sees=packed)))


def timed(browser: FlaskClient, address: str, times: int = 10) -> list[float]:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        assert browser.get(address).status_code == 200
        took.append((time.perf_counter() - began) * 1_000)
    return took


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:])
