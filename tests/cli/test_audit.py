"""`policy-bot audit`: its four formats, and the command from the environment to the table."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from policy_bot.cli.main import main
from policy_bot.cli.output import audit, audit_text
from policy_bot.cli.output.style import Style
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.service.audit import AuditedRepository
from policy_bot.service.store.audits import Audited, AuditedFinding
from tests.sandbox.wire import wired

TODAY = date(2026, 11, 22)
SCHEMA = json.loads((Path(__file__).parents[2] / "docs/audit.schema.json").read_text())


def finding(**changes: object) -> AuditedFinding:
    given: dict[str, object] = {
        "project": "apps/web/sst.config.ts",
        "policy": "timeout/too-short",
        "title": "Timeout too short",
        "verdict": "fail",
        "severity": "error",
        "subject": "Chat",
        "path": "apps/web/infra/api.ts",
        "line": 12,
        "column": 5,
        "message": "20 seconds is too short",
        "fingerprint": "abc",
        "gates": True,
        "excused": "",
        "since": "2026-11-01",
    }
    return AuditedFinding(**{**given, **changes})  # type: ignore[arg-type]


SEEN = [
    AuditedRepository(
        "acme/web",
        Audited(
            "a" * 40,
            "r",
            ("apps/web/sst.config.ts",),
            (
                finding(),
                finding(verdict="unknown", gates=False, since="2026-11-22"),
                finding(gates=False, excused="see ADR 12", excused_until="2026-12-01"),
                finding(policy="ops/logging", severity="warning", gates=False, message="=1+1"),
            ),
        ),
        True,
    ),
    AuditedRepository("acme/docs", Audited("b" * 40, "r"), False),
    AuditedRepository(
        "acme/odd",
        Audited("c" * 40, "r", ("sst.config.ts",), (), ("sst.config.ts:1:1: does not parse",)),
        True,
    ),
    AuditedRepository("acme/zoo", None, False, "the budget of requests is used up"),
]


TOTALS = """\
acme: 4 repositories, 2 with SST.
1 finding would block merging, in 1 repository.
Findings that would not: 1 warning, 1 cannot tell, 1 excused.

BLOCKING  OTHERS  REPOSITORIES  POLICY
       1       2             1  timeout/too-short
       0       1             1  ops/logging

"""

REMARKS = """\
Could not be read
  acme/odd: sst.config.ts:1:1: does not parse

Not examined
  acme/zoo: the budget of requests is used up
"""


def test_the_totals_come_first_then_a_table_by_policy() -> None:
    assert audit_text.render("acme", SEEN, TODAY, Style()) == (
        f"{TOTALS}{REMARKS}\n"
        "`policy-bot audit --org acme --list` shows each finding with its line and\nmessage.\n"
    )


def test_on_demand_each_finding_has_its_line_and_message() -> None:
    assert audit_text.render("acme", SEEN, TODAY, Style(), every=True) == (
        TOTALS
        + """\
ops/logging: Timeout too short
  acme/web
    apps/web/infra/api.ts:12:5  warning, known for 21 days
      Chat: =1+1

timeout/too-short: Timeout too short
  acme/web
    apps/web/infra/api.ts:12:5  error, would block merging, known for 21 days
      Chat: 20 seconds is too short
    apps/web/infra/api.ts:12:5  cannot tell, new
      Chat: 20 seconds is too short
    apps/web/infra/api.ts:12:5  excused, until 1 December 2026 (see ADR 12), known for 21 days
      Chat: 20 seconds is too short

