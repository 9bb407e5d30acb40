"""A day in the life of an organisation: policy introduced, enforced, excused, changed, audited.

Run it with `python -m tests.bench.organisation_day [--repositories 200]`. The organisation is generated,
GitHub is the sandbox, reader, policies and service are the real ones. For each step it prints the requests
spent, the seconds of our own work, and the seconds on a clock where a request takes 200 ms and what GitHub's
limits ask (80 writes a minute) is waited for.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

from policy_bot.github.app import App, Identity
from policy_bot.github.errors import RetryLater
from policy_bot.github.events import PullKey
from policy_bot.isolation.reader import InProcess
from policy_bot.policy import builtin
from policy_bot.sandbox.limits import RateLimits
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.state import CheckRun, Pull, Repository
from policy_bot.service.audit import Audit, AuditedRepository, StoredRepositories, context_of
from policy_bot.service.evaluation.evaluator import Evaluator
from policy_bot.service.evaluation.rules import RuleBook
from policy_bot.service.store import schema
from policy_bot.service.store.revisions import StoredRevisions
from policy_bot.service.store.store import Store
from tests.sandbox.wire import wired

TODAY = date(2026, 11, 22)
LATENCY = 0.2
"""Seconds a request takes, for the estimate."""
SHARE_WITH_SST = 0.3
PACKAGE = '{"name": "%s", "dependencies": {"sst": "4.17.0"}}\n'
CONFIG = """\
export default $config({
  app(input) {
    return {
      name: "%s",
      home: "aws",
      protect: ["production"].includes(input?.stage),
      removal: input?.stage === "production" ? "retain" : "remove",
    };
  },
  async run() {
    await import("./infra/api");
  },
});
"""
CHAT = """\
new sst.aws.Function("Chat", {
  handler: "src/chat.handler",
  streaming: true,
  url: true,
  timeout: "%s",
});
"""
EVALUATE = "mode: evaluate\n"
ENFORCE = "mode: enforce\n"
WAIVER = """\
waivers:
  - policy: timeout/too-short
    repository: %s
    path: infra/api.ts
    subject: Chat
    reason: The upstream ends the stream after 20 seconds.
    expires: 2027-06-30
    approved-by: "@acme/platform"
"""
STRICTER = "policies: {timeout/too-short: {parameters: {least: 600}}}\n"


@dataclass
class Step:
    """One thing that was done: its requests, its own seconds, and what came of it."""

    name: str
    requests: int = 0
    own: float = 0.0
    clock: float = 0.0
    result: str = ""

    def __str__(self) -> str:
        return (
            f"{self.name:<44}{self.requests:>9}{self.own:>9.1f}{self.own + self.clock:>9.1f}  {self.result}"
        )


@dataclass
class Clock:
    """A clock that only waiting moves: for answers, and for what limits ask."""

    time: float = 1_000_000.0

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def answered(self, installation: int, remaining: int | None, limit: int | None, resource: str) -> None:
        """An answer came: it took a while."""
        self.time += LATENCY

    def date(self) -> datetime:
        """The same time for the sandbox's limits."""
        return datetime.fromtimestamp(self.time, UTC)


