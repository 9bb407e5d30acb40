"""Many projects are judged in several processes, with the same result, also if one of them is lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_main import CONFIG

RUN = (
    "import sys; from policy_bot.cli import main, workers;"
    " sys.argv = ['policy-bot', 'check', '--format', 'json']; {}; main.script()"
)
ONE = "workers._processors = lambda: 1"
THREE = "workers._processors = lambda: 3"
LOST = (
    f"import os; {THREE}; from policy_bot.isolation import child; answered, asked = child._answered, [];"
    " child._answered = lambda *more: asked.append(1) or len(asked) > 5 and os.kill(os.getpid(), 9)"
    " or answered(*more)"
)
"""Each process is lost at its sixth project."""


@pytest.fixture
def street(tmp_path: Path) -> Path:
    """Forty projects, of which every third has a finding and one cannot be read."""
    for number in range(40):
        folder = tmp_path / f"app{number:02}"
        folder.mkdir()
        text = CONFIG if number % 3 == 0 else CONFIG.replace('"60 seconds"', '"300 seconds"')
        (folder / "sst.config.ts").write_text(text.replace("Chat", f"Chat{number}"))
    (tmp_path / "app07" / "sst.config.ts").write_text("export default $config({ app: ( });\n")
    return tmp_path


def check(street: Path, how: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(how)], cwd=street, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, b"")
    return done.stdout


def test_several_processes_find_what_one_finds(street: Path) -> None:
    alone = check(street, ONE)
    assert check(street, THREE) == alone
    document = json.loads(alone)
    assert (document["summary"]["projects"], document["summary"]["problems"]) == (40, 1)
    assert document["summary"]["errors"] == 15
    findings = [finding for project in document["projects"] for finding in project["findings"]]
    assert [finding["policy"] for finding in findings if "fix" not in finding] == ["config/syntax-error"]


def test_what_a_lost_process_was_asked_is_judged_all_the_same(street: Path) -> None:
    assert check(street, LOST) == check(street, ONE)
