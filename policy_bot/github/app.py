"""The App's identity at GitHub, and its clients: one for each worker and installation."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from github import Auth, GithubIntegration
from github.InstallationAuthorization import InstallationAuthorization
from github.Requester import Requester

from policy_bot.github.client import Client, OnResponse, nobody
from policy_bot.github.pace import Pace

API_VERSION = "2022-11-28"
"""Pinned; GitHub keeps a version for 24 months
(https://docs.github.com/en/rest/about-the-rest-api/api-versions)."""
AT_ONCE = 8
"""Concurrent requests of all workers: GitHub allows 100 and recommends few."""
CLIENTS_A_WORKER = 50
"""How many installations' connections and tokens a worker keeps."""
TIMEOUT = 12
"""Seconds to wait for one answer: GitHub ends its own work after ten."""
CONNECTION: dict[str, Any] = {
    "timeout": TIMEOUT,
    "retry": None,
    "per_page": 100,
    "seconds_between_requests": 0,
    "seconds_between_writes": 0,
    "user_agent": "policy-bot",
    "api_version": API_VERSION,
    "lazy": True,
}
"""Options of a connection through PyGithub, for the App and for people. Our client decides about retries and
waiting.
"""


@dataclass(frozen=True)
class Identity:
    """The App's id and key. The key never appears in a repr or a log."""

    app_id: int
    private_key: str = field(repr=False)
    api_url: str = "https://api.github.com"


@lru_cache(maxsize=2)
def signing(private_key: str) -> Callable[[dict[str, Any]], str]:
    """Signs the claims of an App's JWT (RS256). Raises ValueError if the key is not an RSA key; the message
    says what it is instead, without its content.

    The key is parsed once: parsing it for each token, as the library would, takes 45 ms.
    """
    key = _read(private_key)

    return lambda claims: jwt.encode(claims, key, algorithm="RS256")


def _read(private_key: str) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(private_key.encode(), password=None)
    except TypeError:  # the key has a password
        raise ValueError(f"is an encrypted key, {_WANTED}") from None
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError(_instead(private_key)) from None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(f"is a key of another kind than RSA, {_WANTED}")
    return key


_WANTED = "and not the file as GitHub gave it for the App"


def _instead(pem: str) -> str:
    """Describes a text that is not the key, by its PEM header."""
    if "-----BEGIN " not in pem:
        return f"is not a PEM key (-----BEGIN RSA PRIVATE KEY-----), {_WANTED}"
    if "PRIVATE KEY-----" not in pem:
        return f"is a public key or a certificate, {_WANTED}"
    if "-----END " not in pem:
        return f"is a key whose end is cut off, {_WANTED}"
    return f"is a damaged key, or no RSA key, {_WANTED}"


class _InstallationAuth(Auth.AppInstallationAuth):
    """Authenticates as an installation, and reports with each new token whether the installation reaches
    "all" repositories or "selected" ones: GitHub's answer says so, at no extra request.
    """

    on_selection: Callable[[str], None]

    def _get_installation_authorization(self) -> InstallationAuthorization:
        authorization = super()._get_installation_authorization()
        self.on_selection(authorization.repository_selection)
        return authorization


class App:
    """Creates clients for workers. Thread-safe; a client belongs to the thread that requested it."""

    def __init__(
        self,
        identity: Identity,
        on_response: OnResponse = nobody,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.identity = identity
        self._sign = signing(identity.private_key)
        self._on_response = on_response
        self._clock = clock
        self._sleep = sleep
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._paces: dict[int, Pace] = {}
        self._selections: dict[int, str] = {}
        self._lock = threading.Lock()
        self._local = threading.local()

    def client(self, installation: int) -> Client:
        """This thread's client for an installation. It makes no request until it is used."""
        return self._kept(installation, lambda: self._installation(installation))

    def itself(self) -> Client:
        """This thread's client as the App itself (installations, deliveries)."""
        return self._kept(0, lambda: self._integration().requester)

    def _kept(self, installation: int, connect: Callable[[], Requester]) -> Client:
        clients: OrderedDict[int, Client] = self._local.__dict__.setdefault("clients", OrderedDict())
        if installation not in clients:
            pace, slots = self._pace(installation), self._slots
            clients[installation] = Client(
                connect,
                installation,
                pace,
                slots,
                self._on_response,
                self._sleep,
                selected=lambda: self._selections.get(installation) == "selected",
            )
            if len(clients) > CLIENTS_A_WORKER:
                clients.popitem(last=False)
        clients.move_to_end(installation)
        return clients[installation]

    def _pace(self, installation: int) -> Pace:
        with self._lock:
            return self._paces.setdefault(installation, Pace(self._clock, self._sleep))

    def _installation(self, installation: int) -> Requester:
        integration = self._integration()
        auth = _InstallationAuth(integration.auth, installation)
        auth.on_selection = partial(self._selections.__setitem__, installation)
        return integration.requester.withAuth(auth)

    def _integration(self) -> GithubIntegration:
        return GithubIntegration(
            auth=Auth.AppAuth(self.identity.app_id, sign_func=self._sign, jwt_expiry=540),
            base_url=self.identity.api_url,
            **CONNECTION,
        )
