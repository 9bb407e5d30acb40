"""The same pull request over time: repeats post nothing, a fix cleans up, GitHub is asked no more than
promised."""

from __future__ import annotations

import pytest

from policy_bot.sandbox.state import Pull
from tests.flows.configs import CLEAN, config, line
from tests.flows.street import Street

WRONG = config('streaming: !$dev,\n      url: true,\n      timeout: "60 seconds"')
RIGHT = WRONG.replace("60 seconds", "300 seconds")


def test_a_second_delivery_posts_nothing_new(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    town.settle()
    before = ids(pull)
    for attempt in list(town.sandbox.hook.attempts):
        town.sandbox.hook.redeliver(attempt)
    town.settle()
    assert ids(pull) == before


def ids(pull: Pull) -> list[int]:
    """Everything on a pull request."""
    return [one.id for kind in (pull.comments, pull.reviews, pull.repository.checks) for one in kind]


def test_a_fix_makes_it_green_and_takes_the_comments_away(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    town.settle()
    assert [comment.thread.line for comment in pull.comments] == [line(WRONG, 'timeout: "60 seconds",')]
    town.sandbox.push(pull, {"sst.config.ts": RIGHT})
    town.settle()
    assert town.run(pull).conclusion == "success"
    assert not pull.comments
    town.sandbox.merge(pull)


def test_a_comment_that_was_answered_stays_and_says_it_is_fixed(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    town.settle()
    town.sandbox.reply(pull.comments[0], "Really?")
    town.sandbox.push(pull, {"sst.config.ts": RIGHT})
    town.settle()
    ours, theirs = pull.comments
    assert "Fixed" in ours.body
    assert theirs.body == "Really?"


def test_the_suggestion_taken_unchanged_makes_it_green(town: Street) -> None:
    shop = town.begin(CLEAN)
    wrong = config('streaming: true,\n      url: true,\n      timeout: "60 seconds"')
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": wrong})
    town.settle()
    suggested = [comment for comment in pull.comments if "300 seconds" in comment.body]
    town.sandbox.apply(suggested[0])
    town.settle()
    assert town.run(pull).conclusion == "success"


@pytest.mark.parametrize(
    ("files", "budget"),
    [({"README.md": "# Shop\n"}, 2), ({"sst.config.ts": RIGHT}, 3), ({"sst.config.ts": WRONG}, 4)],
    ids=["nothing of SST", "clean", "findings"],
)
def test_requests_for_a_new_pull_request(town: Street, files: dict[str, str], budget: int) -> None:
    shop = town.begin(CLEAN)
    town.asked()
    town.sandbox.open_pull(shop, files)
    town.settle()
    asked = town.asked()
    assert len(asked) <= budget, asked


def test_requests_for_a_push_with_stale_comments(town: Street) -> None:
    shop = town.begin(CLEAN)
    functions = (
        f'streaming: !$dev,\n      url: true,\n      timeout: "{seconds} seconds"' for seconds in (60, 61, 62)
    )
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": config(*functions)})
    town.settle()
    assert len(pull.comments) == 3
    town.asked()
    town.sandbox.push(pull, {"sst.config.ts": config('timeout: "20 minutes"')})
    town.settle()
    asked = town.asked()
    assert len(asked) <= 5, asked
    assert [("lambda-max" in comment.body) for comment in pull.comments] == [True]


SITE = """export default $config({
  app() { return { name: "shop", home: "aws" } },
  async run() { new sst.aws.Nextjs("Web", { path: "web" }) },
})
"""
ROUTE = "web/app/api/chat/route.ts"
CHAT = 'import { answer } from "../../../lib/model"\nexport const POST = () => answer()\n'
MODEL = "export const answer = () => Response.json(model())\n"
STREAMING = "export const answer = () => model().toUIMessageStreamResponse()\n"
CODE = {"sst.config.ts": SITE, "package.json": CLEAN["package.json"], "README.md": "# shop\n", ROUTE: CHAT,
        "web/lib/model.ts": MODEL, "web/lib/price.ts": "export const price = 1\n"}  # fmt: skip


@pytest.mark.parametrize(
    ("files", "remembered", "first", "conclusion"),
    [
        # at first: the folders below the third
        ({"README.md": "# Shop\n"}, 2, 3, "success"),
        ({"web/app/logo.svg": "<svg/>\n"}, 2, 3, "success"),
        # and the patches, which show no word of what streams
        ({"web/lib/price.ts": "export const price = 2\n"}, 2, 4, "success"),
        ({ROUTE: CHAT.replace("()", "(_)")}, 4, 5, "success"),
        ({"web/lib/model.ts": STREAMING}, 5, 6, "failure"),
        ({ROUTE: STREAMING.replace("answer", "POST")}, 6, 7, "failure"),
    ],
    ids=["docs", "picture", "code", "route", "code that streams", "route that streams"],
)
def test_requests_for_application_code(
    town: Street, files: dict[str, str], remembered: int, first: int, conclusion: str
) -> None:
    shop = town.begin(CODE)
    for title, most in (("x", remembered), ("y", first)):
        town.asked()
        pull = town.sandbox.open_pull(shop, {**files, f"{title}.md": ""})
        town.settle()
        asked = town.asked()
        assert len(asked) == most, asked
        assert town.run(pull).conclusion == conclusion
        town.forget()
