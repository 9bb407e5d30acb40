"""A pull request that ignores a finding on its line: it passes only if the base side's settings let it."""

from __future__ import annotations

import pytest

from policy_bot.sandbox.sandbox import Blocked
from tests.flows.configs import line
from tests.flows.test_policy_over_time import WRONG, Organisation, acme

__all__ = ["acme"]

IGNORE = "// policy-bot: ignore timeout/too-short -- the upstream closes first"
IGNORED = WRONG.replace('timeout: "60 seconds"', f'{IGNORE}\n      timeout: "60 seconds"')


@pytest.fixture
def ignoring(acme: Organisation) -> Organisation:
    """The pull request excuses itself; the organisation has no policy yet."""
    acme.town.sandbox.push(acme.pull, {"sst.config.ts": IGNORED})
    acme.town.settle()
    return acme


def test_without_a_policy_of_the_organisation_it_counts_and_is_shown(ignoring: Organisation) -> None:
    run = ignoring.run()
    assert run.conclusion == "success"
    said = "**Ignored on the line by this change**: the upstream closes first"
    assert "### 1 excused" in (run.summary or "")
    assert said in (run.summary or "")
    (note,) = (each for each in run.annotations if "gnored on the line" in each["message"])
    assert note["annotation_level"] == "notice"
    assert note["start_line"] == line(IGNORED, 'timeout: "60 seconds",')
    ignoring.town.sandbox.merge(ignoring.pull)


def test_an_organisation_with_a_policy_has_to_allow_it(ignoring: Organisation) -> None:
    ignoring.change("mode: enforce\n")
    run = ignoring.run()
    assert run.conclusion == "failure"
    assert "the organisation does not let comments excuse findings" in (run.summary or "")
    with pytest.raises(Blocked):
        ignoring.town.sandbox.merge(ignoring.pull)
    ignoring.change("allow: [inline]\n")
    assert ignoring.run().conclusion == "success"


def test_a_pull_request_does_not_allow_itself(acme: Organisation) -> None:
    acme.change("mode: enforce\n")
    own = {
        "sst.config.ts": IGNORED,
        ".github/policy-bot.yml": "inline: true\n",
        "policy-bot.yml": "allow: [inline]\n",
    }
    acme.town.sandbox.push(acme.pull, own)
    acme.town.settle()
    assert acme.run().conclusion == "failure"


def test_an_ignore_that_was_there_before_is_not_part_of_this_change(ignoring: Organisation) -> None:
    town = ignoring.town
    town.sandbox.merge(ignoring.pull)
    town.settle()
    later = town.sandbox.open_pull(ignoring.shop, {"sst.config.ts": IGNORED + "// more\n"})
    town.settle()
    summary = ignoring.run(later).summary or ""
    assert "**Ignored on the line**: the upstream closes first" in summary
    assert "by this change" not in summary


def test_taking_one_away_brings_the_finding_back(ignoring: Organisation) -> None:
    town = ignoring.town
    town.sandbox.merge(ignoring.pull)
    town.settle()
    later = town.sandbox.open_pull(ignoring.shop, {"sst.config.ts": WRONG})
    town.settle()
    assert ignoring.run(later).conclusion == "failure"


def test_a_misspelt_one_and_an_idle_one_are_reported(acme: Organisation) -> None:
    misspelt = IGNORED.replace("timeout/too-short", "timeout/to-short")
    acme.town.sandbox.push(acme.pull, {"sst.config.ts": misspelt})
    acme.town.settle()
    assert acme.run().conclusion == "failure"
    assert "Did you mean `timeout/too-short`?" in (acme.run().summary or "")
    idle = IGNORED.replace('"60 seconds"', '"300 seconds"')
    acme.town.sandbox.push(acme.pull, {"sst.config.ts": idle})
    acme.town.settle()
    assert acme.run().conclusion == "success"
    assert "excuses nothing: remove it" in (acme.run().summary or "")
