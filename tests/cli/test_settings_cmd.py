"""`policy-bot settings` on the command line: the table, the trail of one setting, mistakes as exit 2."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from policy_bot.cli.main import main

Capture = pytest.CaptureFixture[str]

ORGANISATION = """\
mode: evaluate
policies:
  timeout/too-short: {parameters: {least: 600}}
"""
REPOSITORY = """\
policies:
  timeout/too-short: {parameters: {least: 900}}
  timeout/lambda-max: off
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "org").mkdir()
    (tmp_path / "org" / "policy-bot.yml").write_text(ORGANISATION)
    (tmp_path / "web" / ".github").mkdir(parents=True)
    (tmp_path / "web" / ".github" / "policy-bot.yml").write_text(REPOSITORY)
    monkeypatch.chdir(tmp_path / "web")
    return tmp_path


def test_the_table_says_who_set_what(folder: Path, capsys: Capture) -> None:
    assert main(["settings", "--organisation", "../org"]) == 0
    lines = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["SETTING", "VALUE", "SET BY"]
    assert ["mode", "evaluate", "../org/policy-bot.yml:1 (organisation)"] in lines
    assert ["unknown", "neutral", "built-in"] in lines
    assert ["timeout/too-short.least", "900", ".github/policy-bot.yml:2 (repository)"] in lines
    assert ["timeout/lambda-max.severity", "error", "built-in"] in lines
    assert ["warning:", ".github/policy-bot.yml:3:"] in [line[:2] for line in lines]


def test_one_setting_is_explained_with_its_trail(folder: Path, capsys: Capture) -> None:
    assert main(["settings", "--organisation", "../org", "--explain", "timeout/too-short.least"]) == 0
    assert capsys.readouterr().out == (
        "timeout/too-short.least = 900\n"
        "  900  set by .github/policy-bot.yml:2 (repository)\n"
        "  600  set by ../org/policy-bot.yml:3 (organisation)\n"
        "  300  set by built-in\n"
    )


def test_alone_the_repository_decides(folder: Path, capsys: Capture) -> None:
    assert main(["settings", "--explain", "timeout/lambda-max.severity"]) == 0
    assert capsys.readouterr().out.startswith("timeout/lambda-max.severity = off\n")


def test_mistakes_are_reported_with_their_place(folder: Path, capsys: Capture) -> None:
    (folder / "web" / ".github" / "policy-bot.yml").write_text("polices: {}\n")
    assert main(["settings"]) == 2
    said = "there is no setting `polices` here. Did you mean `policies`?"
    assert capsys.readouterr().err == f"policy-bot: .github/policy-bot.yml:1:1: {said}\n"


def test_each_of_several_mistakes_is_a_line_of_its_own(folder: Path, capsys: Capture) -> None:
    (folder / "web" / ".github" / "policy-bot.yml").write_text("polices: {}\nmode: of\n")
    assert main(["settings"]) == 2
    lines = capsys.readouterr().err.splitlines()
    starts = ["policy-bot: .github/policy-bot.yml:1:1: ", "policy-bot: .github/policy-bot.yml:2:1: "]
    assert [line[: len(start)] for line, start in zip(lines, starts, strict=True)] == starts


def test_the_organisations_repository_is_named_by_its_remote(folder: Path, capsys: Capture) -> None:
    for words in ("init -q", "remote add origin https://somebody:secret@github.com/acme/.github.git"):
        subprocess.run(["git", *words.split()], cwd=folder / "org", check=True)
    assert main(["settings", "--organisation", "../org", "--explain", "mode"]) == 0
    assert "evaluate  set by acme/.github: policy-bot.yml:1 (organisation)" in capsys.readouterr().out
    (folder / "org" / "policy-bot.yml").write_text("polices: {}")
    assert main(["check", "--allow-no-project", "--organisation", "../org"]) == 2
    assert "policy-bot: acme/.github: policy-bot.yml:1:1: there is no setting" in capsys.readouterr().err


