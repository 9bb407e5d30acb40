"""The real PyGithub, speaking to a sandbox."""

from __future__ import annotations

from typing import Any

from github import Auth, Github, GithubIntegration

from policy_bot.sandbox.registration import Registration
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.state import Installation

APP = Registration()  # one key for all tests: making one takes a tenth of a second


def app(sandbox: Sandbox) -> GithubIntegration:
    """The App itself."""
    auth = Auth.AppAuth(sandbox.registration.id, sandbox.registration.pem)
    return GithubIntegration(
        auth=auth,
        base_url=sandbox.api_url,
        lazy=True,
        seconds_between_requests=None,
        seconds_between_writes=None,
    )


def installed(sandbox: Sandbox, installation: Installation) -> Github:
    """A client of the App on one account."""
    return app(sandbox).get_github_for_installation(installation.id)


def ask(client: Github, path: str, verb: str = "GET", **body: Any) -> Any:
    """The answer to a request about acme/shop."""
    given = body or None
    return client.requester.requestJsonAndCheck(verb, f"/repos/acme/shop{path}", input=given)[1]
