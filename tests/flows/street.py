"""The whole service, end to end: webhook, inbox, worker, reading, judging, GitHub. All in this
process, time
moved by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from policy_bot.github.app import App, Identity
from policy_bot.github.deliveries import DeliveryFailure
from policy_bot.isolation import InProcess, Reader
from policy_bot.sandbox.registration import Registration
from policy_bot.sandbox.state import CheckRun, Pull, Repository
from policy_bot.service.counting import Counting
from policy_bot.service.evaluation.evaluator import Evaluator
from policy_bot.service.evaluation.memory import Memory
from policy_bot.service.hooks import Intake
from policy_bot.service.reconciliation import SWEPT_EVERY_SECONDS, Reconciliation
from policy_bot.service.store.heads import StoredHeads
from policy_bot.service.store.revisions import StoredRevisions
from policy_bot.service.store.store import Store
from policy_bot.service.wakeups import Threads
from policy_bot.service.web import create_app
from policy_bot.service.worker import Worker
from tests.sandbox.full import FullSandbox
from tests.sandbox.wire import wired
from tests.service import sqlite

REGISTRATION = Registration()  # one key for all tests: making one takes a tenth of a second
MOST_TURNS = 25  # of deliveries and work, until everything has to be at rest
LONGEST_REST = 30.0  # seconds after which whatever rests in the queue may run


class NoDeliveries:
    """GitHub lists no failed delivery: it counts them as delivered."""

    def failed(self, since: datetime, limit: int) -> Sequence[DeliveryFailure]:
        return ()

    def redeliver(self, id: int) -> None:
        raise AssertionError("nothing to deliver again")


class Street:
    """A service and a sandbox across from one another. The App is on `acme/shop`, which requires its
    check.
    """

    def __init__(self, database: str, reader: Reader, organisation_required: bool = False) -> None:
        self.seconds = 1_800_000_000.0
        self.sandbox = FullSandbox(registration=REGISTRATION)
        self.store = Store(database, clock=lambda: self.seconds)
        secrets = (REGISTRATION.webhook_secret,)
        identity = Identity(REGISTRATION.id, REGISTRATION.pem, self.sandbox.api_url)
        self.slept: list[float] = []
        app = App(identity, clock=lambda: self.seconds, sleep=self.slept.append)
        self.evaluator = evaluator = Evaluator(
            app,
            reader,
            secrets,
            StoredRevisions(self.store),
            heads=StoredHeads(self.store),
            organisation_required=organisation_required,
        )
        counting = Counting()
        self.reconciliation = Reconciliation(self.store, NoDeliveries(), evaluator, counting, lambda: None)
        self.worker = Worker(self.store, evaluator, counting, slots=1)
        web = create_app(Intake(self.store, secrets, Threads(), counting), lambda: True, self.sandbox.api_url)
        self.front = web.test_client()

    def begin(self, files: dict[str, str]) -> Repository:
        """A repository with these files on main, the App installed, its check required; all settled."""
        shop = self.sandbox.repository("acme/shop", files)
        self.sandbox.require(shop)
        self.sandbox.install("acme")
        self.settle()
        return shop

    def post(self, headers: dict[str, str], body: bytes) -> int:
        """One webhook through the whole service."""
        return self.front.post("/webhook", data=body, headers=headers).status_code

    def settle(self) -> None:
        """Deliver what has happened and work until nothing is due any more."""
        for _ in range(MOST_TURNS):
            self.sandbox.hook.deliver(self.post)
            worked = False
            for _ in range(MOST_TURNS):
                if not self.worker.work(lambda: None):
                    break
                worked = True
            if not worked and not self.sandbox.hook.pending:
                self.seconds += LONGEST_REST
                if not self.worker.ready():
                    return
        raise AssertionError("it never comes to rest")

    def sweep(self) -> int:
        """The sweep, some hours later; returns how many pull requests it found. Then settles."""
        self.seconds += SWEPT_EVERY_SECONDS + 1
        found = self.reconciliation.sweep()
        self.settle()
        return found

    def run(self, pull: Pull) -> CheckRun:
        """The one check run on the pull request's head."""
        runs = [run for run in pull.repository.checks if run.head_sha == pull.head_sha]
        assert [run.name for run in runs] == ["sst-policy"]
        return runs[0]

    def forget(self) -> None:
        """Remember no more of any repository than a service that has just started."""
        self.evaluator._memory = Memory()

    def asked(self) -> list[str]:
        """What GitHub has been asked since the last call of this, but for tokens."""
        said = [str(one) for one in self.sandbox.requests if not one.path.endswith("/access_tokens")]
        self.sandbox.requests.clear()
        return said


@contextmanager
def street(
    folder: Path, reader: Reader | None = None, organisation_required: bool = False
) -> Iterator[Street]:
    """A street with a new database in `folder`."""
    made = Street(sqlite.make(folder), reader or InProcess(), organisation_required)
    try:
        with wired(made.sandbox):
            yield made
    finally:
        made.store.close()
