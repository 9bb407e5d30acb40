"""A simulated working day of an organisation with 10,000 repositories, in compressed time.

    python -m tests.bench.day [--slots 8] [--limit 12500]

The store and its scheduling are the real ones; evaluations are simulated: 3 requests where nothing is
found, 4 where something is, 0.9 s on average. Stated rates: 10,000 pushes to pull requests between 8 and 18
o'clock with peaks at 10 and 15, one in five of them a burst with a push every 20 s; at 11 the platform team
pushes policy, which re-evaluates 6,000 open pull requests in bulk.
"""

from __future__ import annotations

import argparse
import heapq
import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event

from policy_bot.service.store import due, holds, overview, schema, turns
from policy_bot.service.store.due import EnqueueRequest, Taken
from policy_bot.service.store.store import Store
from policy_bot.service.worker import RESERVE, RESERVE_SECONDS
from tests.service.fixtures import Time
from tests.service.pulls import ACME, OTHER, key

OPEN = 6_000
DAY = (8 * 3600, 18 * 3600)
POLICY_PUSH = 11 * 3600


@dataclass
class Day:
    """The state of the simulation. Events are (second of the day, what, of which pull request)."""

    slots: int
    limit: int
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    time: Time = field(default_factory=Time)
    requests: Counter[int] = field(default_factory=Counter)  # by hour
    ages: list[float] = field(default_factory=list)
    other: list[float] = field(default_factory=list)
    evaluations: int = 0
    backlog: int = 0
    since: dict[str, float] = field(default_factory=dict)

    def events(self) -> list[tuple[float, str, int]]:
        made = [(float(POLICY_PUSH), "refresh", 0)]
        for number in range(10_000):
            at = self.chance.choice([10, 15]) * 3600 + self.chance.gauss(0, 5400)
            at = min(max(at, DAY[0]), DAY[1])
            pushes = self.chance.randrange(2, 9) if self.chance.random() < 0.2 else 1
            made += [(at + 20 * push, "push", number % OPEN + 1) for push in range(pushes)]
        made += [(float(second), "other", 1) for second in range(DAY[0], DAY[1], 300)]
        return sorted(made)

    def run(self, store: Store) -> None:
        midnight = self.time.now
        running: list[tuple[float, int, Taken, bool]] = []
        events, number = self.events(), 0
        held = 0.0
        while events or running or self.look(store):
            now = self.time.now - midnight
            while events and events[0][0] <= now:
                self.happen(store, events.pop(0))
            while running and running[0][0] <= now:
                self.end(store, heapq.heappop(running))
            while len(running) < self.slots and now >= held:
                bulk = sum(not taken.urgent for _, _, taken, _ in running) < max(1, self.slots // 2)
                number += 1
                taken = store.write(lambda c, b=bulk, n=number: turns.take(c, self.time(), f"l{n}", b))
                if taken is None:
                    break
                hour = int(now // 3600)
                cost = 3 if self.chance.random() < 0.8 else 4
                if self.requests[hour] + cost > self.limit and taken.key.installation == ACME:
                    until = midnight + (hour + 1) * 3600
                    store.write(lambda c, u=until: holds.hold(c, ACME, u, "limit"))
                    store.write(lambda c, t=taken: due.give_back(c, t))
                    continue
                if taken.key.installation == ACME:
                    self.requests[hour] += cost
                    if not taken.urgent and self.requests[hour] > (1 - RESERVE) * self.limit:
                        store.write(lambda c: holds.hold_bulk(c, ACME, self.time() + RESERVE_SECONDS))
                heapq.heappush(running, (now + self.chance.uniform(0.6, 1.2), number, taken, True))
            if int(now) % 60 == 0:
                self.look(store)
            self.time.pass_(0.2 if running else 1.0)

    def look(self, store: Store) -> int:
        depth = store.read(lambda c: overview.depth(c, self.time()))
        self.backlog = max(self.backlog, depth.waiting)
        return depth.waiting

    def happen(self, store: Store, event: tuple[float, str, int]) -> None:
        _, what, number = event
        if what == "refresh":
            requests = [EnqueueRequest("pull", key(n), urgent=False) for n in range(1, OPEN + 1)]
        else:
            requests = [EnqueueRequest("pull", key(number, OTHER if what == "other" else ACME))]
        store.write(lambda c: due.want(c, requests, self.time()))

    def end(self, store: Store, ended: tuple[float, int, Taken, bool]) -> None:
        taken = ended[2]
        self.evaluations += 1
        store.write(lambda c: due.finish(c, taken, self.time(), "h"))
        ages = self.other if taken.key.installation == OTHER else self.ages if taken.urgent else []
        ages.append(self.time() - taken.due_since)


def unsynced(raw: Any, *_: object) -> None:
    """A simulation need not survive the machine."""
    raw.execute("pragma synchronous = off").close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--slots", type=int, default=8)
    parser.add_argument("--limit", type=int, default=12_500)
    given = parser.parse_args()
    day = Day(given.slots, given.limit)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'day.sqlite3'}", day.time)
        event.listen(store.engine, "checkout", unsynced)
        schema.migrate(store.engine)
        day.run(store)
        store.close()
    day.ages.sort()
    events = len([event for event in Day(1, 1).events() if event[1] == "push"])
    print(f"{events} pushes and a policy push over {OPEN} open pull requests: {day.evaluations} evaluations")
    print(f"peak backlog {day.backlog}; requests an hour {dict(sorted(day.requests.items()))} of {day.limit}")
    half, most = day.ages[len(day.ages) // 2], day.ages[int(len(day.ages) * 0.99)]
    print(f"age of a person's verdict: p50 {half:.1f} s, p99 {most:.1f} s, worst {day.ages[-1]:.0f} s")
    print(f"another installation's push, every 5 minutes: worst {max(day.other):.1f} s")


if __name__ == "__main__":
    main()
