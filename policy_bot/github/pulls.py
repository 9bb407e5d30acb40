"""Reads the current state of a pull request into plain data, and its diff."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from policy_bot.github import queries
from policy_bot.github.client import Client
from policy_bot.github.errors import LATER, Absent, NoAnswer, Refused, TooHeavy, Unsettled
from policy_bot.github.events import CHECK_NAME, PullKey
from policy_bot.github.objects import Objects, TreeEntry, entry_of
from policy_bot.github.snapshot import About, Run, Sharing, ShownComment, Side, Snapshot
from policy_bot.review.diff import Diff, FileDiff, diff, hunks, may_stream

MOST_FILES = 3_000
"""The most files of a pull request that GitHub lists."""


def read_pull(client: Client, key: PullKey, app: int, wanted: queries.Wanted, objects: Objects) -> Snapshot:
    """Reads a pull request. Raises `Absent` if it, its repository or our access is gone."""
    owner, _, name = key.name.partition("/")
    for asked in (wanted, *_less(wanted)):
        try:
            answer = client.ask(queries.pull(owner, name, key.number, app, CHECK_NAME, asked))
            break
        except (TooHeavy, NoAnswer):  # a query that takes GitHub over 10 s ends in a 502
            continue
    else:
        raise NoAnswer(LATER, "GitHub answers no query about this pull request")
    pull = confirmed(answer, key).get("pullRequest")
    if not pull:
        raise Absent("there is no such pull request")
    paths = [*asked.texts, *asked.folders]
    commits = _nodes(pull.get("commits"))
    commit = commits[0]["commit"] if commits else _contained(client, key, app, pull["headRefOid"])
    if not commit or commit["oid"] != pull["headRefOid"]:
        raise Unsettled("GitHub does not show its newest commit yet")
    target = (pull.get("baseRef") or {}).get("target")
    base = side(target, objects, paths)
    merge, base = _merge(pull, paths, objects, base)
    return Snapshot(
        about=about(answer, objects),
        open=pull["state"] == "OPEN",
        number=key.number,
        head=_required(side(commit, objects, paths)),
        base=base,
        merge=merge,
        merge_pending=merge is None and pull.get("mergeable") in ("UNKNOWN", "CONFLICTING"),
        target=pull["baseRefName"],
        changed=tuple((f["path"], f["changeType"]) for f in _nodes(pull.get("files"))),
        changed_count=int(pull.get("changedFiles") or 0),
        runs=runs(commit),
        shown=_shown(client, key, pull["reviewThreads"]),
        sharing=sharing(answer["repository"], commit["oid"]),
        fork=bool(pull.get("isCrossRepository")),
        title=str(pull.get("title") or "")[:300],
    )


def _less(wanted: queries.Wanted) -> tuple[queries.Wanted, ...]:
    """Smaller queries, in case GitHub refuses one: first without folders, then only the state."""
    return wanted._replace(texts=wanted.texts[:8], folders=()), queries.Wanted((), frozenset(), ())


def head_of(client: Client, key: PullKey, app: int) -> tuple[str, str, tuple[Run, ...]] | None:
    """The repository's current name, the head of an open pull request and our runs on it, for a failure
    notice.
    """
    owner, _, name = key.name.partition("/")
    answer = client.ask(queries.head(owner, name, key.number, app, CHECK_NAME))
    repository = confirmed(answer, key)
    pull = repository.get("pullRequest")
    if not pull or pull["state"] != "OPEN":
        return None
    commits = _nodes(pull.get("commits"))
    commit = commits[0]["commit"] if commits else {}
    found = runs(commit) if commit.get("oid") == pull["headRefOid"] else ()
    return repository["nameWithOwner"], pull["headRefOid"], found


def _contained(client: Client, key: PullKey, app: int, head: str) -> Any:
    """The head of a pull request without commits of its own: the base already contains it."""
    owner, _, name = key.name.partition("/")
    answer = client.ask(queries.commit(owner, name, head, head, app, CHECK_NAME))
    return (answer.get("repository") or {}).get("object")


def _required(side: Side | None) -> Side:
    if side is None:
        raise Absent("its head commit cannot be read")
    return side


def _nodes(connection: Any) -> list[Any]:
    """The nodes of a connection that may be missing."""
    return [node for node in (connection or {}).get("nodes") or [] if node]


def side(commit: Any, objects: Objects, paths: Sequence[str] = ()) -> Side | None:
    """A commit of an answer; its contents are stored on the way, including policy files."""
    if not commit or not commit.get("tree"):
        return None
    objects.learn(commit["tree"])
    for alias in ("settings", "policies"):
        objects.learn((commit.get(alias) or {}).get("object"))
    known: dict[str, TreeEntry | None] = {}
    for i, path in enumerate(paths):
        if f"p{i}" in commit:
            known[path] = _known(commit[f"p{i}"], objects)
    return Side(commit["oid"], commit["tree"]["oid"], known)


def _known(found: Any, objects: Objects) -> TreeEntry | None:
    if not found:
        return None
    objects.learn(found.get("object"))
    return entry_of(found)


def _merge(
    pull: Mapping[str, Any], paths: list[str], objects: Objects, base: Side | None
) -> tuple[Side | None, Side | None]:
    """The merge result and the base it was made with; none if it belongs to another head (GitHub creates it
    lazily).
    """
    merge = pull.get("potentialMergeCommit")
    parents = [node["oid"] for node in _nodes((merge or {}).get("parents"))]
    if pull.get("mergeable") == "CONFLICTING" or len(parents) != 2 or parents[1] != pull["headRefOid"]:
        return None, base
    if base is None or base.oid != parents[0]:
        base = Side(parents[0], f"{parents[0]}:")
    return side(merge, objects, paths), base


def runs(commit: Mapping[str, Any]) -> tuple[Run, ...]:
    """Our check runs on a commit, newest first. GraphQL's databaseId has 32 bits, so the id comes from the
    path.
    """
    found = []
    for suite in _nodes(commit.get("checkSuites")):
        for run in _nodes(suite.get("checkRuns")):
            number = re.search(r"/(\d+)$", run.get("resourcePath") or "")
            reset = suite.get("status") not in ("COMPLETED", None)
            found.append(
                Run(
                    int(number[1]) if number else 0,
                    run.get("externalId") or "",
                    run.get("status") or "",
                    (run.get("conclusion") or "").lower(),
                    reset,
                )
            )
    return tuple(sorted(found, key=lambda run: -run.id))


def _shown(client: Client, key: PullKey, threads: Mapping[str, Any]) -> tuple[ShownComment, ...]:
    """Our comments in all threads."""
    owner, _, name = key.name.partition("/")
    found = [shown for thread in _nodes(threads) if (shown := _ours(thread))]
    while (threads.get("pageInfo") or {}).get("hasNextPage"):
        after = threads["pageInfo"]["endCursor"]
        try:
            answer = client.ask(queries.threads(owner, name, key.number, after, queries.THREADS))
        except TooHeavy:
            answer = client.ask(queries.threads(owner, name, key.number, after, queries.FEW_THREADS))
        threads = answer["repository"]["pullRequest"]["reviewThreads"]
        found += [shown for thread in _nodes(threads) if (shown := _ours(thread))]
    return tuple(found)


def _ours(thread: Mapping[str, Any]) -> ShownComment | None:
    """A thread that our App started."""
    comments = _nodes(thread.get("comments"))
    if not comments or not comments[0].get("viewerDidAuthor"):
        return None
    first = comments[0]
    line = None if thread.get("isOutdated") else thread.get("line")
    answered = int(thread["comments"].get("totalCount") or 1) > 1
    return ShownComment(
        first["id"], first["body"], thread["path"], thread.get("startLine") or line, line, answered
    )


def sharing(repository: Mapping[str, Any], head: str) -> Sharing:
    """The open pull requests of the repository with this head, as far as the answer lists them."""
    listed = repository.get("open") or {}
    nodes = _nodes(listed)
    found = (pull for pull in nodes if pull["headRefOid"] == head)
    targets = {int(each["number"]): (each["baseRefName"], bool(each["isCrossRepository"])) for each in found}
    return Sharing(targets, int(listed.get("totalCount") or 0) <= len(nodes))


def about(answer: Mapping[str, Any], objects: Objects) -> About:
    """The repository of an answer. Policy is read from base sides only, never from a head."""
    repository = answer["repository"]
    organisation = answer.get("organisation") or {}
    return About(
        id=repository["databaseId"],
        name=repository["nameWithOwner"],
        archived=bool(repository.get("isArchived")),
        topics=frozenset(node["topic"]["name"] for node in _nodes(repository.get("repositoryTopics"))),
        visibility=str(repository.get("visibility") or "").lower(),
        default_branch=str((repository.get("defaultBranchRef") or {}).get("name") or ""),
        default=side((repository.get("defaultBranchRef") or {}).get("target"), objects),
        organisation=side((organisation.get("defaultBranchRef") or {}).get("target"), objects),
        organisation_id=int(organisation.get("databaseId") or 0),
        organisation_refused=str(organisation.get("refused") or ""),
    )


def confirmed(answer: Mapping[str, Any], key: PullKey) -> Mapping[str, Any]:
    """The repository of an answer, if it has the id of the key: a name can be taken over by another
    repository.
    """
    repository = answer.get("repository")
    if not repository or repository.get("databaseId") != key.repository:
        raise Absent("the repository is gone, renamed, or not ours to see")
    return cast(Mapping[str, Any], repository)


def _file(path: str, status: str, previous: str | None, patch: str | None) -> FileDiff:
    return FileDiff(path, status, previous, hunks(patch), may_stream(path, patch))


def files(client: Client, name: str, number: int, count: int) -> Diff:
    """The diff of a pull request, of at most 3,000 files. Empty and incomplete if GitHub cannot make it, as
    happens with large ones: then the trees are compared, and no line gets a comment.
    """
    try:
        found = [
            _file(f["filename"], f["status"], f.get("previous_filename"), f.get("patch"))
            for f in client.pages(f"/repos/{name}/pulls/{number}/files", {}, MOST_FILES)
        ]
    except (Refused, Absent, NoAnswer, TooHeavy):
        return diff((), complete=False)
    return diff(found, complete=len(found) >= min(count, MOST_FILES) and count <= MOST_FILES)
