"""The difference between what ought to be shown and what is."""

from __future__ import annotations

from policy_bot.github.publisher import BATCH, State, difference, state
from policy_bot.github.snapshot import ShownComment
from policy_bot.review import comment
from policy_bot.review.mark import Marker, digest
from policy_bot.review.plan import Comment
from policy_bot.sandbox.faults import Fault, FaultyRequest
from tests.toy import CONFIG, World

MARKER = Marker([b"key"], 1, 2)
WANTED = Comment("timeout/too-short#1", CONFIG, 3, 3, "Too short.")


def _shown(
    node: str = "a", line: int | None = 3, answered: bool = False, body: str = "Too short."
) -> ShownComment:
    return ShownComment(node, MARKER.signed(WANTED.key, body), CONFIG, line, line, answered)


def test_what_is_missing_is_new() -> None:
    assert difference([WANTED], [], MARKER).new == (WANTED,)


def test_what_is_there_stays() -> None:
    todo = difference([WANTED], [_shown()], MARKER)
    assert (todo.new, todo.edits, todo.deletions) == ((), (), ())


def test_other_words_are_an_edit() -> None:
    todo = difference([WANTED], [_shown(body="Quite short.")], MARKER)
    assert todo.edits == (("a", MARKER.signed(WANTED.key, "Too short.")),)
    assert todo.new == ()


def test_words_that_somebody_edited_are_restored() -> None:
    ours = _shown().body
    edited = ShownComment("a", ours.replace("Too short.", "Fine, merge it."), CONFIG, 3, 3, False)
    assert difference([WANTED], [edited], MARKER).edits == (("a", ours),)
    windows = ShownComment("a", ours.replace("\n", "\r\n"), CONFIG, 3, 3, False)
    assert difference([WANTED], [windows], MARKER).edits == ()


def test_another_line_is_another_comment() -> None:
    for line in (4, None):
        todo = difference([WANTED], [_shown(line=line)], MARKER)
        assert (todo.new, todo.deletions) == ((WANTED,), ("a",))


def test_what_is_fixed_goes_away_or_says_so_if_somebody_answered() -> None:
    assert difference([], [_shown()], MARKER).deletions == ("a",)
    todo = difference([], [_shown(answered=True)], MARKER)
    assert todo.edits == (("a", MARKER.signed_as(digest(WANTED.key), comment.FIXED)),)
    again = ShownComment("a", todo.edits[0][1], CONFIG, 3, 3, True)
    assert difference([], [again], MARKER).edits == ()
    assert difference([WANTED], [again], MARKER).edits == (("a", MARKER.signed(WANTED.key, "Too short.")),)


def test_of_twins_one_stays_and_rather_the_answered_one() -> None:
    todo = difference([WANTED], [_shown("a"), _shown("b", answered=True), _shown("c")], MARKER)
    assert (todo.new, todo.edits, todo.deletions) == ((), (), ("a", "c"))


def test_what_is_not_ours_is_not_looked_at() -> None:
    foreign = ShownComment("x", "Why?", CONFIG, 3, 3, False)
    assert difference([], [foreign], MARKER).deletions == ()


def test_the_state_of_a_check_run_reads_back() -> None:
    said = State("pull/12", "0" * 16, "1" * 16, 50)
    assert state(str(said)) == said
    for other in ("", "pull/12", "a/b/c/d", "a/b/c/-1"):
        assert state(other) is None


def test_annotations_come_in_batches_and_go_on_where_they_stopped() -> None:
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "".join(f"error F{i}\n" for i in range(120))})
    world.evaluate(pull)
    writes = [r for r in world.sandbox.requests if "check-runs" in r.path]
    assert [(r.verb, len(r.body["output"]["annotations"])) for r in writes] == [  # type: ignore[index]
        ("POST", BATCH),
        ("PATCH", BATCH),
        ("PATCH", 20),
    ]
    run = world.check(pull)
    assert run is not None
    del run.annotations[BATCH:]
    run.external_id = str(State("pull/1", "0" * 16, str(run.external_id).split("/")[3], BATCH))
    world.evaluate(pull)  # as after a crash between two batches
    assert len(run.annotations) == 120
    assert len(world.shop.checks) == 1


def test_annotations_that_github_refuses_cost_no_others() -> None:
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "".join(f"error F{i}\n" for i in range(120))})

    def refused(request: FaultyRequest) -> Fault | None:
        body = request.body if isinstance(request.body, dict) else {}
        listed = body.get("output", {}).get("annotations", [])
        return Fault("", status=422) if any(each["start_line"] in (31, 120) for each in listed) else None

    world.sandbox.faults.each = refused
    world.evaluate(pull)
    run = world.check(pull)
    assert run is not None
    assert [each["start_line"] for each in run.annotations] == [n for n in range(1, 120) if n != 31]
    before = sum("check-runs" in request.path for request in world.sandbox.requests)
    world.evaluate(pull)
    assert sum("check-runs" in request.path for request in world.sandbox.requests) == before, "it is complete"


def test_other_annotations_take_a_new_run_because_none_can_be_taken_away() -> None:
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    world.evaluate(pull)
    world.sandbox.push_branch(world.shop, "main", {CONFIG: "error Chat\n"})
    world.evaluate(pull)
    assert [run.conclusion for run in world.shop.checks] == ["failure", "success"]
    run = world.check(pull)
    assert run is not None
    assert run.annotations == []
