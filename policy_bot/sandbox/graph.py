"""GitHub's GraphQL API, as far as the App uses it: executes queries over the part in `schema.graphql`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from policy_bot.sandbox.graph_parts import Refusal
from policy_bot.sandbox.graph_views import GraphViews
from policy_bot.sandbox.problem import ApiProblem
from policy_bot.sandbox.rest.route import ApiCall, Reply
from policy_bot.sandbox.reviewing import LONGEST_BODY
from policy_bot.sandbox.state import ReviewComment, Thread

Input = Mapping[str, Any]


@lru_cache(maxsize=1)
def schema() -> GraphQLSchema:
    """The part of GitHub's schema."""
    return build_schema(files("policy_bot.sandbox").joinpath("schema.graphql").read_text())


@lru_cache(maxsize=512)
def _read(text: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    try:
        document = parse(text)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(validate(schema(), document))


def execute(call: ApiCall) -> Reply:
    """Answers a query or mutation: 200 with `data`, and `errors` for refused parts."""
    text, variables = call.body.get("query"), call.body.get("variables") or {}
    if not isinstance(text, str) or not text:
        raise ApiProblem(400, "A query attribute must be specified and must be a string.")
    document, problems = _read(text)
    if document is None or problems:
        return Reply(200, {"errors": [_worded(error) for error in problems]})
    if _writes(document):
        call.need("pull_requests:write")
        call.sandbox.limits.write(str(call.installed.installation.id))
    if call.sandbox.replica.refuses(text):
        message = "Resource limits for this query exceeded."
        return Reply(
            200, {"data": None, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "message": message}]}
        )
    with call.sandbox.replica.lagging():
        result = execute_sync(schema(), document, root_value=_roots(call), variable_values=variables)
    body: dict[str, object] = {"data": result.data}
    if result.errors:
        body["errors"] = [_worded(error) for error in result.errors]
    return Reply(200, body)


def _writes(document: DocumentNode) -> bool:
    operations = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    return any(one.operation is OperationType.MUTATION for one in operations)


def _worded(error: GraphQLError) -> dict[str, object]:
    """Formats an error as GitHub does: with its `type` next to the message."""
    body: dict[str, object] = dict(error.formatted)
    if isinstance(error.original_error, Refusal):
        body["type"] = error.original_error.kind
    return body


def _roots(call: ApiCall) -> dict[str, Callable[..., object]]:
    views, deeds = GraphViews(call), _Deeds(call)
    return {
        "node": lambda _, id: views.node(id),
        "nodes": lambda _, ids: [views.node(one) for one in ids],
        "rateLimit": lambda _, **__: views.rate_limit(),
        "repository": lambda _, owner, name, **__: views.named(owner, name),
        "viewer": lambda _: views.account(call.world.bot),
        "addPullRequestReviewThreadReply": lambda _, input: deeds.reply(input),
        "deletePullRequestReviewComment": lambda _, input: deeds.delete(input),
        "updatePullRequestReviewComment": lambda _, input: deeds.edit(input),
        "minimizeComment": lambda _, input: deeds.minimize(input),
        "resolveReviewThread": lambda _, input: deeds.resolve(input),
    }


class _Deeds:
    """The mutations."""

    def __init__(self, call: ApiCall) -> None:
        self.call = call
        self.views = GraphViews(call)

    def _own(self, node: str) -> ReviewComment:
        comment = self.views.found(node, ReviewComment)
        if comment.author is not self.call.world.bot:
            raise Refusal("FORBIDDEN", "Resource not accessible by integration")
        return comment

    def delete(self, given: Input) -> object:
        """Deletes a comment of the App."""
        comment = self._own(given["id"])
        self.call.sandbox.remove(comment)
        return {**_echo(given), "pullRequestReview": self.views.review(comment.review)}

    def edit(self, given: Input) -> object:
        """Changes the text of a comment of the App."""
        comment = self._own(given["pullRequestReviewCommentId"])
        if not given["body"] or len(given["body"]) > LONGEST_BODY:
            raise Refusal(
                "UNPROCESSABLE", f"Body is too long (maximum is {LONGEST_BODY} characters) or blank"
            )
        comment.body, comment.updated = given["body"], self.call.sandbox.clock()
        return {**_echo(given), "pullRequestReviewComment": self.views.comment(comment)}

    def reply(self, given: Input) -> object:
        """Replies in a thread."""
        thread = self.views.found(given["pullRequestReviewThreadId"], Thread)
        made = self.call.sandbox.answer(thread, given["body"], self.call.world.bot)
        return {**_echo(given), "comment": self.views.comment(made)}

    def minimize(self, given: Input) -> object:
        """Minimizes a comment of the App."""
        self._own(given["subjectId"]).minimized = given["classifier"].lower()
        return _echo(given)

    def resolve(self, given: Input) -> object:
        """Resolves a thread. An App needs `contents: write`, which GitHub does not document; this App lacks
        it.
        """
        if self.call.installed.permissions.get("contents") != "write":
            raise Refusal("FORBIDDEN", "Resource not accessible by integration")
        thread = self.views.found(given["threadId"], Thread)
        thread.resolved = True
        return {**_echo(given), "thread": self.views.thread(thread)}


def _echo(given: Input) -> dict[str, object]:
    return {"clientMutationId": given.get("clientMutationId")}
