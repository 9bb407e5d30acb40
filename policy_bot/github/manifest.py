"""Registers the App from a manifest: builds the manifest, and exchanges the code for the App.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import requests

from policy_bot.github.app import API_VERSION, TIMEOUT
from policy_bot.github.errors import Refused, Unreachable, cause
from policy_bot.github.posture import EVENTS, PERMISSIONS

LATER = 30.0
"""Seconds until a failed request may be tried again."""


@dataclass(frozen=True)
class Registered:
    """A new App, with its secrets: GitHub shows them only once."""

    app_id: int
    slug: str
    page: str
    client_id: str
    client_secret: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    private_key: str = field(repr=False)


def manifest(public_url: str, redirect: str) -> dict[str, Any]:
    """The manifest of the App: `app.yaml` explains it, and a test compares the two."""
    return {
        "name": "policy-bot",
        "description": "Reads SST apps at the pull request, comments on the line, gates the merge.",
        "url": public_url,
        "public": False,
        "hook_attributes": {"url": f"{public_url}/webhook", "active": True},
        "redirect_url": redirect,
        "callback_urls": [f"{public_url}/callback"],
        "default_permissions": dict(PERMISSIONS),
        "default_events": sorted(EVENTS),
    }


def form_address(web_url: str, organisation: str, state: str) -> str:
    """The address of the form that takes the manifest: a person's own settings, or an organisation's."""
    owner = f"/organizations/{quote(organisation, safe='')}" if organisation else ""
    return f"{web_url}{owner}/settings/apps/new?state={quote(state)}"


def convert(api_url: str, code: str) -> Registered:
    """Exchanges a code, which works once, for the App. Raises `Refused` if it does not, and `Unreachable`."""
    try:
        answer = requests.post(
            f"{api_url}/app-manifests/{quote(code, safe='')}/conversions",
            headers={"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": API_VERSION},
            timeout=TIMEOUT,
            allow_redirects=False,
        )
        given = answer.json() if answer.status_code == 201 else {}
    except (requests.RequestException, OSError, ValueError) as failure:
        raise Unreachable(LATER, cause(failure)) from None
    try:
        return Registered(
            int(given["id"]),
            str(given["slug"]),
            str(given["html_url"]),
            str(given["client_id"]),
            str(given["client_secret"]),
            str(given["webhook_secret"]),
            str(given["pem"]),
        )
    except (KeyError, TypeError, ValueError):
        raise Refused(answer.status_code, "no App belongs to this code") from None
