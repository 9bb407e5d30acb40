"""Last good policy files: what is kept comes back, per tenant, and who is late brings nothing older back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from policy_bot.policy.revision import Revision
from policy_bot.service.store.revisions import KEPT, StoredRevisions
from policy_bot.service.store.store import Store
from tests.service import sqlite

ACME, OTHER, POLICY = 1, 2, 77


def revision(number: int) -> Revision:
    return Revision("", {"policy-bot.yml": f"stages: [s{number}]\n"})


class Clock:
    time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def revisions(tmp_path: Path, clock: Clock) -> Iterator[StoredRevisions]:
    store = Store(sqlite.make(tmp_path), clock)
    yield StoredRevisions(store)
    store.close()


def test_what_was_kept_last_is_good(revisions: StoredRevisions) -> None:
    assert revisions.last_good(ACME, POLICY) is None
    revisions.keep(ACME, POLICY, revision(1), "a" * 40)
    revisions.keep(ACME, POLICY, revision(2), "b" * 40)
    assert revisions.last_good(ACME, POLICY) == revision(2)


def test_equal_ids_of_another_installation_are_another_tenant(revisions: StoredRevisions) -> None:
    revisions.keep(ACME, POLICY, revision(1), "a" * 40)
    assert revisions.last_good(OTHER, POLICY) is None


def test_it_outlives_the_process(revisions: StoredRevisions) -> None:
    revisions.keep(ACME, POLICY, revision(1), "a" * 40)
    assert StoredRevisions(revisions.store).last_good(ACME, POLICY) == revision(1)


def test_the_same_again_writes_nothing(revisions: StoredRevisions, clock: Clock) -> None:
    revisions.keep(ACME, POLICY, revision(1), "a" * 40)
    before = revisions.history(ACME, POLICY)
    clock.time += 60
    revisions.keep(ACME, POLICY, revision(1), "b" * 40)
    StoredRevisions(revisions.store).keep(ACME, POLICY, revision(1), "b" * 40)
    assert revisions.history(ACME, POLICY) == before


def test_a_return_to_an_older_revision_is_seen(revisions: StoredRevisions, clock: Clock) -> None:
    for number in (1, 2, 1):
        revisions.last_good(ACME, POLICY)
        clock.time += 60
        revisions.keep(ACME, POLICY, revision(number), str(number) * 40)
    latest, other = revisions.history(ACME, POLICY)
    assert (latest.returned, other.returned) == (True, False)
    assert latest.digest == revision(1).digest
    assert revisions.last_good(ACME, POLICY) == revision(1)


def test_who_is_late_does_not_bring_the_older_state_back(revisions: StoredRevisions) -> None:
    revisions.keep(ACME, POLICY, revision(1), "a" * 40)
    revisions.last_good(ACME, POLICY)

    def newer() -> None:
        revisions.last_good(ACME, POLICY)
        revisions.keep(ACME, POLICY, revision(2), "b" * 40)

    other = Thread(target=newer)
    other.start()
    other.join()
    revisions.keep(ACME, POLICY, revision(0), "0" * 40)
    assert revisions.last_good(ACME, POLICY) == revision(2)


def test_old_revisions_are_forgotten_at_last(revisions: StoredRevisions, clock: Clock) -> None:
    for number in range(KEPT + 5):
        clock.time += 1
        revisions.keep(ACME, POLICY, revision(number), "a" * 40)
    assert len(revisions.history(ACME, POLICY)) == KEPT
    assert revisions.last_good(ACME, POLICY) == revision(KEPT + 4)
