"""The routes that React Router's `app/routes.ts` lists (https://reactrouter.com/start/framework/routing).

export default [
  index("./home.tsx"),
  ...prefix("api", [route("chat", "./chat/route.ts")]),    // /api/chat
  ...(await flatRoutes()),                                 // and those by file convention
]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_bot.record import NamedTuple
from policy_bot.sst import nodes
from policy_bot.sst.repository.paths import join
from policy_bot.sst.streams.bodies import last_name
from policy_bot.sst.streams.files import SCRIPTS, Files
from policy_bot.sst.streams.routes import EXPORTED, RouteFile
from policy_bot.sst.streams.scopes import Bound, File
from policy_bot.sst.streams.walk import text_of

MOST_DEPTH = 16
_NESTING = {"route": (0, 1), "index": (None, 0), "layout": (None, 0), "prefix": (0, None)}
"""Functions of `@react-router/dev/routes`, with the positions of the path and the file."""


class Listed(NamedTuple):
    """The listed routes; `by_convention`: files of `app/routes` are routes too."""

    routes: Sequence[RouteFile]
    by_convention: bool


def listed_routes(files: Files, folder: str, source: str) -> Listed | None:
    """The routes listed for the site in `folder`; None if there is no `routes.ts` in its source folder."""
    app = f"{folder}/{source}" if folder else source
    path = next((f"{app}/routes{e}" for e in SCRIPTS if files.resolver.is_file(f"{app}/routes{e}")), None)
    file = files.get(path) if path is not None else None
    if not isinstance(file, File):
        return None
    reader = _Reader(files, app)
    exported = files.origin(files.exported(file, "default"))
    found = list(reader.routes(exported, "", MOST_DEPTH)) if isinstance(exported, Bound) else []
    return Listed(found, reader.by_convention)


class _Reader:
    def __init__(self, files: Files, app: str) -> None:
        self.files = files
        self.app = app
        self.by_convention = False

    def routes(self, at: Bound, url: str, depth: int) -> Iterator[RouteFile]:
        """The routes of a list, or of one of its entries, below a URL."""
        found = self.files.origin(at) if depth else None
        if not isinstance(found, Bound):
            self.by_convention = True
            return
        node, scope = found
        if isinstance(node, nodes.ArrayLiteral):
            for each in node.items:
                if each is not None:
                    yield from self.routes(Bound(each, scope), url, depth - 1)
        elif isinstance(node, (nodes.Spread, nodes.Await)):
            yield from self.routes(Bound(node.argument, scope), url, depth - 1)
        elif isinstance(node, nodes.Call) and last_name(node.callee) in _NESTING:
            yield from self._entry(node, found, url, depth)
        else:
            self.by_convention = True

    def _entry(self, node: nodes.Call, at: Bound, url: str, depth: int) -> Iterator[RouteFile]:
        """`route("chat", "./chat.ts", [children])` and similar calls."""
        path, file = _NESTING[last_name(node.callee)]
        own = text_of(node.arguments[path]) if path is not None and len(node.arguments) > path else ""
        below = f"{url}/{own.strip('/')}" if own else url
        written = text_of(node.arguments[file]) if file is not None and len(node.arguments) > file else None
        target = join(self.app, written) if written else None
        if target is not None:
            yield RouteFile(target, below or "/", EXPORTED)
        for each in node.arguments[1:]:
            if isinstance(each, (nodes.ArrayLiteral, nodes.Identifier)):
                yield from self.routes(Bound(each, at.scope), below, depth - 1)
