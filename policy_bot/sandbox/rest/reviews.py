"""Reviews and review comments."""

from __future__ import annotations

from policy_bot.sandbox.problem import forbidden, invalid, not_found
from policy_bot.sandbox.rest.route import ApiCall, Reply, Rows, operation
from policy_bot.sandbox.reviewing import begin, submit, thread_at, too_long
from policy_bot.sandbox.state import PullReview, ReviewComment


@operation("POST", "/repos/{owner}/{repo}/pulls/{pull_number}/reviews", "pull_requests:write")
def create(call: ApiCall, pull_number: int) -> object:
    """Creates a review with all its comments, or fails as a whole."""
    review = submit(call.world, call.pull(pull_number), call.world.bot, call.body)
    return call.sandbox.shapes.review(review)


@operation("GET", "/repos/{owner}/{repo}/pulls/{pull_number}/reviews", "pull_requests:read")
def reviews(call: ApiCall, pull_number: int) -> object:
    """All reviews, oldest first."""
    return Rows([call.sandbox.shapes.review(review) for review in call.pull(pull_number).reviews])


@operation("PUT", "/repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}", "pull_requests:write")
def rewrite(call: ApiCall, pull_number: int, review_id: int) -> object:
    """Changes a review's text."""
    (body,) = call.required("body")
    review = _review(call, pull_number, review_id)
    if review.author is not call.world.bot:
        raise forbidden()
    too_long(body)
    review.body = body
    return call.sandbox.shapes.review(review)


@operation(
    "GET", "/repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/comments", "pull_requests:read"
)
def of_review(call: ApiCall, pull_number: int, review_id: int) -> object:
    """The comments of one review."""
    review = _review(call, pull_number, review_id)
    return Rows([call.views.comment(one) for one in review.pull.comments if one.review is review])


@operation("GET", "/repos/{owner}/{repo}/pulls/{pull_number}/comments", "pull_requests:read")
def comments(call: ApiCall, pull_number: int) -> object:
    """All review comments."""
    return Rows([call.views.comment(one) for one in call.pull(pull_number).comments])


@operation("POST", "/repos/{owner}/{repo}/pulls/{pull_number}/comments", "pull_requests:write")
def comment(call: ApiCall, pull_number: int) -> object:
    """Creates a comment in a review of its own."""
    _, commit, _ = call.required("body", "commit_id", "path")
    pull = call.pull(pull_number)
    thread = thread_at(call.world, pull, None, commit, call.body)
    review = PullReview(
        call.world.new_id(), pull, call.world.bot, "", "COMMENTED", commit, call.sandbox.clock()
    )
    pull.reviews.append(review)
    return Reply(201, call.views.comment(begin(call.world, thread, review, call.body["body"])))


@operation(
    "POST", "/repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies", "pull_requests:write"
)
def reply(call: ApiCall, pull_number: int, comment_id: int) -> object:
    """Replies to a top-level comment."""
    (body,) = call.required("body")
    found = _comment(call, comment_id)
    if found.thread.pull.number != pull_number:
        raise not_found()
    if found.reply_to:
        raise invalid(
            "Validation Failed",
            [{"resource": "PullRequestReviewComment", "code": "custom", "field": "in_reply_to"}],
        )
    too_long(body)
    return Reply(201, call.views.comment(call.sandbox.answer(found.thread, body, call.world.bot)))


@operation("GET", "/repos/{owner}/{repo}/pulls/comments/{comment_id}", "pull_requests:read")
def get(call: ApiCall, comment_id: int) -> object:
    """One comment."""
    return call.views.comment(_comment(call, comment_id))


@operation("PATCH", "/repos/{owner}/{repo}/pulls/comments/{comment_id}", "pull_requests:write")
def edit(call: ApiCall, comment_id: int) -> object:
    """Changes the text of a comment of the App."""
    (body,) = call.required("body")
    found = _own(call, comment_id)
    too_long(body)
    found.body, found.updated = body, call.sandbox.clock()
    return call.views.comment(found)


@operation("DELETE", "/repos/{owner}/{repo}/pulls/comments/{comment_id}", "pull_requests:write")
def delete(call: ApiCall, comment_id: int) -> object:
    """Deletes a comment of the App, and its thread with the last one."""
    call.sandbox.remove(_own(call, comment_id))
    return Reply(204)


def _review(call: ApiCall, pull_number: int, number: int) -> PullReview:
    for review in call.pull(pull_number).reviews:
        if review.id == number:
            return review
    raise not_found()


def _comment(call: ApiCall, number: int) -> ReviewComment:
    for pull in call.repository.pulls.values():
        for found in pull.comments:
            if found.id == number:
                return found
    raise not_found()


def _own(call: ApiCall, number: int) -> ReviewComment:
    """The App's comment. Stricter than GitHub, which lets an App edit other people's."""
    found = _comment(call, number)
    if found.author is not call.world.bot:
        raise forbidden()
    return found
