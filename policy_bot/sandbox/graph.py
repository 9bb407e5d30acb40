"""GitHub's GraphQL API, as far as the App uses it: executes queries over the part in `schema.graphql`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

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
from policy_bot.sandbox.state import ReviewComment


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
    views = GraphViews(call)
    return {
        "repository": lambda _, owner, name, **__: views.named(owner, name),
        "deletePullRequestReviewComment": lambda _, input: _delete(call, views.own_comment(input["id"])),
        "updatePullRequestReviewComment": lambda _, input: _edit(
            call, views.own_comment(input["pullRequestReviewCommentId"]), input["body"]
        ),
    }


def _delete(call: ApiCall, comment: ReviewComment) -> object:
    call.sandbox.remove(comment)
    return {}


def _edit(call: ApiCall, comment: ReviewComment, body: str) -> object:
    if not body or len(body) > LONGEST_BODY:
        raise Refusal("UNPROCESSABLE", f"Body is too long (maximum is {LONGEST_BODY} characters) or blank")
    comment.body, comment.updated = body, call.sandbox.clock()
    return {}
