"""A start costs what it needs: what is heavy is loaded only by the command that uses it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_check import CLEAN
from tests.cli.test_main import CONFIG

SERVICE = {
    "flask",
    "github",
    "requests",
    "sqlalchemy",
    "alembic",
    "granian",
    "structlog",
    "prometheus_client",
}
READING_SETTINGS = {"pydantic", "pydantic_core", "pydantic_settings", "yaml", "markdown_it"}
HEAVY = {
    "rich",
    "jsonschema",
    "procrastinate",
    "psycopg",
    "cryptography",
    "asyncio",
    "ssl",
    "http",
    "urllib.request",
}
PROGRAM = (
    "import sys; from policy_bot.cli.main import main; main(sys.argv[1:]); print(*sys.modules, sep='\\n')"
)


def loaded(folder: Path, *words: str) -> set[str]:
    command = [sys.executable, "-c", PROGRAM, *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines())


@pytest.mark.parametrize(
    ("config", "words"),
    [(CLEAN, ["check"]), (CONFIG, ["check"]), (CONFIG, ["check", "--format", "json"]), (CONFIG, ["inspect"])],
)
def test_a_check_loads_nothing_of_the_service_and_nothing_that_reads_settings(
    tmp_path: Path, config: str, words: list[str]
) -> None:
    (tmp_path / "sst.config.ts").write_text(config)
    assert loaded(tmp_path, *words) & (SERVICE | READING_SETTINGS | HEAVY) == set()


READING = """
import sys
import policy_bot.isolation.child
from policy_bot.cli.folder import FolderTree
from policy_bot.sst.reading import read_project
assert read_project(FolderTree("."), "sst.config.ts").contexts
print(*sys.modules, sep="\\n")
"""
OF_FEW_PROJECTS = {
    *(f"sst.streams.{each}" for each in ("sites", "site_streams", "reach", "producers", "routes", "python")),
    *(f"sst.interpreter.builtins.{each}" for each in ("arrays", "globals", "json", "objects", "strings")),
    *(f"sst.interpreter.{each}" for each in ("generators", "loops", "node", "switches", "v2")),
    *(f"sst.syntax.{each}" for each in ("expected", "newer", "recovery")),
    *("sst.frameworks", "sst.schedules", "sst.semantics.v2"),
}
"""Modules for what a small project does not have."""


def test_a_small_project_loads_what_it_has(tmp_path: Path) -> None:
    """Each module costs 0.2 ms of a start. Whoever needs another one raises the number knowingly."""
    (tmp_path / "sst.config.ts").write_text(CLEAN)
    printed = subprocess.check_output([sys.executable, "-c", READING], cwd=tmp_path, text=True).split()
    ours = {name.removeprefix("policy_bot.") for name in printed if name.startswith("policy_bot.")}
    assert ours & OF_FEW_PROJECTS == set()
    assert len(ours) <= 165
    command = loaded(tmp_path, "check")
    assert len([name for name in command if name.startswith("policy_bot.")]) <= 88
    assert "shutil" not in command


def test_the_parser_is_loaded_in_the_reading_process_alone(tmp_path: Path) -> None:
    (tmp_path / "sst.config.ts").write_text(CLEAN)
    assert "tree_sitter" not in loaded(tmp_path, "check")


BEGUN = """
import sys
from policy_bot.cli.main import main
from policy_bot.isolation.kept import Kept
expect = Kept.expect
def seen(*asked):
    print("policy_bot.cli.rules" in sys.modules, file=sys.stderr)
    expect(*asked)
Kept.expect = seen
main(["check"])
"""


def test_the_project_is_read_while_the_policies_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "sst.config.ts").write_text(CLEAN)
    command = [sys.executable, "-c", BEGUN]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stderr == "False\n"


PATTERNS = """
import re, sys
compiled = re._compiler.compile
def seen(*given):
    caller = sys._getframe(1)
    while caller.f_globals["__name__"] in ("re", "policy_bot.regex"):
        caller = caller.f_back
    print(caller.f_globals["__name__"], given[0])
    return compiled(*given)
import json, gettext, textwrap, locale, typing  # their own
re._compiler.compile = seen
typing.ForwardRef.__init__ = lambda self, annotation, **_: print(annotation)
import policy_bot.isolation.child, policy_bot.cli.check, policy_bot.cli.rules
"""


def test_an_import_compiles_no_pattern_and_parses_no_annotation(tmp_path: Path) -> None:
    assert subprocess.check_output([sys.executable, "-c", PATTERNS], cwd=tmp_path, text=True) == ""


def test_settings_cost_only_where_there_are_any(tmp_path: Path) -> None:
    (tmp_path / "sst.config.ts").write_text(CLEAN)
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "policy-bot.yml").write_text("mode: enforce\n")
    found = loaded(tmp_path, "check")
    assert "yaml" in found
    assert found & (SERVICE | HEAVY) == set()


def test_many_projects_of_a_checkout_load_no_more_than_one(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for number in range(20):
        folder = tmp_path / f"app{number}"
        folder.mkdir()
        (folder / "sst.config.ts").write_text(CONFIG)
    assert loaded(tmp_path, "check", "--exit-zero") & (READING_SETTINGS | HEAVY | {"pathspec"}) == set()
