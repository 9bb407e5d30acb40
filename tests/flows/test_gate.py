"""What the check stops: ways around it that were found from outside, each through the whole service."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from policy_bot.github.events import PullKey
from policy_bot.sandbox.sandbox import Blocked
from policy_bot.sandbox.state import CheckRun, Pull
from policy_bot.service.evaluation.steps import Outcome
from tests.flows.configs import CLEAN, PACKAGE, config
from tests.flows.street import Street, street

WRONG = config('timeout: "20 minutes"')
RIGHT = config('timeout: "15 minutes"')
SETTINGS = ".github/policy-bot.yml"


def streams(timeout: str) -> str:
    return config(f'streaming: true,\n      url: true,\n      timeout: "{timeout}"')


def latest(town: Street, pull: Pull) -> CheckRun:
    """The run that counts on the pull request's head."""
    (run,) = town.sandbox.world.latest_runs(pull.repository, pull.head_sha)
    return run


# an old finding that gets worse


@pytest.mark.parametrize(
    ("before", "after", "conclusion"),
    [
        ("60 seconds", "1 second", "failure"),
        ("60 seconds", "100 seconds", "success"),  # towards the 300 seconds that are asked for
        ("60 seconds", "60 seconds", "success"),
    ],
)
def test_an_old_finding_is_old_only_while_it_is_not_worse(
    town: Street, before: str, after: str, conclusion: str
) -> None:
    shop = town.begin({**CLEAN, "sst.config.ts": streams(before)})
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": "// a note\n" + streams(after)})
    town.settle()
    assert town.run(pull).conclusion == conclusion
    assert len(pull.comments) == (conclusion == "failure")


def test_an_old_finding_in_more_contexts_is_new(town: Street) -> None:
    staged = streams("60 seconds").replace(
        'timeout: "60 seconds"', 'timeout: $app.stage === "production" ? "300 seconds" : "60 seconds"'
    )
    shop = town.begin({**CLEAN, "sst.config.ts": staged})
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": streams("60 seconds")})
    town.settle()
    assert town.run(pull).conclusion == "failure"


@pytest.mark.parametrize(
    ("left", "conclusion"), [(["queue"], "success"), (["queue", "topic", "cron"], "failure")]
)
def test_a_list_that_gets_shorter_is_no_worse(town: Street, left: list[str], conclusion: str) -> None:
    def imports(names: list[str]) -> dict[str, str]:
        lines = "".join(f'    await import("./infra/{name}.sst");\n' for name in names)
        files = {
            f"infra/{name}.sst.ts": f'export const made = new sst.aws.Bucket("{name}");\n' for name in names
        }
        return {"sst.config.ts": config().replace('    new sst.aws.Bucket("Uploads");\n', lines), **files}

    shop = town.begin({**CLEAN, **imports(["queue", "topic"])})
    pull = town.sandbox.open_pull(shop, imports(left))
    town.settle()
    assert town.run(pull).conclusion == conclusion, town.run(pull).summary


def test_an_old_finding_of_more_subjects_is_new(town: Street) -> None:
    loop = """\
    for (const name of [%s]) {
      new sst.aws.Function(name, {
        handler: "src/index.handler", url: true, streaming: true, timeout: "60 seconds",
      });
    }
"""
    before = config().replace('    new sst.aws.Bucket("Uploads");\n', loop % '"A"')
    shop = town.begin({**CLEAN, "sst.config.ts": before})
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": before.replace('["A"]', '["A", "B"]')})
    town.settle()
    assert town.run(pull).conclusion == "failure"


# a base that has the error already


def test_an_error_that_another_branch_has_already_does_not_reach_the_default_branch(town: Street) -> None:
    shop = town.begin(CLEAN)
    town.sandbox.push_branch(shop, "legacy", {"sst.config.ts": WRONG})
    pull = town.sandbox.open_pull(shop, {"README.md": "# Harmless\n"}, base="legacy", branch="harmless")
    town.settle()
    assert town.run(pull).conclusion == "failure"
    town.sandbox.retarget(pull, "main")
    town.sandbox.hook.pending.clear()  # nobody hears of it
    with pytest.raises(Blocked):
        town.sandbox.merge(pull)


def test_a_lenient_settings_file_of_another_branch_is_not_asked(town: Street) -> None:
    shop = town.begin(CLEAN)
    town.sandbox.push_branch(shop, "lenient", {SETTINGS: "policies: {timeout/lambda-max: off}\n"})
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG}, base="lenient")
    town.settle()
    assert town.run(pull).conclusion == "failure"


