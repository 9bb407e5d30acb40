"""From a due pull request to one that shows what it ought to: over the sandbox, with a toy instead of SST."""

from __future__ import annotations

from typing import Any

import pytest

from policy_bot.github import pulls
from policy_bot.github.errors import RetryLater
from policy_bot.github.events import PullKey
from policy_bot.review import comment
from policy_bot.sandbox.faults import Fault
from policy_bot.sandbox.state import Pull
from tests.sandbox.wire import wired
from tests.toy import CONFIG, World


def bodies(pull: Pull) -> list[str]:
    return [made.body for made in pull.comments if made.author.type == "Bot"]


def title(world: World, pull: Pull) -> str:
    run = world.check(pull)
    assert run is not None
    assert run.status == "completed"
    return f"{run.conclusion}: {run.title}"


# the budget of requests, with a token at hand


@pytest.fixture
def world() -> World:
    world = World({CONFIG: "warning Old\n", "README.md": "# shop\n"})
    world.evaluate(world.sandbox.open_pull(world.shop, {"docs.md": "x"}))  # fetches the token
    return world


def test_nothing_of_sst_touched_takes_two_requests(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {"README.md": "# our shop\n"})
    assert world.asked(pull) == ["POST /graphql", "POST /repos/acme/shop/check-runs"]
    assert title(world, pull) == "success: No SST project touched"
    assert bodies(pull) == []


def test_clean_takes_at_most_three(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "warning Old\nnote\n"})
    assert len(world.asked(pull)) <= 3
    assert title(world, pull) == "success: Nothing new (1 older finding)"


def test_findings_take_four(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "warning Old\nerror Chat\n"})
    assert world.asked(pull) == [
        "POST /graphql",
        "GET /repos/acme/shop/pulls/2/files",
        "POST /repos/acme/shop/pulls/2/reviews",
        "POST /repos/acme/shop/check-runs",
    ]
    assert title(world, pull) == "failure: 1 error in 1 project"