def test_a_setting_that_does_not_exist_is_suggested(folder: Path, capsys: Capture) -> None:
    assert main(["settings", "--explain", "timeout/too-short.leest"]) == 2
    assert "Did you mean `timeout/too-short.least`?" in capsys.readouterr().err


def test_in_the_organisations_own_repository_its_files_are_checked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(folder / "org")
    assert main(["settings", "--explain", "mode"]) == 0
    assert "evaluate  set by policy-bot.yml:1 (organisation)" in capsys.readouterr().out


def test_check_judges_by_the_organisations_policy_too(folder: Path, capsys: Capture) -> None:
    config = (
        'new sst.aws.Function("Chat", { handler: "a.b", url: true, streaming: true, timeout: "8 minutes" })'
    )
    app = 'app() { return { name: "x", home: "aws", protect: true, removal: "retain" } }'
    text = "export default $config({ " + app + ", async run() { " + config + " } })"
    (folder / "web" / "sst.config.ts").write_text(text)
    (folder / "web" / ".github" / "policy-bot.yml").unlink()
    assert main(["check"]) == 0
    (folder / "org" / "policy-bot.yml").write_text(ORGANISATION.replace("mode: evaluate", "mode: enforce"))
    assert main(["check", "--organisation", "../org", "--format", "json"]) == 1
    out = capsys.readouterr().out
    assert '"policy": "timeout/too-short"' in out
    assert main(["check", "--organisation", "../nowhere"]) == 2
    (folder / "org" / "policy-bot.yml").write_text("polices: {}")
    assert main(["check", "--organisation", "../org"]) == 2
    assert "Did you mean `policies`?" in capsys.readouterr().err


def test_a_waiver_that_has_ended_is_an_error(folder: Path, capsys: Capture) -> None:
    lines = ["policy: timeout/too-short", "path: a", "reason: b", "expires: 2020-01-31", "approved-by: c"]
    waiver = "waivers:\n  - " + "\n    ".join(lines)
    (folder / "web" / ".github" / "policy-bot.yml").write_text(waiver)
    assert main(["settings"]) == 1
    said = "the waiver of `timeout/too-short` ended on 2020-01-31 and no longer excuses anything"
    assert f"error: .github/policy-bot.yml:2: {said}" in " ".join(capsys.readouterr().out.split())


def test_a_folder_of_policies_alone_is_no_organisation(folder: Path, capsys: Capture) -> None:
    (folder / "web" / "policies").mkdir()
    (folder / "web" / "policies" / "mine.md").write_text("not a policy of this product")
    assert main(["settings", "--explain", "mode"]) == 0
    assert capsys.readouterr().out == "mode = enforce\n  enforce  set by built-in\n"


WIDE = """\
policies:
  timeout/too-short: {parameters: {least: 600}}
allow: ["timeout/*"]
lock: [timeout/too-short.least]
select:
  - where: {repositories: ["web*"]}
    unknown: fail
  - where: {topics: [tool], visibility: public}
    allow: [mode]
approvers: ["@acme/platform"]
waivers:
  - policy: timeout/too-short
    repository: "web*"
    path: infra/**
    reason: because
    expires: 2999-01-31
    approved-by: "@acme/platform"
"""
LOOSER = "policies:\n  timeout/too-short: {parameters: {least: 100}}\n"


@pytest.fixture
def wide(folder: Path) -> Path:
    (folder / "org" / "policy-bot.yml").write_text(WIDE)
    (folder / "web" / ".github" / "policy-bot.yml").write_text(LOOSER)
    return folder


