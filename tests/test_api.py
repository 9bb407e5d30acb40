"""The Python interface: the same answers as the command line, as objects."""

from pathlib import Path

import pytest

import policy_bot
from policy_bot import Problem, check_project, read_project
from tests.cli.test_check import CLEAN, write
from tests.cli.test_main import CONFIG


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_finding_has_its_place_its_policy_and_a_fix(here: Path) -> None:
    write(here, **{"web/sst.config.ts": CONFIG})
    [finding] = check_project("web").findings
    assert (finding.policy, finding.span.path, finding.span.line) == (
        "timeout/too-short",
        "web/sst.config.ts",
        9,
    )
    assert finding.fixes
    assert check_project(here / "web", ignore=["timeout"]).findings == ()
    assert check_project("web", select=["timeout/too-short"], stages=["qa"]).findings[0].contexts == ("qa",)


def test_a_project_has_its_functions_by_stage(here: Path) -> None:
    write(here, **{"web/sst.config.ts": CLEAN})
    project = read_project("web", stages=["production"])
    [deployment] = project.contexts
    assert [function.span.path for function in deployment.functions] == ["web/sst.config.ts"]
    assert (project.path, str(deployment.context)) == ("web/sst.config.ts", "production")


def test_wrong_usage_is_a_problem_in_words(here: Path) -> None:
    write(here, **{"a/sst.config.ts": CLEAN, "b/sst.config.ts": CLEAN})
    for ask, why in (
        (lambda: read_project("."), "2 SST projects; name one config"),
        (lambda: check_project("nowhere"), "no such file or folder"),
        (lambda: check_project("a", stages=["my stage"]), "is not a valid stage name"),
        (lambda: check_project("a", select=["timeout/to-short"]), "Did you mean `timeout/too-short`?"),
    ):
        with pytest.raises(Problem, match=why.replace("?", r"\?")):
            ask()


def test_nothing_else_is_offered() -> None:
    assert not hasattr(policy_bot, "anything")
    assert (Path(policy_bot.__file__).parent / "py.typed").exists()
