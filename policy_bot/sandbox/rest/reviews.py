"""Reviews and review comments."""

from __future__ import annotations

from policy_bot.sandbox.rest.route import ApiCall, operation
from policy_bot.sandbox.reviewing import submit


@operation("POST", "/repos/{owner}/{repo}/pulls/{pull_number}/reviews", "pull_requests:write")
def create(call: ApiCall, pull_number: int) -> object:
    """Creates a review with all its comments, or fails as a whole."""
    review = submit(call.world, call.pull(pull_number), call.world.bot, call.body)
    return call.sandbox.shapes.review(review)
