"""The registered App: id, key, webhook secret, permissions and events."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PERMISSIONS = {
    "checks": "write",
    "contents": "read",
    "merge_queues": "read",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "write",
}
EVENTS = ("merge_group", "pull_request", "push")


@dataclass
class Registration:
    """A GitHub App. The private key is made on first use."""

    id: int = 4242
    slug: str = "sst-policy"
    name: str = "SST policy"
    owner: str = "acme"
    client_id: str = "Iv23liSandbox4242"
    client_secret: str = field(default="sandbox-client-secret", repr=False)
    webhook_secret: str = field(default="sandbox-webhook-secret", repr=False)
    permissions: dict[str, str] = field(default_factory=lambda: dict(PERMISSIONS))
    events: tuple[str, ...] = EVENTS

    @cached_property
    def key(self) -> rsa.RSAPrivateKey:
        """The key that signs the App's tokens."""
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @cached_property
    def pem(self) -> str:
        """The key in the format that GitHub delivers."""
        form = serialization.PrivateFormat.TraditionalOpenSSL
        none = serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, form, none).decode()

    @property
    def bot(self) -> str:
        """Login of the App's bot in REST."""
        return f"{self.slug}[bot]"
