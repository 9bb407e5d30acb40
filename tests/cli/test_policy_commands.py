"""The commands of policy authors, each run as at the desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_bot.cli.main import main
from policy_bot.sst.shape import SHAPES

CONFIG = """\
export default $config({
  app(input) {
    return { name: "app", home: "aws" }
  },
  async run() {
    new sst.aws.Function("Chat", { handler: "a.b", timeout: 300 })
  },
})
"""


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_policy_passes_its_own_cases(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-policy", "timeout/too-long"]) == 0
    assert main(["test"]) == 0
    assert "ok timeout/too-long (6 cases)\n6 cases: all passed" in capsys.readouterr().out


def test_a_new_policy_overwrites_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-policy", "timeout/too-long"]) == 0
    assert main(["new-policy", "timeout/too-long"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["new-policy", "../TooLong"]) == 2


def test_a_case_that_does_not_come_true_is_shown_as_a_difference(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["new-policy", "timeout/too-long"])
    file = desk / "policies/timeout/too-long.md"
    text = file.read_text().replace('timeout: "1 minute",\n', 'timeout: "1 minute", // fail: soon\n', 1)
    file.write_text(text.replace("// unknown", ""))
    capsys.readouterr()
    assert main(["test"]) == 1
    out = capsys.readouterr().out
    assert "- expected line 43: fail in every context: soon" in out
    assert ": unknown in production, sst dev: Cannot tell: the timeout of `Report`" in out
    assert "6 cases: 2 failed" in out


def test_a_mistake_in_a_policy_is_shown_with_its_place(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["new-policy", "timeout/too-long"])
    file = desk / "policies/timeout/too-long.md"
    file.write_text(file.read_text().replace("require: timeout <=", "require: timout <="))
    assert main(["test"]) == 1
    assert (
        "too-long.md:13:10: a function has no fact `timout`. Did you mean `timeout`?"
        in capsys.readouterr().out
    )


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "timeout/too-short"]) == 0
    assert "## Why it is bad" in capsys.readouterr().out
    assert main(["explain"]) == 0
    assert "timeout/too-short" in capsys.readouterr().out
    assert main(["explain", "timeout/too-shrt"]) == 2
    assert "Did you mean `timeout/too-short`?" in capsys.readouterr().err


def test_explain_says_why_something_passes(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "sst.config.ts").write_text(CONFIG.replace("timeout: 300", 'timeout: "5 minutes"'))
    assert main(["explain", "timeout/lambda-max", "--on", "."]) == 0
    assert capsys.readouterr().out.startswith(
        'sst.config.ts:6 pass function "Chat" (sst.aws.Function)\n'
        "  in production, sst dev\n"
        "  timeout = 300 (sst.config.ts:6)\n"
    )


def test_fix_shows_the_difference_and_then_makes_it(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = desk / "sst.config.ts"
    file.write_text(CONFIG)
    assert main(["fix", "--diff"]) == 0
    shown = capsys.readouterr()
    assert '+    new sst.aws.Function("Chat", { handler: "a.b", timeout: "300 seconds" })' in shown.out
    assert "sst.config.ts:6 timeout/invalid-duration: Write it as a duration" in shown.err
    assert file.read_text() == CONFIG
    assert main(["fix"]) == 0
    assert file.read_text() == CONFIG.replace("300", '"300 seconds"')


def test_fix_says_what_it_cannot_mend(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "sst.config.ts").write_text(CONFIG.replace("300", '"5 min"'))
    assert main(["fix"]) == 1
    assert "0 fixed, " in capsys.readouterr().err


def test_docs_are_of_a_source_tree(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs"]) == 2
    assert "no policy files" in capsys.readouterr().err


def test_facts_lists_what_an_expression_may_ask(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "queue"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("queue\n  name                    string  The component's name.\n")
    assert "  context.dev             bool    " in out
    assert "  startsWith " in out
    assert "log_retention" not in out
    assert main(["facts"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for shape in SHAPES.values() for name in shape)
    assert max(map(len, out.splitlines())) <= 80
