"""The door: the table of commands, wrong usage in one line, exit statuses."""

import argparse
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from policy_bot import __version__
from policy_bot.cli.main import COMMANDS, EXTRAS, main
from policy_bot.cli.problem import Problem

CONFIG = """\
export default $config({
  app: (input) => ({
    name: "shop",
    home: "aws",
    removal: input.stage === "production" ? "retain" : "remove",
    protect: input.stage === "production",
  }),
  async run() {
    new sst.aws.Function("Chat", { handler: "a.b", url: true, streaming: true, timeout: "60 seconds" });
  },
});
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "sst.config.ts").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_registers_itself_under_its_name(name: str) -> None:
    subparsers = argparse.ArgumentParser().add_subparsers()
    importlib.import_module(COMMANDS[name][0]).register(subparsers)
    assert list(subparsers.choices) == [name]
    assert callable(subparsers.choices[name].get_default("run"))


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    for name, (_, summary) in COMMANDS.items():
        assert name in text
        assert summary in text
    assert max(map(len, text.splitlines())) <= 80


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"policy-bot {__version__}\n"


def test_without_a_command_the_help_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "COMMAND" in said.err


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["chekc"], "policy-bot: no command `chekc`; did you mean `check`?\n"),
        (["zzzz"], "policy-bot: no command `zzzz`: policy-bot --help lists them\n"),
        (["check", "nowhere"], "policy-bot: nowhere: no such file or folder\n"),
    ],
)
def test_wrong_usage_is_answered_in_one_line(
    shop: Path, capsys: pytest.CaptureFixture[str], words: list[str], line: str
) -> None:
    assert main(words) == 2
    assert capsys.readouterr() == ("", line)


def test_a_word_too_many_is_answered_with_the_usage_of_its_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["facts", "queue", "bad"])
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("usage: policy-bot facts ")
    assert said.endswith("policy-bot facts: error: unrecognized arguments: bad\n")


def test_a_usage_error_of_a_command_with_many_options_is_two_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--fromat", "json"])
    assert capsys.readouterr().err == (
        "usage: policy-bot check [options] [PATH ...]\n"
        "policy-bot check: error: unrecognized arguments: --fromat; did you mean `--format`?\n"
    )


def test_a_problem_and_an_interruption_end_a_command_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def raises(error: BaseException) -> int:
        monkeypatch.setattr("policy_bot.cli.check.run", lambda args: (_ for _ in ()).throw(error))
        return main(["check"])

    assert raises(Problem("not so")) == 2
    assert raises(KeyboardInterrupt()) == 130
    assert capsys.readouterr() == ("", "policy-bot: not so\n")


def test_a_terminal_that_lacks_a_letter_does_not_crash(shop: Path) -> None:
    (shop / "sst.config.ts").write_text(CONFIG.replace("Chat", "Chät"), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("policy-bot")), "check"]
    done = subprocess.run(
        command, cwd=shop, env={"PYTHONIOENCODING": "ascii"}, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert rb"Ch\xe4t" in done.stdout


def test_a_closed_pipe_does_not_crash(shop: Path) -> None:
    command = f"{Path(sys.executable).with_name('policy-bot')} inspect --format json | true"
    done = subprocess.run(["bash", "-c", command], cwd=shop, capture_output=True, text=True, check=True)
    assert done.stderr == ""


@pytest.mark.parametrize(("command", "extra"), EXTRAS.items())
def test_a_command_whose_packages_are_missing_names_the_extra(
    command: str, extra: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(_name: str) -> None:
        raise ModuleNotFoundError("No module named 'flask'", name="flask")

    monkeypatch.setattr("importlib.import_module", missing)
    assert main([command]) == 2
    said = (
        f"policy-bot: `{command}` needs packages that are not installed: pip install 'policy-bot[{extra}]'\n"
    )
    assert capsys.readouterr().err == said


def test_the_package_runs_as_a_module() -> None:
    words = [sys.executable, "-m", "policy_bot", "--version"]
    assert (
        subprocess.run(words, capture_output=True, text=True, check=True).stdout
        == f"policy-bot {__version__}\n"
    )
