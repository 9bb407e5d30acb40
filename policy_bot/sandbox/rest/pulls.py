"""Pull requests: their list, their files, and new reviews."""

from __future__ import annotations

from policy_bot.sandbox.rest.route import ApiCall, Rows, operation
from policy_bot.sandbox.reviewing import submit

MOST_FILES = 3_000


@operation("GET", "/repos/{owner}/{repo}/pulls", "pull_requests:read")
def pulls(call: ApiCall) -> object:
    """The pull requests, newest first."""
    state = call.request.query.get("state", "open")
    found = [pull for pull in call.repository.pulls.values() if state in {"all", pull.state}]
    return Rows([call.views.pull_simple(pull) for pull in reversed(found)])


@operation("GET", "/repos/{owner}/{repo}/pulls/{pull_number}/files", "pull_requests:read")
def files(call: ApiCall, pull_number: int) -> object:
    """Its changed files, up to 3,000."""
    found = call.pull(pull_number)
    return Rows(
        [call.sandbox.shapes.file(found, change) for change in call.world.changes(found)[:MOST_FILES]]
    )


@operation("POST", "/repos/{owner}/{repo}/pulls/{pull_number}/reviews", "pull_requests:write")
def create_review(call: ApiCall, pull_number: int) -> object:
    """Creates a review with all its comments, or fails as a whole."""
    review = submit(call.world, call.pull(pull_number), call.world.bot, call.body)
    return call.sandbox.shapes.review(review)
