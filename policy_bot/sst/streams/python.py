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

_SENDS = regex(
    rb"\b(?:(%s)\(|(Response)\([^=]{0,200}(?:mimetype|content_type)\s{0,4}=\s{0,4}[\"']%s"
    rb"|return[ \t]{1,4}(ServerSentEvent)\()" % ("|".join(SENDERS_IN_PYTHON).encode(), EVENT_STREAM.encode())
)
"""Also events of Flask (https://flask.palletsprojects.com/patterns/streaming) and Litestar
(https://docs.litestar.dev/latest/usage/responses.html), whose names mean something else elsewhere.
"""
_ENDPOINT_OR_DEFINITION = regex(
    rb"^([ \t]{0,40})(?:@\w{1,99}\.([a-z_]{1,20})\(\s{0,20}[\"'](/[^\"'\n]{0,200})"
    rb"|(?:async[ \t]{1,4})?def\b|class\b)",
    re.MULTILINE,
)
_IMPORT = regex(
    rb"^[ \t]{0,8}(?:from[ \t]{1,4}([\w.]{1,200})[ \t]{1,4}import\b[ \t]{0,4}(?:\(([\w,\s]{1,2000})"
    rb"|([\w, \t]{0,400}))|import[ \t]{1,4}([\w., \t]{1,400}))",
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
        package, *lists = (part.decode() if part else "" for part in match.groups())
        names = [words[0] for each in "".join(lists).split(",") if (words := each.split())]  # not `as other`
        parent = package if package.endswith(".") else f"{package}."
        for each in (package, *(parent + name for name in names)) if package else names:
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
    """The senders of a module, once for each endpoint of the function that they are in."""
    events = EVENT_STREAM.encode() in content
    endpoints, routes = deque(_endpoints(content)), [""]
    line, end = 1, 0
    for match in _SENDS.finditer(content):
        while endpoints and endpoints[0][0] < match.start():
            routes = endpoints.popleft()[1]
        line, end = line + content.count(b"\n", end, match.start()), match.start()
        name = match[match.lastindex or 0].decode()
        kind: Kind = "sse" if events else SENDERS_IN_PYTHON.get(name, "sse")
        span = Span(path, line, 1, line, 1, 0, 0)
        yield from (Producer(kind, name, span, route) for route in routes)


def _endpoints(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The offsets from which on code belongs to endpoints, or to none (""): a function with decorators that
    name paths, up to the next definition that is not inside it.
    """
    decorators, depth = list[str](), 0
    for match in _ENDPOINT_OR_DEFINITION.finditer(content):
        if match[2]:
            decorators.append(f"{match[2].decode().upper()} {match[3].decode('utf-8', 'replace')}")
        elif decorators or len(match[1]) <= depth:
            depth = len(match[1])
            yield match.start(), decorators or [""]
            decorators = []
