"""Last good policy files: what is kept comes back, per tenant, and who is late brings nothing older back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from policy_bot.policy.edition import Edition
from policy_bot.service.store import schema
from policy_bot.service.store.editions import KEPT, StoredEditions
from policy_bot.service.store.store import Store

ACME, OTHER, POLICY = 1, 2, 77


def edition(number: int) -> Edition:
    return Edition("", {"policy-bot.yml": f"stages: [s{number}]\n"})


class Clock:
    time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def editions(tmp_path: Path, clock: Clock) -> Iterator[StoredEditions]:
    store = Store(f"sqlite:///{tmp_path}/policy-bot.db", clock)
    schema.migrate(store.engine)
    yield StoredEditions(store)
    store.close()


def test_what_was_kept_last_is_good(editions: StoredEditions) -> None:
    assert editions.last_good(ACME, POLICY) is None
    editions.keep(ACME, POLICY, edition(1), "a" * 40)
    editions.keep(ACME, POLICY, edition(2), "b" * 40)
    assert editions.last_good(ACME, POLICY) == edition(2)


def test_equal_ids_of_another_installation_are_another_tenant(editions: StoredEditions) -> None:
    editions.keep(ACME, POLICY, edition(1), "a" * 40)
    assert editions.last_good(OTHER, POLICY) is None


def test_it_outlives_the_process(editions: StoredEditions) -> None:
    editions.keep(ACME, POLICY, edition(1), "a" * 40)
    assert StoredEditions(editions.store).last_good(ACME, POLICY) == edition(1)


def test_the_same_again_writes_nothing(editions: StoredEditions, clock: Clock) -> None:
    editions.keep(ACME, POLICY, edition(1), "a" * 40)
    before = editions.history(ACME, POLICY)
    clock.time += 60
    editions.keep(ACME, POLICY, edition(1), "b" * 40)
    StoredEditions(editions.store).keep(ACME, POLICY, edition(1), "b" * 40)
    assert editions.history(ACME, POLICY) == before


def test_a_return_to_an_older_edition_is_seen(editions: StoredEditions, clock: Clock) -> None:
    for number in (1, 2, 1):
        editions.last_good(ACME, POLICY)
        clock.time += 60
        editions.keep(ACME, POLICY, edition(number), str(number) * 40)
    latest, other = editions.history(ACME, POLICY)
    assert (latest.returned, other.returned) == (True, False)
    assert latest.digest == edition(1).digest
    assert editions.last_good(ACME, POLICY) == edition(1)


def test_who_is_late_does_not_bring_the_older_state_back(editions: StoredEditions) -> None:
    editions.keep(ACME, POLICY, edition(1), "a" * 40)
    editions.last_good(ACME, POLICY)

    def newer() -> None:
        editions.last_good(ACME, POLICY)
        editions.keep(ACME, POLICY, edition(2), "b" * 40)

    other = Thread(target=newer)
    other.start()
    other.join()
    editions.keep(ACME, POLICY, edition(0), "0" * 40)
    assert editions.last_good(ACME, POLICY) == edition(2)


def test_old_editions_are_forgotten_at_last(editions: StoredEditions, clock: Clock) -> None:
    for number in range(KEPT + 5):
        clock.time += 1
        editions.keep(ACME, POLICY, edition(number), "a" * 40)
    assert len(editions.history(ACME, POLICY)) == KEPT
    assert editions.last_good(ACME, POLICY) == edition(KEPT + 4)
