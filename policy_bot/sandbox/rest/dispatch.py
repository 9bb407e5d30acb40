"""Dispatches a request: finds the caller, the planned fault and the operation, and pages its answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, Rule

from policy_bot.sandbox.faults import Cut, Fault, FaultyRequest
from policy_bot.sandbox.graph import execute
from policy_bot.sandbox.problem import ApiProblem, not_found
from policy_bot.sandbox.rest import apps, checks, people, pulls, repositories
from policy_bot.sandbox.rest.route import APP, OPEN, PERSON, ROUTES, ApiCall, Reply, Route, Rows

if TYPE_CHECKING:
    from policy_bot.sandbox.ground import Ground

__all__ = ["answer", "apps", "checks", "people", "pulls", "repositories"]

Answer = tuple[int, dict[str, str], bytes]
GRAPHQL = "/graphql"


def _rule(path: str) -> str:
    parts = []
    for part in path.split("/"):
        name = part[1:-1]
        whole = name in {"path", "ref", "branch"} and path.endswith("{" + name + "}")
        number = name.endswith(("_id", "_number"))
        kind = "path:" if whole else "int:" if number else ""
        parts.append(f"<{kind}{name}>" if part.startswith("{") else part)
    return "/".join(parts)


def _map() -> MapAdapter:
    rules = [Rule(_rule(route.path), methods=[route.verb], endpoint=route) for route in ROUTES]
    return Map(rules, strict_slashes=False, merge_slashes=False).bind("sandbox")


MAP = _map()


def answer(sandbox: Ground, verb: str, url: str, headers: Mapping[str, str], data: bytes) -> Answer:
    """Answers a request below the API's address. Raises `Cut` to end the connection without an answer."""
    parts = urlsplit(url)
    request = FaultyRequest(verb, parts.path, dict(parse_qsl(parts.query)), _json(data), _titled(headers))
    request.path = "/graphql" if parts.path == "/api/graphql" else parts.path.removeprefix("/api/v3")
    fault = sandbox.faults.for_request(request)
    sandbox.faults.wait(fault)
    with sandbox.lock:
        status, out, content = _done(sandbox, request, fault)
        request.status = status
        sandbox.requests.append(request)
    for watch in sandbox.watchers:
        watch(request)
    return status, out, content


def _done(sandbox: Ground, request: FaultyRequest, fault: Fault | None) -> Answer:
    if fault and not fault.only_delay and fault.when == "before":
        return _failed(sandbox, request, fault)
    result = _answer(sandbox, request)
    if fault and not fault.only_delay:
        return _failed(sandbox, request, fault)
    return result


def _failed(sandbox: Ground, request: FaultyRequest, fault: Fault) -> Answer:
    request.status = fault.status
    request.fault = True
    if not fault.status:
        sandbox.requests.append(request)
        raise Cut
    body = json.dumps({"message": fault.message, "documentation_url": "", "status": str(fault.status)})
    return fault.status, {"Content-Type": "application/json; charset=utf-8", **fault.headers}, body.encode()


def _answer(sandbox: Ground, request: FaultyRequest) -> Answer:
    who, resource = "", "graphql" if request.path == GRAPHQL else "core"
    try:
        route, args = _match(request)
        call = _call(sandbox, request, route)
        who = str(call.token.installation.id) if call.token else call.login or "app"
        sandbox.limits.spend(who, resource)
        if request.verb != "GET" and resource == "core" and route.needs != APP:
            sandbox.limits.write(who)
        reply = _reply(call, route, args)
    except ApiProblem as problem:
        reply = Reply(problem.status, problem.body(), problem.headers)
    request.answer = reply.body
    return _encoded(sandbox, request, reply, who, resource)


def _reply(call: ApiCall, route: Route, args: dict[str, Any]) -> Reply:
    owner, name = args.pop("owner", None), args.pop("repo", None)
    if owner is not None:
        call.found = call.world.repository(f"{owner}/{name}")
        if call.token:
            call.see(call.found)
        elif call.login:
            call.see_as_person(call.found)
    if call.token:
        call.need(route.needs)
    result = route.handler(call, **args)
    if isinstance(result, Rows):
        return _page(call, result)
    return result if isinstance(result, Reply) else Reply(200, result)


def _match(request: FaultyRequest) -> tuple[Route, dict[str, Any]]:
    if request.path == GRAPHQL:
        request.route = GRAPHQL
        return Route("POST", GRAPHQL, "metadata:read", execute), {}
    try:
        route, args = MAP.match(request.path, method=request.verb)
    except HTTPException:
        raise not_found() from None
    assert isinstance(route, Route)
    request.route = route.path
    return route, dict(args)


def _call(sandbox: Ground, request: FaultyRequest, route: Route) -> ApiCall:
    call = ApiCall(sandbox, request, origin=sandbox.api_url)
    if route.needs == OPEN:
        return call
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    now = sandbox.client_clock()
    if kind.lower() not in {"bearer", "token"} or not text:
        raise ApiProblem(401, "Requires authentication")
    if route.needs == APP:
        sandbox.tokens.check_app(text, now)
    elif route.needs == PERSON or (route.path == "/repos/{owner}/{repo}" and text in sandbox.sign_in.tokens):
        call.login = sandbox.sign_in.who(text)
    else:
        call.token = sandbox.tokens.installation(text, now)
    return call


def _page(call: ApiCall, rows: Rows) -> Reply:
    query = dict(call.request.query)
    size = max(1, min(100, int(query.get("per_page", 30))))
    page = max(1, int(query.get("page", 1)))
    last = max(1, -(-len(rows.items) // size))
    shown = list(rows.items[(page - 1) * size : page * size])
    wanted = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    base = call.origin + call.request.path
    links = [
        f'<{base}?{urlencode({**query, "page": number})}>; rel="{name}"'
        for name, number in wanted.items()
        if 1 <= number <= last and ((name in {"next", "last"}) == (number > page)) and number != page
    ]
    body: object = {"total_count": len(rows.items), rows.key: shown} if rows.key else shown
    if rows.key == "repositories":
        body = {"total_count": len(rows.items), "repository_selection": "all", rows.key: shown}
    return Reply(200, body, {"Link": ", ".join(links)} if links else {})


def _encoded(sandbox: Ground, request: FaultyRequest, reply: Reply, who: str, resource: str) -> Answer:
    raw = reply.body
    content = raw if isinstance(raw, bytes) else b"" if raw is None else json.dumps(raw).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-GitHub-Media-Type": "github.v3; format=json",
    }
    headers |= {"X-GitHub-Request-Id": f"SAND:{len(sandbox.requests):X}"}
    status = reply.status
    if request.verb == "GET" and status == 200:
        tag = f'W/"{hashlib.sha256(content).hexdigest()}"'
        headers["ETag"] = tag
        if request.headers.get("If-None-Match") == tag:
            status, content = 304, b""
            sandbox.limits.refund(who, resource)
    if who:
        headers |= sandbox.limits.headers(who, resource)
    return status, {**headers, **reply.headers}, content


def _json(data: bytes) -> object:
    try:
        return json.loads(data) if data else None
    except ValueError:
        return data


def _titled(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.title(): value for name, value in headers.items()}
