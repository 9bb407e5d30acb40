"""T33: deliveries arrive twice, late and out of order -> every such history ends like the orderly one,
judged by GitHub's newest state.

Precedents: GitLab issue 587536; GitHub redelivers with the same id.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from policy_bot.github.events import PullKey
from policy_bot.service.counting import Counting
from policy_bot.service.store.store import Store
from policy_bot.service.worker import Worker
from tests.service.fixtures import Time
from tests.service.pulls import Judge, Verdict, row
from tests.service.web import Site, opened

HEADS = [f"{number:040x}" for number in range(1, 7)]


def push(head: str) -> dict[str, object]:
    payload = opened() | {"action": "synchronize"}
    return payload | {"pull_request": payload["pull_request"] | {"head": {"sha": head}}}


@pytest.mark.parametrize("seed", range(12))
def test_any_history_ends_on_the_newest_head_once_in_effect(sqlite: Store, time: Time, seed: int) -> None:
    chance = random.Random(seed)
    deliveries = [(f"guid-{n:08}", push(head)) for n, head in enumerate(HEADS)]
    history = deliveries + chance.choices(deliveries, k=6)
    chance.shuffle(history)
    newest = HEADS[0]
    published: list[str] = []

    def evaluate(key: PullKey, superseded: Callable[[], bool]) -> Verdict:
        head = newest  # an evaluation asks GitHub, whatever the payload said
        if superseded():
            return Verdict(superseded=True)
        if published[-1:] != [head]:
            published.append(head)
        return Verdict(head)

    site, worker = Site(sqlite), Worker(sqlite, Judge(evaluate), Counting(), 1)
    known: set[str] = set()
    for guid, payload in history:
        newest = max(newest, payload["pull_request"]["head"]["sha"])  # type: ignore[index,call-overload]
        answer = site.post(payload, guid=guid)
        assert answer.status_code == (200 if guid in known else 202)
        known.add(guid)
        if chance.random() < 0.4:
            worker.work(lambda: None)
        time.pass_(chance.choice([0.1, 3, 30]))
    time.pass_(60)
    while worker.work(lambda: None):
        time.pass_(60)

    assert row(sqlite)["judged_head"] == HEADS[-1]
    assert row(sqlite)["wanted"] == len(HEADS)
    assert published == sorted(set(published)), "never an older one after a newer one, and none twice"


def test_a_replay_after_all_is_done_causes_no_work(sqlite: Store, time: Time) -> None:
    judge = Judge()
    site, worker = Site(sqlite), Worker(sqlite, judge, Counting(), 1)
    site.post(opened())
    assert worker.work(lambda: None)
    time.pass_(3 * 86400)
    assert site.post(opened()).status_code == 200
    assert not worker.work(lambda: None)
    assert len(judge.asked) == 1
