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
from policy_bot.cli.output import audit
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.service.audit import AuditedRepository
from policy_bot.service.store.audits import Audited, AuditedFinding

TODAY = date(2026, 11, 22)


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
                finding(gates=False, excused="see ADR 12"),
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


def test_the_table() -> None:
    assert audit.text("acme", SEEN, TODAY) == (
        "REPOSITORY  PROJECT                 POLICY             VERDICT      AGE\n"
        "acme/web    apps/web/sst.config.ts  timeout/too-short  error        21 d\n"
        "acme/web    apps/web/sst.config.ts  timeout/too-short  cannot tell  new\n"
        "acme/web    apps/web/sst.config.ts  timeout/too-short  excused      21 d\n"
        "acme/web    apps/web/sst.config.ts  ops/logging        (warning)    21 d\n"
        "acme/odd: sst.config.ts:1:1: does not parse\n"
        "\n"
        "acme: 4 repositories, 2 with SST, 2 looked at now, 1 left out; 4 findings, 1 would gate.\n"
    )


def test_json_has_repositories_findings_and_counts() -> None:
    data = json.loads(audit.as_json("acme", SEEN, TODAY))
    assert data["schema"] == "policy-bot.audit/1"
    assert [(each["name"], each["state"]) for each in data["repositories"]] == [
        ("acme/web", "judged"),
        ("acme/docs", "no SST"),
        ("acme/odd", "judged"),
        ("acme/zoo", "left out"),
    ]
    assert data["findings"][0]["age_days"] == 21
    assert data["summary"]["would_gate"] == 1


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
    with sandbox.wired():
        assert main(["audit", "--org", "Acme"]) == 1
        out, err = capsys.readouterr()
        assert ["acme/web", "sst.config.ts", "streaming/ignored-location", "error", "new"] in [
            line.split() for line in out.splitlines()
        ]
        assert "acme/docs: no SST" in err
        assert main(["audit", "--org", "acme", "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["summary"]["looked_at_now"] == 0


def test_cut_short_it_says_so(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    with sandbox.wired():
        assert main(["audit", "--org", "acme", "--budget", "3"]) == 2
    assert "not finished" in capsys.readouterr().err


def test_an_organisation_without_the_app_is_said(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    with sandbox.wired():
        assert main(["audit", "--org", "nobody"]) == 2
    assert "the App is not installed on nobody" in capsys.readouterr().err


def test_a_key_that_github_does_not_take_is_said(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_PRIVATE_KEY", Sandbox().registration.pem)
    with sandbox.wired():
        assert main(["audit", "--org", "acme"]) == 2
    assert "GitHub does not accept our credentials; look at GITHUB_APP_ID" in capsys.readouterr().err


def test_a_database_that_cannot_be_used_is_said(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    with sandbox.wired():
        assert main(["audit", "--org", "acme", "--state", str(tmp_path / "file")]) == 2
    assert capsys.readouterr().err.startswith("policy-bot: ")
