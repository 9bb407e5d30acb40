"""Attacks on a running `serve`, and what each costs everybody else.

    python -m tests.bench.attacks [NAME ...]

While an attack runs, three things are measured: how long `/healthz` takes at worst, how long an ordinary pull
request of another organisation waits for its verdict, and the memory of `serve` with all its children (their
proportional set size). Afterwards: the verdict on the attacking pull request, and the remaining memory.
"""

from __future__ import annotations

import http.client
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from policy_bot.cli.demo_service import service
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.server import delivering, served
from policy_bot.sandbox.state import CheckRun, Pull, wall_clock
from tests.flows.configs import CLEAN, PACKAGE, config

HEALTHY, VERDICT, MEMORY, LEFT = 1.0, 20.0, 400, 30
"""Seconds of `/healthz`, seconds to a verdict on a loaded machine, MB at most, MB above rest afterwards."""
PATIENCE = 200.0
"""Seconds that an attacker is waited for: its evaluation ends after 180 s at the latest."""
SETTLING = 60.0
"""Seconds after which memory has to be back: reading processes without work end after 30 s."""
WARMED = 4
"""Ordinary pull requests before the attack: the first ones load code and fill caches."""
LIMITED = ("literals", "many")
"""Attacks that have to end in a check that names the limit; the others are judged to their end."""
WRONG = config('streaming: true,\n      url: true,\n      timeout: "60 seconds"')


@dataclass
class Street:
    """The sandbox, the service in front of it, and the numbers of repositories made so far."""

    sandbox: Sandbox
    address: str
    number: int = 0

    def strangers(self, files: dict[str, str], pulls: int = 1) -> list[Pull]:
        """Pull requests from forks into one repository of a new organisation."""
        self.number += 1
        base = self.sandbox.repository(f"eve{self.number}/shop", CLEAN)
        self.sandbox.install(f"eve{self.number}")
        made = []
        for number in range(pulls):
            fork = self.sandbox.fork(base, f"mallory{self.number}x{number}")
            own = {**files, "number.md": f"{number}\n"}  # a head of its own: one head would share one check
            made.append(self.sandbox.open_pull(base, own, source=fork, by="eve"))
        return made

    def neighbour(self) -> Pull:
        """An ordinary pull request of another organisation."""
        self.number += 1
        shop = self.sandbox.repository(f"acme{self.number}/shop", CLEAN)
        self.sandbox.install(f"acme{self.number}")
        return self.sandbox.open_pull(shop, {"sst.config.ts": WRONG})

    def run(self, pull: Pull) -> CheckRun | None:
        """The check of a pull request's head."""
        runs = self.sandbox.world.latest_runs(pull.repository, pull.head_sha)
        return runs[0] if runs else None

    def waited(self, pull: Pull) -> float:
        """Seconds until it has its verdict."""
        began = time.monotonic()
        while self.run(pull) is None and time.monotonic() - began < PATIENCE:
            time.sleep(0.02)
        return time.monotonic() - began


def _blanks(street: Street) -> list[Pull]:
    source = "// from" + " " * 400_000 + "\n" + 'import { x } from "./nowhere";\n' + WRONG
    return street.strangers({"sst.config.ts": source})


FRONT = """---
title: Title
severity: warning
confidence: high
since: 0.1.0
sst: "*"
subject: function
when: {when}
require: "true"
at: timeout
message: words that say what is wrong
profiles: [recommended]
---
# Title

## What it does
words

## Why it is bad
words

## Example
words

## Use instead
words

"""


def _heading(street: Street) -> list[Pull]:
    page = FRONT.replace("{when}", '"true"') + "# " + " " * 20_000 + "#" * 20_000 + " " * 20_000 + "x\n"
    return street.strangers({".github/policies/a/b.md": page})


def _mark(street: Street) -> list[Pull]:
    page = FRONT.replace("{when}", '"true"') + "## Cases\n\n### one\n\n```ts\n" + " " * 240_000 + "x\n```\n"
    return street.strangers({".github/policies/a/b.md": page})


def _literals(street: Street) -> list[Pull]:
    head, _, tail = FRONT.partition("subject: function")
    files = {}
    for number in range(4):
        rules = "rules:\n"
        for rule in range(60):
            claim = " || ".join(f"name.matches('a{number}b{rule}c{at}')" for at in range(130))
            rules += f'  - subject: function\n    when: "{claim}"\n    require: "true"\n    at: timeout\n'
            rules += "    message: words that say what is wrong\n"
        rest = tail.partition("profiles")
        files[f".github/policies/a/p{number}.md"] = head + rules + "profiles" + rest[2]
    return street.strangers(files, pulls=6)


STAGES = " ".join(f'if ($app.stage === "s{n}") {{ x.push({n}); }}' for n in range(12))
MANY = """export default $config({
  app() { return { name: "shop", home: "aws" }; },
  async run() {
    const x = []; %s
    for (let i = 0; i < 500; i++)
      new sst.aws.Function("F" + i, { handler: "src/a.handler", url: true, streaming: true, %s });
  },
});
"""


def _many(street: Street) -> list[Pull]:
    padding = ", ".join(f'description{n}: "{"d" * 60}"' for n in range(150))
    source = MANY % (STAGES, f"environment: {{ {padding} }}")
    files = {f"app{n}/sst.config.ts": source for n in range(3)}
    files |= {f"app{n}/package.json": PACKAGE for n in range(3)}
    return street.strangers(files, pulls=6)


