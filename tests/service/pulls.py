"""Pull requests, deliveries and evaluators for the tests of the service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from policy_bot.github.events import Due, PullKey
from policy_bot.review.details import Details
from policy_bot.service.store import due, turns
from policy_bot.service.store.due import EnqueueRequest, Taken
from policy_bot.service.store.inbox import Delivery
from policy_bot.service.store.store import Store
from policy_bot.service.store.tables import due as table

ACME, OTHER = 11, 22


def key(number: int = 1, installation: int = ACME, repository: int = 7) -> PullKey:
    return PullKey(installation, repository, "acme/shop", number)


def request(
    number: int = 1, installation: int = ACME, *, head: str = "h1", urgent: bool = True
) -> EnqueueRequest:
    return EnqueueRequest("pull", key(number, installation), head, urgent, "d-1")


def delivery(guid: str, *requests: EnqueueRequest) -> Delivery:
    return Delivery(guid, "pull_request", "opened", ACME, 0.0, requests or (request(),))


def want(store: Store, *requests: EnqueueRequest) -> None:
    store.write(lambda connection: due.want(connection, requests or [request()], store.now()))


def take(store: Store, lease: str = "lease", *, bulk: bool = True) -> Taken:
    taken = maybe_take(store, lease, bulk=bulk)
    assert taken is not None
    return taken


def maybe_take(store: Store, lease: str = "lease", *, bulk: bool = True) -> Taken | None:
    return store.write(lambda connection: turns.take(connection, store.now(), lease, bulk))


def finish(store: Store, taken: Taken, head: str = "h1") -> bool:
    return store.write(lambda connection: due.finish(connection, taken, store.now(), head))


def row(store: Store, number: int = 1, installation: int = ACME) -> dict[str, object]:
    where = table.c.key == request(number, installation).row
    found = store.read(lambda connection: connection.execute(table.select().where(where)).mappings().first())
    return dict(found or {})


@dataclass
class Verdict:
    head: str = "h1"
    conclusion: str = "success"
    details: Details | None = None
    superseded: bool = False
    again: float | None = None
    also: tuple[PullKey, ...] = ()
    sharing: tuple[PullKey, ...] = ()
    basis: str = ""


@dataclass
class Judge:
    """A scripted evaluator that records its calls."""

    does: Callable[[PullKey, Callable[[], bool]], Verdict] = lambda _key, _superseded: Verdict()
    open: list[Due] = field(default_factory=list)
    asked: list[PullKey] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    shown: list[tuple[PullKey, str]] = field(default_factory=list)

    def evaluate(
        self, key: PullKey, superseded: Callable[[], bool], details_url: str = "", head: str = ""
    ) -> Verdict:
        self.asked.append(key)
        self.urls.append(details_url)
        return self.does(key, superseded)

    def failed(self, key: PullKey, reference: str) -> None:
        self.shown.append((key, reference))

    def open_pulls(self, installation: int, repository: int = 0, name: str = "") -> Iterable[Due]:
        return [one for one in self.open if one.key.installation == installation]

    def to_compare(self, installation: int) -> Iterable[Due]:
        return self.open_pulls(installation)

    def installations(self) -> Iterable[int]:
        return sorted({one.key.installation for one in self.open})