def test_a_release_branch_may_be_exempt(town: Street) -> None:
    shop = town.begin({**CLEAN, SETTINGS: 'release-branches: ["release/*"]\n'})
    town.sandbox.push_branch(shop, "release/1", {"sst.config.ts": WRONG})
    pull = town.sandbox.open_pull(
        shop, {"sst.config.ts": "// a note\n" + WRONG}, base="release/1", branch="note"
    )
    town.settle()
    assert town.run(pull).conclusion == "success"


def test_requests_for_a_pull_request_into_another_branch(town: Street) -> None:
    shop = town.begin(CLEAN)
    town.sandbox.push_branch(shop, "next", {"README.md": "# Next\n"})
    town.settle()
    town.asked()
    town.sandbox.open_pull(shop, {"sst.config.ts": WRONG}, base="next")
    town.settle()
    asked = town.asked()
    assert len(asked) <= 5, asked


# pull requests that share a head


def share(town: Street, pull: Pull, base: str) -> Pull:
    """A second pull request from the same branch, into another base."""
    return town.sandbox.open_again(pull, base)


@pytest.mark.parametrize("fork", [False, True], ids=["a branch", "a fork"])
def test_pull_requests_that_share_a_head_show_the_strictest(town: Street, fork: bool) -> None:
    shop = town.begin({**CLEAN, SETTINGS: "release-branches: [legacy]\n"})
    town.sandbox.push_branch(shop, "legacy", {"sst.config.ts": WRONG})
    source = town.sandbox.fork(shop, "eve") if fork else None
    first = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG}, source=source, by="eve")
    town.settle()
    assert latest(town, first).conclusion == "failure"
    second = share(town, first, "legacy")  # for itself, it would be success
    town.settle()
    assert latest(town, first).conclusion == "failure"
    with pytest.raises(Blocked):
        town.sandbox.merge(first)
    town.sandbox.close(first)
    town.settle()
    assert latest(town, second).conclusion == "success"


def test_the_default_branch_goes_into_two_others_at_once(town: Street) -> None:
    shop = town.begin({**CLEAN, SETTINGS: 'release-branches: ["production", "staging"]\n'})
    shop.branches["production"] = shop.branches["staging"] = shop.branches["main"]
    town.sandbox.push_branch(shop, "staging", {"sst.config.ts": WRONG})
    town.sandbox.push_branch(shop, "main", {"sst.config.ts": WRONG})
    into_production = town.sandbox.open_between(shop, "main", "production")
    into_staging = town.sandbox.open_between(shop, "main", "staging")
    town.settle()
    assert latest(town, into_production).conclusion == "failure"
    assert latest(town, into_staging).conclusion == "failure"


def test_fifty_pull_requests_that_contain_the_commit_hide_nobody(town: Street) -> None:
    shop = town.begin({**CLEAN, SETTINGS: "release-branches: [legacy]\n"})
    town.sandbox.push_branch(shop, "legacy", {"sst.config.ts": WRONG})
    first = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    for number in range(52):
        shop.branches[f"on-top-{number}"] = first.head_sha
        town.sandbox.open_pull(shop, {"README.md": f"{number}\n"}, branch=f"on-top-{number}")
    town.sandbox.hook.pending.clear()
    second = share(town, first, "legacy")
    town.settle()
    assert latest(town, second).conclusion == "failure"


