from typing import Any

import pytest
from github import Github, GithubException
from graphql import GraphQLSchema, build_schema

from policy_bot.github import queries
from policy_bot.sandbox.graph import schema
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.state import Repository
from tests.github_api import packages
from tests.sandbox.clients import ask

LOOK = """query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid mergeable
      reviewThreads(first: 100) { nodes {
        isOutdated line
        comments(first: 10) { nodes { id body viewerDidAuthor } }
      } }
    }
  }
}"""

SHOP = '{ repository(owner: "acme", name: "shop") { %s } }'
DELETE = 'mutation { deletePullRequestReviewComment(input: {id: "1"}) { clientMutationId } }'


def query(client: Github, text: str, **variables: Any) -> dict[str, Any]:
    return client.requester.graphql_query(text, variables)[1]["data"]


def test_the_slice_is_githubs_own_schema() -> None:
    published = (packages.module("@octokit/graphql-schema") / "schema.graphql").read_text()
    whole = build_schema(published, assume_valid_sdl=True)  # it names a field twice
    assert list(differences(schema(), whole)) == []


def differences(ours: GraphQLSchema, theirs: GraphQLSchema):
    """Differences between the slice and GitHub's schema."""
    for name, kind in ours.type_map.items():
        other = theirs.type_map.get(name)
        if other is None:
            yield f"GitHub has no type {name}"
            continue
        for field, what in getattr(kind, "fields", {}).items():
            real = other.fields.get(field)
            if real is None:
                yield f"GitHub has no {name}.{field}"
            elif str(real.type) != str(what.type):
                yield f"{name}.{field} is {real.type}, not {what.type}"
            else:
                for argument, shape in getattr(what, "args", {}).items():
                    if argument not in real.args or str(real.args[argument].type) != str(shape.type):
                        yield f"{name}.{field}({argument}:) is otherwise"
        for value in getattr(kind, "values", {}):
            if value not in other.values:
                yield f"GitHub has no {name}.{value}"


def test_a_pull_request_with_its_threads(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    pull = sandbox.open_pull(shop, {"sst.config.ts": "1\n"})
    comments = [{"path": "sst.config.ts", "line": 1, "body": "ours"}]
    ask(client, "/pulls/1/reviews", "POST", body="Look", event="COMMENT", comments=comments)
    theirs = sandbox.say(pull, "sst.config.ts", 1, "theirs")
    data = query(client, LOOK, owner="acme", name="shop", number=1)["repository"]["pullRequest"]
    nodes = [thread["comments"]["nodes"][0] for thread in data["reviewThreads"]["nodes"]]
    assert [(one["body"], one["viewerDidAuthor"]) for one in nodes] == [("ours", True), ("theirs", False)]
    tidy = queries.tidy([], [(nodes[0]["id"], "better")])
    query(client, tidy.text, **tidy.variables)
    assert [comment.body for comment in pull.comments] == ["better", "theirs"]
    tidy = queries.tidy([nodes[0]["id"]], [])
    query(client, tidy.text, **tidy.variables)
    assert [comment.body for comment in pull.comments] == ["theirs"]
    tidy = queries.tidy([theirs.node_id], [])
    with pytest.raises(GithubException, match="Resource not accessible"):
        query(client, tidy.text, **tidy.variables)


def test_files_come_by_expression(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    text = "query($at: String!)" + SHOP % (
        "object(expression: $at) { ... on Blob { text byteSize } ... on Tree { entries { name path type } } }"
    )

    def at(expression: str) -> Any:
        return query(client, text, at=expression)["repository"]["object"]

    assert at("main:infra/api.ts") == {"text": "export {};\n", "byteSize": 11}
    assert at("main:infra") == {"entries": [{"name": "api.ts", "path": "infra/api.ts", "type": "blob"}]}
    assert at("main:nowhere") is None


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        (SHOP.replace("shop", "none") % "databaseId", "NOT_FOUND", "Could not resolve to a Repository"),
        (SHOP % "pullRequest(number: 9) { title }", "NOT_FOUND", "PullRequest"),
        (DELETE, "NOT_FOUND", "global id"),
        (
            SHOP % "pullRequests(first: 101) { totalCount }",
            "EXCESSIVE_PAGINATION", "limit of 100",
        ),
        (
            SHOP % "pullRequests { totalCount }",
            "MISSING_PAGINATION_BOUNDARIES", "must provide",
        ),
        ("{ nothing }", None, "Cannot query field"),
        ("{", None, "Syntax Error"),
    ],
)  # fmt: skip
def test_refusals(sandbox: Sandbox, client: Github, text: str, kind: str | None, message: str) -> None:
    with pytest.raises(GithubException) as refusal:
        query(client, text)
    (error,) = refusal.value.data["errors"]
    assert error.get("type") == kind
    assert message in error["message"]


def test_another_tenants_things_are_not_there(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    sandbox.repository("globex/secret")
    with pytest.raises(GithubException, match="Could not resolve to a Repository"):
        query(client, '{ repository(owner: "globex", name: "secret") { databaseId } }')