@dataclass
class Day:
    """The organisation, the service, and what was done so far."""

    repositories: int
    store: Store
    random: Random = field(default_factory=lambda: Random(7))
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sandbox = Sandbox()
        self.policy = self.sandbox.repository("acme/.github", {"README.md": "# Acme\n"})
        self.with_sst = [
            self._repository(number) for number in range(round(self.repositories * SHARE_WITH_SST))
        ]
        for number in range(self.repositories - len(self.with_sst)):
            self.sandbox.repository(
                f"acme/lib-{number:03}", {"README.md": "x", "src/index.ts": "export {}\n"}
            )
        self.installation = self.sandbox.install("acme")
        self.pulls = [self._pull(each) for each in self.with_sst[: len(self.with_sst) * 2 // 3]]
        registration = self.sandbox.registration
        self.clock = Clock()
        self.sandbox.limits = RateLimits(self.clock.date)
        identity = Identity(registration.id, registration.pem, self.sandbox.api_url)
        self.app = App(identity, self.clock.answered, self.clock, self.clock.sleep)
        self.revisions = StoredRevisions(self.store)
        self.evaluator = Evaluator(
            self.app,
            InProcess(),
            ["a webhook secret of the bench"],
            self.revisions,
            today=lambda: TODAY,
            known_repositories=StoredRepositories(self.store),
        )

    def _repository(self, number: int) -> Repository:
        name = f"web-{number:03}"
        timeout = "5 minutes" if self.random.random() < 0.8 else "20 seconds"
        files = {
            "sst.config.ts": CONFIG % name,
            "package.json": PACKAGE % name,
            "infra/api.ts": CHAT % timeout,
        }
        return self.sandbox.repository(f"acme/{name}", files)

    def _pull(self, repository: Repository) -> Pull:
        """Half of the pull requests make a timeout too short, some touch nothing of SST."""
        kind = self.random.random()
        if kind < 0.2:
            return self.sandbox.open_pull(repository, {"README.md": "words\n"}, title="Words")
        timeout = "1 minute" if kind < 0.6 else "10 minutes"
        return self.sandbox.open_pull(repository, {"infra/api.ts": CHAT % timeout}, title="Another timeout")

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Measures what is done within."""
        step, before, started = Step(name), len(self.sandbox.requests), time.perf_counter()
        clock = self.clock.time
        with wired(self.sandbox):
            yield step
        step.requests, step.own = len(self.sandbox.requests) - before, time.perf_counter() - started
        step.clock = self.clock.time - clock
        self.steps.append(step)

    def judge_all(self, name: str) -> None:
        """Every open pull request is judged, as after a change of policy."""
        with self.step(name) as step:
            for pull in self.pulls:
                self._evaluate(pull)
            shown = Counter(self.shown(pull).conclusion for pull in self.pulls)
            step.result = ", ".join(f"{number} {word}" for word, number in sorted(shown.items()))

    def change_policy(self, name: str, text: str) -> None:
        """A change of policy is reviewed in its pull request, then merged."""
        pull = self.sandbox.open_pull(self.policy, {"policy-bot.yml": text}, title=name)
        with self.step(f"review: {name}") as step:
            self._evaluate(pull)
            step.result = self.shown(pull).title or ""
        self.sandbox.merge(pull)

    def audit(self, name: str) -> list[AuditedRepository]:
        """An audit of everything."""
        with self.step(name) as step:
            client = self.app.client(self.installation.id)
            book = RuleBook(self.revisions, lambda: TODAY, builtin.load)
            context = context_of(client, self.app.identity.app_id, book, InProcess())
            seen = list(Audit(client, self.installation.id, context, self.store, TODAY).run("acme"))
            found = [finding for each in seen if each.audited for finding in each.audited.findings]
            gating = sum(each.gates for each in found)
            step.result = f"{len(seen)} repositories, {len(found)} findings, {gating} would gate"
        return seen

    def shown(self, pull: Pull) -> CheckRun:
        """The check on a pull request's head."""
        runs = [run for run in pull.repository.checks if run.head_sha == pull.head_sha]
        return max(runs, key=lambda run: run.id)

    def _evaluate(self, pull: Pull) -> None:
        key = PullKey(self.installation.id, pull.repository.id, pull.repository.full_name, pull.number)
        while True:
            try:
                self.evaluator.evaluate(key, lambda: False)
                return
            except RetryLater as later:
                self.clock.sleep(later.seconds)


def live(repositories: int, say: Callable[[str], None] = lambda line: None) -> Day:
    """The whole day."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'policy-bot.db'}")
        schema.migrate(store.engine)
        try:
            day = Day(repositories, store)
            _told(day, say)
        finally:
            store.close()
    return day


def _told(day: Day, say: Callable[[str], None]) -> None:
    say(f"{'step':<44}{'requests':>9}{'own s':>9}{'clock s':>9}  result")
    done = 0
    for part in (
        lambda: day.judge_all("judged before any policy"),
        lambda: day.audit("audit, the first night's"),
        lambda: day.change_policy("introduced in evaluate mode", EVALUATE),
        lambda: day.judge_all("judged again: nothing gates"),
        lambda: day.change_policy("enforced", ENFORCE),
        lambda: day.judge_all("judged again: it gates"),
        lambda: day.change_policy("one waiver", ENFORCE + WAIVER % _excused(day)),
        lambda: day.judge_all("judged again: one is excused"),
        lambda: day.change_policy("600 seconds at least", ENFORCE + STRICTER + WAIVER % _excused(day)),
        lambda: day.judge_all("judged again: stricter"),
        lambda: day.audit("audit by the new rules"),
        lambda: day.audit("audit, nothing changed"),
    ):
        part()
        for step in day.steps[done:]:
            say(str(step))
        done = len(day.steps)


def _excused(day: Day) -> str:
    """The first repository with a pull request that fails."""
    failing = (pull for pull in day.pulls if day.shown(pull).conclusion == "failure")
    return next(failing, day.pulls[0]).repository.name


def main() -> None:
    """The bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repositories", type=int, default=200)
    live(parser.parse_args().repositories, print)


if __name__ == "__main__":
    main()
