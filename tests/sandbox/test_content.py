import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_bot.sandbox.content import ObjectStore, Submodule, Symlink
from policy_bot.sandbox.difference import changes, hunks
from policy_bot.sandbox.merging import merged_tree

LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\n"]), max_size=30)


def test_ids_are_those_that_git_gives(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "x.ts").write_text("export {};\n")
    (tmp_path / "deep.ts").write_text("1\n")
    (tmp_path / "link").symlink_to("deep.ts")
    for words in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    tree = subprocess.run(
        ["git", "write-tree"], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    files = {"deep/er/x.ts": "export {};\n", "deep.ts": "1\n", "link": Symlink("deep.ts")}
    assert ObjectStore().changed(None, files) == tree.strip()


def test_an_object_is_found_by_its_path() -> None:
    store = ObjectStore()
    tree = store.changed(None, {"infra/api.ts": "1", "vendor": Submodule("1" * 40)})
    assert store.text(store.at(tree, "infra/api.ts")) == b"1"
    assert store.at(tree, "infra/none.ts") is None
    assert store.at(tree, "infra/api.ts/deeper") is None
    assert [(entry.type, name) for name, entry in store.folders[tree].items()] == [
        ("tree", "infra"),
        ("commit", "vendor"),
    ]


def test_a_hunk_has_three_lines_of_context_and_the_heading_git_would_show() -> None:
    old = "".join(f"line {number}\n" for number in range(1, 31))
    (change,) = _changed({"x": old}, {"x": old.replace("line 20\n", "LINE 20\nline 20b\n")})
    assert change.patch == (
        "@@ -17,7 +17,8 @@ line 16\n line 17\n line 18\n line 19\n"
        "-line 20\n+LINE 20\n+line 20b\n line 21\n line 22\n line 23"
    )
    assert (change.additions, change.deletions) == (2, 1)
    (hunk,) = hunks(change.patch)
    assert sorted(hunk.right) == [17, 18, 19, 20, 21, 22, 23, 24]
    assert sorted(hunk.left) == [17, 18, 19, 20, 21, 22, 23]


@pytest.mark.parametrize(
    ("old", "new", "patch"),
    [
        (None, "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b"),
        ("a\n", None, "@@ -1 +0,0 @@\n-a"),
        ("a\n", "a", "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file"),
        ("a\r\nb\r\n", "a\r\nc\r\n", "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r"),
        ("a\0b", "a\0c", None),
        ("x" * 600_000, "y", None),
    ],
)
def test_patches(old: str | None, new: str | None, patch: str | None) -> None:
    (change,) = _changed({} if old is None else {"x": old}, {} if new is None else {"x": new})
    assert change.patch == patch


def test_a_file_that_moved_is_renamed() -> None:
    text = "".join(f"line {number}\n" for number in range(20))
    (change,) = _changed({"old.ts": text}, {"new.ts": text + "more\n"})
    assert (change.status, change.previous, change.path, change.additions) == (
        "renamed",
        "old.ts",
        "new.ts",
        1,
    )


@given(LINES, LINES)
def test_a_patch_leads_from_the_old_file_to_the_new(old: list[str], new: list[str]) -> None:
    changed = _changed({"x": "".join(old), "y": "y"}, {"x": "".join(new), "y": "y"})
    if old == new:
        assert not changed
        return
    result = list(old)
    for hunk in reversed(hunks(changed[0].patch)):
        rows = hunk.text.split("\n")[1:]
        start = min(hunk.left) - 1 if hunk.left else 0
        result[start : start + len(hunk.left)] = [row[1:] + "\n" for row in rows if row[0] in " +"]
    assert result == new


def _changed(old: dict[str, str], new: dict[str, str]):
    store = ObjectStore()
    return changes(store, store.flat[store.changed(None, old)], store.flat[store.changed(None, new)])


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ("1\n2\n3\n4\n5\n", "one\n2\n3\n4\n5\n", "1\n2\n3\n4\nfive\n", "one\n2\n3\n4\nfive\n"),
        ("1\n2\n3\n", "one\n2\n3\n", "eins\n2\n3\n", None),
        ("1\n2\n3\n", "one\n2\n3\n", "one\n2\n3\n", "one\n2\n3\n"),
        ("1\n2\n3\n", "1\n2\n3\n", "3\n", "3\n"),
        ("1\n", "1\n", None, ""),
        ("1\n", "2\n", None, None),
    ],
)
def test_merging(base: str, ours: str, theirs: str | None, merged: str | None) -> None:
    store = ObjectStore()
    commits = []
    for text in (base, ours, theirs):
        tree = store.changed(None, {} if text is None else {"x": text})
        commits.append(store.put_commit(tree, (), "m", "ada", "2026").sha)
    result = merged_tree(store, *commits)
    assert merged == (None if result is None else store.text(store.flat[result].get("x")).decode())
