"""Judging as a repository of an organisation: whose policies count, and which selections take this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_bot.cli.main import main
from tests.cli.test_main import CONFIG

Capture = pytest.CaptureFixture[str]

SETTINGS = """\
select:
  - where: {repositories: ["web-*"]}
    policies: {timeout/too-short: off}
  - where: {topics: [legacy], visibility: public}
    policies: {timeout/too-short: warning}
"""


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Path:
    """A repository next to its organisation's checkout, which has a policy of its own."""
    above, here = tmp_path / "org", tmp_path / "web"
    above.mkdir()
    here.mkdir()
    (above / "policy-bot.yml").write_text(SETTINGS)
    (here / "sst.config.ts").write_text(CONFIG)
    monkeypatch.chdir(above)
    main(["new-policy", "acme/too-slow"])
    monkeypatch.chdir(here)
    capsys.readouterr()
    return here


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ([], 1),
        (["--repository", "web-shop"], 0),
        (["--topic", "legacy"], 1),
        (["--topic", "legacy", "--visibility", "public"], 0),
    ],
)
def test_what_the_organisation_selects_can_be_tried_on_a_folder(
    web: Path, capsys: Capture, words: list[str], status: int
) -> None:
    (web.parent / "org" / "policies" / "acme" / "too-slow.md").unlink()
    assert main(["check", "--organisation", "../org", *words]) == status
    assert main(["fix", "--diff", "--organisation", "../org", *words]) == 0
    assert ("+" in capsys.readouterr().out) == (words != ["--repository", "web-shop"])


def test_without_a_name_the_folder_has_the_repositorys(
    web: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(web.rename(web.with_name("web-shop")))
    main(["check", "--organisation", "../org"])
    assert "timeout/too-short" not in capsys.readouterr().out


@pytest.mark.parametrize("command", ["check", "fix", "settings", "explain"])
def test_a_folder_that_is_no_organisations_checkout_is_an_error(
    web: Path, capsys: Capture, command: str
) -> None:
    (web.parent / "other").mkdir()
    assert main([command, "--organisation", "../other"]) == 2
    assert "../other has no policy-bot.yml and no policies" in capsys.readouterr().err
    assert main([command, "--organisation", "../nowhere"]) == 2
    assert "../nowhere: no such folder" in capsys.readouterr().err


def test_explain_finds_the_organisations_policies(web: Path, capsys: Capture) -> None:
    assert main(["explain", "acme/too-slow"]) == 2
    assert "For a policy of the organisation, add --organisation FOLDER" in capsys.readouterr().err
    assert main(["explain", "acme/too-slow", "--organisation", "../org"]) == 0
    assert capsys.readouterr().out.startswith("# acme/too-slow")
    assert main(["explain", "acme/too-slow", "--organisation", "../org", "--on", "."]) == 0
    assert 'sst.config.ts:9 pass function "Chat"' in capsys.readouterr().out


def test_the_hint_of_an_organisations_policy_can_be_followed(web: Path, capsys: Capture) -> None:
    policy = web.parent / "org" / "policies" / "acme" / "too-slow.md"
    policy.write_text(policy.read_text().replace("default: 60", "default: 30"))
    main(["check", "--organisation", "../org", "--repository", "x"])
    said = capsys.readouterr().out
    assert "more     policy-bot explain acme/too-slow --organisation ../org\n" in said
    assert "more     policy-bot explain timeout/too-short\n" in said


def test_explain_knows_the_organisations_checkout_by_itself(
    web: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(web.parent / "org")
    assert main(["explain", "acme/too-slow"]) == 0
    assert capsys.readouterr().out.startswith("# acme/too-slow")


def test_the_list_says_whose_a_policy_is_and_what_it_weighs_here(web: Path, capsys: Capture) -> None:
    assert main(["explain", "--organisation", "../org", "--repository", "web-shop"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "built-in:"
    assert lines[-2] == "organisation:"
    assert lines[-1].split()[:2] == ["acme/too-slow", "warning"]
    weights = {line.split()[0]: line.split()[1] for line in lines if "/" in line}
    assert weights["timeout/too-short"] == "off"  # by the selection
    assert weights["streaming/undeclared-at-root"] == "off"  # of the other profile
    assert weights["ops/logging"] == "notice"
