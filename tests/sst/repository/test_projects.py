"""Where SST projects are found."""

from __future__ import annotations

import pytest

from policy_bot.sst.repository.projects import find_projects
from policy_bot.sst.source import MemoryTree


def tree(*paths: str) -> MemoryTree:
    return MemoryTree(dict.fromkeys(paths, b""))


def test_every_config_below_a_folder() -> None:
    found = find_projects(
        tree("sst.config.ts", "apps/a/sst.config.ts", "apps/b/sst.config.mjs", "src/index.ts")
    )
    assert found == ["apps/a/sst.config.ts", "apps/b/sst.config.mjs", "sst.config.ts"]


def test_only_below_the_folder() -> None:
    assert find_projects(tree("sst.config.ts", "apps/a/sst.config.ts"), "apps") == ["apps/a/sst.config.ts"]


@pytest.mark.parametrize("folder", ["node_modules/x", ".sst/platform", "a/.open-next", "dist", ".git/x"])
def test_not_below_what_tools_make(folder: str) -> None:
    assert find_projects(tree(f"{folder}/sst.config.ts")) == []


def test_v2_takes_the_first_name_of_a_folder() -> None:
    assert find_projects(tree("sst.config.js", "sst.config.ts", "sst.config.mts")) == ["sst.config.ts"]


@pytest.mark.parametrize("name", ["my.sst.config.ts", "sst.config.tsx", "sst.config.ts.bak", "SST.config.ts"])
def test_other_names_are_no_configs(name: str) -> None:
    assert find_projects(tree(name)) == []


def test_a_folder_that_is_not_there_has_none() -> None:
    assert find_projects(tree("sst.config.ts"), "nowhere") == []


def test_depth_is_bounded() -> None:
    assert find_projects(tree("x/" * 200 + "sst.config.ts")) == []
