"""Fetches a repository's objects by their ids, in few requests."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from policy_bot.github import answers, queries
from policy_bot.github.client import Client
from policy_bot.github.errors import Absent, Refused, TooHeavy
from policy_bot.github.objects import Objects, TreeEntry
from policy_bot.sst.reasons import Why
from policy_bot.sst.source import Unreadable

MOST_REQUESTS = 40
"""How many requests for files one evaluation may make: beyond that the rest counts as unreadable."""


@dataclass
class Fetcher:
    """Fetches objects of one repository in batches, within the request limit of one evaluation."""

    client: Client
    name: str
    objects: Objects
    requests: int = 0
    code_requests: dict[str, int] = field(default_factory=dict)
    """Requests for application code, by commit."""

    def fetch(self, expressions: Sequence[str], wanted_by: str) -> list[str | None]:
        """Fetches the named objects; returns their ids in the same order, None for those that do not
        exist.
        """
        self._count(wanted_by)
        owner, _, name = self.name.partition("/")
        try:
            answer = self.client.ask(queries.objects(owner, name, expressions))
        except TooHeavy:
            half = len(expressions) // 2
            if not half:
                raise Unreadable(wanted_by, Why.FILE_SIZE(answers.LARGEST)) from None
            return [*self.fetch(expressions[:half], wanted_by), *self.fetch(expressions[half:], wanted_by)]
        found = answer.get("repository") or {}
        nodes = [found.get(f"o{i}") for i in range(len(expressions))]
        for node in nodes:
            self.objects.learn(node)
        return [node.get("oid") if isinstance(node, Mapping) else None for node in nodes]

    def blob(self, oid: str, path: str) -> bytes:
        """A content by REST, for what GraphQL does not return as text (binary, long, not UTF-8)."""
        self._count(path)
        answer = self.client.get(f"/repos/{self.name}/git/blobs/{oid}")
        try:
            content = base64.b64decode(answer["content"], validate=False)
        except (KeyError, TypeError, binascii.Error):
            raise Unreadable(path, "GitHub gives no content for it") from None
        if not self.objects.add_content(oid, content):
            raise Unreadable(path, "GitHub's answer is not the file's content")
        return content

    def whole(self, root: str) -> bool:
        """Fetches every listing below a tree in one request; False if GitHub truncates it (100,000 entries, 7
        MB). Raises `Unreadable` if GitHub refuses.
        """
        self._count("the list of all folders")
        try:
            answer = self.client.get(f"/repos/{self.name}/git/trees/{root}", {"recursive": "1"})
        except (Absent, Refused, TooHeavy):
            raise Unreadable(".", "GitHub does not list its folders") from None
        if answer.get("truncated"):
            return False
        for oid, entries in _folders(root, answer.get("tree") or []).items():
            self.objects.add_listing(oid, entries)
        return True

    def has_refused(self, since: int = 0) -> bool:
        """Whether a request was refused, after as many `requests`: something was not read then, even where a
        reading takes it for missing.
        """
        return self.requests > max(since, MOST_REQUESTS)

    def _count(self, wanted_by: str) -> None:
        self.requests += 1
        if self.requests > MOST_REQUESTS:
            raise Unreadable(wanted_by, Why.REQUESTS(MOST_REQUESTS))


def _folders(root: str, tree: Iterable[Mapping[str, object]]) -> dict[str, list[TreeEntry]]:
    """The listings in a recursive tree: object id of each folder -> its entries."""
    ids = {"": root}
    found: dict[str, list[TreeEntry]] = {"": []}
    for item in tree:
        path, mode = str(item["path"]), int(str(item["mode"]), 8)
        folder, _, name = path.rpartition("/")
        entry = TreeEntry(name, mode, str(item["sha"]), int(str(item.get("size") or 0)))
        found.setdefault(folder, []).append(entry)
        if entry.folder:
            ids[path] = entry.oid
            found.setdefault(path, [])
    return {ids[path]: entries for path, entries in found.items() if path in ids}