def test_a_push_with_stale_comments_takes_five(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error A\nerror B\nerror C\n"})
    world.evaluate(pull)
    world.sandbox.push(pull, {CONFIG: "note\nerror D\n"})
    assert len(world.asked(pull)) == 5
    assert [body.split("\n")[2] for body in bodies(pull)] == ["`D` is marked as wrong."]


def test_the_same_thing_once_more_changes_nothing(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    world.evaluate(pull)
    before = len(world.shop.checks), bodies(pull)
    assert [r for r in world.asked(pull) if r.startswith("POST /repos")] == []
    assert (len(world.shop.checks), bodies(pull)) == before


# comments


def test_a_fixed_finding_takes_its_comment_away(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\nnote\n"})
    world.evaluate(pull)
    assert len(bodies(pull)) == 1
    world.sandbox.push(pull, {CONFIG: "note\n"})
    world.evaluate(pull)
    assert bodies(pull) == []
    assert title(world, pull) == "success: No findings in 1 project"


def test_a_comment_that_somebody_answered_says_that_it_is_fixed(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    world.evaluate(pull)
    reply = world.sandbox.reply(pull.comments[0], "Is that so?")
    world.sandbox.push(pull, {CONFIG: "note\n"})
    world.evaluate(pull)
    assert bodies(pull)[0].startswith(comment.FIXED)
    assert reply.body == "Is that so?"
    assert [r for r in world.asked(pull) if "POST /repos" in r] == []


def test_a_finding_keeps_its_comment_while_its_line_moves(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    world.evaluate(pull)
    kept = pull.comments[0].id
    world.sandbox.push(pull, {CONFIG: "note\nnote 2\nerror Chat\n"})
    world.evaluate(pull)
    assert [made.id for made in pull.comments] == [kept]
    assert "written at `sst.config.ts:3`" in bodies(pull)[0]


def test_only_lines_of_the_diff_get_a_comment(world: World) -> None:
    far = "note\n" * 20
    world.sandbox.push_branch(world.shop, "main", {"infra/api.ts": f"error A\n{far}note\n"})
    pull = world.sandbox.open_pull(world.shop, {CONFIG: f"{far}use infra/api.ts\n"})
    world.evaluate(pull)
    run = world.check(pull)
    assert run is not None
    assert run.conclusion == "failure"
    assert [note["path"] for note in run.annotations] == ["infra/api.ts"]
    assert bodies(pull) == []


def test_four_hundred_findings_of_one_cause_get_one_comment_and_all_annotations(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "".join(f"error F{i}\n" for i in range(400))})
    world.evaluate(pull)
    assert len(bodies(pull)) == 1
    assert "And 399 more lines: [`line 2`](" in bodies(pull)[0]
    run = world.check(pull)
    assert run is not None
    assert len(run.annotations) == 400
    assert run.title == "400 errors in 1 project"


def test_refused_comments_do_not_cost_the_verdict(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    message = "Unprocessable Entity: Pull request review thread line must be part of the diff"
    world.sandbox.faults.plan(Fault("POST .*/reviews", "before", 422, message=message))
    world.evaluate(pull)
    assert title(world, pull) == "failure: 1 error in 1 project"


# what is judged


def test_the_merge_result_is_judged(world: World) -> None:
    both = "note\nnote 2\nnote 3\nnote 4\nnote 5\n"
    world.sandbox.push_branch(world.shop, "main", {CONFIG: both})
    pull = world.sandbox.open_pull(world.shop, {CONFIG: f"{both}error Mine\n"})
    world.sandbox.push_branch(world.shop, "main", {CONFIG: f"error Theirs\n{both}"})
    world.evaluate(pull)
    run = world.check(pull)
    assert run is not None
    assert run.title == "1 error in 1 project"
    assert run.summary is not None
    assert "### Already there before this change" in run.summary
    assert [(note["start_line"], note["path"]) for note in run.annotations] == [
        (6, CONFIG)
    ]  # the head's line
    assert [made.thread.line for made in pull.comments] == [6]


def test_a_conflict_leaves_the_head_to_be_judged(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Mine\n"})
    world.sandbox.push_branch(world.shop, "main", {CONFIG: "note theirs\n"})
    world.evaluate(pull)
    assert title(world, pull) == "failure: 1 error in 1 project"


def test_a_fork_is_read_through_the_base_and_may_be_gone(world: World) -> None:
    fork = world.sandbox.fork(world.shop, "eve")
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"}, source=fork)
    world.sandbox.delete_repository(fork)
    world.evaluate(pull)
    assert title(world, pull) == "failure: 1 error in 1 project"
    assert len(bodies(pull)) == 1


def test_an_imported_file_touches_its_project(world: World) -> None:
    world.sandbox.push_branch(
        world.shop, "main", {CONFIG: "use lib/deep/down/api.ts\n", "lib/deep/down/api.ts": "note\n"}
    )
    pull = world.sandbox.open_pull(world.shop, {"lib/deep/down/api.ts": "error Chat\n"})
    world.evaluate(pull)
    assert title(world, pull) == "failure: 1 error in 1 project"


def test_code_that_no_project_reads_touches_none(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {"src/page.ts": "error Chat\n"})
    world.evaluate(pull)
    assert title(world, pull) == "success: No SST project touched"


def test_a_renamed_import_touches_its_project(world: World) -> None:
    world.sandbox.push_branch(world.shop, "main", {CONFIG: "use a.ts\n", "a.ts": "error Old\nnote\nnote\n"})
    pull = world.sandbox.open_pull(world.shop, {"a.ts": None, "b.ts": "error Old\nnote\nnote\n"})
    world.evaluate(pull)
    assert title(world, pull) == "success: No findings in 1 project"


def test_a_deleted_config_leaves_nothing_to_judge(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: None})
    world.evaluate(pull)
    assert title(world, pull) == "success: No SST project touched"


def test_only_the_touched_of_several_projects_is_judged(world: World) -> None:
    many = {f"apps/{name}/{CONFIG}": f"error {name}\n" for name in ("a", "b", "c")}
    world.sandbox.push_branch(world.shop, "main", dict(many))
    pull = world.sandbox.open_pull(world.shop, {f"apps/b/{CONFIG}": "error b\nerror new\n"})
    world.evaluate(pull)
    assert title(world, pull) == "failure: 1 error in 1 project"


def test_a_config_that_does_not_parse_does_not_pass(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "broken\n"})
    world.evaluate(pull)
    assert title(world, pull) == "failure: Cannot read sst.config.ts"


def test_more_files_than_a_look_names(world: World) -> None:
    files = {f"docs/{i}.md": f"{i}\n" for i in range(150)}
    pull = world.sandbox.open_pull(world.shop, {**files, "zz.ts": "note\n", CONFIG: "error Chat\n"})
    world.evaluate(pull)
    assert title(world, pull) == "failure: 1 error in 1 project"


def test_more_files_than_github_lists(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulls, "MOST_FILES", 100)  # 3,000 at GitHub
    files = {f"docs/{i}.md": f"{i}\n" for i in range(150)}
    pull = world.sandbox.open_pull(world.shop, {**files, "sst.config.ts": "error Chat\n"})
    world.evaluate(pull)
    assert title(world, pull) == "failure: 1 error in 1 project"
    world.sandbox.push(pull, {CONFIG: "warning Old\n"})
    world.evaluate(pull)
    assert title(world, pull) == "success: No SST project touched"


def test_a_merge_group_is_judged_by_its_own_tree(world: World) -> None:
    first = world.sandbox.open_pull(world.shop, {"infra/a.ts": "error Chat\n"})
    group = world.sandbox.enqueue(first)
    key = PullKey(world.installation.id, world.shop.id, "acme/shop", ref=group.ref, sha=group.head_sha)
    with wired(world.sandbox):
        assert world.evaluator.evaluate(key, lambda: False).conclusion == "success"
        second = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
        group = world.sandbox.enqueue(second)
        key = PullKey(world.installation.id, world.shop.id, "acme/shop", ref=group.ref, sha=group.head_sha)
        assert world.evaluator.evaluate(key, lambda: False).conclusion == "failure"
    (run,) = [run for run in world.shop.checks if run.head_sha == group.head_sha]
    assert run.title == "1 error in 1 project"


def test_the_first_check_on_a_default_branch_lists_what_is_there(world: World) -> None:
    key = PullKey(world.installation.id, world.shop.id, "acme/shop", ref="HEAD")
    with wired(world.sandbox):
        outcome = world.evaluator.evaluate(key, lambda: False)
    assert outcome.conclusion == "success"
    (run,) = [run for run in world.shop.checks if run.head_sha == world.shop.branches["main"]]
    assert run.title == "1 warning on this branch"


# states and ends


def test_drafts_are_judged_and_closed_ones_are_left(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"}, draft=True)
    world.evaluate(pull)
    assert title(world, pull) == "failure: 1 error in 1 project"
    world.sandbox.close(pull)
    assert world.evaluate(pull).conclusion == "closed"


def test_what_is_gone_is_no_fault(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    world.sandbox.uninstall(world.installation)
    assert world.evaluate(pull).conclusion == "gone"


def test_superseded_work_writes_nothing(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    with wired(world.sandbox):
        outcome = world.evaluator.evaluate(world.key(pull), lambda: True)
    assert outcome.superseded
    assert (bodies(pull), world.check(pull)) == ([], None)


def test_a_limit_is_passed_on_and_holds_the_installation(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    fault = Fault("/graphql", "before", 403, headers={"retry-after": "7"}, message="secondary rate limit")
    world.sandbox.faults.plan(fault)
    with pytest.raises(RetryLater) as held:
        world.evaluate(pull)
    assert held.value.seconds == 7
    before = len(world.sandbox.requests)
    with pytest.raises(RetryLater):
        world.evaluate(pull)
    assert len(world.sandbox.requests) == before  # nobody asks while GitHub wants silence
    world.clock.sleep(8)
    assert world.evaluate(pull).conclusion == "failure"


def test_our_own_failure_is_shown_and_goes_away(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "note\n"})
    with wired(world.sandbox):
        world.evaluator.failed(world.key(pull), "abc123")
    run = world.check(pull)
    assert run is not None
    assert (run.conclusion, run.title) == ("failure", "Not judged: policy-bot failed")
    assert "abc123" in str(run.summary)
    world.evaluate(pull)
    assert title(world, pull) == "success: No findings in 1 project"


def test_our_own_failure_shows_on_a_commit_too(world: World) -> None:
    key = PullKey(world.installation.id, world.shop.id, "acme/shop", ref="HEAD")
    with wired(world.sandbox):
        world.evaluator.failed(key, "abc123")
    (run,) = [run for run in world.shop.checks if run.head_sha == world.shop.branches["main"]]
    assert run.conclusion == "failure"


def test_a_pull_request_whose_commits_its_base_has_already(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    world.sandbox.force_push(world.shop, "main", pull.head_sha)
    assert world.evaluate(pull).conclusion == "success"
    assert title(world, pull) == "success: No SST project touched"


def test_the_evidence_page_is_linked(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    with wired(world.sandbox):
        world.evaluator.evaluate(world.key(pull), lambda: False, "https://bot.example/e/unguessable")
    run = world.check(pull)
    assert run is not None
    assert run.details_url == "https://bot.example/e/unguessable"
    assert run.external_id.startswith(f"pull/{pull.number}/")
    assert [action["identifier"] for action in run.actions] == ["recheck"]


def test_pull_requests_that_share_a_head_share_one_strict_verdict(world: World) -> None:
    world.sandbox.push_branch(world.shop, "lenient", {CONFIG: "error Chat\n"})
    strict = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"}, branch="one")
    assert world.evaluate(strict).conclusion == "failure"
    head = strict.head_sha
    trick = world.sandbox.open_pull(world.shop, {}, branch="one", base="lenient")
    world.sandbox.force_push(world.shop, "one", head)
    assert trick.head_sha == strict.head_sha
    outcome = world.evaluate(trick)  # by itself it would bring nothing new into "lenient"
    assert outcome.conclusion == "failure"
    assert [key.number for key in outcome.sharing] == [strict.number]
    world.sandbox.close(trick)
    assert world.evaluate(trick).conclusion == "closed"


def test_a_merge_result_that_is_not_made_yet_is_looked_for_again_a_few_times(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    client = world.evaluator._app.client(world.installation.id)
    ask = client.ask

    def pending(request: Any) -> Any:
        answer = ask(request)
        if "pullRequest" in answer["repository"]:
            answer["repository"]["pullRequest"] |= {"mergeable": "UNKNOWN", "potentialMergeCommit": None}
        return answer

    client.ask = pending  # type: ignore[method-assign]
    ends = [world.evaluate(pull) for _ in range(7)]
    assert {end.conclusion for end in ends} == {"failure"}  # the head is judged meanwhile
    assert [end.again for end in ends] == [10.0, 30.0, 90.0, 270.0, 810.0, 2430.0, None]


def test_a_merge_result_with_an_older_base_is_compared_with_that_base(world: World) -> None:
    far = "".join(f"note {i}\n" for i in range(9))
    world.sandbox.push_branch(world.shop, "main", {CONFIG: f"warning Old\n{far}"})
    pull = world.sandbox.open_pull(world.shop, {CONFIG: f"warning Old\n{far}error Chat\n"})
    client = world.evaluator._app.client(world.installation.id)
    stale: dict[str, Any] = {}
    ask = client.ask

    def lagging(request: Any) -> Any:
        answer = ask(request)
        seen = answer["repository"].get("pullRequest")
        if seen is not None:
            seen["potentialMergeCommit"] = stale.setdefault("merge", seen["potentialMergeCommit"])
        return answer

    client.ask = lagging  # type: ignore[method-assign]
    world.evaluate(pull)
    world.sandbox.push_branch(world.shop, "main", {CONFIG: f"note\n{far}"})
    world.evaluate(pull)  # the old warning is fixed on main, which GitHub has not merged on trial yet
    assert title(world, pull) == "failure: 1 error in 1 project"


def test_more_threads_than_a_look_brings(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "note\nerror Chat\n"})
    for _ in range(105):
        world.sandbox.say(pull, CONFIG, 1, "Hm.")
    world.evaluate(pull)
    world.evaluate(pull)
    assert len(bodies(pull)) == 1
    world.sandbox.push(pull, {CONFIG: "note\n"})
    world.evaluate(pull)
    assert bodies(pull) == []
    assert len(pull.comments) == 105


def test_open_pulls_and_installations(world: World) -> None:
    with wired(world.sandbox):
        listed = list(world.evaluator.open_pulls(world.installation.id))
        named = list(world.evaluator.open_pulls(world.installation.id, world.shop.id, "acme/shop"))
        assert list(world.evaluator.installations()) == [world.installation.id]
    assert listed == named
    assert [due.key.number for due in listed] == [1]
