"""The App and its installations: tokens, repositories, deliveries, registration from a manifest."""

from __future__ import annotations

from policy_bot.sandbox.hook import DeliveryAttempt
from policy_bot.sandbox.problem import invalid, not_found
from policy_bot.sandbox.rest.route import APP, OPEN, ApiCall, Reply, Rows, operation
from policy_bot.sandbox.shapes import Json
from policy_bot.sandbox.state import Installation, stamp


def _installation(call: ApiCall, number: int) -> Installation:
    found = call.world.installations.get(number)
    if found is None:
        raise not_found()
    return found


@operation("GET", "/app", APP)
def get_app(call: ApiCall) -> object:
    """The App itself."""
    shape = call.sandbox.shapes.app()
    return {**shape, "installations_count": len(call.world.installations)}


@operation("GET", "/app/installations", APP)
def installations(call: ApiCall) -> object:
    """The App's installations."""
    return Rows([call.sandbox.shapes.installation(one) for one in call.world.installations.values()])


@operation("GET", "/app/installations/{installation_id}", APP)
def installation(call: ApiCall, installation_id: int) -> object:
    """One installation."""
    return call.sandbox.shapes.installation(_installation(call, installation_id))


@operation("POST", "/app/installations/{installation_id}/access_tokens", APP)
def access_token(call: ApiCall, installation_id: int) -> object:
    """A token for an installation, limited to the requested repositories and permissions."""
    found = _installation(call, installation_id)
    wanted = call.request.body if isinstance(call.request.body, dict) else {}
    permissions = wanted.get("permissions") or found.permissions
    if any(name not in found.permissions for name in permissions):
        raise invalid("The permissions requested are not granted to this installation.")
    seen = call.sandbox.seen_by(found)
    names, ids = wanted.get("repositories"), wanted.get("repository_ids")
    chosen = None
    if names is not None or ids is not None:
        chosen = frozenset(one.id for one in seen if one.name in (names or ()) or one.id in (ids or ()))
        if len(chosen) < len(names or ()) + len(ids or ()):
            raise invalid("There is at least one repository that does not exist or is not accessible.")
    token = call.sandbox.tokens.issue(found, call.sandbox.client_clock(), permissions, chosen)
    selection = "all" if found.repositories is None and chosen is None else "selected"
    body = {
        "token": token.text,
        "expires_at": stamp(token.expires),
        "permissions": dict(permissions),
        "repository_selection": selection,
    }
    return Reply(201, body)


@operation("GET", "/installation/repositories", "metadata:read")
def repositories(call: ApiCall) -> object:
    """The repositories that the token may see."""
    seen = call.sandbox.seen_by(call.installed.installation)
    only = call.installed.repositories
    shown = [one for one in seen if only is None or one.id in only]
    return Rows([call.sandbox.shapes.repository(one) for one in shown], "repositories")


@operation("GET", "/app/hook/config", APP)
def hook_config(call: ApiCall) -> object:
    """The webhook's settings; the secret is masked, as at GitHub."""
    return {
        "content_type": "json",
        "insecure_ssl": "0",
        "secret": "********",
        "url": "http://127.0.0.1:8080/webhook",
    }


@operation("GET", "/app/hook/deliveries", APP)
def deliveries(call: ApiCall) -> object:
    """The log of deliveries, newest first, by cursor."""
    query = call.request.query
    rows = sorted(call.sandbox.hook.attempts, key=lambda attempt: -attempt.id)
    if query.get("status") in {"success", "failure"}:
        rows = [row for row in rows if row.arrived == (query["status"] == "success")]
    if "cursor" in query:
        rows = [row for row in rows if row.id < int(query["cursor"].removeprefix("v1_"))]
    size = min(100, int(query.get("per_page", 30)))
    headers = {}
    if len(rows) > size:
        cursor = f"v1_{rows[size - 1].id}"
        headers["Link"] = f'<{call.origin}/app/hook/deliveries?per_page={size}&cursor={cursor}>; rel="next"'
    return Reply(200, [_delivery(row) for row in rows[:size]], headers)


@operation("POST", "/app/hook/deliveries/{delivery_id}/attempts", APP)
def redeliver(call: ApiCall, delivery_id: int) -> object:
    """Delivers it again with the same GUID."""
    call.sandbox.hook.redeliver(_attempt(call, delivery_id))
    return Reply(202, {})


def _attempt(call: ApiCall, number: int) -> DeliveryAttempt:
    for row in call.sandbox.hook.attempts:
        if row.id == number:
            return row
    raise not_found()


def _delivery(row: DeliveryAttempt) -> Json:
    return {
        "id": row.id,
        "guid": row.event.guid,
        "delivered_at": stamp(row.at),
        "redelivery": row.redelivery,
        "duration": 0.1,
        "status": "OK" if row.arrived else f"Invalid HTTP Response: {row.status}",
        "status_code": row.status,
        "event": row.event.name,
        "action": row.event.action,
        "installation_id": row.event.installation,
        "repository_id": row.event.repository,
        "throttled_at": None,
    }


@operation("POST", "/app-manifests/{code}/conversions", OPEN)
def from_manifest(call: ApiCall, code: str) -> object:
    """The new App's credentials, once for each code."""
    if code not in call.sandbox.sign_in.manifest_codes:
        raise not_found()
    call.sandbox.sign_in.manifest_codes.discard(code)
    app = call.sandbox.registration
    secrets = {"client_secret": app.client_secret, "webhook_secret": app.webhook_secret, "pem": app.pem}
    return Reply(201, {**call.sandbox.shapes.app(), **secrets})