"""
        + REMARKS
    )


def test_an_organisation_without_sst_and_one_without_repositories() -> None:
    empty = AuditedRepository("acme/docs", Audited("b" * 40, "r"), False)
    assert audit_text.render("acme", [empty], TODAY, Style()) == "acme: 1 repository, 0 with SST.\n"
    assert audit_text.render("acme", [], TODAY, Style()) == "acme: 0 repositories, 0 with SST.\n"


def test_text_of_a_repository_does_not_steer_the_terminal() -> None:
    odd = finding(message="\x1b[2J", path="a\u202eb.ts", policy="timeout/\x07")
    seen = [AuditedRepository("acme/web", Audited("a" * 40, "r", ("sst.config.ts",), (odd,)), True)]
    shown = audit_text.render("acme", seen, TODAY, Style(), every=True)
    assert not {"\x1b", "\u202e", "\x07"} & set(shown)


def test_json_has_repositories_findings_and_counts() -> None:
    data = json.loads(audit.as_json("acme", SEEN, TODAY))
    assert data["schema"] == "policy-bot.audit/1"
    jsonschema.validate(data, SCHEMA)
    assert [(each["name"], each["state"]) for each in data["repositories"]] == [
        ("acme/web", "judged"),
        ("acme/docs", "no SST"),
        ("acme/odd", "judged"),
        ("acme/zoo", "left out"),
    ]
    assert data["findings"][0]["age_days"] == 21
    assert data["summary"]["would_gate"] == 1


def test_what_could_not_be_read_in_a_repository_without_a_project_counts_as_judged() -> None:
    unread = finding(project=".", policy="config/unreadable", path=".")
    seen = [AuditedRepository("acme/huge", Audited("d" * 40, "r", (), (unread,)), True)]
    data = json.loads(audit.as_json("acme", seen, TODAY))
    jsonschema.validate(data, SCHEMA)
    assert (data["repositories"][0]["state"], data["summary"]["with_sst"]) == ("judged", 1)


def test_csv_has_a_line_a_finding_and_no_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(audit.as_csv("acme", SEEN, TODAY))))
    assert [row["verdict"] for row in rows] == ["error", "cannot tell", "excused", "(warning)"]
    assert rows[0]["place"] == "apps/web/infra/api.ts:12:5"
    assert rows[3]["message"] == "'=1+1"


def test_sarif_has_a_run_a_repository_with_results() -> None:
    data = json.loads(audit.sarif("acme", SEEN, TODAY))
    (run,) = data["runs"]
    assert run["automationDetails"]["id"] == "policy-bot/acme/web/"
    assert [result["kind"] for result in run["results"]] == ["fail", "review", "fail", "fail"]
    assert run["results"][2]["suppressions"] == [{"kind": "external", "justification": "see ADR 12"}]
    for result in run["results"]:
        jsonschema.validate(result, {"required": ["ruleId", "message", "locations"]})


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    sandbox = Sandbox()
    config = (
        'export default $config({ app() { return { name: "x", home: "aws", streaming: true } }, run() {} })'
    )
    sandbox.repository("acme/web", {"sst.config.ts": config})
    sandbox.repository("acme/docs", {"README.md": "x"})
    sandbox.install("acme")
    registration = sandbox.registration
    monkeypatch.setenv("GITHUB_APP_ID", str(registration.id))
    monkeypatch.setenv("GITHUB_PRIVATE_KEY", registration.pem)
    monkeypatch.setenv("GITHUB_WEBHOOK_SECRET", registration.webhook_secret)
    monkeypatch.setenv("GITHUB_API_URL", sandbox.api_url)
    monkeypatch.setenv("POLICY_BOT_STATE", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return sandbox


def test_the_command_audits_as_the_app(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    with wired(sandbox):
        assert main(["audit", "--org", "Acme"]) == 1
        out, err = capsys.readouterr()
        assert out.startswith("Acme: 2 repositories, 1 with SST.\n")
        assert ["1", "0", "1", "streaming/ignored-location"] in [line.split() for line in out.splitlines()]
        assert "acme/docs: no SST" in err
        assert main(["audit", "--org", "acme", "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["summary"]["looked_at_now"] == 0


def test_cut_short_it_says_so(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    with wired(sandbox):
        assert main(["audit", "--org", "acme", "--budget", "3"]) == 2
    assert "not finished" in capsys.readouterr().err


def test_an_organisation_without_the_app_is_reported(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    with wired(sandbox):
        assert main(["audit", "--org", "nobody"]) == 2
    assert "the App is not installed on nobody" in capsys.readouterr().err


def test_a_key_that_github_does_not_take_is_reported(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_PRIVATE_KEY", Sandbox().registration.pem)
    with wired(sandbox):
        assert main(["audit", "--org", "acme"]) == 2
    assert "GitHub does not accept our credentials; check GITHUB_APP_ID" in capsys.readouterr().err


def test_a_database_that_cannot_be_used_is_reported(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    with wired(sandbox):
        assert main(["audit", "--org", "acme", "--state", str(tmp_path / "file")]) == 2
    assert capsys.readouterr().err.startswith("policy-bot: ")
