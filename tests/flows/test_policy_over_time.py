"""Policy through the whole service: reviewed, merged, enforced, broken, excused; pull requests follow."""

from __future__ import annotations

import pytest

from policy_bot.sandbox.sandbox import Blocked
from policy_bot.sandbox.state import CheckRun, Pull, Repository
from tests.flows.configs import CLEAN, config
from tests.flows.street import Street
from tests.flows.test_gate import latest

WRONG = config('streaming: !$dev,\n      url: true,\n      timeout: "60 seconds"')
WAIVER = """\
waivers:
  - policy: timeout/too-short
    repository: shop
    path: sst.config.ts
    reason: The upstream ends the stream after 20 seconds.
    expires: %s
    approved-by: "@acme/platform"
"""


class Organisation:
    """acme with its shop, its policy, and a pull request whose timeout is too short."""

    def __init__(self, town: Street) -> None:
        self.town = town
        self.shop = town.begin(CLEAN)
        self.policy: Repository = town.sandbox.repository("acme/.github", {"README.md": "x"})
        self.pull = town.sandbox.open_pull(self.shop, {"sst.config.ts": WRONG})
        town.settle()

    def change(self, text: str) -> Pull:
        """A change of policy: opened, reviewed, merged, followed."""
        change = self.town.sandbox.open_pull(self.policy, {"policy-bot.yml": text})
        self.town.settle()
        self.town.sandbox.merge(change)
        self.town.settle()
        return change

    def run(self, pull: Pull | None = None) -> CheckRun:
        """The check run that counts: the newest on the head."""
        shown = pull or self.pull
        return max(
            (run for run in shown.repository.checks if run.head_sha == shown.head_sha), key=lambda run: run.id
        )

    @property
    def shown(self) -> tuple[str | None, str | None]:
        run = self.run()
        return run.conclusion, run.title


@pytest.fixture
def acme(town: Street) -> Organisation:
    return Organisation(town)


def test_what_is_merged_holds_for_every_open_pull_request(acme: Organisation) -> None:
    assert acme.shown[0] == "failure"
    reviewed = acme.change("mode: evaluate\n")
    assert "1 green" in (acme.run(reviewed).title or "")
    conclusion, title = acme.shown
    assert conclusion == "neutral"
    assert "not enforced" in (title or "")
    reviewed = acme.change("mode: enforce\n")
    assert "1 pull request would turn red" in (acme.run(reviewed).title or "")
    assert acme.shown[0] == "failure"
    with pytest.raises(Blocked):
        acme.town.sandbox.merge(acme.pull)


def test_a_waiver_opens_the_gate_and_is_shown(acme: Organisation) -> None:
    acme.change(WAIVER % "2099-12-31")
    run = acme.run()
    assert run.conclusion == "success"
    assert "The upstream ends the stream after 20 seconds" in (run.summary or "")
    acme.town.sandbox.merge(acme.pull)


def test_a_file_that_is_broken_past_the_check_leaves_the_last_good_one_in_force(acme: Organisation) -> None:
    acme.change("mode: evaluate\n")
    acme.town.sandbox.push_branch(acme.policy, "main", {"policy-bot.yml": "mod: enforce\n"})
    acme.town.settle()
    assert acme.shown[0] == "neutral"
    assert "the last valid version stays in force" in (acme.run().summary or "")


@pytest.mark.parametrize("layer", ["organisation", "repository"])
def test_mistakes_without_a_last_good_file_do_not_block_the_change_that_corrects_them(
    town: Street, layer: str
) -> None:
    path = {"organisation": "policy-bot.yml", "repository": ".github/policy-bot.yml"}[layer]
    shop = town.begin(CLEAN)
    home = town.sandbox.repository("acme/.github", {"README.md": "x"}) if layer == "organisation" else shop
    town.sandbox.push_branch(home, "main", {path: "mod: enforce\n"})
    town.settle()
    change = {"sst.config.ts": config('timeout: "1 minute"')}
    blocked = town.sandbox.open_pull(shop, change)
    idle = town.sandbox.open_pull(shop, {"src/notes.ts": "export {};\n"})
    both = town.sandbox.open_pull(shop, {path: "mode: enforce\n", **change})
    corrected = town.sandbox.open_pull(home, {path: "mode: enforce\n"})
    town.settle()
    assert [town.run(pull).conclusion for pull in (blocked, idle, both)] == ["failure", "success", "failure"]
    assert "A pull request that only corrects them is not blocked" in (town.run(blocked).summary or "")
    town.sandbox.merge(corrected)
    town.settle()
    assert latest(town, blocked).conclusion == "success"


def test_policy_is_reviewed_in_a_change_of_more_files_than_github_lists(town: Street) -> None:
    shop = town.begin(CLEAN)
    many = {f"data/{number}.csv": "" for number in range(3_001)}
    pull = town.sandbox.open_pull(shop, {**many, ".github/policy-bot.yml": "mod: enforce\n"})
    town.settle()
    assert town.run(pull).title == "1 mistake in policy files"


def test_mistakes_are_caught_before_they_hold(acme: Organisation) -> None:
    change = acme.town.sandbox.open_pull(acme.policy, {"policy-bot.yml": "mod: enforce\n"})
    acme.town.settle()
    assert acme.run(change).conclusion == "failure"
    assert acme.shown[0] == "failure", "and nothing has changed for others"


def test_a_repository_tightens_by_itself_and_does_not_loosen(acme: Organisation) -> None:
    acme.change("mode: evaluate\n")
    loosen = {".github/policy-bot.yml": "mode: enforce\npolicies: {timeout/too-short: off}\n"}
    acme.town.sandbox.push_branch(acme.shop, "main", loosen)
    acme.town.settle()
    assert acme.shown[0] == "failure"
    summary = acme.run().summary or ""
    assert "is refused: it would loosen" in summary
