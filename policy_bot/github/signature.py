"""Verifies the signatures of webhooks."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

_PREFIX = "sha256="


def sign(body: bytes, secret: str) -> str:
    """The value of `X-Hub-Signature-256` for a body, as GitHub computes it."""
    return _PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify(body: bytes, header: str | None, secrets: Sequence[str]) -> bool:
    """True if `header` is the signature of exactly these bytes under one of the secrets.

    All secrets are tried, and each comparison takes constant time. Several secrets are valid at once during a
    rotation. An empty secret signs nothing.
    """
    given = (header or "").encode()
    matches = [hmac.compare_digest(given, sign(body, secret).encode()) for secret in secrets if secret]
    return any(matches)
