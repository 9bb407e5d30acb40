"""Settings for tests: a key made when first asked for, and secrets that are searched for in logs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from policy_bot.service.settings import ServiceSettings, load

SECRET = "canary-webhook-secret-0123456789"


@cache
def pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form, none = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, none).decode()


def elliptic() -> str:
    """A key of another kind than GitHub gives."""
    key = ec.generate_private_key(ec.SECP256R1())
    form, none = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, none).decode()


def encrypted() -> str:
    """A key that asks for a password."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form, hidden = serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"password")
    return key.private_bytes(serialization.Encoding.PEM, form, hidden).decode()


def public() -> str:
    """The half of a key that signs nothing."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


def settings(state: Path, **more: object) -> ServiceSettings:
    given: dict[str, object] = {
        "github_app_id": 4242,
        "github_private_key": pem(),
        "github_webhook_secret": SECRET,
        "policy_bot_state": state,
    }
    return load(ServiceSettings, **{**given, **more})
