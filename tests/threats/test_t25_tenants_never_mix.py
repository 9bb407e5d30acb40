"""T25: state shared between jobs leaks to another repository -> two tenants' evaluations, interleaved in
many threads, keep their own keys, pages, log lines and limits.

Precedents: safe-settings issue 944, cfn-lint issue 2536.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest
import structlog
from sqlalchemy import select

from policy_bot.github.errors import RetryLater
from policy_bot.github.events import PullKey
from policy_bot.policy.finding import Judgement
from policy_bot.review.details import Details
from policy_bot.service.counting import Counting
from policy_bot.service.store import evaluations
from policy_bot.service.store.due import EnqueueRequest
from policy_bot.service.store.store import Store
from policy_bot.service.store.tables import evaluation, installation
from policy_bot.service.worker import Worker
from policy_bot.sst.deployment import Project, Version
from tests.service.pulls import ACME, OTHER, Judge, Verdict, request, row, want
from tests.waiting import LONG

PULLS = 20
NAMES = {ACME: "acme/shop", OTHER: "other/shop"}


def requests() -> list[EnqueueRequest]:
    """The same repository id and numbers for both: only the installation tells them apart."""
    return [
        EnqueueRequest("pull", PullKey(who, 7, NAMES[who], number), "h", True, f"d-{who}-{number}")
        for number in range(1, PULLS + 1)
        for who in NAMES
    ]


def judgement(key: PullKey) -> Judgement:
    project = Project(f"{key.name}/{key.number}", Version("4.0.0", "4.0.0", "x"), (), frozenset())
    return Judgement((project,), ())


def test_interleaved_evaluations_keep_apart(sqlite: Store, capsys: pytest.CaptureFixture[str]) -> None:
    together = threading.Barrier(4)

    def evaluate(key: PullKey, superseded: Callable[[], bool]) -> Verdict:
        bound = structlog.contextvars.get_contextvars()
        together.wait(LONG)  # four at a time, of both tenants, are in the middle of their evaluation
        assert structlog.contextvars.get_contextvars() == bound
        assert bound["row"].startswith(f"{key.installation}/")
        assert bound["delivery"] == f"d-{key.installation}-{key.number}"
        return Verdict(f"{key.installation}-{key.number}", "success", Details.of(judgement(key)))

    want(sqlite, *requests())
    judge = Judge(evaluate)
    slots = 8  # the last ones are kept for installations that have none
    worker = Worker(sqlite, judge, Counting(), slots, "https://bot.example.com")
    threads = [
        threading.Thread(target=lambda: [worker.work(lambda: None) for _ in range(PULLS // 2)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)

    for who in NAMES:
        for number in range(1, PULLS + 1):
            assert row(sqlite, number, who)["judged_head"] == f"{who}-{number}"
    tokens = sqlite.read(lambda connection: connection.scalars(select(evaluation.c.token)).all())
    assert len(tokens) == len(set(tokens)) == 2 * PULLS
    for token in tokens:
        page = sqlite.read(lambda connection, token=token: evaluations.find(connection, token, sqlite.now()))
        assert page is not None
        who, number = page.head.split("-")
        assert (page.row, page.name) == (f"{who}/7/pull/{number}", NAMES[int(who)])
        assert json.loads(page.judgement)["projects"][0]["path"] == f"{page.name}/{number}"
    assert sorted(judge.urls) == sorted(f"https://bot.example.com/e/{token}" for token in tokens)
    assert structlog.contextvars.get_contextvars() == {}


def test_one_tenants_limit_holds_no_other(sqlite: Store) -> None:
    def evaluate(key: PullKey, superseded: Callable[[], bool]) -> Verdict:
        if key.installation == ACME:
            raise RetryLater(600, "rate limit")
        return Verdict()

    want(sqlite, request(1, ACME), request(1, OTHER), request(2, ACME), request(2, OTHER))
    worker = Worker(sqlite, Judge(evaluate), Counting(), 4)
    while worker.work(lambda: None):
        pass
    held = sqlite.read(lambda connection: connection.scalars(select(installation.c.id)).all())
    assert held == [ACME]
    assert [row(sqlite, number, OTHER)["state"] for number in (1, 2)] == ["idle", "idle"]
    assert [row(sqlite, number, ACME)["state"] for number in (1, 2)] == ["waiting", "waiting"]
