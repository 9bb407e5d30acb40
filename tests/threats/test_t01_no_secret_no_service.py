"""T1: a default, hard-coded or empty webhook secret -> the service refuses to start without a real one.

Precedents: CVE-2025-61926 (Allstar Reviewbot), CVE-2026-41432 (new-api, empty secret).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policy_bot.github.signature import sign, verify
from policy_bot.service.settings import Misconfigured
from tests.service.keys import SECRET, settings

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("secret", ["", " ", ",", "short", "development", f"{SECRET},", f"{SECRET},changeme"])
def test_it_does_not_start_with_an_empty_or_short_secret(tmp_path: Path, secret: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        settings(tmp_path, github_webhook_secret=secret)
    (line,) = refused.value.lines
    assert line.startswith("GITHUB_WEBHOOK_SECRET is empty, shorter than 8 characters or a placeholder: make")


def test_it_does_not_start_without_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_APP_ID", "1")
    from policy_bot.cli.main import main  # noqa: PLC0415

    monkeypatch.chdir(tmp_path)
    assert main(["serve"]) == 2
    assert not list(tmp_path.iterdir()), "nothing was opened or made"


def test_nothing_is_signed_by_an_empty_secret() -> None:
    assert not verify(b"{}", sign(b"{}", ""), ["", SECRET])
    assert not verify(b"{}", sign(b"{}", ""), [])


def test_no_secret_is_in_the_product() -> None:
    literal = re.compile(r"""(?i)(?:webhook_?secret|private_?key)["']?\s*[:=]\s*["'][^"'$<{]+["']""")
    found = [
        (path, match[0])
        for path in sorted((ROOT / "policy_bot").rglob("*.py"))
        if "sandbox" not in path.parts  # a GitHub of its own on loopback, with its own secret
        for match in [literal.search(path.read_text())]
        if match
    ]
    assert found == []
    assert not re.search(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----\n\w",
        "".join(p.read_text() for p in (ROOT / "policy_bot").rglob("*.py")),
    )
