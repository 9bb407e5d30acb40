"""T19: an exception applies to another place -> a waiver applies to its policy, place, repository and days
only.
"""

from __future__ import annotations

from datetime import date

import pytest

from policy_bot.policy.finding import Finding
from policy_bot.policy.layers import RepositoryTraits
from policy_bot.policy.weighing import weigh
from tests.policy.layering import SHOP, TODAY, finding, standing

WAIVER = """\
waivers:
  - policy: timeout/too-short
    repository: web-shop
    path: infra/api.ts
    subject: Chat
    reason: streams for at most 20 seconds
    expires: 2026-12-31
    approved-by: "@acme/platform"
"""


@pytest.mark.parametrize(
    ("found", "about", "today", "excused"),
    [
        (finding(), SHOP, TODAY, True),
        (finding(), RepositoryTraits("WEB-SHOP"), TODAY, True),
        (finding(policy="timeout/lambda-max"), SHOP, TODAY, False),
        (finding(names=("Chat2",)), SHOP, TODAY, False),
        (finding(names=("chat",)), SHOP, TODAY, False),
        (finding(names=("Chat", "Other")), SHOP, TODAY, False),
        (finding(names=()), SHOP, TODAY, False),
        (finding(path="infra/api.tsx"), SHOP, TODAY, False),
        (finding(path="x/infra/api.ts"), SHOP, TODAY, False),
        (finding(path="infra/API.ts"), SHOP, TODAY, False),
        (finding(), RepositoryTraits("web-shop-2"), TODAY, False),
        (finding(), RepositoryTraits("shop"), TODAY, False),
        (finding(), SHOP, date(2027, 1, 1), False),
    ],
)
def test_every_bound_of_a_waiver_holds(
    found: Finding, about: RepositoryTraits, today: date, excused: bool
) -> None:
    weighed = weigh(found, standing(WAIVER, about=about, today=today).settings)
    assert (weighed.excuse is not None, weighed.gates) == (excused, not excused)


@pytest.mark.parametrize("missing", ["policy", "path", "reason", "expires", "approved-by", "repository"])
def test_a_waiver_without_all_that_binds_it_is_an_error(missing: str) -> None:
    lines = [line for line in WAIVER.splitlines() if f"{missing}:" not in line]
    text = "\n".join(lines).replace("waivers:\n    ", "waivers:\n  - ")
    assert [f"`{missing}` is missing here" in str(problem.reason) for problem in standing(text).problems] == [
        True
    ]


def test_one_organisations_waiver_is_not_another_ones() -> None:
    """Both have a repository `web-shop`: what is in force comes from the revisions given alone."""
    assert weigh(finding(), standing(WAIVER).settings).excuse
    assert not weigh(finding(), standing("mode: enforce").settings).excuse
