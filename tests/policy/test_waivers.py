"""Waivers: what one excuses, when it ends, and that it is noticed when it is idle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from policy_bot.policy import waivers
from policy_bot.policy.weighing import weigh
from tests.policy.layering import TODAY, finding, standing

WAIVER = """\
waivers:
  - policy: timeout/too-short
    repository: web-shop
    path: infra/*
    subject: Chat
    reason: streams for at most 20 seconds, see the ADR
    expires: 2026-12-31
    approved-by: "@acme/platform"
"""


def test_an_excused_finding_stays_visible_and_does_not_gate() -> None:
    weighed = weigh(finding(), standing(WAIVER).settings)
    assert not weighed.gates
    assert weighed.excuse is not None
    assert weighed.excuse.reason == "streams for at most 20 seconds, see the ADR"
    assert (weighed.excuse.expires, weighed.excuse.approved_by) == ("2026-12-31", "@acme/platform")
    assert weighed.excuse.source == "policy-bot.yml:2 (organisation)"


@pytest.mark.parametrize(
    ("days", "excused"),
    [(0, True), (39, True), (40, False), (400, False)],
)
def test_it_excuses_through_its_last_day_and_is_void_after(days: int, excused: bool) -> None:
    settings = standing(WAIVER, today=TODAY + timedelta(days)).settings
    assert (weigh(finding(), settings).excuse is not None) is excused


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 12, 1), None),
        (date(2026, 12, 17), "the waiver of `timeout/too-short` at `infra/*` ends in 14 days (2026-12-31)"),
        (date(2026, 12, 30), "the waiver of `timeout/too-short` at `infra/*` ends tomorrow (2026-12-31)"),
        (date(2026, 12, 31), "the waiver of `timeout/too-short` at `infra/*` ends today (2026-12-31)"),
        (
            date(2027, 1, 1),
            "the waiver of `timeout/too-short` ended on 2026-12-31 and no longer excuses anything",
        ),
    ],
)
def test_its_end_is_announced(day: date, said: str | None) -> None:
    notices = [notice.message for notice in standing(WAIVER, today=day).settings.notices]
    assert [notice.partition(":")[0] for notice in notices] == ([said] if said else [])


def test_one_that_excuses_nothing_is_reported() -> None:
    settings = standing(WAIVER).settings
    assert waivers.idle(settings, [finding()]) == ()
    (notice,) = waivers.idle(settings, [finding(names=("Other",))])
    assert str(notice) == (
        "policy-bot.yml:2: the waiver of `timeout/too-short` at `infra/*` excuses nothing: remove it"
    )


def test_of_two_that_fit_the_longer_one_is_shown() -> None:
    longer = WAIVER + WAIVER.removeprefix("waivers:\n").replace("2026-12-31", "2027-06-30")
    excuse = weigh(finding(), standing(longer).settings).excuse
    assert excuse is not None
    assert excuse.expires == "2027-06-30"


def test_the_projects_config_is_a_place_too() -> None:
    by_project = WAIVER.replace("infra/*", "apps/web/sst.config.ts")
    settings = standing(by_project).settings
    assert weigh(finding(path="lib/a.ts", project="apps/web/sst.config.ts"), settings).excuse
    assert not weigh(finding(path="lib/a.ts", project="apps/api/sst.config.ts"), settings).excuse


REPOSITORYS = WAIVER.replace("    repository: web-shop\n", "")


@pytest.mark.parametrize(
    ("org", "excused", "said"),
    [
        (None, True, None),
        ("mode: enforce", False, "the organisation does not let repositories waive `timeout/too-short`"),
        ("allow: [waivers]", True, None),
        ("allow: [timeout/too-short]", True, None),
        ("allow: [timeout/too-short.minimum]", False, "does not let repositories waive"),
        ("allow: [waivers]\nlock: [timeout/*]", False, "does not let repositories waive"),
        ("allow: [waivers]\napprovers: ['@acme/security']", False, "`@acme/platform` is not one of the"),
        ("allow: [waivers]\napprovers: ['@Acme/Platform']", True, None),
    ],
)
def test_a_repositorys_waiver_counts_where_the_organisation_lets_it(
    org: str | None, excused: bool, said: str | None
) -> None:
    settings = standing(org, REPOSITORYS).settings
    assert (weigh(finding(), settings).excuse is not None) is excused
    assert len(settings.notices) == (said is not None)
    assert all(said and said in notice.message for notice in settings.notices)


def test_a_policy_that_cannot_be_waived_makes_the_file_an_error() -> None:
    (problem,) = standing(WAIVER.replace("timeout/too-short", "config/broken")).problems
    assert str(problem.reason) == "`config/broken` cannot be waived. Fix the finding"
    assert (problem.span.path, problem.span.line) == ("policy-bot.yml", 2)


def test_the_organisations_own_waiver_needs_one_of_its_approvers() -> None:
    (problem,) = standing(WAIVER + "approvers: ['@acme/security']\n").problems
    assert str(problem.reason) == "`@acme/platform` is not one of the `approvers`. There are: @acme/security"
