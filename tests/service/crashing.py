"""A service whose evaluator writes down what it does, and a sender that never gives up: for crash tests.

`python -m tests.service.crashing serve|web|worker FOLDER DATABASE PORT` is what is killed. "GitHub" is a
folder: `truth/N` holds the newest version of pull request N, and `journal` what was published, in order.
"""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from policy_bot.cli.demo_service import free_port
from policy_bot.github.events import PullKey
from policy_bot.github.signature import sign
from policy_bot.service.store import due, overview
from policy_bot.service.store.store import Store
from tests.service.keys import SECRET, settings
from tests.service.pulls import Judge, Verdict
from tests.service.web import opened
from tests.waiting import LONG, until

ROOT = Path(__file__).parents[2]
STEPS = 4  # of an evaluation, between which it asks whether it is superseded
STEP_SECONDS = 0.01


@dataclass(frozen=True)
class GitHub:
    """A fake GitHub: the newest state, and what was published."""

    folder: Path

    def push(self, number: int, version: int) -> None:
        temporary = self.folder / "truth" / f".{number}"
        temporary.write_text(str(version))
        temporary.replace(self.folder / "truth" / str(number))

    def newest(self, number: int) -> int:
        return int((self.folder / "truth" / str(number)).read_text())

    def write(self, line: str) -> None:
        journal = os.open(self.folder / "journal", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(journal, f"{line}\n".encode())
        os.close(journal)

    def evaluate(self, key: PullKey, superseded: Callable[[], bool]) -> Verdict:
        with (self.folder / "locks" / str(key.number)).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.write(f"overlap {key.number}")
            version = self.newest(key.number)
            for _ in range(STEPS):
                time.sleep(STEP_SECONDS)
                if superseded():
                    return Verdict(superseded=True)
            self.write(f"published {key.number} {version}")
            return Verdict(str(version))

    def journal(self) -> list[list[str]]:
        return [line.split() for line in (self.folder / "journal").read_text().splitlines()]


class Nothing:
    """Deliveries that never fail."""

    def failed(self, *_: object) -> list[object]:
        return []

    def redeliver(self, id: int) -> None:
        raise AssertionError


def main(role: str, folder: str, database: str, port: str) -> None:
    """One process of the service."""
    from policy_bot.service import assembly, running, server  # noqa: PLC0415 -- the sender needs none of it
    from policy_bot.service.lock import StateLock  # noqa: PLC0415
    from policy_bot.service.store import schema  # noqa: PLC0415
    from policy_bot.service.store.engine import connect  # noqa: PLC0415

    due.LEASE_SECONDS, running.KEEP_SECONDS = 10.0, 1.0
    server.Front = partial(server.Front, seconds=600)  # type: ignore[misc,assignment]
    given = settings(Path(folder) / "state", database_url=database, port=int(port))
    judge = Judge(GitHub(Path(folder)).evaluate)
    outside = assembly.Outside(judge, judge, Nothing())  # type: ignore[arg-type]
    if role == "worker":
        server.run_worker(lambda: assembly.working(given, outside))
    elif role == "web":
        server.run_web(lambda: assembly.accepting(given), given.host, given.port)
    else:
        lock = StateLock(given.policy_bot_state)
        lock.take(lambda holder: None)
        engine = connect(given.database())
        schema.migrate(engine)
        engine.dispose()
        server.run_web(lambda: assembly.serving(given, outside), given.host, given.port)


@dataclass
class Fleet:
    """The processes of one service; those that end are started again, as a supervisor would."""

    folder: Path
    database: str
    port: int
    roles: tuple[str, ...]
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, role: str) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "tests.service.crashing",
            role,
            str(self.folder),
            self.database,
            str(self.port),
        ]
        with (self.folder / f"{role}.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)

    @contextmanager
    def up(self) -> Iterator[Fleet]:
        self.running = [self.start(role) for role in self.roles]
        try:
            yield self
        finally:
            for process in self.running:
                process.terminate()
            for process in self.running:
                process.wait(LONG)

    def kill(self, chance: random.Random) -> None:
        """Kills one of them at once: its serving child, or all of it."""
        slot = chance.randrange(len(self.running))
        process = self.running[slot]
        children = _children(process.pid)
        if children and chance.random() < 0.5:
            for child in children:
                os.kill(child, signal.SIGKILL)
            return  # its parent starts another one, or ends
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(LONG)
        self.tend()

    def tend(self) -> None:
        """Restarts processes that have ended."""
        for slot, process in enumerate(self.running):
            if process.poll() is not None:
                self.running[slot] = self.start(self.roles[slot])


def _children(parent: int) -> list[int]:
    try:
        return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    except OSError:
        return []


@dataclass
class Sender:
    """Pushes and delivers; a delivery that is not answered 2xx is sent again with its id until it is."""

    github: GitHub
    port: int
    pulls: int
    accepted: list[str] = field(default_factory=list)
    versions: dict[int, int] = field(default_factory=dict)
    refused: int = 0
    refusing: Callable[[], None] = lambda: None

    def send(self, chance: random.Random) -> None:
        number = chance.randrange(1, self.pulls + 1)
        self.versions[number] = self.versions.get(number, 0) + 1
        self.github.push(number, self.versions[number])
        guid = str(uuid.UUID(int=chance.getrandbits(128)))
        until(lambda: self.is_accepted(number, guid))
        self.accepted.append(guid)

    def is_accepted(self, number: int, guid: str) -> bool:
        if self.post(number, guid):
            return True
        self.refused += 1
        self.refusing()
        return False

    def post(self, number: int, guid: str) -> bool:
        body = json.dumps(opened(number)).encode()
        headers = {
            "X-GitHub-Event": "pull_request",
            "X-GitHub-Delivery": guid,
            "X-Hub-Signature-256": sign(body, SECRET),
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG)
        try:
            connection.request("POST", "/webhook", body, headers)
            return connection.getresponse().status in {200, 202}
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@dataclass(frozen=True)
class Result:
    """What came of it. Everything but `accepted`, `published` and `refused` ought to be nothing."""

    accepted: int
    published: int
    refused: int
    lost: int
    missing: int
    overlapping: int
    out_of_order: int

    @property
    def kept(self) -> bool:
        return not (self.lost or self.missing or self.overlapping or self.out_of_order)


def prepare(folder: Path) -> GitHub:
    for name in ("truth", "locks", "state"):
        (folder / name).mkdir()
    (folder / "journal").touch()
    return GitHub(folder)


def judge(github: GitHub, sender: Sender, store: Store) -> Result:
    """Compares what was accepted with what is published."""
    latest: dict[int, int] = {}
    backwards = overlapping = published = 0
    for what, number, *version in github.journal():
        if what == "overlap":
            overlapping += 1
            continue
        published += 1
        backwards += int(version[0]) < latest.get(int(number), 0)
        latest[int(number)] = int(version[0])
    lost = sum(latest.get(number) != version for number, version in sender.versions.items())
    known: set[str] = set()
    for start in range(0, len(sender.accepted), 500):
        some = sender.accepted[start : start + 500]
        known |= store.read(lambda connection, some=some: overview.received(connection, some))
    missing = len(set(sender.accepted) - known)
    return Result(len(sender.accepted), published, sender.refused, lost, missing, overlapping, backwards)


def is_drained(store: Store) -> bool:
    """Whether everything due is worked off."""
    depth = store.read(lambda connection: overview.depth(connection, store.now()))
    return not any(depth.rows.values())


def crash(folder: Path, database: str, roles: tuple[str, ...], kills: int, seed: int = 1) -> Result:
    """Load, `kills` kills at random moments of load and drain, then drain and judge."""
    github, port = prepare(folder), free_port()
    chance, killer = random.Random(seed), random.Random(seed + 1)
    sender = Sender(github, port, pulls=25)
    fleet = Fleet(folder, database, port, roles)
    sender.refusing = fleet.tend
    with fleet.up():
        sender.send(chance)
        for _ in range(kills):
            for _ in range(killer.randrange(5, 60)):
                sender.send(chance)
            time.sleep(killer.choice([0, 0, 0.05]))
            fleet.kill(killer)
        for _ in range(50):
            sender.send(chance)
        store = Store(database or f"sqlite:///{folder / 'state' / 'policy-bot.sqlite3'}")
        try:
            until(lambda: is_drained(store))
            return judge(github, sender, store)
        finally:
            store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