def test_each_pull_request_that_shares_a_head_costs_a_fixed_number_of_evaluations(
    town: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = town.begin(CLEAN)
    evaluated: list[int] = []
    evaluate = town.evaluator.evaluate

    def counted(key: PullKey, *args: Any) -> Outcome:
        evaluated.append(key.number)
        return evaluate(key, *args)

    monkeypatch.setattr(town.evaluator, "evaluate", counted)
    first = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    town.settle()
    pulls = [first]
    for number in range(14):
        shop.branches[f"base-{number}"] = shop.branches["main"]
        pulls.append(share(town, first, f"base-{number}"))
        town.settle()
    assert latest(town, first).title == "15 pull requests share this commit"
    assert len(evaluated) <= 2 * len(pulls)
    evaluated.clear()
    for pull in pulls[1:]:
        town.sandbox.close(pull)
        town.settle()
    assert latest(town, first).title == "1 error in 1 project"
    assert len(evaluated) <= 2 * len(pulls)


def test_copies_that_a_stranger_opens_into_the_same_branch_block_nobody(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": RIGHT})
    for _ in range(12):
        town.sandbox.open_again(pull, "main")
    town.settle()
    assert latest(town, pull).conclusion == "success"


NEVER_RIGHT = """\
---
title: Never found
severity: error
subject: function
when: name == "Never"
at: name
message: It is called {name}.
---

# Never found

```ts
export default $config({ app() { return { name: "a", home: "aws" }; }, async run() {
  new sst.aws.Function("Api", { handler: "a.handler" }); // fail
} });
```
"""


@pytest.mark.parametrize("is_first", [True, False], ids=["opened first", "opened second"])
def test_a_copy_from_a_fork_whose_cases_are_not_run_opens_no_gate(town: Street, is_first: bool) -> None:
    shop = town.begin(CLEAN)
    policies = {".github/policies/own/named.md": NEVER_RIGHT}
    if is_first:
        fork = town.sandbox.fork(shop, "eve")
        copy = town.sandbox.open_pull(shop, policies, source=fork, by="eve")
        shop.branches["copied"] = copy.head_sha
        town.settle()
        pull = town.sandbox.open_between(shop, "copied", "main")
    else:
        pull = town.sandbox.open_pull(shop, policies)
        town.settle()
        assert latest(town, pull).conclusion == "failure", latest(town, pull).summary
        fork = town.sandbox.fork(shop, "eve")
        copy = town.sandbox.open_again(replace(pull, head_repository=fork), "main")
    town.settle()
    assert copy.head_sha == pull.head_sha
    assert latest(town, pull).title == "1 of 1 case of the policies fails"


# "Re-run" at a fork's check


@pytest.mark.parametrize("wrong", [True, False])
def test_re_run_on_a_forks_check_keeps_its_owner(town: Street, wrong: bool) -> None:
    shop = town.begin(CLEAN)
    fork = town.sandbox.fork(shop, "eve")
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG if wrong else RIGHT}, source=fork, by="eve")
    town.settle()
    before = latest(town, pull)
    town.sandbox.rerun_all(pull)
    town.settle()
    after = latest(town, pull)
    assert (after.conclusion, after.external_id) == (before.conclusion, before.external_id)
    town.sandbox.close(pull)
    town.sandbox.rerun_all(pull)
    town.settle()
    assert latest(town, pull).external_id == before.external_id


# GitHub's replicas


