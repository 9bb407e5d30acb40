"""People who sign in through the App, and what GitHub lets each of them see.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from github import Auth, Github
from github.Requester import Requester

from policy_bot.github.app import CONNECTION, TIMEOUT
from policy_bot.github.client import Client
from policy_bot.github.errors import Absent, Forbidden, Refused, Unaccepted, Unreachable, cause
from policy_bot.github.pace import Pace

MOST_REPOSITORIES = 20_000
"""How many repositories of one installation are requested for a person."""
ONE_PAGE = 100
"""Repositories that one request lists."""
AT_ONCE = 4
"""Concurrent requests for people: verdicts come first."""
LATER = 30.0
"""Seconds until a failed request may be tried again."""


@dataclass(frozen=True)
class People:
    """Signs people in. `web_url` is the address of GitHub's pages, `api_url` of its API."""

    client_id: str
    client_secret: str = field(repr=False)
    web_url: str
    api_url: str
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    _slots: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(AT_ONCE), init=False, repr=False
    )

    def address(self, back: str, state: str, verifier: str) -> str:
        """The address for signing in; GitHub redirects to `back` afterwards."""
        url, _ = self._session(back).create_authorization_url(
            f"{self.web_url}/login/oauth/authorize", state=state, code_verifier=verifier
        )
        return str(url)

    def token(self, back: str, code: str, verifier: str) -> str:
        """Exchanges a person's code for a token. Raises `Refused` for a wrong or used code, `RetryLater`."""
        try:
            got = self._session(back).fetch_token(
                f"{self.web_url}/login/oauth/access_token",
                code=code,
                code_verifier=verifier,
                headers={"Accept": "application/json"},
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except OAuthError as error:
            raise Refused(400, str(error.error)) from None
        except (requests.RequestException, OSError) as failure:
            raise Unreachable(LATER, cause(failure)) from None
        token = got.get("access_token") if isinstance(got, dict) else None
        if not isinstance(token, str):
            raise Refused(400, "GitHub gave no token for the code")
        return token

    def login(self, token: str) -> str:
        """The login of the token's owner. Raises `Refused` if it has expired, `RetryLater`."""
        try:
            return str(self._client(token).get("/user")["login"])
        except Unaccepted:
            raise Refused(401, "the person's token has expired") from None

    def sees(
        self, token: str, known: Mapping[int, frozenset[int]] = MappingProxyType({})
    ) -> dict[int, frozenset[int]]:
        """Repository ids by installation id that both the person and the App may see.

        An installation of more than 100 repositories is listed again only if their number is not that of
        `known`: one request instead of one for each hundred. Raises `Refused` if the token has expired,
        `RetryLater` if GitHub does not answer.
        """
        client = self._client(token)
        try:
            installations = list(client.pages("/user/installations", {}, 1_000, "installations"))
            ids = [int(each["id"]) for each in installations]
            return {id: _repositories(client, id, known.get(id, frozenset())) for id in ids}
        except Unaccepted:
            raise Refused(401, "the person's token has expired") from None

    def may_read(self, token: str, name: str) -> bool:
        """Whether GitHub shows a repository to the person now. Raises as `sees` does."""
        try:
            self._client(token).get(f"/repos/{name}")
        except Unaccepted:
            raise Refused(401, "the person's token has expired") from None
        except (Absent, Forbidden):
            return False
        return True

    def _session(self, back: str) -> OAuth2Session:
        return OAuth2Session(
            self.client_id,
            self.client_secret,
            token_endpoint_auth_method="client_secret_post",  # noqa: S106 -- the name of a way, no secret
            redirect_uri=back,
            code_challenge_method="S256",
        )

    def _client(self, token: str) -> Client:
        def connect() -> Requester:
            return Github(
                auth=Auth.Token(token),
                base_url=self.api_url,
                **CONNECTION,
            ).requester

        return Client(connect, 0, Pace(self.clock, self.sleep), self._slots, sleep=self.sleep)


def _repositories(client: Client, installation: int, known: frozenset[int]) -> frozenset[int]:
    path = f"/user/installations/{installation}/repositories"
    if len(known) > ONE_PAGE and client.get(path, {"per_page": 1})["total_count"] == len(known):
        return known
    return frozenset(int(each["id"]) for each in client.pages(path, {}, MOST_REPOSITORIES, "repositories"))
