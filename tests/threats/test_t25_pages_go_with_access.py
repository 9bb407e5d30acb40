"""T25: stored data of a private repository outlives the access to it -> uninstalling the App deletes the
pages of the repository's verdicts, and no others.

Precedents: tokens and caches that stay after an App was uninstalled.
"""

from __future__ import annotations

import pytest

from policy_bot.service.store import evaluations
from policy_bot.service.store.evaluations import Evaluation
from policy_bot.service.store.store import Store
from tests.service.web import Site

ROWS = ["11/7/pull/1", "11/7/commit/HEAD", "11/70/pull/1", "11/8/pull/2", "110/7/pull/1", "1/7/pull/1"]


@pytest.fixture
def pages(store: Store) -> dict[str, str]:
    """The address of a page for each row."""
    tokens = {row: evaluations.new_token() for row in ROWS}
    for row, token in tokens.items():
        page = Evaluation(token, row, "acme/shop", "a" * 40, "failure", "{}", store.now())
        store.write(lambda connection, page=page: evaluations.keep(connection, page))  # type: ignore[misc]
    return tokens


def left(store: Store, pages: dict[str, str]) -> list[str]:
    return [
        row
        for row, token in pages.items()
        if store.read(lambda connection, token=token: evaluations.find(connection, token, store.now()))  # type: ignore[misc]
    ]


def test_an_installation_takes_its_pages_along(store: Store, pages: dict[str, str]) -> None:
    payload = {"action": "deleted", "installation": {"id": 11}}
    assert Site(store).post(payload, event="installation").status_code == 202
    assert left(store, pages) == ["110/7/pull/1", "1/7/pull/1"]


def test_so_does_a_repository_that_is_taken_away(store: Store, pages: dict[str, str]) -> None:
    away = [{"id": 7, "full_name": "acme/shop"}]
    payload = {"action": "removed", "installation": {"id": 11}, "repositories_removed": away}
    assert Site(store).post(payload, event="installation_repositories").status_code == 202
    assert left(store, pages) == ROWS[2:]
