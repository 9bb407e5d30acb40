"""What carries policy-bot to where it runs: what cannot be built or run here is held by its linter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from policy_bot.cli.main import COMMANDS
from policy_bot.service.settings import ServiceSettings

ROOT = Path(__file__).parents[1]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if name != "postgres"}


def tool(*words: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / words[0]), *words[1:]]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_image_has_no_lint() -> None:
    done = tool("hadolint", "Dockerfile")
    assert done.returncode == 0, done.stdout


def test_the_image_installs_the_service_alone_and_runs_as_nobody_in_particular() -> None:
    final = (ROOT / "Dockerfile").read_text().rpartition("FROM ")[2]
    assert "USER 10001" in final
    assert "pip " not in final


def test_the_image_is_built_from_what_the_context_holds() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        word.partition("/")[0]
        for line in (ROOT / "Dockerfile").read_text().splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    }
    assert copied <= kept


def test_the_workflows_and_the_action_have_no_known_weakness() -> None:
    done = tool("zizmor", "--offline", "--no-progress", ".github/workflows", "action.yml")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", OURS)
def test_a_process_of_compose_runs_a_command_that_exists(name: str) -> None:
    assert OURS[name]["command"][0] == "policy-bot"
    assert OURS[name]["command"][1] in COMMANDS


@pytest.mark.parametrize("name", OURS)
def test_a_process_of_compose_may_write_nothing_and_gain_nothing(name: str) -> None:
    assert OURS[name]["read_only"] is True
    assert OURS[name]["cap_drop"] == ["ALL"]


def test_compose_sets_variables_that_the_service_reads() -> None:
    known = {field.upper() for field in ServiceSettings.model_fields}
    assert set(COMPOSE["x-service"]["environment"]) <= known


def test_the_unit_starts_a_command_that_exists() -> None:
    unit = (ROOT / "deploy/policy-bot.service").read_text()
    [start] = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
    assert start.split()[1] in COMMANDS
