"""The audit of an organisation: every default branch, few requests, resumable, nothing of another tenant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from policy_bot.github.app import App, Identity
from policy_bot.isolation import InProcess, Reader
from policy_bot.service.audit import Audit, AuditedRepository, context_of
from policy_bot.service.evaluation.rules import RevisionsInMemory, RuleBook
from policy_bot.service.store.store import Store
from tests.sandbox.wire import wired
from tests.service import sqlite
from tests.toy import CONFIG, POLICIES, TODAY, ToyReader, World


class Organisation(World):
    """acme/shop and acme/api with findings, acme/docs with nothing of SST."""

    def __init__(self, store: Store) -> None:
        super().__init__({CONFIG: "error Chat\n"})
        self.api = self.sandbox.repository("acme/api", {CONFIG: "error Api\nwarning Api\n"})
        self.docs = self.sandbox.repository("acme/docs", {"README.md": "docs"})
        self.store = store
        registration = self.sandbox.registration
        identity = Identity(registration.id, registration.pem, self.sandbox.api_url)
        self.app = App(identity, sleep=lambda seconds: None)

    def audit(
        self, today: date = TODAY, budget: int = 1000, fresh: bool = False, reader: Reader | None = None
    ) -> list[AuditedRepository]:
        client = self.app.client(self.installation.id)
        book = RuleBook(RevisionsInMemory(), lambda: today, lambda: POLICIES)
        context = context_of(client, self.app.identity.app_id, book, reader or ToyReader())
        with wired(self.sandbox):
            audit = Audit(client, self.installation.id, context, self.store, today, budget, fresh)
            return list(audit.run("acme"))

    def asked(self, **how: object) -> list[str]:
        """The requests of one audit, without those for a token."""
        before = len(self.sandbox.requests)
        self.audit(**how)  # type: ignore[arg-type]
        return [str(each) for each in self.sandbox.requests[before:] if "access_tokens" not in each.path]


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Organisation]:
    store = Store(sqlite.make(tmp_path), lambda: 1000.0)
    yield Organisation(store)
    store.close()


def found(seen: list[AuditedRepository]) -> dict[str, list[tuple[str, str]]]:
    return {
        each.name: [(finding.policy, finding.subject or finding.path) for finding in each.audited.findings]
        for each in seen
        if each.audited
    }


def test_every_default_branch_is_judged(acme: Organisation) -> None:
    seen = acme.audit()
    assert [each.name for each in seen] == ["acme/api", "acme/docs", "acme/shop"]
    assert {name: [policy for policy, _ in listed] for name, listed in found(seen).items()} == {
        "acme/api": ["toy/error", "toy/warning"],
        "acme/docs": [],
        "acme/shop": ["toy/error"],
    }
    assert [each.gates for each in seen[0].audited.findings] == [True, False]  # type: ignore[union-attr]


def test_what_has_not_changed_is_not_requested_again(acme: Organisation) -> None:
    first = acme.audit()
    asked = acme.asked()
    assert len(asked) == 3, "the rules, the list, the tips"
    assert found(acme.audit()) == found(first)


def test_repositories_without_sst_cost_one_or_two_requests_once(acme: Organisation) -> None:
    acme.audit()
    for number in range(10):
        acme.sandbox.repository(f"acme/lib-{number}", {"README.md": "x", "src/index.ts": "x"})
    assert len(acme.asked()) <= 3 + 10 * 2
    assert len(acme.asked()) == 3
    assert len(acme.asked(today=TODAY + timedelta(1))) <= 3 + 2 * 3, "on another day only what has SST"


def test_a_push_is_seen(acme: Organisation) -> None:
    acme.audit()
    acme.sandbox.push_branch(acme.docs, "main", {CONFIG: "error Docs\n"})
    assert [policy for policy, _ in found(acme.audit())["acme/docs"]] == ["toy/error"]


def test_new_rules_are_seen(acme: Organisation) -> None:
    acme.audit()
    acme.sandbox.repository("acme/.github", {"policy-bot.yml": "policies: {toy/error: off}\n"})
    assert found(acme.audit())["acme/shop"] == []


def test_the_age_of_a_finding_is_from_the_audit_that_saw_it_first(acme: Organisation) -> None:
    acme.audit()
    acme.sandbox.push_branch(acme.shop, "main", {CONFIG: "error Chat\nerror New\n"})
    (shop,) = [each for each in acme.audit(TODAY + timedelta(30)) if each.name == "acme/shop"]
    assert shop.audited
    assert sorted(finding.since for finding in shop.audited.findings) == [
        str(TODAY),
        str(TODAY + timedelta(30)),
    ]


def test_beyond_the_budget_it_stops_and_goes_on_next_time(acme: Organisation) -> None:
    left = {each.name for each in acme.audit(budget=6) if each.audited is None}
    assert left
    seen = acme.audit(budget=1000)
    assert all(each.audited for each in seen)
    assert {each.name for each in seen if each.asked} == left


def test_one_tenants_audit_is_not_anothers(acme: Organisation) -> None:
    acme.audit()
    acme.sandbox.repository("other/shop", {CONFIG: "warning Other\n"})
    other = acme.sandbox.install("other")
    client = acme.app.client(other.id)
    book = RuleBook(RevisionsInMemory(), lambda: TODAY, lambda: POLICIES)
    context = context_of(client, acme.app.identity.app_id, book, ToyReader())
    with wired(acme.sandbox):
        seen = list(Audit(client, other.id, context, acme.store, TODAY).run("other"))
    assert {name: [policy for policy, _ in listed] for name, listed in found(seen).items()} == {
        "other/shop": ["toy/warning"]
    }


CHAT = """\
export default $config({
  app: () => ({ name: "shop", home: "aws" }),
  async run() {
    new sst.aws.Function("Chat", {
      handler: "chat.handler",
      url: true,
      streaming: true,
      timeout: $app.stage === "production" ? "60 seconds" : process.env.TIMEOUT,
    });
  },
});
"""


def test_what_a_repository_deploys_is_found_in_each_stage(acme: Organisation) -> None:
    acme.sandbox.repository("acme/chat", {"sst.config.ts": CHAT})
    seen = {each.name: each.audited for each in acme.audit(reader=InProcess())}
    audited = seen["acme/chat"]
    assert audited is not None
    [chat] = audited.functions
    assert (chat.name, chat.path, chat.line) == ("Chat", "sst.config.ts", 4)
    assert {stage: values for stage, *values in chat.values} == {
        "production": ["60 s", "yes", "yes"],
        "sst dev": ["cannot tell", "yes", "yes"],
    }