def test_what_the_organisation_limits_and_selects_is_shown(wide: Path, capsys: Capture) -> None:
    assert main(["settings", "--organisation", "../org", "--changed"]) == 0
    out = capsys.readouterr().out
    rows = " ".join(out.split())
    assert "select applies: repositories [web*] ../org/policy-bot.yml:6 (organisation)" in rows
    assert "select is for others: topics [tool], visibility public ../org/policy-bot.yml:8" in rows
    assert "allow timeout/* ../org/policy-bot.yml:3 (organisation)" in rows
    assert "lock timeout/too-short.least ../org/policy-bot.yml:4 (organisation)" in rows
    assert "approvers [@acme/platform] ../org/policy-bot.yml:10 (organisation)" in rows
    assert "waiver: timeout/too-short at infra/** in web* until 2999-01-31" in rows
    assert "allow mode" not in rows, "its selection is for other repositories"
    assert "built-in" not in out.partition("warning:")[0]


@pytest.mark.parametrize("options", [[], ["--changed"], ["--explain", "timeout/too-short"]])
def test_all_of_it_fits_eighty_columns(wide: Path, capsys: Capture, options: list[str]) -> None:
    assert main(["settings", "--organisation", "../org", *options]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_what_was_refused_is_part_of_the_trail(wide: Path, capsys: Capture) -> None:
    assert main(["settings", "--organisation", "../org", "--explain", "timeout/too-short.least"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    refused = ".github/policy-bot.yml:2: `timeout/too-short.least: 100` is refused: it would loosen `600`"
    start = "timeout/too-short.least = 600 600 set by ../org/policy-bot.yml:2 (organisation) 300"
    assert said.startswith(start)
    assert refused in said


def test_what_limits_may_be_queried_without_a_value(folder: Path, capsys: Capture) -> None:
    assert main(["settings", "--explain", "allow"]) == 0
    assert main(["settings", "--explain", "alow"]) == 2
    assert "Did you mean `allow`?" in capsys.readouterr().err


def test_the_same_as_data(wide: Path, capsys: Capture) -> None:
    assert main(["settings", "--organisation", "../org", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "policy-bot.settings/1"
    named = {row["setting"]: row for row in data["settings"]}
    least = named["timeout/too-short.least"]
    assert (least["value"], least["file"], least["line"]) == (600, "../org/policy-bot.yml", 2)
    assert least["over"] == [{"value": 300, "layer": "built-in"}]
    assert "is refused" in least["refused"][0]["message"]
    assert named["mode"]["value"] == "enforce"
    assert named["stages"]["value"] == []
    [waiver] = data["waivers"]
    assert (waiver["repository"], waiver["expires"]) == ("web*", "2999-01-31")
    assert data["notices"][0]["level"] == "warning"


OWN = """\
---
title: A queue without an alarm
severity: warning
subject: queue
when: name == ""
at: name
message: "`{name}` has no alarm."
---
"""


def ids_of_schema(capsys: Capture, *words: str) -> set[str]:
    assert main(["settings", "--schema", *words]) == 0
    schema = json.loads(capsys.readouterr().out)
    return set(schema["definitions"]["Policies"]["properties"])


def test_a_schema_knows_the_policies_of_the_checkout(folder: Path, capsys: Capture) -> None:
    assert "acme/no-alarm" not in ids_of_schema(capsys)
    (folder / "org/policies/acme").mkdir(parents=True)
    (folder / "org/policies/acme/no-alarm.md").write_text(OWN)
    (folder / "web/.github/policies/web").mkdir(parents=True)
    (folder / "web/.github/policies/web/no-alarm.md").write_text(OWN)
    assert {"web/no-alarm", "timeout/too-short"} <= ids_of_schema(capsys)
    assert {"acme/no-alarm", "web/no-alarm"} <= ids_of_schema(capsys, "--organisation", "../org")


def test_a_mistake_in_the_file_does_not_keep_the_schema_from_being_printed(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "org/policy-bot.yml").write_text("policies: {timeout/to-short: off}")
    monkeypatch.chdir(folder / "org")
    assert "timeout/too-short" in ids_of_schema(capsys)
