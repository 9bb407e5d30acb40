"""Lists repositories and pull requests, for first checks, refreshes and sweeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from policy_bot.github import basis, queries
from policy_bot.github.client import Client
from policy_bot.github.errors import Absent
from policy_bot.github.events import Due, PullKey

MOST_REPOSITORIES = 10_000
MOST_PULLS = 1_000
MOST_INSTALLATIONS = 20_000
AT_ONCE = 50
"""How many repositories' tips are requested at once."""


def installations(app: Client) -> Iterator[int]:
    """The ids of all installations that are not suspended."""
    return (id for id, _ in accounts(app))


def accounts(app: Client) -> Iterator[tuple[int, str]]:
    """The id of every installation that is not suspended, and the name of the account it is on."""
    for item in app.polled("/app/installations", {}, MOST_INSTALLATIONS):
        if item.get("suspended_at") is None:
            yield int(item["id"]), str((item.get("account") or {}).get("login") or "")


def open_pulls(client: Client, installation: int, repository: int = 0, name: str = "") -> Iterator[Due]:
    """Every open pull request of one repository, or of all that the installation reaches."""
    where = [(repository, name)] if repository else [(each.id, each.name) for each in reachable(client)]
    for id, full_name in where:
        for pull in _open(client, full_name):
            key = PullKey(installation, id, full_name, int(pull["number"]))
            yield Due(key, str(pull["head"]["sha"]), urgent=False)


def with_bases(client: Client, installation: int) -> Iterator[Due]:
    """Every open pull request that the installation reaches, with the current basis of a verdict on it."""
    reached = list(reachable(client))
    for start in range(0, len(reached), AT_ONCE):
        some = reached[start : start + AT_ONCE]
        policies = basis.by_repository(client, [each.name for each in some])
        for each in some:
            for pull in _open(client, each.name):
                key = PullKey(installation, each.id, each.name, int(pull["number"]))
                policy = policies.get(each.id)
                rests = basis.now(str(pull["base"]["ref"]), policy) if policy else ""
                yield Due(key, str(pull["head"]["sha"]), urgent=False, basis=rests)


def _open(client: Client, name: str) -> list[Any]:
    """The open pull requests of a repository; none if it has disappeared."""
    try:
        return list(client.polled(f"/repos/{name}/pulls", {"state": "open"}, MOST_PULLS))
    except Absent:
        return []


class Reachable(NamedTuple):
    """A repository that the installation reaches. `visibility` is public, internal or private."""

    id: int
    name: str
    visibility: str


def reachable(client: Client) -> Iterator[Reachable]:
    """Every repository that the installation reaches and that is not archived."""
    found = client.polled("/installation/repositories", {}, MOST_REPOSITORIES, "repositories")
    for item in found:
        if not item.get("archived"):
            shown = str(item.get("visibility") or ("private" if item.get("private") else "public"))
            yield Reachable(int(item["id"]), str(item["full_name"]), shown)


def installation_of(app: Client, owner: str) -> int | None:
    """The installation on an organisation's or a person's account; None if there is none."""
    return next((id for id, login in accounts(app) if login.casefold() == owner.casefold()), None)


def heads(client: Client, listed: Sequence[Reachable]) -> dict[int, str]:
    """The commit at the tip of each default branch, by repository id; one request for `AT_ONCE`."""
    found: dict[int, str] = {}
    for start in range(0, len(listed), AT_ONCE):
        names = [each.name for each in listed[start : start + AT_ONCE]]
        answer = client.ask(queries.heads(names))
        for each in (answer.get(f"r{i}") for i in range(len(names))):
            if each and each.get("defaultBranchRef"):
                found[each["databaseId"]] = each["defaultBranchRef"]["target"]["oid"]
    return found
