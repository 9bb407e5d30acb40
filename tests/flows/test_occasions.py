"""Everything that may happen to a pull request, and that its verdict follows."""

from __future__ import annotations

import pytest

from policy_bot.sandbox.content import Symlink
from policy_bot.sandbox.faults import Fault
from policy_bot.sandbox.sandbox import Blocked
from tests.flows.configs import CLEAN, config
from tests.flows.street import Street

WRONG = config('timeout: "20 minutes"')
RIGHT = config('timeout: "15 minutes"')


def test_installing_reports_on_the_default_branch_so_that_the_check_can_be_required(town: Street) -> None:
    shop = town.begin(CLEAN)
    (run,) = town.sandbox.world.latest_runs(shop, shop.branches["main"])
    assert (run.name, run.conclusion) == ("sst-policy", "success")


def test_a_fork_is_judged_like_any_other(town: Street) -> None:
    shop = town.begin(CLEAN)
    fork = town.sandbox.fork(shop, "eve")
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG}, source=fork, by="eve")
    town.settle()
    assert town.run(pull).conclusion == "failure"
    assert len(pull.comments) == 1
    town.sandbox.push(pull, {"sst.config.ts": RIGHT})
    town.settle()
    assert town.run(pull).conclusion == "success"
    assert not pull.comments


def test_a_fork_that_is_gone_is_still_judged(town: Street) -> None:
    shop = town.begin(CLEAN)
    fork = town.sandbox.fork(shop, "eve")
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG}, source=fork, by="eve")
    town.sandbox.delete_repository(fork)
    town.settle()
    assert town.run(pull).conclusion == "failure"


def test_a_draft_is_judged(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG}, draft=True)
    town.settle()
    assert town.run(pull).conclusion == "failure"


@pytest.mark.parametrize("again", ["rerun", "rerun all", "the button"])
def test_asking_again_changes_nothing(town: Street, again: str) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    town.settle()
    run, comments = town.run(pull), [comment.id for comment in pull.comments]
    if again == "rerun":
        town.sandbox.rerun(run)
    elif again == "rerun all":
        town.sandbox.rerun_all(pull)
    else:
        town.sandbox.press(run, run.actions[0]["identifier"])
    town.settle()
    (latest,) = town.sandbox.world.latest_runs(shop, pull.head_sha)
    assert (latest.status, latest.conclusion) == ("completed", "failure")
    assert [comment.id for comment in pull.comments] == comments


def test_what_the_base_has_already_does_not_gate(town: Street) -> None:
    shop = town.begin({**CLEAN, "sst.config.ts": WRONG})
    moved = WRONG.replace("export default", "// why\n\nexport default")
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": moved})
    town.settle()
    assert town.run(pull).conclusion == "success"
    assert "timeout/lambda-max" in (town.run(pull).summary or "")
    assert not pull.comments


def test_another_base_is_another_verdict(town: Street) -> None:
    shop = town.begin(CLEAN)
    town.sandbox.push_branch(shop, "next", {"sst.config.ts": WRONG})
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG, "README.md": "# Other\n"})
    town.settle()
    assert town.run(pull).conclusion == "failure"
    town.sandbox.retarget(pull, "next")  # has the error, and the default branch does not
    town.settle()
    (latest,) = town.sandbox.world.latest_runs(shop, pull.head_sha)
    assert latest.conclusion == "failure"
    assert "what the default branch does not have counts as new" in (latest.summary or "")


def test_a_merge_group_is_judged_by_its_own_tree(town: Street) -> None:
    shop = town.begin(CLEAN)
    good = town.sandbox.open_pull(shop, {"sst.config.ts": RIGHT})
    town.settle()
    group = town.sandbox.enqueue(good)
    town.settle()
    (run,) = town.sandbox.world.latest_runs(shop, group.head_sha)
    assert run.conclusion == "success"
    bad = town.sandbox.open_pull(shop, {"infra/late.ts": "export {};\n", "sst.config.ts": WRONG})
    other = town.sandbox.enqueue(bad)
    town.settle()
    (run,) = town.sandbox.world.latest_runs(shop, other.head_sha)
    assert run.conclusion == "failure"


def test_a_push_back_and_forth_ends_with_the_last_head(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    wrong = pull.head_sha
    town.settle()
    town.sandbox.push(pull, {"sst.config.ts": RIGHT})
    town.sandbox.force_push(shop, pull.head_branch, wrong)
    town.settle()
    assert town.run(pull).conclusion == "failure"
    assert len(pull.comments) == 1
    with pytest.raises(Blocked):
        town.sandbox.merge(pull)


def test_closed_and_reopened(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    town.sandbox.close(pull)
    town.settle()
    town.sandbox.reopen(pull)
    town.settle()
    assert town.run(pull).conclusion == "failure"


def test_a_config_that_is_taken_away(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": None})
    town.settle()
    assert town.run(pull).conclusion == "neutral"
    assert "is deleted" in (town.run(pull).summary or "")


def test_a_config_that_points_out_of_the_repository(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": Symlink("/etc/passwd")})
    town.settle()
    assert town.run(pull).conclusion != "success"


def test_a_file_the_config_imports(town: Street) -> None:
    importing = CLEAN["sst.config.ts"].replace("run() {\n", 'run() {\n    await import("./infra/api");\n')
    api = 'new sst.aws.Function("Api", {\n  handler: "x.y",\n  timeout: "%s",\n});\n'
    shop = town.begin({**CLEAN, "sst.config.ts": importing, "infra/api.ts": api % "1 minute"})
    pull = town.sandbox.open_pull(shop, {"infra/api.ts": api % "20 minutes"})
    town.settle()
    assert town.run(pull).conclusion == "failure"
    assert [(one.thread.path, one.thread.line) for one in pull.comments] == [("infra/api.ts", 3)]


def test_trouble_at_github_heals(town: Street) -> None:
    shop = town.begin(CLEAN)
    town.sandbox.faults.plan(Fault("POST .*/reviews$", when="after", status=502))
    town.sandbox.faults.plan(Fault("POST .*/check-runs$", when="after", status=0))
    town.sandbox.faults.plan(Fault("POST /graphql", when="before", status=503))
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    town.settle()
    assert town.run(pull).conclusion == "failure"
    assert len(pull.comments) == len(pull.reviews) == 1


def test_an_app_that_is_taken_off_is_quiet(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    town.sandbox.uninstall(next(iter(town.sandbox.world.installations.values())))
    town.settle()
    assert not [run for run in shop.checks if run.head_sha == pull.head_sha]