def test_a_pull_request_that_is_not_found_yet_is_looked_for_again(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    town.sandbox.replica.unknown[pull] = 2
    began = town.seconds
    town.settle()
    assert town.run(pull).conclusion == "failure"
    assert town.seconds - began < 600


def test_a_look_at_the_old_head_is_repeated(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": RIGHT})
    town.settle()
    old = pull.head_sha
    town.sandbox.push(pull, {"sst.config.ts": WRONG})
    town.sandbox.replica.heads[pull] = (old, 1)
    town.settle()
    assert latest(town, pull).conclusion == "failure"


@pytest.mark.parametrize(("most_files", "wide"), [(4, False), (None, True)], ids=["files", "folders"])
def test_a_query_that_is_too_heavy_is_made_smaller(town: Street, most_files: int | None, wide: bool) -> None:
    shop = town.begin(CLEAN)
    town.sandbox.replica.most_files, town.sandbox.replica.wide = most_files, wide
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    town.settle()
    assert town.run(pull).conclusion == "failure"
    assert town.run(pull).title == "1 error in 1 project"


# who waits


def test_a_button_and_a_new_push_start_at_once_and_what_comes_twice_rests(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    for number in range(6):  # within one minute
        town.sandbox.push(pull, {"README.md": f"{number}\n"})
        town.sandbox.hook.deliver(town.post)
        assert town.worker.work(lambda: None), number
    again = [attempt for attempt in town.sandbox.hook.attempts if attempt.event.name == "pull_request"][-1]
    town.sandbox.rerun(latest(town, pull))
    town.sandbox.hook.deliver(town.post)
    assert town.worker.work(lambda: None)
    town.sandbox.hook.redeliver(again)
    town.sandbox.hook.deliver(town.post)
    assert not town.worker.work(lambda: None)


# what is shown


def test_a_summary_is_cut_by_bytes(town: Street) -> None:
    folder = "\u30a2\u30d7\u30ea" + "\u8a2d\u5b9a" * 20  # Japanese: three bytes a character
    apps = {f"{folder}{number}/sst.config.ts": WRONG for number in range(90)}
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, dict(apps))
    town.settle()
    assert (town.run(pull).title or "").startswith("90 errors")
    assert len((town.run(pull).summary or "").encode()) <= 65_535


@pytest.mark.parametrize("to", ["apps/Web", "services/web"])
def test_a_folder_that_is_only_renamed_brings_no_new_findings(town: Street, to: str) -> None:
    shop = town.begin({**CLEAN, "apps/web/sst.config.ts": WRONG, "apps/web/package.json": PACKAGE})
    pull = town.sandbox.open_pull(
        shop,
        {
            "apps/web/sst.config.ts": None,
            "apps/web/package.json": None,
            f"{to}/sst.config.ts": WRONG,
            f"{to}/package.json": PACKAGE,
        },
    )
    town.settle()
    assert town.run(pull).conclusion == "success"


def test_an_answered_comment_says_where_it_continues(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    town.settle()
    town.sandbox.reply(pull.comments[0], "Really?")
    town.sandbox.push(pull, {"sst.config.ts": "// moved\n" + WRONG.replace("20 minutes", "30 minutes")})
    town.settle()
    assert "Still there" in pull.comments[0].body
    assert "sst.config.ts:12" in pull.comments[0].body
    assert "timeout/lambda-max" in pull.comments[2].body


# what was never delivered


def test_a_lost_retarget_is_found_by_the_sweep(town: Street) -> None:
    shop = town.begin({**CLEAN, SETTINGS: "release-branches: [legacy]\n"})
    town.sandbox.push_branch(shop, "legacy", {"sst.config.ts": WRONG})
    pull = town.sandbox.open_pull(shop, {"README.md": "# Note\n"}, base="legacy", branch="note")
    town.settle()
    assert town.run(pull).conclusion == "success"
    town.sandbox.retarget(pull, "main")
    town.sandbox.hook.pending.clear()
    assert town.sweep() == 1
    assert latest(town, pull).conclusion == "failure"
    assert town.sweep() == 0


@pytest.mark.parametrize("layer", ["repository", "organisation"])
def test_a_lost_push_of_policy_is_found_by_the_sweep(town: Street, layer: str) -> None:
    home = town.sandbox.repository("acme/.github", {"README.md": "# Acme\n"})
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    town.settle()
    assert town.run(pull).conclusion == "failure"
    assert town.sweep() == 0, "nothing has changed"
    where, path = (shop, SETTINGS) if layer == "repository" else (home, "policy-bot.yml")
    town.sandbox.push_branch(where, "main", {path: "policies: {timeout/lambda-max: off}\n"})
    town.sandbox.hook.pending.clear()
    assert town.sweep() == 1
    assert latest(town, pull).conclusion == "success"
    assert town.sweep() == 0


def test_the_sweep_asks_little(town: Street) -> None:
    shop = town.begin(CLEAN)
    for number in range(3):
        town.sandbox.open_pull(shop, {"README.md": f"{number}\n"}, branch=f"note-{number}")
    town.settle()
    town.asked()
    assert town.sweep() == 0
    assert len(town.asked()) == 4, "installations, repositories, their policy, pull requests"


# the organisation's policy, out of reach


@pytest.mark.parametrize("required", [False, True])
@pytest.mark.parametrize("own", ["", "policies: {timeout/lambda-max: off}\n"])
def test_policy_of_the_organisation_that_cannot_be_read_is_reported(
    tmp_path: Path, required: bool, own: str
) -> None:
    with street(tmp_path, organisation_required=required) as town:
        town.sandbox.repository("acme/.github", {"policy-bot.yml": "lock: ['*']\n"}, private=True)
        shop = town.sandbox.repository("acme/shop", {**CLEAN, **({SETTINGS: own} if own else {})})
        town.sandbox.install("acme", [shop])
        town.settle()
        pull = town.sandbox.open_pull(shop, {"sst.config.ts": RIGHT + "// a note\n"})
        town.settle()
        assert "organisation policy could not be read" in town.run(pull).summary
        assert "`acme/.github`" in town.run(pull).summary
        assert town.run(pull).conclusion == ("failure" if required else "success")


def test_an_app_on_all_repositories_sees_that_there_is_no_policy(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": RIGHT + "// a note\n"})
    town.settle()
    assert "could not be read" not in town.run(pull).summary
