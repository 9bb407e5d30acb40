"""The commands of policy authors, each run as a user would."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policy_bot.cli.main import main
from policy_bot.cli.output.page import rendered
from policy_bot.cli.output.style import Style
from policy_bot.cli.test_cmd import COMPILE
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
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_policy_passes_its_own_cases(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-policy", "timeout/too-long"]) == 0
    assert main(["test"]) == 0
    assert "ok timeout/too-long (6 cases)\n6 cases: all passed" in capsys.readouterr().out


def test_a_new_policy_overwrites_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-policy", "timeout/too-long"]) == 0
    assert main(["new-policy", "timeout/too-long"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert main(["new-policy", "../TooLong"]) == 2


def test_a_policy_is_tested_by_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    main(["new-policy", "timeout/too-long"])
    assert main(["test", "timeout/too-long"]) == 0
    assert "6 cases: all passed" in capsys.readouterr().out
    assert main(["test", "timeout/too-lang"]) == 2


def test_in_the_source_tree_a_new_policy_is_to_be_compiled(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["new-policy", "timeout/too-long"])
    assert COMPILE not in capsys.readouterr().out
    (folder / "policy_bot/policy").mkdir(parents=True)
    (folder / "policy_bot/policy/builtin.json").touch()
    assert main(["new-policy", "timeout/too-large"]) == 0
    assert COMPILE in capsys.readouterr().out
    assert main(["test", "timeout/too-large"]) == 0
    assert COMPILE in capsys.readouterr().out


def test_a_case_that_does_not_come_true_is_shown_as_a_difference(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["new-policy", "timeout/too-long"])
    file = folder / "policies/timeout/too-long.md"
    text = file.read_text().replace('timeout: "1 minute",\n', 'timeout: "1 minute", // fail: soon\n', 1)
    file.write_text(text.replace("// unknown", ""))
    capsys.readouterr()
    assert main(["test"]) == 1
    out = capsys.readouterr().out
    assert "- expected line 44: fail in every context: soon" in out
    assert ": unknown in production, dev: Cannot tell: the timeout of `Report`" in out
    assert "6 cases: 2 failed" in out


def test_a_mistake_in_a_policy_is_shown_with_its_place(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["new-policy", "timeout/too-long"])
    file = folder / "policies/timeout/too-long.md"
    file.write_text(file.read_text().replace("require: timeout <=", "require: timout <="))
    assert main(["test"]) == 1
    assert (
        "too-long.md:14:10: a function has no fact `timout`. Did you mean `timeout`?"
        in capsys.readouterr().out
    )


def test_a_builtin_policys_name_is_taken(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-policy", "timeout/too-short"]) == 2
    assert "there is a built-in policy timeout/too-short already" in capsys.readouterr().err
    main(["new-policy", "timeout/too-long"])
    (folder / "policies/timeout/too-long.md").rename(folder / "policies/timeout/too-short.md")
    capsys.readouterr()
    assert main(["test"]) == 1
    out = capsys.readouterr().out
    assert "too-short.md:1:1: there is a built-in policy `timeout/too-short` already" in out
    assert out.endswith("\n1 file could not be used\n")


def test_what_is_no_policy_is_an_error_and_not_left_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["new-policy", "timeout/too-long"])
    (folder / "policies/notes.md").write_text("# Notes\n")
    (folder / "policies/README.md").write_text("# How we write them\n")
    assert main(["test"]) == 1
    out = capsys.readouterr().out
    assert "policies/notes.md:1:1: a policy begins with front matter, between two lines `---`." in out
    assert "README.md, or move it out of `policies/`" in out
    assert out.endswith("6 cases: all passed, 1 file could not be used\n")


def test_a_repositorys_policies_are_found_in_their_place(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".github/policies").mkdir(parents=True)
    assert main(["new-policy", "timeout/too-long"]) == 0
    assert (folder / ".github/policies/timeout/too-long.md").is_file()
    assert main(["test"]) == 0
    assert "ok timeout/too-long" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("// fail in staging", "`staging` is not judged here, only dev, production: add `stages=staging`"),
        ("// fial", "`fial` is not a mark: use `fail` or `unknown`"),
        ("// Fail in production", "`Fail` is not a mark"),
        ("// unkown: t", "`unkown` is not a mark"),
    ],
)
def test_a_mark_that_would_expect_nothing_is_reported(
    folder: Path, capsys: pytest.CaptureFixture[str], mark: str, said: str
) -> None:
    main(["new-policy", "timeout/too-long"])
    file = folder / "policies/timeout/too-long.md"
    file.write_text(file.read_text().replace('timeout: "1 minute",\n', f'timeout: "1 minute", {mark}\n', 1))
    assert main(["test"]) == 1
    assert f"line 44: {said}" in capsys.readouterr().out


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "timeout/too-short"]) == 0
    assert "## Why it is bad" in capsys.readouterr().out
    assert main(["explain"]) == 0
    assert "timeout/too-short" in capsys.readouterr().out
    assert main(["explain", "timeout/too-shrt"]) == 2
    assert "Did you mean `timeout/too-short`?" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["explain", "timeout/cron-overlap"], ["explain"]])
def test_in_a_terminal_a_page_is_laid_out_within_eighty_columns(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "120")
    assert main(words) == 0
    text = re.sub(r"\x1b(?:\[[0-9;]*[A-Za-z]|\]8;[^\x1b]*\x1b\\)", "", capsys.readouterr().out)
    lines = [line for line in text.splitlines() if "https://" not in line]  # no address is broken
    assert max(map(len, lines)) <= 80
    assert "##" not in text


def test_explain_says_why_something_passes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "sst.config.ts").write_text(CONFIG.replace("timeout: 300", 'timeout: "5 minutes"'))
    assert main(["explain", "timeout/lambda-max", "--on", "."]) == 0
    assert capsys.readouterr().out.startswith(
        'sst.config.ts:6 pass function "Chat" (sst.aws.Function)\n'
        "  in production, sst dev\n"
        "  timeout = 300 (sst.config.ts:6)\n"
    )


def test_explain_says_so_where_a_policy_says_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "sst.config.ts").write_text(CONFIG)
    (folder / "empty").mkdir()
    policy = "timeout/cron-overlap"
    assert main(["explain", policy, "--on", "."]) == 0
    assert capsys.readouterr().out == f"{policy} applies to nothing here.\n"
    assert main(["explain", policy, "--on", "empty"]) == 0
    assert "there is no SST project below empty" in capsys.readouterr().out
    (folder / "sst.config.ts").write_bytes(b"\xff")
    assert main(["explain", policy, "--on", "."]) == 0
    assert capsys.readouterr().out == "sst.config.ts:1 cannot judge\n  a syntax error\n"
    (folder / ".github").mkdir()
    (folder / ".github" / "policy-bot.yml").write_text(f"policies: {{{policy}: off}}")
    assert main(["explain", policy, "--on", "empty"]) == 0
    assert capsys.readouterr().out == f"{policy} is off here.\n"


def test_explain_on_a_folder_wants_a_policy(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--on", "apps"]) == 2
    assert "--on needs a policy: policy-bot explain ID --on apps" in capsys.readouterr().err


def test_fix_shows_the_difference_and_then_makes_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "sst.config.ts"
    file.write_text(CONFIG)
    assert main(["fix", "--diff"]) == 0
    shown = capsys.readouterr()
    assert '+    new sst.aws.Function("Chat", { handler: "a.b", timeout: "300 seconds" })' in shown.out
    assert "sst.config.ts:6 timeout/invalid-duration: Write it as a duration" in shown.err
    assert file.read_text() == CONFIG
    assert main(["fix"]) == 0
    assert file.read_text() == CONFIG.replace("300", '"300 seconds"')


def test_fix_says_what_it_cannot_fix(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "sst.config.ts").write_text(CONFIG.replace("300", '"5 min"'))
    assert main(["fix"]) == 1
    assert "0 fixed, " in capsys.readouterr().err


def test_fix_lists_what_is_left(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two = """new sst.aws.Function("Long", { handler: "a.b", timeout: "5 min" })
    new sst.aws.Function("Slow", { handler: "a.b", timeout: process.env.T })
    new"""
    (folder / "sst.config.ts").write_text(CONFIG.replace("new", two))
    assert main(["fix"]) == 1
    said = capsys.readouterr().err
    assert "sst.config.ts:8 timeout/invalid-duration: Write it as a duration" in said
    assert "sst.config.ts:6 left: error timeout/invalid-duration: " in said
    assert max(map(len, said.splitlines())) <= 80
    assert said.splitlines()[-1].startswith("1 fixed, ")
    assert said.splitlines()[-1].endswith(" left, 1 cannot tell")


def test_fix_of_what_cannot_be_judged_does_not_pass(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "sst.config.ts").write_text("export default $config({ app: ( });\n")
    assert main(["fix"]) == 1
    assert capsys.readouterr().err == (
        "sst.config.ts:1 left: error config/syntax-error: `sst.config.ts` could not be\n"
        "  read from here on: a syntax error: ')' is expected: '(' in line 1 is not\n"
        "  closed.\n"
        "0 fixed, 1 left\n"
    )


def test_fix_of_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix"]) == 2
    assert "no SST project here" in capsys.readouterr().err
    assert main(["fix", "--allow-no-project"]) == 0


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


def test_explain_shows_paths_from_the_current_folder_and_one_verdict_for_a_policy(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".git").mkdir()
    (folder / "web").mkdir()
    streaming = CONFIG.replace("timeout: 300", 'url: true, streaming: true, timeout: "1 minute"')
    (folder / "web/sst.config.ts").write_text(streaming)
    monkeypatch.chdir(folder / "web")
    assert main(["explain", "timeout/too-short", "--on", "."]) == 0
    out = capsys.readouterr().out
    assert out.startswith('sst.config.ts:6 fail function "Chat"')
    assert "web/" not in out
    assert out.count('function "Chat"') == 1


PAGE = """\
# a/b

| severity |
|---|
| error |

See `x`
and [y](https://y.dev/z).

```ts
if (a) {
  b\x1b
```
"""


def test_a_page_in_a_terminal_is_laid_out() -> None:
    lines = ["a/b", "", "severity", "error", "", "See `x` and y (https://y.dev/z).", ""]
    assert list(rendered(PAGE, Style())) == [*lines, "    if (a) {", "      b\\x1b", ""]
    assert "\x1b[36mx\x1b[0m" in "\n".join(rendered(PAGE, Style(colour=True)))
