"""Maps the payload of a webhook to what becomes due. Pure; payloads are trusted only for what to ask about.

Every id named here is confirmed by GitHub when the work is done (the installation's token reaches only its
own repositories, and the repository's id is compared), so a forged or stale payload can at worst cause a
look.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

CHECK_NAME = "sst-policy"
"""The name of our check. Rulesets contain it, so it never changes."""
ACTION_RECHECK = "recheck"
POLICY_FILES = frozenset({"policy-bot.yml", ".github/policy-bot.yml"})

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}/[A-Za-z0-9_.-]{1,100}")
_REF = re.compile(r"refs/heads/[^\x00-\x20\x7f~^:?*\[\\]{1,240}")
_SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_PULL_ACTIONS = frozenset({"opened", "reopened", "synchronize", "ready_for_review", "converted_to_draft"})


class Malformed(ValueError):
    """The payload is signed but unusable. The message names the field, never its content."""


@dataclass(frozen=True, slots=True)
class PullKey:
    """Identifies what is judged: a pull request (`number`), or a commit of a branch (`number` 0, `ref` and
    `sha`).

    A commit's ref is that of a merge group, or of a default branch for its first check.
    """

    installation: int
    repository: int
    name: str
    number: int = 0
    ref: str = ""
    sha: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """`key` should be evaluated; `head` is the newest commit that the event knew, as a hint; `button`: a
    person requested it. `basis` is the current basis of a verdict (`github/basis.py`), "" if not known.
    """

    key: PullKey
    head: str = ""
    urgent: bool = True
    button: bool = False
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """The pull request is closed or merged: its planned work can be dropped."""

    key: PullKey


@dataclass(frozen=True, slots=True)
class Refresh:
    """Every open pull request of the repository (of the whole installation if 0) becomes due, with low
    priority.
    """

    installation: int
    repository: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """The App may no longer see a repository (0: the whole installation): its data is deleted."""

    installation: int
    repository: int = 0

    @property
    def rows(self) -> str:
        """The prefix of the keys of its rows."""
        return f"{self.installation}/{self.repository}/" if self.repository else f"{self.installation}/"


Meaning = Due | Gone | Refresh | Removed


def meaning(event: str, payload: object) -> tuple[Meaning, ...]:
    """Returns what becomes due. Empty for irrelevant events and actions; raises `Malformed`."""
    read = _READERS.get(event)
    if read is None:
        return ()
    return read(_Payload(payload, event))


class _Payload:
    """A JSON object with validated access: each error says which field was expected."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, Mapping):
            raise Malformed(f"{where} is not an object")
        self.value = value
        self.where = where

    def __getitem__(self, name: str) -> _Payload:
        return _Payload(self.value.get(name), f"{self.where}.{name}")

    def get(self, name: str) -> object:
        return self.value.get(name)

    def number(self, name: str) -> int:
        value = self.value.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
            raise Malformed(f"{self.where}.{name} is not a positive number")
        return value

    def text(self, name: str, form: re.Pattern[str]) -> str:
        value = self.value.get(name)
        if not isinstance(value, str) or not form.fullmatch(value):
            raise Malformed(f"{self.where}.{name} is not of the expected form")
        return value

    def action(self) -> str:
        value = self.value.get("action")
        return value if isinstance(value, str) else ""

    def objects(self, name: str) -> list[_Payload]:
        value = self.value.get(name)
        if not isinstance(value, list):
            raise Malformed(f"{self.where}.{name} is not a list")
        return [_Payload(item, f"{self.where}.{name}[]") for item in value]


def _key(payload: _Payload, **more: object) -> PullKey:
    """The installation and repository of an event. Payloads without an installation are not for an App."""
    repository = payload["repository"]
    return PullKey(
        payload["installation"].number("id"),
        repository.number("id"),
        repository.text("full_name", _NAME),
        **more,  # type: ignore[arg-type]
    )


def _pull_request(payload: _Payload) -> tuple[Meaning, ...]:
    action = payload.action()
    changes = payload.get("changes")
    edited_base = action == "edited" and isinstance(changes, Mapping) and "base" in changes
    if action not in _PULL_ACTIONS and action != "closed" and not edited_base:
        return ()
    pull = payload["pull_request"]
    key = _key(payload, number=pull.number("number"))
    if action == "closed":
        return (Gone(key),)
    return (Due(key, pull["head"].text("sha", _SHA)),)


