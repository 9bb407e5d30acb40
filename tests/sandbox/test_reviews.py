from typing import Any

import pytest
from github import Github, GithubException

from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.state import Pull, Repository
from tests.sandbox.clients import ask
from tests.sandbox.conftest import BEFORE


@pytest.fixture
def pull(sandbox: Sandbox, shop: Repository, client: Github) -> Pull:
    after = BEFORE.replace("line 5\n", "LINE 5\n").replace("line 25\n", "LINE 25\n")
    return sandbox.open_pull(shop, {"sst.config.ts": after, "big.bin": "\0"})


def review(client: Github, pull: Pull, *comments: dict[str, Any], **body: Any) -> Any:
    body = {"event": "COMMENT", "body": "Look", "commit_id": pull.head_sha, **body}
    return ask(client, "/pulls/1/reviews", "POST", comments=list(comments), **body)


def on(line: int, **more: Any) -> dict[str, Any]:
    return {"path": "sst.config.ts", "line": line, "side": "RIGHT", "body": f"on {line}", **more}


def test_a_review_with_its_comments(client: Github, pull: Pull) -> None:
    review(client, pull, on(5), on(6, start_line=4, start_side="RIGHT"), on(25, side="LEFT"))
    assert {comment.author.login for comment in pull.comments} == {"sst-policy[bot]"}
    assert [(one.line, one.start_line, one.side) for one in pull.threads] == [
        (5, None, "RIGHT"),
        (6, 4, "RIGHT"),
        (25, None, "LEFT"),
    ]
    assert pull.threads[0].hunk.endswith("+LINE 5")


@pytest.mark.parametrize(
    ("comment", "why"),
    [
        (on(15), ["Pull request review thread line must be part of the diff"]),
        (
            on(5, start_line=5, start_side="RIGHT"),
            ["Pull request review thread start line must precede the end line."],
        ),
        (
            on(25, start_line=5, start_side="RIGHT"),
            ["Pull request review thread start line must be part of the same hunk as the line."],
        ),
        (on(5, path="none.ts"), ["Path could not be resolved"]),
        (on(5, path="infra/api.ts"), ["Path could not be resolved"]),
        (on(1, path="big.bin"), ["path diff too large"]),
        (on(5, body=""), ["Body can't be blank"]),
        (on(5, body="x" * 65_537), ["Body is too long (maximum is 65536 characters)"]),
    ],
)
def test_one_bad_comment_costs_the_whole_review(
    client: Github, pull: Pull, comment: dict[str, Any], why: list[str]
) -> None:
    with pytest.raises(GithubException) as refusal:
        review(client, pull, on(5), comment)
    assert (refusal.value.status, refusal.value.data["errors"]) == (422, why)
    assert not pull.reviews
    assert not pull.comments


def test_a_comment_review_needs_a_body(client: Github, pull: Pull) -> None:
    with pytest.raises(GithubException, match="without a body"):
        review(client, pull, on(5), body="")


def test_a_comment_goes_along_with_its_line_and_ends_with_it(
    sandbox: Sandbox, client: Github, pull: Pull
) -> None:
    review(client, pull, on(5), on(25))
    middle = BEFORE.replace("line 5\n", "LINE 5\n").replace("line 25\n", "LINE 25\n")
    sandbox.push(pull, {"sst.config.ts": "line 0\n" + middle.replace("LINE 25\n", "new 25\n")})
    assert [sandbox.world.thread_placement(thread).line for thread in pull.threads] == [6, None]


def test_a_comment_on_a_reverted_change_is_outdated(sandbox: Sandbox, client: Github, pull: Pull) -> None:
    review(client, pull, on(7))
    sandbox.push(pull, {"sst.config.ts": BEFORE})
    [thread] = pull.threads
    assert sandbox.world.thread_placement(thread).line is None
