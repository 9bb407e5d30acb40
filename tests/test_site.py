"""The documentation as a site, and its commands as somebody would type them."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from policy_bot.cli.main import EXTRAS, main

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "policies/README.md", *sorted((ROOT / "docs").glob("*.md"))]
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
NOT_HERE = {*EXTRAS, "fix"}
"""What serves, or changes the folder: other tests run these."""


def commands() -> list[tuple[str, str]]:
    """Every `policy-bot` command that a page shows at a prompt."""
    lines = [
        (page.name, line.removeprefix("$ policy-bot ").partition("  #")[0].strip())
        for page in PAGES
        for block in CONSOLE.findall(page.read_text())
        for line in block.splitlines()
        if line.startswith("$ policy-bot ")
    ]
    return [(page, line) for page, line in lines if line.split()[0] not in NOT_HERE or "--diff" in line]


@pytest.mark.parametrize(("page", "command"), commands())
def test_a_command_on_a_page_works_in_the_example(
    page: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "docs/example", tmp_path / "example")
    (tmp_path / ".github").mkdir()  # the organisation's checkout, next to it
    (tmp_path / ".github/policy-bot.yml").write_text("mode: evaluate\n")
    monkeypatch.chdir(tmp_path / "example")
    assert main(shlex.split(command)) in (0, 1)  # 2 is wrong usage


def test_there_are_commands_to_try() -> None:
    assert len(commands()) > 5


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make site` builds it: a dead link or a page that the navigation lacks ends the build."""
    built = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(built)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return built


def test_no_page_asks_another_host_for_anything(site: Path) -> None:
    loads = re.compile(
        r"<(?:script|img|iframe)[^>]*src=\"?(?:https?:)?//|<link[^>]*stylesheet[^>]*href=\"?https?:"
    )
    assert [page.name for page in site.rglob("*.html") if loads.search(page.read_text())] == []


def test_each_page_can_be_reached_from_the_first(site: Path) -> None:
    first = (site / "index.html").read_text()
    for page in ("cli", "editors", "settings", "gating", "operations", "threats", "policies"):
        assert f'href="{page}/' in first
