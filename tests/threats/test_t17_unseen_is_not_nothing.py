"""T17: no findings counts as success -> the check says "no SST project touched" only if everything was read;
unreadable code does not pass, a missing project is named, and every change affects a project that was not
fully read.

Precedents: Atlantis #6529 (0 of 0 projects: merged unapplied), #4193.
"""

from __future__ import annotations

import pytest

from policy_bot.github import fetching, source
from policy_bot.sandbox.content import TreeObject
from policy_bot.sandbox.faults import Fault
from policy_bot.sandbox.state import Pull
from tests.toy import CONFIG, World

DEEP = "a/b/c/d/e/f/g"


def _said(world: World, pull: Pull) -> tuple[str | None, str | None]:
    world.evaluate(pull)
    run = world.check(pull)
    assert run is not None
    return run.conclusion, run.title


def test_where_everything_was_seen_nothing_is_nothing() -> None:
    world = World({"README.md": "#\n"})
    pull = world.sandbox.open_pull(world.shop, {"src/a.ts": "x\n"})
    assert _said(world, pull) == ("success", "No SST project touched")


def test_a_project_far_down_is_found() -> None:
    world = World({f"{DEEP}/{CONFIG}": "use lib/x.ts\n", "lib/x.ts": "note\n"})
    pull = world.sandbox.open_pull(world.shop, {"lib/x.ts": "error Chat\n"})
    assert _said(world, pull) == ("failure", "1 error in 1 project")


def test_a_tree_that_is_cut_does_not_pass() -> None:
    folders = {f"{DEEP}{i}/x.ts": f"{i}\n" for i in range(source.NEIGHBOURS + 5)}
    world = World({**folders, **{f"p{i}/q/r/s/x.ts": f"{i}\n" for i in range(source.NEIGHBOURS + 5)}})
    world.sandbox.longest_tree = 10
    pull = world.sandbox.open_pull(world.shop, {"src/a.ts": "x\n"})
    conclusion, title = _said(world, pull)
    assert conclusion == "failure"
    assert title is not None
    assert "No SST" not in title


@pytest.mark.parametrize(("mode", "why"), [("120000", "symbolic link"), ("160000", "submodule")])
def test_a_link_in_place_of_a_file_does_not_pass(mode: str, why: str) -> None:
    world = World({CONFIG: "use infra/api.ts\n", "infra/api.ts": "note\n"})
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "use infra/api.ts\nnote\n"})
    store = world.shop.store
    tree = store.files(pull.head_sha)
    entry = tree["infra/api.ts"]
    commit = store.commits[pull.head_sha]
    files = {**tree, "infra/api.ts": TreeObject(mode, entry.sha)}
    root = store.put_tree(files)
    head = store.put_commit(root, commit.parents, "link", "ada", "2026-11-02T09:00:00Z").sha
    world.sandbox.force_push(world.shop, pull.head_branch, head)
    world.evaluate(pull)
    run = world.check(pull)
    assert run is not None
    assert run.conclusion == "failure"
    assert why in str(run.summary)


def test_a_file_over_the_limit_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "LARGEST", 100)
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "note\n" * 100})
    assert _said(world, pull) == ("failure", "Cannot read sst.config.ts")


@pytest.mark.parametrize("most", range(9))
def test_more_requests_than_allowed_do_not_pass(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_REQUESTS", most)
    chain = {f"d{i}/x/y/z/f.ts": f"use d{i + 1}/x/y/z/f.ts\n" for i in range(9)}
    world = World({CONFIG: "use d0/x/y/z/f.ts\n", **chain})
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "use d0/x/y/z/f.ts\nnote\n"})
    assert _said(world, pull)[0] == "failure"


def test_binary_and_foreign_text_is_read_as_it_is() -> None:
    world = World({CONFIG: "use infra/api.ts\n", "infra/api.ts": "note\n"})
    pull = world.sandbox.open_pull(world.shop, {"infra/api.ts": "\ufefferror Chat\nerror B\n"})
    assert _said(world, pull)[0] == "failure"


def test_folders_that_cannot_be_listed_are_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "NEIGHBOURS", 0)
    world = World({f"{DEEP}/{CONFIG}": "note\n"})
    pull = world.sandbox.open_pull(world.shop, {"src/a.ts": "x\n"})
    world.sandbox.faults.plan(Fault("GET .*/git/trees/", "before", 403, times=None, message="Forbidden"))
    conclusion, title = _said(world, pull)
    assert conclusion == "failure"
    assert title == "Cannot see the whole repository"
