"""A result that cannot be written is one line and exit status 2; a report file is whole or not there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from policy_bot.cli.main import main
from tests.cli.test_main import CONFIG

COMMAND = str(Path(sys.executable).with_name("policy-bot"))


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "sst.config.ts").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "words", ["check", "check --format json", "inspect", "fix --diff", "facts", "settings"]
)
def test_a_full_disk_and_a_closed_output_are_one_line(shop: Path, words: str) -> None:
    for redirection, said in (
        (">/dev/full", "no space left on device"),
        (">&-", "standard output is closed"),
    ):
        command = f"{COMMAND} {words} {redirection}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
        assert done.returncode == 2, done.stderr
        assert said in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stderr.strip().splitlines()[-1].startswith("policy-bot: ")


def test_what_belongs_on_a_closed_error_stream_does_not_go_into_the_result(shop: Path) -> None:
    (shop / "sst.config.ts").unlink()
    command = f"{COMMAND} check --format json 2>&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout[0], "policy-bot: no SST" in done.stdout) == (2, "{", False)


def test_a_report_goes_into_a_file_and_replaces_the_one_before(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = shop / "report.sarif"
    report.write_text("before")
    assert main(["check", "--format", "sarif", "--output-file", str(report)]) == 1
    assert capsys.readouterr().out == ""
    assert '"version": "2.1.0"' in report.read_text()
    assert sorted(os.listdir(shop)) == ["report.sarif", "sst.config.ts"]


def test_a_report_that_cannot_be_written_is_one_line(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "-o", "nowhere/report.json"]) == 2
    assert capsys.readouterr().err == "policy-bot: nowhere/report.json: no such file or directory\n"


@pytest.mark.parametrize("form", ["json", "sarif", "github", "junit", "gitlab", "rdjson", "markdown"])
def test_settings_in_error_still_make_a_document(
    shop: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    (shop / ".github").mkdir()
    (shop / ".github" / "policy-bot.yml").write_text("mode: enforce\npolices: {}\n")
    assert main(["check", "--format", form]) == 2
    said = capsys.readouterr()
    assert "polices" in said.out
    assert ".github/policy-bot.yml:2" in said.err


def test_an_unknown_option_is_answered_with_a_similar_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--sevrity", "error"])
    assert capsys.readouterr().err.rstrip().endswith("; did you mean `--severity`?")
