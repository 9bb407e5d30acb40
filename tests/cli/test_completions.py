"""Completion scripts: the shells that are here take them, and bash completes with them."""

import subprocess

import pytest

from policy_bot.cli.main import main


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["completions", shell]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["policy-bot", "che"], "check"),
        (["policy-bot", "check", "--sev"], "--severity"),
        (["policy-bot", "check", "--format", "sa"], "sarif"),
        (["policy-bot", "fix", "--di"], "--diff"),
    ],
)
def test_bash_completes(words: list[str], wanted: str, capsys: pytest.CaptureFixture[str]) -> None:
    typed = " ".join(words)
    asked = f"COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; _policy_bot; echo ${{COMPREPLY[@]}}"
    program = f"{script('bash', capsys)}\n{asked}"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [wanted]


def test_every_shell_has_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    for shell in ("bash", "zsh", "fish"):
        text = script(shell, capsys)
        assert "new-policy" in text
        assert "stdin-filename" in text
