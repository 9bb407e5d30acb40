"""T14: an unusual name evades a comparison -> a renamed, moved or oddly named file still affects its
project, and only events of our own check count.

Precedents: policy-bot #225 (rename), #801 (a context's name matched falsely), CVE-2026-25542 (Tekton).
"""

from __future__ import annotations

import pytest

from policy_bot.github.events import external_number, meaning
from policy_bot.sandbox.state import Pull
from tests.toy import CONFIG, World


def _conclusion(world: World, pull: Pull) -> str | None:
    world.evaluate(pull)
    run = world.check(pull)
    return run.conclusion if run else None


@pytest.mark.parametrize(
    "name",
    ["infra/ünï cødé.ts", "infra/a b.ts", "infra/a#b?.ts", "infra/[id].ts", "infra/&lt;.ts", "infra/a..b.ts"],
)
def test_odd_names_are_read_like_any_other(name: str) -> None:
    world = World({CONFIG: f"use {name}\n", name: "note\n"})
    pull = world.sandbox.open_pull(world.shop, {name: "error Chat\n"})
    assert _conclusion(world, pull) == "failure"


def test_a_file_renamed_away_touches_the_project_that_read_it() -> None:
    lines = "note\n" * 9
    world = World({CONFIG: "use infra/api.ts\nbroken-import\n", "infra/api.ts": lines})
    pull = world.sandbox.open_pull(world.shop, {"infra/api.ts": None, "docs/api.md": lines})
    world.evaluate(pull)
    run = world.check(pull)
    assert run is not None
    assert run.title == "No findings in 1 project"


def test_a_config_renamed_is_judged_where_it_is_now() -> None:
    lines = "note\n" * 9
    world = World({CONFIG: lines, "README.md": "#\n"})
    pull = world.sandbox.open_pull(world.shop, {CONFIG: None, f"apps/web/{CONFIG}": f"{lines}error Chat\n"})
    assert _conclusion(world, pull) == "failure"


@pytest.mark.parametrize("name", ["SST-Policy", "sst-policy ", "sst-policy-2", "x/sst-policy", ""])
def test_another_check_is_not_ours(name: str) -> None:
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "note\n"})
    world.evaluate(pull)
    run = world.check(pull)
    assert run is not None
    world.sandbox.hook.pending.clear()
    world.sandbox.rerun(run)
    (event,) = world.sandbox.hook.pending
    assert len(meaning("check_run", event.payload)) == 1
    shown = event.payload["check_run"]
    assert isinstance(shown, dict)
    shown["name"] = name
    assert meaning("check_run", event.payload) == ()


@pytest.mark.parametrize(
    "external", ["pull/0", "pull/-1", "pull/1e3", "xpull/1", "pull/1x", "pull/99999999999", 7, None]
)
def test_an_external_id_of_another_form_names_nothing(external: object) -> None:
    assert external_number(external) == 0
