"""The pages, read without a browser; tests/browser has a real one."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from github import Github

from policy_bot.sandbox.pages.rendered import rendered
from policy_bot.sandbox.pages.web import application
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.state import Pull, Repository
from tests.sandbox.clients import ask
from tests.sandbox.conftest import BEFORE

SUGGESTION = "Rather:\n\n````suggestion\nLINE five\n````\n"


@pytest.fixture
def pull(sandbox: Sandbox, shop: Repository, client: Github) -> Pull:
    sandbox.require(shop)
    made = sandbox.open_pull(shop, {"sst.config.ts": BEFORE.replace("line 5\n", "LINE 5\n")}, title="Five")
    comments = [{"path": "sst.config.ts", "line": 5, "body": SUGGESTION}]
    ask(client, "/pulls/1/reviews", "POST", body="Look", event="COMMENT", comments=comments)
    return made


@pytest.fixture
def visitor(sandbox: Sandbox) -> FlaskClient:
    return application(sandbox).test_client()


def seen(visitor: FlaskClient, path: str) -> str:
    """A page's text without its tags."""
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_a_pull_request_that_waits_for_its_check(visitor: FlaskClient, pull: Pull) -> None:
    page = seen(visitor, "/acme/shop/pull/1")
    assert "Five #1" in page
    assert "Waiting for checks" in page
    assert "Required: sst-policy is expected." in page
    assert "Suggested change" in page
    assert "- LINE 5 + LINE five" in page


def test_its_files_with_the_comment_below_the_line(visitor: FlaskClient, pull: Pull) -> None:
    page = seen(visitor, "/acme/shop/pull/1/files")
    assert page.index("LINE 5") < page.index("on line 5") < page.index("line 6")


def test_its_check_run(sandbox: Sandbox, visitor: FlaskClient, pull: Pull, client: Github) -> None:
    assert "No check has reported" in seen(visitor, "/acme/shop/pull/1/checks")
    note = {
        "path": "sst.config.ts",
        "start_line": 6,
        "end_line": 6,
        "annotation_level": "warning",
        "message": "Hm",
    }
    client.get_repo("acme/shop").create_check_run(
        "sst-policy",
        pull.head_sha,
        conclusion="failure",
        output={"title": "1 error", "summary": "| a |\n|---|\n| b |", "annotations": [note]},
    )
    for path in ("/acme/shop/pull/1/checks", f"/acme/shop/runs/{pull.repository.checks[0].id}"):
        page = seen(visitor, path)
        assert "1 error" in page
        assert "Hm" in page
    assert "Some checks were not successful" in seen(visitor, "/acme/shop/pull/1")
    assert "Hm" in seen(visitor, "/acme/shop/pull/1/files")


def test_a_suggestion_is_committed(sandbox: Sandbox, visitor: FlaskClient, pull: Pull) -> None:
    before = visitor.get("/version").text
    visitor.post(f"/acme/shop/pull/1/apply/{pull.comments[0].id}")
    text = pull.repository.store.text(pull.repository.store.files(pull.head_sha)["sst.config.ts"])
    assert text.decode() == BEFORE.replace("line 5\n", "LINE five\n")
    assert visitor.get("/version").text != before
    page = seen(visitor, "/acme/shop/pull/1")
    assert "Outdated" in page
    assert "Commit suggestion" not in page


def test_merging_when_it_is_allowed(sandbox: Sandbox, visitor: FlaskClient, pull: Pull) -> None:
    assert visitor.post("/acme/shop/pull/1/merge").status_code == 409
    pull.repository.required.clear()
    assert visitor.post("/acme/shop/pull/1/merge").status_code == 302
    assert "successfully merged" in seen(visitor, "/acme/shop/pull/1")


def test_drafts_conflicts_and_unresolved_conversations(
    sandbox: Sandbox, visitor: FlaskClient, pull: Pull
) -> None:
    pull.repository.required.clear()
    sandbox.ready(pull, False)
    assert "still a work in progress" in seen(visitor, "/acme/shop/pull/1")
    sandbox.ready(pull)
    pull.repository.resolved_conversations = True
    assert "A conversation must be resolved." in seen(visitor, "/acme/shop/pull/1")
    sandbox.push_branch(pull.repository, "main", {"sst.config.ts": "other\n"})
    assert "conflicts that must be resolved" in seen(visitor, "/acme/shop/pull/1")


def test_renamed_and_binary_files(sandbox: Sandbox, shop: Repository, visitor: FlaskClient) -> None:
    sandbox.open_pull(shop, {"infra/api.ts": None, "infra/web.ts": "export {};\n", "logo.png": "\0"})
    page = seen(visitor, "/acme/shop/pull/1/files")
    assert "infra/api.ts &rarr; infra/web.ts" in page
    assert "File renamed without changes." in page
    assert "Not shown: binary or too large." in page


def test_the_front_page_and_what_is_not_there(visitor: FlaskClient, pull: Pull) -> None:
    assert "acme/shop Five #1 open" in seen(visitor, "/")
    assert visitor.get("/avatars/ada.svg").content_type == "image/svg+xml"
    for path in ("/acme/none/pull/1", "/acme/shop/pull/9", "/acme/shop/runs/9"):
        assert visitor.get(path).status_code == 404


def test_a_notice_is_on_every_page_and_loads_it_anew(
    sandbox: Sandbox, visitor: FlaskClient, pull: Pull
) -> None:
    before = visitor.get("/version").text
    assert "notice" not in visitor.get("/").text
    sandbox.notice = "Press </script> now"
    assert visitor.get("/version").text != before
    for path in ("/", f"/acme/shop/pull/{pull.number}"):
        text = visitor.get(path).text
        assert '<p class="notice">Press &lt;/script&gt; now</p>' in text
        assert text.count("</script>") == 1


def test_markdown_cannot_bring_html_along() -> None:
    page = rendered(
        "<script>x</script> <!-- hidden -->\n\n<details><summary>Why</summary>\n\nso\n\n</details>"
    )
    assert "<script>" not in page
    assert "hidden" not in page
    assert "<details><summary>Why</summary>\n<p>so</p>\n</details>" in page
