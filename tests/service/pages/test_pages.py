"""What the pages say."""

from __future__ import annotations

import base64
import json
import re
import zlib

import pytest

from policy_bot.isolation import InProcess
from policy_bot.isolation.answering import Question
from policy_bot.isolation.reader import NOBODY, Asker, Unanswered
from policy_bot.service.pages.what_if import WhatIf, WhatIfInput, WhatIfResult
from policy_bot.service.store import standings
from policy_bot.sst.reasons import Why
from policy_bot.sst.source import SourceTree
from tests.service.pages.people import TODAY, Office

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def test_an_organisation_by_verdict_and_policy(place: Office) -> None:
    text = place.signed_in("bob").get("/o/acme").text
    assert "Open findings: 1 error, 0 warnings, 0 notices," in text
    assert "timeout/too-short" in text
    assert text.index("shop</a>") < text.index("web</a>")  # the worst first
    assert "2026-10-01" in text


def test_the_filter_is_in_the_address(place: Office) -> None:
    browser = place.signed_in("bob")
    found = browser.get("/o/acme.json?verdict=fail").json
    assert [each["name"] for each in found["repositories"]] == ["acme/shop"]
    assert browser.get("/o/acme.csv?name=WEB").text.splitlines() == [
        "repository,verdict,errors,warnings,notices,cannot tell,excused,oldest",
        "acme/web,pass,0,0,0,0,1,",
    ]


def test_a_repository_with_findings_excuses_and_what_is_deployed(place: Office) -> None:
    text = place.signed_in("ada").get("/r/acme/shop").text
    assert "<code>Chat</code> is cut off after 60 seconds" in text
    assert "Excused until 2027-01-01: cheap" in text
    assert "differs by stage" in text
    assert '<td class="differs">60 s</td><td>yes</td>' in text  # the timeout differs, streaming does not
    assert "/acme/shop/blob/" + "a" * 40 + "/infra/api.ts#L7" in text


def test_the_trend_is_for_whoever_sees_the_whole(place: Office) -> None:
    for day in ("2026-11-27", "2026-11-28"):
        place.store.write(lambda to, day=day: standings.close_day(to, place.acme.id, day))
    assert "Over time" in place.signed_in("bob").get("/o/acme").text
    assert "Over time" not in place.signed_in("ada").get("/o/acme").text
    assert b"2026-11-28" in place.signed_in("bob").get("/o/acme/trend.svg").data


def test_policies_can_be_searched_and_read(place: Office) -> None:
    browser = place.nobody()
    assert "timeout/too-short" in browser.get("/policies?q=stream+timeout").text
    assert "0 policies" in browser.get("/policies?q=zzzz").text
    page = browser.get("/policies/timeout/too-short").text
    assert "<h2>" in page
    assert "<script>" not in page


def test_a_config_can_be_tried_and_its_link_holds_it(place: Office) -> None:
    browser = place.signed_in("ada")
    token = TOKEN.search(browser.get("/what-if").text)
    assert token
    form = {"csrf_token": token[1], "text": WhatIfInput().text, "version": "4.17.0", "profile": "recommended"}
    answer = browser.post("/what-if", data=form)
    assert answer.status_code == 303
    text = browser.get(answer.headers["Location"]).text
    assert "timeout/too-short" in text
    assert "+      timeout:" in text  # the fix, as a diff
    assert "SST 4.17.0" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("export default $config({ run() { const = 3 } })", "Could not be read"),
        ("", "Could not be read"),
        ("export default $config({ async run() { for (;;) new sst.aws.Bucket('B') } })", "No functions."),
        ("// file: <b>.ts\n\u202e", "Could not be read"),
    ],
)
def test_a_config_that_cannot_be_read_says_why(place: Office, text: str, said: str) -> None:
    link = WhatIfInput(text).link
    answer = place.signed_in("ada").get("/what-if", query_string={"input": link})
    assert answer.status_code == 200
    assert said in answer.text
    assert "<b>" not in answer.text


def test_a_fault_of_ours_is_a_page_that_says_nothing_of_it(place: Office) -> None:
    browser = place.signed_in("bob")
    place.app.view_functions["organisations.organisation"] = lambda owner: 1 / len("") * owner
    answer = browser.get("/o/acme")
    assert (answer.status_code, "Something went wrong" in answer.text) == (500, True)
    assert "ZeroDivision" not in answer.text


@pytest.mark.parametrize("link", ["x", "!!", "eJwDAAAAAAE", "A" * 9_000])
def test_a_damaged_link_is_reported_as_such(place: Office, link: str) -> None:
    assert place.signed_in("ada").get("/what-if", query_string={"input": link}).status_code == 400


def test_a_link_that_would_unfold_into_a_gigabyte_is_refused() -> None:
    bomb = zlib.compress(json.dumps(["x" * 50_000_000, "", "", "guide"]).encode(), 9)
    assert WhatIfInput.of(base64.urlsafe_b64encode(bomb).decode()) is None


def test_nothing_that_somebody_pastes_is_read_or_judged_in_this_process() -> None:
    asked: list[str] = []

    class Elsewhere(InProcess):
        def ask(self, tree: SourceTree, question: Question, asker: Asker = NOBODY) -> object:
            asked.append(type(question).__name__)
            raise Unanswered(Why.PROJECT_TIME(10))

    tried = WhatIf(Elsewhere, lambda: TODAY)(WhatIfInput(stage="live"))
    assert tried is not None
    assert asked == ["JudgeProject"]
    assert len(tried.judgement.problems) == 1


def test_only_one_config_is_read_at_a_time() -> None:
    inside: list[WhatIfResult | None] = []

    class Meanwhile(InProcess):
        def ask(self, tree: SourceTree, question: Question, asker: Asker = NOBODY) -> object:
            if not inside:
                inside.append(what_if(WhatIfInput()))
            return super().ask(tree, question, asker)

    what_if = WhatIf(Meanwhile, lambda: TODAY)
    assert what_if(WhatIfInput()) is not None
    assert inside == [None]


def test_hostile_names_are_text(place: Office) -> None:
    name = "acme/<script>alert(1)</script>"
    hostile = standings.Standing(99, name, "fail", 1, standings.Found(), oldest="2026-01-01")
    place.store.write(lambda to: standings.keep(to, place.acme.id, hostile))
    text = place.signed_in("olga").get("/o/acme").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_each_page_forbids_what_it_does_not_need(place: Office) -> None:
    for address in ("/", "/policies", "/o/acme", "/what-if"):
        policy = place.signed_in("bob").get(address).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
