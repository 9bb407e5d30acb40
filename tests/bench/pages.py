"""The first page of an organisation: 10,000 repositories and 1,000,000 findings stored.

    python -m tests.bench.pages [REPOSITORIES] [FINDINGS OF EACH]

Server time of `/o/acme`, the slowest and the median of ten, on SQLite and Postgres, next to a page without
data.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask.testing import FlaskClient

from policy_bot.service.store import audits, schema, standings
from policy_bot.service.store.audits import Audited
from policy_bot.service.store.store import Store
from tests.service import postgres
from tests.service.pages.people import FINDING, Office, office

POLICIES = ("timeout/too-short", "ops/logging", "streaming/no-http-entry", "config/unseen-code")


def main(repositories: int = 10_000, findings: int = 100) -> None:
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{folder}/policy-bot.sqlite3", repositories, findings)
    address = postgres.make()
    try:
        measure("Postgres", address, repositories, findings)
    finally:
        postgres.drop(address)


def measure(name: str, address: str, repositories: int, findings: int) -> None:
    with stored(address) as store, office(store) as place:
        fill(store, place, repositories, findings)
        browser = place.signed_in("olga")
        page, bare = timed(browser, "/o/acme"), timed(browser, "/policies/timeout/too-short")
        print(
            f"{name}: {repositories} repositories, {repositories * findings} findings: "
            f"/o/acme {statistics.median(page):.0f} ms (at most {max(page):.0f}); "
            f"a page without data {statistics.median(bare):.0f} ms"
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
    audits.keep(store, place.acme.id, 1_000_000, "acme/model", audited)
    kept = audits.table
    with store.engine.connect() as connection:
        model = connection.execute(kept.select().where(kept.c.repository == 1_000_000)).mappings().one()
    standing = audits.standing(1_000_000, "acme/model", audited, store.now())
    for start in range(0, repositories, 500):
        ids = range(1_000_001 + start, 1_000_001 + start + 500)
        rows = [{**model, "repository": id} for id in ids]
        store.write(lambda to, rows=rows: to.execute(kept.insert(), rows))
        for id in ids:
            one = replace(standing, repository=id, name=f"acme/repository-{id}")
            store.write(lambda to, one=one: standings.keep(to, place.acme.id, one))


def timed(browser: FlaskClient, address: str) -> list[float]:
    took = []
    for _ in range(10):
        began = time.perf_counter()
        assert browser.get(address).status_code == 200
        took.append((time.perf_counter() - began) * 1_000)
    return took


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
