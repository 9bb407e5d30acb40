"""The GitHub action: its script as it stands in action.yml, run as a runner would, installation aside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
[STEP] = ACTION["runs"]["steps"]
CONFIG = """\
export default $config({
  app: () => ({ name: "shop", home: "aws", streaming: true }),
  async run() {},
});
"""


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A runner on which the packages are installed already, with a repository checked out."""
    (tmp_path / "policy-bot").symlink_to(sys.prefix)
    (tmp_path / "policy-bot.ready").touch()
    repository = tmp_path / "repository"
    (repository / "policy_bot").mkdir(parents=True)
    (repository / "policy_bot" / "__init__.py").write_text(
        "raise SystemExit('code of the repository was run')"
    )
    (repository / "sst.config.ts").write_text(CONFIG)
    return tmp_path


def run(runner: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    given = {name: str(each["default"]) for name, each in ACTION["inputs"].items()} | inputs
    environment = {"PATH": f"{sys.prefix}/bin:/usr/bin:/bin", "RUNNER_TEMP": str(runner)}
    for variable, expression in STEP["env"].items():
        name = expression.removeprefix("${{ ").removesuffix(" }}")
        environment[variable] = (
            str(ROOT) if name == "github.action_path" else given[name.removeprefix("inputs.")]
        )
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
    assert '"version": "2.1.0"' in (runner / "repository" / "report.sarif").read_text()


def test_a_path_without_a_project_fails_the_step_unless_that_is_wanted(runner: Path) -> None:
    (runner / "repository" / "sst.config.ts").unlink()
    done = run(runner)
    assert done.returncode == 2
    assert "no SST project here (no sst.config.ts): nothing was judged" in done.stderr
    assert run(runner, **{"require-project": "false"}).returncode == 0


def test_no_input_is_ever_text_of_the_script() -> None:
    assert "${{" not in STEP["run"]


def test_what_it_installs_is_pinned_by_hash() -> None:
    assert "--require-hashes" in STEP["run"]
    assert "requirements/desk.txt" in STEP["run"]
