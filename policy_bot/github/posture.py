"""Examines the App's set-up at GitHub: is the key valid, are permissions granted, do webhooks arrive, does
the check gate?

Only reads, and needs no more permissions than the service. What only an administrator may see (classic branch
protection, who may bypass a ruleset) is not examined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from policy_bot.github.client import Client
from policy_bot.github.errors import Absent, Refused, Unaccepted
from policy_bot.github.events import CHECK_NAME

PERMISSIONS = {
    "checks": "write",
    "contents": "read",
    "merge_queues": "read",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "write",
}
"""The permissions that the App needs; `app.yaml` explains them, and a test compares the two."""
EVENTS = frozenset({"merge_group", "pull_request", "push"})
_STRENGTH = {"": 0, "read": 1, "write": 2, "admin": 3}


@dataclass(frozen=True, slots=True)
class Point:
    """One result: what was found, how to fix it if it is wrong, and the repositories concerned, if any."""

    ok: bool
    what: str
    fix: str = ""
    repositories: tuple[str, ...] = ()


def admission(app: Client) -> tuple[Point, Mapping[str, Any]]:
    """Whether GitHub accepts the App's id and key, and the App's registration ({} if not). Raises
    `RetryLater` if GitHub does not answer.
    """
    try:
        registered = app.get("/app")
    except Absent as absent:
        if "integration" in str(absent).lower():  # "Integration not found": the address is correct
            fix = "Check GITHUB_APP_ID: it is the “App ID” on the App's settings page."
            return Point(False, "GitHub has no App with this id", fix), {}
        fix = "GITHUB_API_URL is https://api.github.com, or https://HOST/api/v3 for Enterprise Server."
        return Point(False, "there is no GitHub API at this address (404)", fix), {}
    except (Refused, Unaccepted) as refusal:
        why = refusal.why if isinstance(refusal, Unaccepted) else refusal
        fix = "Check GITHUB_APP_ID and GITHUB_PRIVATE_KEY; make a new key in the App's settings."
        return Point(False, f"GitHub rejects the App: {why}", fix), {}
    return Point(True, f"the App is {registered.get('slug')} (id {registered.get('id')})"), registered


def of_app(app: Client) -> Iterator[Point]:
    """The key, the registered permissions and events, and the webhook."""
    accepted, registered = admission(app)
    yield accepted
    if not accepted.ok:
        return
    asks = "App settings, “Permissions & events”; the owners of installations then have to accept it."
    yield from _permissions(registered.get("permissions") or {}, "the App requests", asks)
    missing = sorted(EVENTS - set(registered.get("events") or ()))
    if missing:
        yield Point(False, f"the App is not subscribed to {', '.join(missing)}", f"Subscribe: {asks}")
    else:
        yield Point(True, f"the App is subscribed to {', '.join(sorted(EVENTS))}")
    yield from _webhook(app)


def _permissions(granted: Mapping[str, str], who: str, fix: str) -> Iterator[Point]:
    weak = {
        name: access
        for name, access in PERMISSIONS.items()
        if _STRENGTH.get(str(granted.get(name, "")), 0) < _STRENGTH[access]
    }
    if weak:
        wanted = ", ".join(f"{name}: {access}" for name, access in weak.items())
        yield Point(False, f"{who} too few permissions; missing: {wanted}", fix)
    else:
        yield Point(True, f"{who} all required permissions")
    more = {
        name
        for name, access in granted.items()
        if _STRENGTH.get(str(access), 0) > _STRENGTH[PERMISSIONS.get(name, "")]
    }
    if more:
        yield Point(False, f"{who} unneeded permissions: {', '.join(sorted(more))}", f"Remove them: {fix}")


def _webhook(app: Client) -> Iterator[Point]:
    config = app.get("/app/hook/config")
    if not config.get("secret"):
        fix = "Set GITHUB_WEBHOOK_SECRET's value as the secret in the App's settings, “Webhook”."
        yield Point(False, "GitHub does not sign webhooks: the App has no webhook secret", fix)
    if config.get("content_type") != "json":
        yield Point(
            False,
            "the webhook is not sent as JSON",
            "App settings, “Webhook”: content type application/json.",
        )
    if str(config.get("insecure_ssl", "0")) != "0":
        yield Point(
            False, "GitHub does not check the webhook's certificate", "App settings: enable SSL verification."
        )
    yield _deliveries(app.get("/app/hook/deliveries", {"per_page": 100}), str(config.get("url") or "nowhere"))


def _deliveries(latest: Sequence[Mapping[str, Any]], url: str) -> Point:
    """Whether the newest deliveries arrived; a 401 means that the secrets differ."""
    if not latest:
        return Point(
            False, f"no webhook was sent to {url} so far", "Install the App, or push to a pull request."
        )
    failed = [each for each in latest if not 200 <= int(each.get("status_code") or 0) < 300]
    if not failed or latest[0] not in failed:
        return Point(
            True, f"webhooks arrive at {url} ({len(latest) - len(failed)} of the last {len(latest)})"
        )
    status = int(failed[0].get("status_code") or 0)
    if status in {401, 403}:
        fix = "GITHUB_WEBHOOK_SECRET (several: with commas) must contain the secret in the App's settings."
        return Point(False, f"the service refuses GitHub's signature ({status})", fix)
    share = f"{len(failed)} of the last {len(latest)}"
    what = f"the latest webhook to {url} failed ({status or 'no answer'}; {share})"
    return Point(False, what, "Is the service running at this address? Lost deliveries are requested later.")


def of_installation(app: Client, installation: int) -> Iterator[Point]:
    """Whether an installation is active, and its owner has accepted the requested permissions."""
    found = app.get(f"/app/installations/{installation}")
    who = (found.get("account") or {}).get("login")
    page = str(found.get("html_url") or "the organisation's settings, “GitHub Apps”")
    if found.get("suspended_at"):
        yield Point(False, f"the installation on {who} is suspended", f"Unsuspend it: {page}")
    yield from _permissions(
        found.get("permissions") or {}, f"{who} has granted", f"Accept the request: {page}"
    )


def of_gates(client: Client, app_id: int, most: int) -> Iterator[Point]:
    """Whether the default branches require the check, from this App: one request per repository."""
    found: dict[Point, list[str]] = {}
    listed = client.pages("/installation/repositories", {}, 10_000, "repositories")
    alive = [item for item in listed if not item.get("archived")]
    for item in alive[:most]:
        name, branch = str(item["full_name"]), str(item["default_branch"])
        try:
            rules = list(client.pages(f"/repos/{name}/rules/branches/{quote(branch, safe='')}", {}, 300))
        except Absent:
            continue  # no commit yet
        found.setdefault(_gate(rules, app_id), []).append(name)
    for point, names in sorted(found.items(), key=lambda each: each[0].ok):
        yield replace(point, repositories=tuple(names))
    if len(alive) > most:
        left = tuple(str(item["full_name"]) for item in alive[most:])
        fix = f"Check all of them with --repositories {len(alive)}."
        yield Point(True, f"not checked whether `{CHECK_NAME}` is required", fix, left)


def _gate(rules: Iterable[Mapping[str, Any]], app_id: int) -> Point:
    """Whether the rules of a default branch require the check from this App."""
    checks = [
        check
        for rule in rules
        if rule.get("type") == "required_status_checks"
        for check in (rule.get("parameters") or {}).get("required_status_checks") or ()
        if check.get("context") == CHECK_NAME
    ]
    if not checks:
        fix = "Require it in a ruleset: docs/gating.md. (Classic branch protection cannot be checked.)"
        return Point(False, f"nothing requires `{CHECK_NAME}` on the default branch", fix)
    if any(check.get("integration_id") == app_id for check in checks):
        return Point(True, f"`{CHECK_NAME}` from this App is required")
    others = {check.get("integration_id") for check in checks} - {None}
    who = "from another App" if others else "from anybody: whoever may write statuses can set it"
    return Point(False, f"`{CHECK_NAME}` is required {who}", "In the ruleset choose this App as the source.")