def _merge_group(payload: _Payload) -> tuple[Meaning, ...]:
    if payload.action() != "checks_requested":
        return ()
    group = payload["merge_group"]
    sha = group.text("head_sha", _SHA)
    return (Due(_key(payload, ref=group.text("head_ref", _REF), sha=sha), sha),)


def _check_run(payload: _Payload) -> tuple[Meaning, ...]:
    if payload.action() not in ("rerequested", "requested_action"):
        return ()
    run = payload["check_run"]
    if run.get("name") != CHECK_NAME:
        return ()
    sha = run.text("head_sha", _SHA)
    named = external_number(run.get("external_id"))
    return _again(payload, run, sha, named)


def _check_suite(payload: _Payload) -> tuple[Meaning, ...]:
    if payload.action() != "rerequested":
        return ()
    suite = payload["check_suite"]
    return _again(payload, suite, suite.text("head_sha", _SHA), 0)


def external_number(external: object) -> int:
    """The pull request in a check run's `external_id` (`pull/12/…`): GitHub's events name none for forks."""
    match = re.match(r"pull/([1-9][0-9]{0,9})(/|$)", external) if isinstance(external, str) else None
    return int(match[1]) if match else 0


def _again(payload: _Payload, check: _Payload, sha: str, named: int) -> tuple[Meaning, ...]:
    """Everything that a check on `sha` may stand for."""
    listed = check.get("pull_requests")
    pulls = (
        [_Payload(pull, "pull_requests[]").number("number") for pull in listed]
        if isinstance(listed, list)
        else []
    )
    numbers = sorted({*pulls, *([named] if named else [])})
    if numbers:
        return tuple(Due(_key(payload, number=number), sha, button=True) for number in numbers)
    return (Due(_key(payload, sha=sha), sha, button=True),)


def _installation(payload: _Payload) -> tuple[Meaning, ...]:
    if payload.action() == "deleted":
        return (Removed(payload["installation"].number("id")),)
    if payload.action() not in ("created", "unsuspend", "new_permissions_accepted"):
        return ()
    installation = payload["installation"].number("id")
    listed = payload.objects("repositories") if isinstance(payload.get("repositories"), list) else []
    return (*_first_checks(installation, listed), Refresh(installation))


def _installation_repositories(payload: _Payload) -> tuple[Meaning, ...]:
    installation = payload["installation"].number("id")
    if payload.action() == "removed":
        away = payload.objects("repositories_removed")
        return tuple(Removed(installation, repository.number("id")) for repository in away)
    if payload.action() != "added":
        return ()
    added = payload.objects("repositories_added")
    firsts = _first_checks(installation, added)
    return (*firsts, *(Refresh(due.key.installation, due.key.repository, due.key.name) for due in firsts))


def _first_checks(installation: int, repositories: list[_Payload]) -> tuple[Due, ...]:
    """A check on each default branch, so that it can be chosen as required (GitHub offers checks of the last
    7 days).
    """
    return tuple(
        Due(PullKey(installation, repo.number("id"), repo.text("full_name", _NAME), ref="HEAD"), urgent=False)
        for repo in repositories
    )


def _push(payload: _Payload) -> tuple[Meaning, ...]:
    repository = payload["repository"]
    if payload.get("ref") != f"refs/heads/{repository.get('default_branch')}":
        return ()
    if not _touches_policy(payload):
        return ()
    key = _key(payload)
    whole = key.name.endswith("/.github")
    return (Refresh(key.installation) if whole else Refresh(key.installation, key.repository, key.name),)


def _touches_policy(payload: _Payload) -> bool:
    """Whether a push changes policy. A push of more than 2,048 commits lists none: assume that it does."""
    commits = payload.get("commits")
    if not isinstance(commits, list) or not commits:
        return payload.get("deleted") is not True
    paths = [
        path
        for commit in commits
        if isinstance(commit, Mapping)
        for kind in ("added", "removed", "modified")
        if isinstance(commit.get(kind), list)
        for path in commit[kind]
        if isinstance(path, str)
    ]
    of_policies = payload["repository"].get("name") == ".github"
    folders = (".github/policies/", "policies/") if of_policies else (".github/policies/",)
    return any(path in POLICY_FILES or path.startswith(folders) for path in paths)


_READERS = {
    "pull_request": _pull_request,
    "merge_group": _merge_group,
    "check_run": _check_run,
    "check_suite": _check_suite,
    "installation": _installation,
    "installation_repositories": _installation_repositories,
    "push": _push,
}
