"""The GitHub action: the script in action.yml, run as a runner would, installation aside."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
[PREPARE, CACHE, STEP] = ACTION["runs"]["steps"]
CONFIG = """\
export default $config({
  app: () => ({ name: "shop", home: "aws", streaming: true }),
  async run() {},
});
"""


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A runner on which the packages are installed already, with a repository checked out."""
    (tmp_path / "policy-bot").mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.name != ".ready":
            (tmp_path / "policy-bot" / part.name).symlink_to(part)
    (tmp_path / "policy-bot" / ".ready").touch()
    repository = tmp_path / "repository"
    (repository / "policy_bot").mkdir(parents=True)
    (repository / "policy_bot" / "__init__.py").write_text(
        "raise SystemExit('code of the repository was run')"
    )
    (repository / "sst.config.ts").write_text(CONFIG)
    return tmp_path


def prepared(runner: Path) -> dict[str, str]:
    """What the first step finds out."""
    output = runner / "output"
    output.write_text("")
    environment = {
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "RUNNER_TEMP": str(runner),
        "GITHUB_OUTPUT": str(output),
        "HOME_OF_ACTION": str(ROOT),
    }
    subprocess.run(["bash", "-c", PREPARE["run"]], env=environment, check=True)
    return dict(line.split("=", 1) for line in output.read_text().splitlines())


def run(runner: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    given = {name: str(each["default"]) for name, each in ACTION["inputs"].items()} | inputs
    known = {f"inputs.{name}": value for name, value in given.items()}
    known |= {f"steps.environment.outputs.{name}": value for name, value in prepared(runner).items()}
    known["github.action_path"] = str(ROOT)
    environment = {"PATH": f"{sys.prefix}/bin:/usr/bin:/bin", "RUNNER_TEMP": str(runner)}
    for variable, expression in STEP["env"].items():
        name = expression.removeprefix("${{ ").removesuffix(" }}")
        environment[variable] = known[name]
    command = ["bash", "-c", STEP["run"]]
    return subprocess.run(
        command, cwd=runner / "repository", env=environment, capture_output=True, text=True, check=False
    )


def test_it_annotates_the_line_and_fails_the_step(runner: Path) -> None:
    done = run(runner)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::"), done.stderr
    assert "::error file=sst.config.ts,line=2" in done.stdout
    assert "was run" not in done.stdout + done.stderr


def test_a_report_may_go_into_a_file(runner: Path) -> None:
    done = run(runner, format="sarif", output="report.sarif")
    assert (done.returncode, done.stdout) == (1, "")
    assert "sst.config.ts:2" in done.stderr  # the log says why the step failed
    assert '"version": "2.1.0"' in (runner / "repository" / "report.sarif").read_text()


def test_a_path_without_a_project_fails_the_step_unless_that_is_wanted(runner: Path) -> None:
    (runner / "repository" / "sst.config.ts").unlink()
    done = run(runner)
    assert done.returncode == 2
    assert "no SST project here (no sst.config.ts): nothing was checked" in done.stderr
    assert run(runner, **{"require-project": "false"}).returncode == 0


def test_a_wrong_path_leaves_no_empty_report(runner: Path) -> None:
    done = run(runner, path="nowhere", format="sarif", output="report.sarif")
    assert (done.returncode, done.stderr) == (2, "policy-bot: nowhere: no such file or folder\n")
    assert not (runner / "repository" / "report.sarif").exists()


def test_mistakes_in_settings_are_in_the_report_and_in_the_log(runner: Path) -> None:
    (runner / "repository" / ".github").mkdir()
    (runner / "repository" / ".github" / "policy-bot.yml").write_text("polices: {}\n")
    done = run(runner, format="sarif", output="report.sarif")
    assert (done.returncode, "policy-bot.yml:1" in done.stderr) == (2, True)
    assert "polices" in (runner / "repository" / "report.sarif").read_text()


def test_the_environment_is_kept_for_the_same_packages_and_the_same_python(runner: Path) -> None:
    known = prepared(runner)
    assert known["key"].startswith(f"policy-bot-{sys.platform}-")
    assert known["venv"] == str(runner / "policy-bot")
    assert CACHE["with"]["path"] == "${{ steps.environment.outputs.venv }}"
    assert re.fullmatch(r"actions/cache@[0-9a-f]{40}", CACHE["uses"])


def test_no_input_is_ever_text_of_a_script() -> None:
    assert "${{" not in STEP["run"] + PREPARE["run"]


@pytest.mark.parametrize(
    ("path", "runs"),
    [
        ("sst.config.ts", True),
        ("packages/web/package.json", True),
        (".github/policy-bot.yml", True),
        (".github/policies/acme/too-slow.md", True),
        ("README.md", False),
        ("docs/page.md", False),
    ],
)
def test_the_hook_runs_for_what_can_change_a_verdict(path: str, runs: bool) -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert bool(re.search(hook["files"], path)) is runs


def test_what_it_installs_is_pinned_by_hash() -> None:
    assert "--require-hashes" in STEP["run"]
    assert "requirements/cli.txt" in STEP["run"]
