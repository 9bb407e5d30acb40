"""Probes, metrics and the evidence page."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError

from policy_bot.github.web import web_address
from policy_bot.policy.finding import Evidence, Excuse, Fact, Finding, Fix, Judgement, Setting
from policy_bot.review.details import Details
from policy_bot.service.evidence import page as evidence
from policy_bot.service.evidence.stored import as_json
from policy_bot.service.store import evaluations
from policy_bot.service.store.evaluations import Evaluation
from policy_bot.service.store.store import Store
from policy_bot.sst.deployment import BlindSpot, Context, Deployment, Project, Step, Version
from policy_bot.sst.reasons import said
from policy_bot.sst.span import Span
from tests.service.fixtures import Time
from tests.service.pulls import request, take, want
from tests.service.web import Site, opened

HOSTILE = '<script>alert(1)</script> & "quoted" `code`'


def span(path: str = "sst.config.ts", line: int = 4) -> Span:
    return Span(path, line, 5, line, 20, 0, 15)


def finding(title: str, **more: Any) -> Finding:
    literal, constant = (
        Step("literal", span("infra/api.ts", 9)),
        Step(f"constant {HOSTILE}", span("infra/a b.ts")),
    )
    facts = (Fact("timeout", "60", (literal, constant)), Fact("url", "true", ()))
    rule = Evidence(
        "4.17.0", "timeout >= params.minimum", facts, (Setting("minimum", "300", "policy-bot.yml:3"),)
    )
    given: dict[str, Any] = {
        "policy": "timeout/too-short",
        "severity": "error",
        "verdict": "fail",
        "project": "sst.config.ts",
        "subject": 'function "Chat"',
        "span": span(),
        "message": f"60 s is less than 300 s {HOSTILE}",
        "contexts": ("production",),
        "fingerprint": title,
        "evidence": rule,
    }
    return Finding(title=title, **(given | more))


def judgement() -> Judgement:
    findings = (
        finding("Short", fixes=(Fix("Set 300 seconds", ()),)),
        finding("Unseen", verdict="unknown", message="process.env.T hides it", gates=False),
        finding("Excused", gates=False, excuse=Excuse("cost", "2027-01-01", "ops", "policy-bot.yml:9")),
    )
    hidden = BlindSpot(said("unknown package"), span())
    deployment = Deployment(Context("production"), {}, {}, (), (), (), (), (hidden, hidden))
    version = Version("4.17.0", "4.17.0", "package-lock.json")
    project = Project("sst.config.ts", version, (deployment,), frozenset())
    return Judgement((project,), findings, (hidden,))


SHOWN = [
    "says failure",
    "timeout: 60 seconds",
    "infra/api.ts:9",
    "policy-bot.yml:3",
    "process.env.T hides it",
    "Cannot tell:",
    "Excused until 2027-01-01, approved by ops",
    "SST 4.17.0 (package-lock.json)",
    "Blind spots (1)",
    "Set 300 seconds",
    "What could not be read or judged",
]


def stored(store: Store, made: Judgement) -> str:
    token = evaluations.new_token()
    page = Evaluation(
        token, "11/7/pull/1", "acme/shop", "a" * 40, "failure", as_json(Details.of(made)), store.now()
    )
    store.write(lambda connection: evaluations.keep(connection, page))
    return f"/e/{token}"


class Outline(HTMLParser):
    """Tags, texts and links of a page; complains about what is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.headings: list[int] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        if tag[0] == "h" and tag[1:].isdigit():
            self.headings.append(int(tag[1:]))
        self.links += [value or "" for name, value in attributes if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_evidence_page_shows_the_stored_derivation(store: Store) -> None:
    answer = Site(store).client.get(stored(store, judgement()))
    assert answer.status_code == 200
    page = Outline()
    page.feed(answer.text)
    text = " ".join(" ".join(page.words).split())
    assert page.open == []
    assert page.headings[0] == 1
    assert all(later - earlier <= 1 for earlier, later in zip(page.headings, page.headings[1:], strict=False))
    assert [shown for shown in SHOWN if shown not in text] == []
    assert f"https://github.com/acme/shop/blob/{'a' * 40}/infra/a%20b.ts#L4" in page.links


def test_nothing_in_a_page_is_markup_of_a_repository_and_nothing_is_fetched(sqlite: Store) -> None:
    answer = Site(sqlite).client.get(stored(sqlite, judgement()))
    assert "<script" not in answer.text
    assert HOSTILE.partition(" &")[0].replace("<", "&lt;").replace(">", "&gt;") in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_surrogates_and_direction_marks_are_shown_by_their_code_points(sqlite: Store) -> None:
    made = replace(
        judgement(), findings=(replace(finding("x"), subject="\ud800 \u202eb", span=span("a\udfff")),)
    )
    answer = Site(sqlite).client.get(stored(sqlite, made))
    assert answer.status_code == 200
    assert "&lt;U+D800&gt; &lt;U+202E&gt;b" in answer.text
    assert "a&lt;U+DFFF&gt;:4" in answer.text


def test_a_page_of_a_clean_pull_request_says_so(sqlite: Store) -> None:
    assert "<p>None.</p>" in Site(sqlite).client.get(stored(sqlite, Judgement((), ()))).text


def test_words_between_backticks_are_code_and_nothing_else_means_anything() -> None:
    assert evidence.marked("`a<b` is *not* <i>") == "<code>a&lt;b</code> is *not* &lt;i&gt;"
    assert evidence.marked("an open ` alone") == "an open ` alone"


def test_enterprise_servers_have_their_own_links() -> None:
    assert web_address("https://api.github.com") == "https://github.com"
    assert web_address("https://github.example.com/api/v3") == "https://github.example.com"


def test_ready_knows_database_schema_and_engine(sqlite: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(sqlite)
    assert site.client.get("/readyz").status_code == 200
    site.alive = False
    assert site.client.get("/readyz").text == "the work engine is not running\n"
    site.alive = True
    sqlite.write(
        lambda connection: connection.execute(sql("update alembic_version set version_num = '0001'"))
    )
    assert "run `policy-bot migrate`" in site.client.get("/readyz").text
    sqlite.write(
        lambda connection: connection.execute(sql("update alembic_version set version_num = '9999'"))
    )
    assert site.client.get("/readyz").status_code == 200, "a release rolls: the database is newer for a while"

    def away(_: object) -> None:
        raise OperationalError("select 1", {}, Exception("gone"))

    monkeypatch.setattr(sqlite, "read", away)
    assert site.client.get("/readyz").text == "the database does not answer\n"
    assert site.client.get("/healthz").status_code == 200


def test_metrics_are_in_prometheus_format_and_cover_all_processes(store: Store, time: Time) -> None:
    site, other = Site(store), Site(store)
    site.post(opened(1), guid="11111111-1")
    other.post(opened(2), guid="22222222-2")
    other.client.get("/metrics")  # tells what that process counted
    want(store, request(3, urgent=False))
    take(store)
    time.pass_(7)
    site.counting.response(11, 4990, 5000, "core")
    text = site.client.get("/metrics").text
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]

    def value(name: str, **labels: str) -> float:
        return next(one.value for one in samples if one.name == name and one.labels == labels)

    assert value("policy_bot_deliveries_total", status="202") == 2
    assert value("policy_bot_due_rows", **{"class": "person", "state": "running"}) == 1
    assert value("policy_bot_due_rows", **{"class": "bulk", "state": "waiting"}) == 1
    assert value("policy_bot_oldest_due_seconds", **{"class": "person"}) == 7
    assert value("policy_bot_github_requests_total", installation="11", resource="core") == 1
    assert value("policy_bot_github_remaining", installation="11", resource="core") == 4990
    assert value("policy_bot_accept_seconds_count") == 2
