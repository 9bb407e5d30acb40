"""--changed, --staged and standard input: what is new, by the rule of pull requests."""

import io
import json
import subprocess
from pathlib import Path

import pytest

from policy_bot.cli.main import main
from tests.cli.test_check import CLEAN, write
from tests.cli.test_main import CONFIG

CALLED = CONFIG.replace("async run() {", 'async run() {\n    await import("./infra/jobs");')
JOBS = (
    'new sst.aws.Function("{}", {{ handler: "a.b", url: true, streaming: true, timeout: "{} seconds" }});\n'
)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    git("init", "-q", "-b", "main")
    write(tmp_path, **{"web/sst.config.ts": CALLED, "web/infra/jobs.ts": JOBS.format("Old", 100)})
    write(tmp_path, **{"shop/sst.config.ts": CONFIG})
    commit()
    git("switch", "-q", "-c", "branch")
    return tmp_path


def git(*words: str) -> None:
    who = ["-c", "user.name=ada", "-c", "user.email=ada@acme.test"]
    subprocess.run(["git", *who, *words], check=True, capture_output=True)


def commit() -> None:
    git("add", "-A")
    git("commit", "-q", "-m", "x")


def check(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str], list[str], int]:
    """Status, the projects, what is new in them, and how many findings were there before."""
    status = main(["check", "--format", "json", *words])
    document = json.loads(capsys.readouterr().out)
    found = [finding["subject"].split('"')[1] for p in document["projects"] for finding in p["findings"]]
    return status, [p["path"] for p in document["projects"]], found, document["summary"]["old"]


def test_only_what_is_new_counts(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(capsys, "--changed") == (0, [], [], 0)
    assert main(["check", "--changed"]) == 0
    assert capsys.readouterr().out == "No SST project depends on what changed.\n"
    write(checkout, **{"web/infra/jobs.ts": JOBS.format("Old", 100) + JOBS.format("New", 10)})
    assert check(capsys, "--changed") == (1, ["web/sst.config.ts"], ["New"], 2)
    commit()
    assert check(capsys, "--changed=main") == (1, ["web/sst.config.ts"], ["New"], 2)
    assert check(capsys, "--changed=HEAD") == (0, [], [], 0)


def test_what_got_worse_is_new(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(checkout, **{"web/infra/jobs.ts": JOBS.format("Old", 5)})
    assert check(capsys, "--changed") == (1, ["web/sst.config.ts"], ["Old"], 1)


def test_a_new_project_is_new_as_a_whole(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(checkout, **{"new/sst.config.ts": CONFIG})
    assert check(capsys, "--changed") == (1, ["new/sst.config.ts"], ["Chat"], 0)


def test_what_is_staged_is_judged_and_not_what_is_in_the_folder(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(checkout, **{"web/infra/jobs.ts": JOBS.format("Old", 100) + JOBS.format("Staged", 10)})
    git("add", "-A")
    write(checkout, **{"web/infra/jobs.ts": "", "shop/sst.config.ts": CLEAN})
    assert check(capsys, "--staged") == (1, ["web/sst.config.ts"], ["Staged"], 2)


def test_an_unknown_base_is_reported(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--changed=nowhere"]) == 2
    assert "git does not know `nowhere` here" in capsys.readouterr().err
    assert main(["check", "--changed=--upload-pack=x"]) == 2


def test_without_a_checkout_nothing_can_be_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--changed"]) == 2
    assert capsys.readouterr().err == "policy-bot: --changed and --staged need a git checkout\n"


def test_standard_input_replaces_a_file(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text, subjects in (
        ("web/infra/jobs.ts", JOBS.format("Typed", 10), ["Chat", "Typed"]),
        ("shop/sst.config.ts", CLEAN, []),
        ("shop/new/sst.config.ts", CONFIG, ["Chat"]),
    ):
        (checkout / name).parent.mkdir(exist_ok=True)
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        main(["check", "-", "--stdin-filename", name, "--format", "json"])
        [project] = json.loads(capsys.readouterr().out)["projects"]
        found = [finding["subject"].split('"')[1] for finding in project["findings"]]
        assert sorted(found) == subjects
    assert main(["check", "-"]) == 2
    assert "go together" in capsys.readouterr().err