def _bodies(street: Street) -> list[Pull]:
    body = b"{" + b" " * (24 * 1024 * 1024)

    def send(signed: bool) -> None:
        line = http.client.HTTPConnection(urlsplit(street.address).netloc, timeout=60)
        headers = {"X-GitHub-Event": "push", "X-GitHub-Delivery": "0" * 36}
        if signed:
            headers["X-Hub-Signature-256"] = "sha256=" + "0" * 64
        with suppress(OSError, http.client.HTTPException):
            line.request("POST", "/webhook", body, headers)
            line.getresponse().read()

    for number in range(24):
        threading.Thread(target=send, args=(number % 2 == 0,), daemon=True).start()
    return []


def _upgrades(street: Street) -> list[Pull]:
    where = urlsplit(street.address)
    asked = (
        "GET /webhook HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    for number in range(200):
        with suppress(OSError), socket.create_connection((where.hostname or "", where.port or 0), 5) as line:
            line.settimeout(5)
            line.sendall(asked.encode())
            answer = line.recv(100)
            if number == 0:
                print("   answer:", answer.split(b"\r\n")[0].decode())
    return []


ATTACKS: dict[str, Callable[[Street], list[Pull]]] = {
    "blanks": _blanks,
    "heading": _heading,
    "mark": _mark,
    "literals": _literals,
    "many": _many,
    "bodies": _bodies,
    "upgrades": _upgrades,
}


@dataclass
class Watch:
    """Asks for `/healthz` and looks at the memory, again and again."""

    address: str
    slowest: float = 0.0
    most: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Watch:
        self.threads = [threading.Thread(target=each, daemon=True) for each in (self._health, self._memory)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def _health(self) -> None:
        while not self.ended.wait(0.05):
            began = time.monotonic()
            with suppress(OSError, http.client.HTTPException):
                line = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=PATIENCE)
                line.request("GET", "/healthz")
                line.getresponse().read()
                line.close()
            self.slowest = max(self.slowest, time.monotonic() - began)

    def _memory(self) -> None:
        while not self.ended.wait(0.1):
            self.most = max(self.most, megabytes())


def megabytes() -> int:
    """The memory of all processes that this one started, each page counted once."""
    return sum(size for _, size in processes()) // 1024


def resting() -> int:
    """The same with one reading process: that is what is left after a while without work."""
    found = list(processes())
    readers = sorted(size for name, size in found if name.endswith("worker"))
    return (sum(size for _, size in found) - sum(readers[:-1])) // 1024


def processes() -> Iterator[tuple[str, int]]:
    """The processes that this one started, with the KiB of memory that each uses."""
    for pid in _below(str(_own())):
        with suppress(OSError, StopIteration):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            size = int(next(line for line in text.splitlines() if line.startswith("Pss:")).split()[1])
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            name = next((word for word in words if word.startswith(b"policy_bot")), words[0])
            yield name.decode(), size


def _own() -> int:
    return int(Path("/proc/self/stat").read_text().split()[0])


def _below(pid: str) -> Iterator[str]:
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield child
                yield from _below(child)


def play(name: str) -> bool:
    """One attack, on a service of its own."""
    with ExitStack() as stack:
        sandbox = Sandbox(clock=wall_clock)
        stack.enter_context(served(sandbox))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = stack.enter_context(service(sandbox, folder, registered=True)).address
        stack.enter_context(delivering(sandbox, f"{address}/webhook"))
        street = Street(sandbox, address)
        for _ in range(WARMED):
            street.waited(street.neighbour())
        rest = resting()
        with Watch(address) as watch:
            began = time.monotonic()
            pulls = ATTACKS[name](street)
            time.sleep(1)
            waits = [street.waited(street.neighbour()) for _ in range(3)]
            while not all(map(street.run, pulls)) and time.monotonic() - began < PATIENCE:
                time.sleep(0.1)
            took = time.monotonic() - began
            began = time.monotonic()
            while megabytes() > rest + LEFT and time.monotonic() - began < SETTLING:
                time.sleep(1)
            settled = time.monotonic() - began
        left = megabytes()
        print("   memory:", ", ".join(f"{name} {size >> 10}" for name, size in processes()), "MB")
        log = (folder / "service.log").read_bytes().count(b"\n")
        print(
            f"{name:<10} /healthz {watch.slowest:.2f} s, neighbour {max(waits):.1f} s, attacker {took:.1f} s,"
            f" memory {rest} -> {watch.most} -> {left} MB after {settled:.0f} s, {log} lines of log",
            flush=True,
        )
        good = watch.slowest <= HEALTHY and max(waits) <= VERDICT and watch.most <= MEMORY
        for run in dict.fromkeys(map(street.run, pulls)):
            said = (run.summary or "").replace("\n", " ") if run else "no check"
            at = said.find("limit")
            good = good and run is not None and (at >= 0 or name not in LIMITED)
            shown = said[max(at - 160, 0) : at + 120]
            print(f"   {run.conclusion if run else '-'}: {run.title if run else '-'} | {shown}")
        return good and left <= rest + LEFT


def main() -> int:
    """Play them all, or those that are named."""
    played = [play(name) for name in sys.argv[1:] or ATTACKS]
    return 0 if all(played) else 1


if __name__ == "__main__":
    sys.exit(main())
