"""The basis of a verdict besides the head: the base branch, and the policy of the default branch and of the
organisation. Policy is identified by git's object ids, so the sweep can compare it without reading a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from policy_bot.github import queries
from policy_bot.github.client import Client
from policy_bot.github.objects import Objects
from policy_bot.github.snapshot import Side, Snapshot
from policy_bot.policy.revision import REPOSITORY_FOLDER, policy_names

AT_ONCE = 50
"""How many repositories' policy is requested at once."""
UNREAD = "-"
"""Marks the policy of a verdict that read none."""

Ids = Mapping[str, str] | None
"""Object ids of the policy files and folders of one layer by name; None if GitHub refuses access."""


def of(snapshot: Snapshot, objects: Objects) -> str:
    """The basis of the verdict on a pull request, from what was read while judging it."""
    about = snapshot.about
    own = _folder(about.default, objects, REPOSITORY_FOLDER)
    organisation = _root(about.organisation, objects)
    if about.organisation_refused:
        return _named(snapshot.target, _policy(own, None)) if own is not None else _unread(snapshot.target)
    if own is None or organisation is None:
        return _unread(snapshot.target)
    return _named(snapshot.target, _policy(own, organisation))


def by_repository(client: Client, names: Sequence[str]) -> dict[int, str]:
    """The current policy of repositories of one owner, given by full name; by id."""
    found: dict[int, str] = {}
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        answer = client.ask(queries.policies(some))
        organisation = answer.get(queries.ORGANISATION) or {}
        above = None if organisation.get("refused") else _ids(_target(organisation).get("tree"))
        for each in (answer.get(f"r{i}") for i in range(len(some))):
            if each:
                folder = _target(each).get("folder") or {}
                found[each["databaseId"]] = _policy(_ids(folder.get("object")), above)
    return found


def now(target: str, policy: str) -> str:
    """The basis that a verdict on a pull request into `target` would have under this policy."""
    return _named(target, policy)


def holds(basis: str, current: str) -> bool:
    """Whether the basis of a verdict is still current."""
    policy, _, target = basis.partition(" ")
    policy_now, _, target_now = current.partition(" ")
    return target == target_now and policy in (UNREAD, policy_now)


def _named(target: str, policy: str) -> str:
    return f"{policy} {target}"


def _unread(target: str) -> str:
    return _named(target, UNREAD)


def _policy(own: Ids, organisation: Ids) -> str:
    layers = [sorted(each.items()) if each is not None else None for each in (own, organisation)]
    return hashlib.sha256(repr(layers).encode()).hexdigest()[:32]


def _of_policy(entries: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name: oid for name, oid in entries if name in policy_names()}


def _root(side: Side | None, objects: Objects) -> dict[str, str] | None:
    """The ids at the root of a commit, {} if there is no commit; None if its listing was not read."""
    if side is None:
        return {}
    listing = objects.listing(side.root)
    return None if listing is None else _of_policy((name, entry.oid) for name, entry in listing.items())


def _folder(side: Side | None, objects: Objects, folder: str) -> dict[str, str] | None:
    """The ids in a folder of the root."""
    root = objects.listing(side.root) if side else {}
    if root is None:
        return None
    entry = root.get(folder)
    if entry is None or not entry.folder:
        return {}
    listing = objects.listing(entry.oid)
    return None if listing is None else _of_policy((name, each.oid) for name, each in listing.items())


def _target(repository: Mapping[str, Any]) -> Mapping[str, Any]:
    return (repository.get("defaultBranchRef") or {}).get("target") or {}


def _ids(tree: Mapping[str, Any] | None) -> dict[str, str]:
    entries = (tree or {}).get("entries") or []
    return _of_policy((str(each["name"]), str(each["oid"])) for each in entries)
