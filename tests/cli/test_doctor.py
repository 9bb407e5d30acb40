"""`policy-bot doctor` from the environment to its lines."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from policy_bot.cli.main import main
from policy_bot.sandbox.sandbox import Sandbox
from tests.sandbox.wire import wired
from tests.service.keys import pem

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
    with wired(sandbox):
        assert main(["doctor", "--org", "acme"]) == 1
    out = capsys.readouterr().out
    assert "ok  the App requests all required permissions\n" in out
    assert (
        "!!  acme/.github: policy-bot.yml:1:1: there is no setting `mod` here. Did you mean `mode`?\n"
        "    Until then the last valid version applies.\n"
    ) in out
    assert "ok  `sst-policy` from this App is required (1 repository)\n" in out
    assert "!!  nothing requires `sst-policy` on the default branch (1 repository)\n    acme/.github\n" in out


def test_without_policy_it_says_so(sandbox: Sandbox, capsys: Capture) -> None:
    with wired(sandbox):
        main(["doctor", "--org", "acme"])
    assert "!!  no policy of acme is visible: each repository uses its own" in capsys.readouterr().out


def test_an_organisation_without_the_app(sandbox: Sandbox, capsys: Capture) -> None:
    with wired(sandbox):
        assert main(["doctor", "--org", "nobody"]) == 1
    assert "!!  the App is not installed on nobody" in capsys.readouterr().out


def test_a_github_that_is_not_there_is_one_line_and_no_word_about_keys(
    sandbox: Sandbox, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address, why in (("http://127.0.0.1:1", "Connection refused"), ("http://none.invalid", "")):
        monkeypatch.setenv("GITHUB_API_URL", address)
        for words in (["doctor"], ["audit", "--org", "acme"]):
            assert main(words) == 2
            out, err = capsys.readouterr()
            assert out == ""
            assert err.startswith(f"policy-bot: GitHub cannot be reached at {address}: {why}")
            assert err.endswith("; check GITHUB_API_URL, the proxy and the DNS\n")


def test_a_key_that_github_does_not_know_is_distinguished(
    sandbox: Sandbox, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_PRIVATE_KEY", pem())
    with wired(sandbox):
        assert main(["doctor"]) == 1
    assert capsys.readouterr().out == (
        f"GitHub at {sandbox.api_url}\n"
        "!!  GitHub rejects the App: GitHub does not accept our credentials\n"
        "    Check GITHUB_APP_ID and GITHUB_PRIVATE_KEY; make a new key in the App's\n"
        "    settings.\n"
        "1 to fix.\n"
    )


def test_a_path_without_an_api_is_explained(
    sandbox: Sandbox, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_API_URL", f"{sandbox.api_url}/v4")
    with wired(sandbox):
        assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "!!  there is no GitHub API at this address (404)\n" in out
    assert "https://HOST/api/v3" in out


def test_sixty_repositories_are_a_line_for_each_kind_of_trouble(sandbox: Sandbox, capsys: Capture) -> None:
    for number in range(60):
        sandbox.repository(f"acme/r{number:02}", {"README.md": "x"})
    with wired(sandbox):
        assert main(["doctor", "--org", "acme", "--repositories", "50"]) == 1
    out = capsys.readouterr().out
    assert "nothing requires `sst-policy` on the default branch (49 repositories)\n" in out
    assert "acme/r00, acme/r01, acme/r02 and 46 more (--list names them)\n" in out
    assert "ok  not checked whether `sst-policy` is required (11 repositories)\n" in out
    with wired(sandbox):
        main(["doctor", "--org", "acme", "--repositories", "50", "--list"])
    assert "acme/r48" in capsys.readouterr().out


def test_a_key_in_base64_is_understood(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_PRIVATE_KEY", base64.b64encode(sandbox.registration.pem.encode()).decode())
    sandbox.hook.attempts.clear()
    with wired(sandbox):
        assert main(["doctor"]) == 1  # no webhook was sent so far, and nothing else


def test_it_needs_no_webhook_secret(
    sandbox: Sandbox, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_WEBHOOK_SECRET")
    with wired(sandbox):
        main(["doctor"])
    assert capsys.readouterr().out.splitlines()[1].startswith("ok  the App is ")
