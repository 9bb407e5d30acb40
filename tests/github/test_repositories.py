"""Which repositories and pull requests there are."""

from __future__ import annotations

from policy_bot.github.repositories import accounts, installations, open_pulls, reachable
from tests.sandbox.wire import wired
from tests.toy import CONFIG, World


def test_what_is_open_in_all_that_the_installation_reaches() -> None:
    world = World()
    other = world.sandbox.repository("acme/other", {CONFIG: "note\n"})
    gone = world.sandbox.repository("acme/gone", {CONFIG: "note\n"})
    old = world.sandbox.repository("acme/old", {CONFIG: "note\n"})
    opened = [world.sandbox.open_pull(r, {CONFIG: "x\n"}) for r in (world.shop, other, gone, old)]
    world.sandbox.close(world.sandbox.open_pull(other, {CONFIG: "y\n"}))
    old.archived = True
    with wired(world.sandbox):
        client = world.evaluator._app.client(world.installation.id)
        assert [each.name for each in reachable(client)] == ["acme/shop", "acme/other", "acme/gone"]
        found = [due.head for due in open_pulls(client, world.installation.id)]
        assert found == [pull.head_sha for pull in opened[:3]]
        gone.deleted = True
        assert list(open_pulls(client, world.installation.id, gone.id, "acme/gone")) == []
        assert list(installations(world.evaluator._app.itself())) == [world.installation.id]
        assert list(accounts(world.evaluator._app.itself())) == [(world.installation.id, "acme")]


def test_the_visibility_of_a_repository() -> None:
    class Listed:
        def polled(self, *_: object) -> list[dict[str, object]]:
            return [
                {"id": 1, "full_name": "acme/a", "visibility": "internal", "private": True},
                {"id": 2, "full_name": "acme/b", "private": True},  # an older GitHub Enterprise Server
                {"id": 3, "full_name": "acme/c", "private": False},
                {"id": 4, "full_name": "acme/d", "archived": True},
            ]

    listed = [(each.id, each.name, each.visibility) for each in reachable(Listed())]  # type: ignore[arg-type]
    assert listed == [(1, "acme/a", "internal"), (2, "acme/b", "private"), (3, "acme/c", "public")]
