"""Parts of a summary that the pictures do not show: stages, days, waivers, links, groups."""

from __future__ import annotations

import yaml

from policy_bot.policy.finding import Excuse, Finding, Judgement
from policy_bot.record import replace
from policy_bot.review import waiving
from policy_bot.review.diff import FileDiff, diff, hunks
from policy_bot.review.lines import HeadLines
from policy_bot.review.links import Links
from policy_bot.review.plan import Plan, plan
from policy_bot.review.ratchet import Ratcheted
from policy_bot.review.review import Review
from policy_bot.sst.deployment import Context, Deployment, Project, Version
from policy_bot.sst.span import Span
from tests.review.findings import finding

LINKS = Links(
    "https://github.com/acme/shop",
    "c" * 40,
    7,
    "https://bot.acme.dev/policies",
    frozenset({"timeout/too-short"}),
)
EXCUSE = Excuse("moves in May", "2027-05-31", "@acme/ops", ".github/policy-bot.yml:7 (repository)")


def project(*stages: str) -> Project:
    contexts = tuple(Deployment(Context(stage), {}, {}, (), (), (), (), ()) for stage in stages)
    return Project("sst.config.ts", Version("3.17.0", "3.17.0", "package.json"), contexts, frozenset())


def planned(*new: Finding, old: tuple[Finding, ...] = (), **more: object) -> Plan:
    told = Ratcheted(new, tuple(replace(each, gates=False) for each in old))
    judgement = Judgement((project("production", "dev"),), (*new, *old))
    return plan(Review(judgement, told, **more))  # type: ignore[arg-type]


def test_a_check_that_fails_has_no_stage_that_passes() -> None:
    found = planned(finding(contexts=("production",)))
    assert found.conclusion == "failure"
    assert "| `dev` | no findings |" in found.summary
    assert "passes" not in found.summary
    assert planned().summary.count("passes") == 2


def test_a_finding_of_no_one_stage_is_in_the_row_of_each() -> None:
    found = planned(finding(contexts=("every stage",)))
    assert found.summary.count("| 1 error |") == 2


def test_older_and_excused_findings_are_counted_by_stage_and_do_not_pass() -> None:
    found = planned(finding(excuse=EXCUSE, gates=False), old=(finding("Old"),))
    assert "| `production` | 1 older, 1 excused |" in found.summary
    assert found.title == "Nothing new (1 older finding, 1 excused)"
    assert (
        "### 1 excused\n\n- `sst.config.ts:1` `timeout/too-short`: `Chat` streams and stops after 60 seconds."
        " **Excused, until 31 May 2027**, by @&#8203;acme/ops: moves in May" in found.summary
    )


def test_a_check_on_a_branch_speaks_of_no_change() -> None:
    found = planned(old=(finding(), finding("Site", 2, "warning")), occasion="branch")
    assert (found.conclusion, found.title) == ("success", "1 error, 1 warning on this branch")
    assert "this change" not in found.summary
    assert "Blocks merging" not in found.summary
    assert "A check on a branch reports its findings and blocks nothing" in found.summary


def test_the_day_of_enforcement_is_in_title_comment_and_annotation() -> None:
    patch = "@@ -0,0 +1 @@\n+x"
    shown = {
        "diff": diff([FileDiff("sst.config.ts", "added", None, hunks(patch))]),
        "lines": HeadLines({"sst.config.ts": b"x"}, {"sst.config.ts": b"x"}),
        "held_back": True,
    }
    found = planned(finding(trial="2027-03-01", gates=False), **shown)
    assert (found.conclusion, found.title) == ("neutral", "1 error, not enforced until 1 March 2027")
    assert (
        "**Not enforced until 1 March 2027**: until then it does not block merging." in found.comments[0].body
    )
    assert found.annotations[0].message.endswith("In production. Not enforced until 1 March 2027.")
    found = planned(finding(trial="evaluate", gates=False), **shown)
    assert found.title == "1 error, not enforced"
    assert "**Not enforced**: the settings only evaluate this policy" in found.comments[0].body


def test_lines_and_policies_are_linked() -> None:
    found = planned(finding(), links=LINKS)
    line = f"https://github.com/acme/shop/blob/{'c' * 40}/sst.config.ts#L1"
    assert f"- [`sst.config.ts:1`]({line}): " in found.summary
    assert "[`timeout/too-short`](https://bot.acme.dev/policies/timeout/too-short)" in found.summary
    own = planned(finding(policy="acme/own"), links=LINKS)
    assert "· `acme/own`\n" in own.summary


def test_a_path_cannot_leave_its_link() -> None:
    span = Span("a) [x](y).ts", 1, 1, 1, 1, 0, 0)
    assert "a%29%20%5Bx%5D%28y%29.ts#L1)" in planned(finding(span=span), links=LINKS).summary


def test_findings_of_one_cause_are_one_comment_in_a_file_and_one_paragraph() -> None:
    text = b"\n" * 9
    patch = "@@ -0,0 +1,9 @@\n" + "+\n" * 9
    named = [
        finding(name, line, names=(name,), message=f"`{name}` streams and stops after 60 seconds.")
        for line, name in enumerate(("A", "B", "C"), 1)
    ]
    other = finding("D", 5, names=("D",), message="`D` streams and stops after 90 seconds.")
    found = planned(
        *named,
        other,
        diff=diff([FileDiff("sst.config.ts", "added", None, hunks(patch))]),
        lines=HeadLines({"sst.config.ts": text}, {"sst.config.ts": text}),
        links=LINKS,
    )
    assert [comment.line for comment in found.comments] == [1, 5]
    assert (
        "And 2 more lines: [`line 2`](https://github.com/acme/shop/pull/7/files#diff-"
        in found.comments[0].body
    )
    assert "· 4 findings, 2 causes" in found.summary
    assert "The same holds for 2 more: `B` at [`sst.config.ts:2`](" in found.summary
    assert len(found.annotations) == 4


def test_the_snippet_is_a_waiver_that_can_be_read() -> None:
    text = waiving.snippet([finding(names=("GET /a: *",)), finding("B", 2, names=("B",), waivable=False)])
    (waiver,) = yaml.safe_load(text)["waivers"]
    assert waiver["policy"] == "timeout/too-short"
    assert waiver["path"] == "sst.config.ts"
    assert waiver["subject"] == "GET /a: *"
    assert waiver["approved-by"] == "@someone"
    assert waiving.folded([finding(waivable=False)]) == ""
    assert waiving.folded([finding(excuse=EXCUSE)]) == ""


def test_comments_that_are_left_out_are_counted() -> None:
    text = b"\n" * 40
    patch = "@@ -0,0 +1,40 @@\n" + "+\n" * 40
    found = planned(
        *(finding(f"F{at}", at, message=f"It stops after {at} seconds.") for at in range(1, 31)),
        diff=diff([FileDiff("sst.config.ts", "added", None, hunks(patch))]),
        lines=HeadLines({"sst.config.ts": text}, {"sst.config.ts": text}),
    )
    assert len(found.comments) == 20
    assert (
        "20 of 30 causes have a comment on changed lines. The others are listed here only." in found.summary
    )


def test_a_project_that_is_gone_is_named_in_the_title() -> None:
    gone = finding(policy="config/project-gone", span=Span("apps/web/sst.config.ts", 1, 1, 1, 1, 0, 0))
    assert plan(Review(Judgement((), (gone,)), Ratcheted((gone,), ()))).title == (
        "Project not judged: apps/web/sst.config.ts"
    )
