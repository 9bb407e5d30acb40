"""Routes of an app's own router, which may be narrower than the app: a route of an API leads to some of them.

api.route("GET /health", "app.handler")           // reaches only `/health` of the app
app.post("/chat", (c) => streamSSE(c, ...))       // so that this stream is not sent there
"""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.nodes import Node
from policy_bot.sst.streams.walk import text_of

METHODS = frozenset({"get", "post", "put", "patch", "delete", "options", "all"})
"""Methods of routers (Hono, Express, Fastify, Elysia, FastAPI) that add an endpoint."""
_COMPOSING = METHODS | {"basePath", "group", "mount", "on", "openapi", "register", "route", "use"}
"""Methods of routers that return the router or a part of it."""
_SEVERAL_PATHS = ("*", "?", "(", ":path}", "<path:")
"""Parts of an endpoint's path that match any number of segments, or none."""
_ANY = frozenset({"ANY", "ALL", "*", "API_ROUTE", "ROUTE"})


def endpoint(node: nodes.Call) -> str:
    """`POST /chat` of `app.post("/chat", ...)`; "" for any other call."""
    callee: Node = node.callee
    if not isinstance(callee, nodes.Member) or callee.name not in METHODS or not node.arguments:
        return ""
    path = text_of(node.arguments[0])
    return f"{callee.name.upper()} {path}" if path is not None and path.startswith("/") else ""


def extended_router(value: Node) -> str:
    """`app` of `app.basePath("/v1").post("/chat", ...)`; "" for any other expression."""
    extended = False
    while (
        isinstance(value, nodes.Call)
        and isinstance(value.callee, nodes.Member)
        and value.callee.name in _COMPOSING
    ):
        value, extended = value.callee.object, True
    return value.name if extended and isinstance(value, nodes.Identifier) else ""


def serves(route: str, own: str) -> bool:
    """Whether a route of an API (`GET /books/{id}`) may lead to an endpoint of the app behind it, whose path
    may be below a prefix. True unless method or path exclude it.
    """
    method, _, path = route.partition(" ")
    own_method, _, own_path = own.partition(" ")
    if not path.startswith("/") or not own_path:
        return True
    if method.upper() != own_method and _ANY.isdisjoint((method.upper(), own_method)):
        return False
    outer, inner = path.strip("/").split("/"), own_path.strip("/").split("/")
    if outer[-1].endswith("+}") or not inner[-1] or any(mark in own_path for mark in _SEVERAL_PATHS):
        return True
    return len(inner) <= len(outer) and all(
        one == two or one.startswith("{") or two.startswith((":", "{", "<"))
        for one, two in zip(reversed(outer), reversed(inner), strict=False)
    )
