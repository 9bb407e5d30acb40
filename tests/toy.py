"""A language of one line a finding, so that tests of the pull request need no SST: what `sst.config.ts` says
is found.

    use infra/api.ts      the file is part of the project
    error Chat            a finding that fails
    warning Chat          one that warns
    unknown Chat          an unknown one
    broken                the file does not parse

Everything else (projects, engine, plan, GitHub) is the real thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from policy_bot.github.app import App, Identity
from policy_bot.github.events import PullKey
from policy_bot.isolation.reader import FindingReader, Reader
from policy_bot.policy.policy import Policy, Rule
from policy_bot.sandbox.registration import Registration
from policy_bot.sandbox.state import CheckRun, Pull, Repository
from policy_bot.service.evaluation.evaluator import Evaluator
from policy_bot.service.evaluation.steps import Outcome
from policy_bot.sst.deployment import BlindSpot, Context, Deployment, Project, Step, Subject, Value, Version
from policy_bot.sst.reasons import said
from policy_bot.sst.source import SourceTree, Unreadable
from policy_bot.sst.span import Span
from tests.sandbox.full import FullSandbox
from tests.sandbox.wire import wired

SECRET = "a webhook secret of the tests"
TODAY = date(2026, 11, 2)
CONFIG = "sst.config.ts"


def _policy(severity: str) -> Policy:
    rule = Rule(
        subject="crash",
        when=f'code == "{severity}"',
        require="false",
        at="code",
        message="`{message}` is marked as wrong.",
    )
    return Policy(
        id=f"toy/{severity}",
        title="A toy finding",
        severity=severity,  # type: ignore[arg-type]
        confidence="high",
        since="0.1.0",
        sst="*",
        rules=(rule,),
        profiles={"recommended": None},
    )


POLICIES = (_policy("error"), _policy("warning"))


class ToyReader(FindingReader):
    """Reads the language above."""

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        version = Version("3.17.0", "3.17.0", "package.json")
        files: set[str] = {path}
        try:
            subjects = tuple(_subjects(tree, path, files))
        except Unreadable as why:
            return Project(path, version, (), frozenset(files), BlindSpot(why.why, _span(why.path, 1, "")))
        deployment = Deployment(Context("production"), {}, {}, (), (), (), subjects, ())
        return Project(path, version, (deployment,), frozenset(files))


def _subjects(tree: SourceTree, path: str, files: set[str]) -> Iterator[Subject]:
    content = tree.read(path)
    for number, line in enumerate((content or b"").decode().split("\n"), 1):
        word, _, name = line.strip().partition(" ")
        span = _span(path, number, line)
        if word == "use" and name not in files:
            files.add(name)
            yield from _subjects(tree, name, files)
        elif word == "broken":
            raise Unreadable(path, "does not parse")
        elif word in ("error", "warning", "unknown"):
            yield _subject(word, name, span)


def _subject(word: str, name: str, span: Span) -> Subject:
    steps = (Step("literal", span),)
    code: Value = (
        Value.unknown(said("it is read when it runs"), span) if word == "unknown" else Value(word, steps)
    )
    return Subject("crash", name, "toy", span, {"code": code, "message": Value(name), "global": Value("")})


def _span(path: str, line: int, text: str) -> Span:
    return Span(path, line, 1, line, len(text) + 1, 0, len(text))


@dataclass
class Clock:
    """Seconds that pass only when somebody waits."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


_REGISTRATION = Registration()  # an RSA key takes a while to make


class World:
    """A sandbox with one repository, our App installed, and an evaluator of its pull requests."""

    def __init__(
        self, files: dict[str, str] | None = None, name: str = "acme/shop", clock: Clock | None = None
    ) -> None:
        self.reader: Reader = ToyReader()
        self.policies = POLICIES
        self.clock = clock or Clock()
        self.sandbox = FullSandbox(registration=_REGISTRATION)
        self.shop: Repository = self.sandbox.repository(name, files or {CONFIG: "", "README.md": "# shop\n"})
        self.installation = self.sandbox.install(name.partition("/")[0])
        self.evaluator = self.fresh()

    def fresh(self) -> Evaluator:
        """An evaluator as after a restart: it remembers nothing."""
        registration = self.sandbox.registration
        identity = Identity(registration.id, registration.pem, self.sandbox.api_url)
        app = App(identity, clock=self.clock, sleep=self.clock.sleep)
        return Evaluator(
            app,
            self.reader,
            [SECRET],
            today=lambda: TODAY,
            policies=lambda: self.policies,
            clock=self.clock,
        )

    def key(self, pull: Pull) -> PullKey:
        return PullKey(self.installation.id, pull.repository.id, pull.repository.full_name, pull.number)

    def evaluate(self, pull: Pull, evaluator: Evaluator | None = None) -> Outcome:
        with wired(self.sandbox):
            return (evaluator or self.evaluator).evaluate(self.key(pull), lambda: False)

    def asked(self, pull: Pull) -> list[str]:
        """The requests of one evaluation, without those for a token."""
        before = len(self.sandbox.requests)
        self.evaluate(pull)
        return [str(r) for r in self.sandbox.requests[before:] if "access_tokens" not in r.path]

    def check(self, pull: Pull) -> CheckRun | None:
        """The check run of ours that counts on a pull request's head."""
        runs = [run for run in self.shop.checks if run.head_sha == pull.head_sha]
        return max(runs, key=lambda run: run.id, default=None)
