"""Finds what a Python handler sends, by words: its modules are not parsed.

Lambda's managed Python runtime answers in one piece whatever the code returns
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html), so that only the
producer matters.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from policy_bot.regex import regex
from policy_bot.sst.catalog.producers import EVENT_STREAM, SENDERS_IN_PYTHON, Kind
from policy_bot.sst.deployment import Step
from policy_bot.sst.reasons import Reason
from policy_bot.sst.span import Span
from policy_bot.sst.streams.files import PYTHON, Files
from policy_bot.sst.streams.path import Reached, Search
from policy_bot.sst.streams.producers import Producer
from policy_bot.sst.streams.reach import ROUTE_FILES

_SENDS = regex(rb"\b(%s)\(" % "|".join(SENDERS_IN_PYTHON).encode())
_ENDPOINT = regex(rb"@\w{1,99}\.([a-z_]{1,20})\(\s{0,20}[\"'](/[^\"'\n]{0,200})")
_IMPORT = regex(
    rb"^[ \t]{0,8}(?:from[ \t]{1,4}([\w.]{1,200})[ \t]{1,4}import[ \t(]{1,4}([\w, \t]{1,400})"
    rb"|import[ \t]{1,4}([\w.]{1,200}))",
    re.MULTILINE,
)
_MOST_FOLDERS = 8


def search(files: Files, path: str) -> Search:
    """The producers in a handler's module and the modules of the repository that it imports."""
    seen, found, unread = {path}, [], None
    todo: deque[tuple[str, tuple[Step, ...]]] = deque([(path, ())])
    while todo:
        place, chain = todo.popleft()
        content = files.own(place) if place == path else files.bytes_of(place)
        if isinstance(content, Reason):
            unread = unread or content
            continue
        found += [Reached(sent, chain) for sent in _producers(place, content)]
        for target in imports(files, place, content):
            if target not in seen and len(seen) < ROUTE_FILES:
                seen.add(target)
                todo.append((target, (*chain, Step(f"imports {target}", Span.of_file(place)))))
    return Search(tuple(found), unread)


def imports(files: Files, path: str, content: bytes) -> Iterator[str]:
    """The modules of the repository that a module imports, and those that a package's names may be."""
    for match in _IMPORT.finditer(content):
        module = (match[1] or match[3]).decode()
        names = [name.strip() for name in (match[2] or b"").decode().split(",")]
        for each in (module, *(f"{module}.{name}" for name in names if name.isidentifier())):
            target = _resolved(files, path, each)
            if target is not None:
                yield target


def _resolved(files: Files, path: str, module: str) -> str | None:
    """The file of a module: relative to its importer (`.chat`), or below one of the folders around it."""
    folder = path.rpartition("/")[0]
    inner = module.lstrip(".")
    up = len(module) - len(inner)
    around = folder.split("/") if folder else []
    first = len(around) - (up - 1 if up else 0)
    for depth in range(first, first - 1 if up else max(-1, first - _MOST_FOLDERS), -1):
        base = "/".join([*around[: max(depth, 0)], *inner.split(".")])
        for candidate in (f"{base}{PYTHON}", f"{base}/__init__{PYTHON}"):
            if inner and files.resolver.is_file(candidate):
                return candidate
    return None


def _producers(path: str, content: bytes) -> Iterator[Producer]:
    """The senders of a module, each with the endpoint of the decorator before it."""
    events = EVENT_STREAM.encode() in content
    endpoints, route = deque(_ENDPOINT.finditer(content)), ""
    line, end = 1, 0
    for match in _SENDS.finditer(content):
        while endpoints and endpoints[0].start() < match.start():
            method, own = (part.decode("utf-8", "replace") for part in endpoints.popleft().groups())
            route = f"{method.upper()} {own}"
        line, end = line + content.count(b"\n", end, match.start()), match.start()
        name = match[1].decode()
        kind: Kind = "sse" if events else SENDERS_IN_PYTHON[name]
        yield Producer(kind, name, Span(path, line, 1, line, 1, 0, 0), route)
