"""`policy-bot doctor` from the environment to its lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_bot.cli.main import main
from policy_bot.sandbox.sandbox import Sandbox

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    sandbox = Sandbox()
    shop = sandbox.repository("acme/shop", {"README.md": "x"})
    sandbox.install("acme")
    sandbox.require(shop)
    registration = sandbox.registration
    monkeypatch.setenv("GITHUB_APP_ID", str(registration.id))
    monkeypatch.setenv("GITHUB_PRIVATE_KEY", registration.pem)
    monkeypatch.setenv("GITHUB_WEBHOOK_SECRET", registration.webhook_secret)
    monkeypatch.setenv("GITHUB_API_URL", sandbox.api_url)
    monkeypatch.setenv("POLICY_BOT_STATE", str(tmp_path))
    return sandbox


def test_it_says_what_is_well_and_what_is_not(sandbox: Sandbox, capsys: Capture) -> None:
    sandbox.repository("acme/.github", {"policy-bot.yml": "mod: enforce\n"})
    with sandbox.wired():
        assert main(["doctor", "--org", "acme"]) == 1
    out = capsys.readouterr().out
    assert "ok  the App asks for all that is needed\n" in out
    assert (
        "!!  acme/.github: policy-bot.yml:1:1: there is no setting `mod` here. Did you mean `mode`?\n"
        "    Until then the last good version is in force.\n"
    ) in out
    assert "ok  `sst-policy` from this App is required in 1 of 2 repositories" in out
    assert "!!  acme/.github: nothing requires `sst-policy` of main" in out


def test_without_policy_it_says_so(sandbox: Sandbox, capsys: Capture) -> None:
    with sandbox.wired():
        main(["doctor", "--org", "acme"])
    assert "!!  no policy of acme can be seen: every repository decides for itself" in capsys.readouterr().out


def test_an_organisation_without_the_app(sandbox: Sandbox, capsys: Capture) -> None:
    with sandbox.wired():
        assert main(["doctor", "--org", "nobody"]) == 1
    assert "!!  the App is not installed on nobody" in capsys.readouterr().out
