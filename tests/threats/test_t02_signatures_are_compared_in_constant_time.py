"""T2: a signature is compared byte by byte -> all secrets are compared in constant time, in one place.

Precedent: CVE-2022-24912 (Atlantis).
"""

from __future__ import annotations

import ast
import hmac
from pathlib import Path

import pytest

from policy_bot.github import signature
from tests.service.keys import SECRET

ROOT = Path(__file__).parents[2] / "policy_bot"


def test_each_secret_is_compared_whole_whichever_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(given: bytes, right: bytes) -> bool:
        compared.append((given, right))
        return given == right

    monkeypatch.setattr(hmac, "compare_digest", compare)
    secrets = [SECRET, "another-secret-0123456789"]
    assert signature.verify(b"body", signature.sign(b"body", SECRET), secrets)
    assert len(compared) == 2
    assert {len(right) for _, right in compared} == {71}


@pytest.mark.parametrize(
    "header",
    [None, "", "sha256=", "sha1=" + "0" * 40, "sha256=" + "0" * 63, "sha256=" + "é" * 64, "x" * 100_000],
)
def test_what_is_no_signature_is_refused_and_breaks_nothing(header: str | None) -> None:
    assert not signature.verify(b"body", header, [SECRET])


def test_a_signature_is_of_these_bytes_only() -> None:
    good = signature.sign(b"body", SECRET)
    assert signature.verify(b"body", good, [SECRET])
    assert not signature.verify(b"body ", good, [SECRET])
    assert not signature.verify(b"body", good.upper(), [SECRET])


def test_nobody_else_compares_signatures() -> None:
    """The header is read where webhooks come in, and handed to `verify`; no comparison names it."""
    readers, comparing = [], []
    for path in ROOT.rglob("*.py"):
        if "sandbox" in path.parts:
            continue
        text = path.read_text()
        if "X-Hub-Signature" in text and path.name != "signature.py":
            readers.append(path.name)
        for node in ast.walk(ast.parse(text)):
            is_equality = isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Eq, ast.NotEq))
            if is_equality and "signature" in ast.unparse(node).lower():
                comparing.append((path.name, ast.unparse(node)))
    assert sorted(readers) == ["hooks.py", "setup.py"]
    assert comparing == []
