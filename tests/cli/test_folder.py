"""The current folder is the boundary: what leads out of it is refused, whatever the way."""

import os
from pathlib import Path

import pytest

from policy_bot.cli.folder import LARGEST, FolderTree
from policy_bot.sst.source import Unreadable


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a secret next to it."""
    folder = tmp_path / "here"
    (folder / "apps" / "web").mkdir(parents=True)
    (folder / "apps" / "web" / "sst.config.ts").write_text("web")
    (folder / "readme.md").write_text("readme")
    (tmp_path / "secret").write_text("secret")
    monkeypatch.chdir(folder)
    return folder


def test_files_and_folders_by_their_path(here: Path) -> None:
    tree = FolderTree(here)
    assert tree.read("apps/web/sst.config.ts") == b"web"
    assert tree.read("apps/nothing") is None
    assert tree.read("apps") is None
    assert tree.read("readme.md/below") is None
    assert tree.list("") == ["apps/", "readme.md"]
    assert tree.list("apps") == ["web/"]
    assert tree.list("nowhere") is None
    assert tree.list("readme.md") is None


@pytest.mark.parametrize("path", ["../secret", "apps/../../secret", "/etc/hostname", "link", "loose/secret"])
def test_nothing_outside_is_read(here: Path, path: str) -> None:
    (here / "link").symlink_to(here.parent / "secret")
    (here / "loose").symlink_to(here.parent)
    with pytest.raises(Unreadable, match="leads out"):
        FolderTree(here).read(path)


def test_a_link_that_stays_inside_is_followed_and_does_not_make_a_walk_endless(here: Path) -> None:
    (here / "same.md").symlink_to("readme.md")
    (here / "apps" / "round").symlink_to(here)
    tree = FolderTree(here)
    assert tree.read("same.md") == b"readme"
    assert tree.list("apps") == ["round", "web/"]
    assert tree.read("apps/round/readme.md") == b"readme"


def test_a_pipe_a_huge_file_and_a_forbidden_one_are_refused_at_once(here: Path) -> None:
    os.mkfifo(here / "pipe")
    with (here / "huge").open("wb") as file:
        file.truncate(LARGEST + 1)
    tree = FolderTree(here)
    with pytest.raises(Unreadable, match="not a regular file"):
        tree.read("pipe")
    with pytest.raises(Unreadable, match="larger than 4 MiB"):
        tree.read("huge")


@pytest.mark.parametrize("path", ["nul\0l", "half \ud800"])
def test_a_path_that_no_file_can_have_is_no_file(here: Path, path: str) -> None:
    assert FolderTree(here).read(path) is None
    assert FolderTree(here).list(path) is None


def test_a_name_longer_than_any_is_no_file(here: Path) -> None:
    assert FolderTree(here).read("x" * 300) is None


def test_a_circle_of_links_is_refused(here: Path) -> None:
    (here / "a").symlink_to("b")
    (here / "b").symlink_to("a")
    with pytest.raises(Unreadable):
        FolderTree(here).read("a")
