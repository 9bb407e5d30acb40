"""T3: a large body is read before it is verified -> it is refused by its declared length and while it
arrives, and memory stays bounded.

Precedents: CVE-2024-34084 (Minder), CVE-2024-40634 (Argo CD), CVE-2026-42294 (Argo Workflows), CVE-2024-34079
(octo-sts).
"""

from __future__ import annotations

import asyncio

import pytest

from policy_bot.service.front import LARGEST_BODY, LARGEST_WAITING, Front
from policy_bot.service.store.store import Store
from tests.service.front import Caller
from tests.service.web import Site

MEGABYTE = 1 << 20


def test_a_body_that_says_it_is_too_large_is_not_read(sqlite: Store) -> None:
    caller = Caller(endless=True, length=str(LARGEST_BODY + 1))
    assert caller.ask(Front(Site(sqlite).app)) == 413
    assert caller.given == 0


@pytest.mark.parametrize("length", [None, "", "-5", "12x", "10"])
def test_a_body_that_says_nothing_true_is_read_up_to_the_bound(sqlite: Store, length: str | None) -> None:
    caller = Caller(endless=True, length=length)
    assert caller.ask(Front(Site(sqlite).app)) == 413
    assert caller.given <= LARGEST_BODY + MEGABYTE


def test_what_all_senders_together_may_hold_is_bounded_and_given_back(sqlite: Store) -> None:
    front = Front(Site(sqlite).app, seconds=0.3)
    callers = [Caller(stuck_after=LARGEST_BODY) for _ in range(LARGEST_WAITING // LARGEST_BODY + 3)]

    async def all_at_once() -> None:
        await asyncio.gather(*(front(each, each) for each in callers))

    asyncio.run(all_at_once())
    assert sorted(each.status for each in callers) == [408] * 3 + [503] * 3
    assert Caller(body=b"{}").ask(front) == 401


def test_a_body_without_the_form_of_a_signature_is_not_read_at_all(sqlite: Store) -> None:
    caller = Caller(endless=True, more={})
    assert caller.ask(Front(Site(sqlite).app)) == 401
    assert caller.given == 0


def test_other_routes_take_no_body(sqlite: Store) -> None:
    for path in ("/healthz", "/metrics", "/e/x"):
        assert Site(sqlite).client.post(path, data=b"x").status_code == 405
