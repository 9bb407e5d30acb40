"""Pull requests: lists, single ones, their files and commits."""

from __future__ import annotations

from policy_bot.sandbox.rest.route import ApiCall, Rows, operation

MOST_FILES = 3_000


@operation("GET", "/repos/{owner}/{repo}/pulls", "pull_requests:read")
def pulls(call: ApiCall) -> object:
    """The pull requests, newest first."""
    query = call.request.query
    state, base, head = query.get("state", "open"), query.get("base"), query.get("head")
    found = [
        pull
        for pull in call.repository.pulls.values()
        if state in {"all", pull.state} and base in {None, pull.base_branch}
    ]
    if head:
        owner, _, branch = head.rpartition(":")
        found = [
            pull
            for pull in found
            if pull.head_branch == branch
            and (not owner or (pull.head_repository or pull.repository).owner.login == owner)
        ]
    if query.get("direction", "desc") == "desc":
        found.reverse()
    return Rows([call.views.pull_simple(pull) for pull in found])


@operation("GET", "/repos/{owner}/{repo}/pulls/{pull_number}", "pull_requests:read")
def pull(call: ApiCall, pull_number: int) -> object:
    """One pull request."""
    return call.views.pull(call.pull(pull_number))


@operation("GET", "/repos/{owner}/{repo}/pulls/{pull_number}/files", "pull_requests:read")
def files(call: ApiCall, pull_number: int) -> object:
    """Its changed files, up to 3,000."""
    found = call.pull(pull_number)
    return Rows(
        [call.sandbox.shapes.file(found, change) for change in call.world.changes(found)[:MOST_FILES]]
    )


@operation("GET", "/repos/{owner}/{repo}/pulls/{pull_number}/commits", "pull_requests:read")
def commits(call: ApiCall, pull_number: int) -> object:
    """Its commits, oldest first."""
    found = call.pull(pull_number)
    store = call.repository.store
    base = set(store.ancestors(call.world.base_sha(found)))
    own = [sha for sha in store.ancestors(found.head_sha) if sha not in base]
    return Rows([call.sandbox.shapes.commit(call.repository, store.commits[sha]) for sha in reversed(own)])
