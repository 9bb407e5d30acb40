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


@operation("GET", "/repos/{owner}/{repo}/pulls/{pull_number}/files", "pull_requests:read")
def files(call: ApiCall, pull_number: int) -> object:
    """Its changed files, up to 3,000."""
    found = call.pull(pull_number)
    return Rows(
        [call.sandbox.shapes.file(found, change) for change in call.world.changes(found)[:MOST_FILES]]
    )
