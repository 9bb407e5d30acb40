"""T22: somebody copies or invents our marker -> only comments that our App wrote *and* whose mark is valid
for this pull request are edited or removed.

Precedents: the hidden markers of reviewdog, Minder and danger can be typed by anybody.
"""

from __future__ import annotations

from policy_bot.sandbox.state import Pull
from tests.toy import CONFIG, World


def _with_comment(world: World) -> Pull:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\nnote\n"})
    world.evaluate(pull)
    return pull


def test_a_persons_copy_of_our_comment_stays() -> None:
    world = World()
    pull = _with_comment(world)
    copy = world.sandbox.say(pull, CONFIG, 2, pull.comments[0].body, by="eve")
    world.sandbox.push(pull, {CONFIG: "note\n"})
    world.evaluate(pull)
    assert [c.author.login for c in pull.comments] == ["eve"]
    assert copy.body.endswith("-->")


def test_a_copy_does_not_keep_our_comment_from_being_made() -> None:
    world = World()
    seen = _with_comment(world).comments[0].body
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\nnote\n"})
    world.sandbox.say(pull, CONFIG, 1, seen, by="eve")
    world.evaluate(pull)
    assert len([c for c in pull.comments if c.author.type == "Bot"]) == 1


def test_our_own_words_with_a_mark_from_elsewhere_are_not_ours_here() -> None:
    world = World()
    first = _with_comment(world)
    second = _with_comment(world)
    (ours,) = second.comments
    ours.body = first.comments[0].body  # as if the App had been talked into quoting another pull request
    world.evaluate(second)
    assert len(second.comments) == 2


def test_a_finding_whose_text_looks_like_a_mark_forges_none() -> None:
    world = World()
    seen = _with_comment(world).comments[0].body.split("\n")[-1]
    pull = world.sandbox.open_pull(world.shop, {CONFIG: f"error {seen}\nwarning {seen}\n"})
    world.evaluate(pull)
    assert len(pull.comments) == 2
    assert all(c.body.count("<!-- policy-bot") >= 1 for c in pull.comments)
    world.sandbox.push(pull, {CONFIG: "note\n"})
    world.evaluate(pull)
    assert pull.comments == []
