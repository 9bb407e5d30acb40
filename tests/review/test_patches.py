"""Fixes that a click cannot apply, as patches in the comment."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_bot.policy.causes import Cause
from policy_bot.policy.finding import Edit, Fix
from policy_bot.review.comment import body
from policy_bot.review.lines import HeadLines
from policy_bot.review.patches import patch
from tests.review.findings import finding

PATH = "sst.config.ts"
SOURCE = b'const a = 1\nnew Nextjs("Web", {\n  path: "web",\n})\nconst b = 2\nconst c = 3\n'
NEW = 'export default {\n  default: { override: { wrapper: "aws-lambda-streaming" } },\n}\n'


def shown(*edits: Edit, judged: bytes = SOURCE, head: bytes = SOURCE) -> str | None:
    return patch(Fix("Stream", edits), HeadLines({PATH: judged}, {PATH: head}))


def test_a_file_that_is_made() -> None:
    assert (
        shown(Edit("web/open-next.config.ts", 0, 0, NEW))
        == """\
--- /dev/null
+++ web/open-next.config.ts
@@ -0,0 +1,3 @@
+export default {
+  default: { override: { wrapper: "aws-lambda-streaming" } },
+}"""
    )


def test_lines_of_another_file_with_their_surroundings() -> None:
    at = SOURCE.index(b"\n})")
    assert (
        shown(Edit(PATH, at, at, '\n  server: { timeout: "120 seconds" },'))
        == """\
--- sst.config.ts
+++ sst.config.ts
@@ -2,4 +2,5 @@
 new Nextjs("Web", {
   path: "web",
+  server: { timeout: "120 seconds" },
 })
 const b = 2"""
    )


def test_no_patch_of_a_file_that_the_head_does_not_have_so() -> None:
    assert shown(Edit(PATH, 0, 5, "let"), judged=b"// of the base\n" + SOURCE) is None


@pytest.mark.parametrize("text", ["x\n" * 100, "\u202e", ""])
def test_long_and_hidden_text_is_not_shown(text: str) -> None:
    edits = [Edit("web/new.ts", 0, 0, text)] if text else []
    assert shown(*edits) is None


def test_what_is_not_text_has_no_patch() -> None:
    assert shown(Edit(PATH, 0, 1, "x"), judged=b"\xff\n", head=b"\xff\n") is None


def test_the_comment_shows_it_as_a_diff() -> None:
    text = body(Cause(finding("Web"), ()), patches=[("Write the config", "--- a\n+++ a")])
    assert "Write the config (`policy-bot fix` does it):\n\n```diff\n--- a\n+++ a\n```" in text


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=12), st.data())
def test_a_patch_makes_the_fixed_file(lines: list[str], data: st.DataObject) -> None:
    source = "".join(f"{line}\n" for line in lines).encode()
    start = data.draw(st.sampled_from(range(0, len(source) + 1, 2)))
    end = data.draw(st.sampled_from(range(start, len(source) + 1, 2)))
    edit = Edit(PATH, start, end, data.draw(st.sampled_from(["", "x\n", "a\ny\n"])))
    text = shown(edit, judged=source, head=source)
    expected = source[:start] + edit.text.encode() + source[end:]
    assert text is not None
    assert applied(text, source) == expected


def applied(text: str, source: bytes) -> bytes:
    """A patch of one hunk, applied by hand."""
    header, *changes = text.splitlines()[2:]
    first, count = (int(number) for number in header.split()[1][1:].split(","))
    old = source.decode().splitlines()
    at = first - 1 if count else first
    assert [line[1:] for line in changes if line[0] in " -"] == old[at : at + count]
    new = [*old[:at], *(line[1:] for line in changes if line[0] in " +"), *old[at + count :]]
    return "".join(f"{line}\n" for line in new).encode()


def test_git_applies_it(tmp_path: Path) -> None:
    at = SOURCE.index(b"\n})")
    text = shown(Edit("web/new.ts", 0, 0, NEW), Edit(PATH, at, at, "\n  warm: 1,"))
    (tmp_path / PATH).write_bytes(SOURCE)
    done = subprocess.run(
        ["git", "apply", "-p0", "-"],
        input=f"{text}\n",
        text=True,
        cwd=tmp_path,
        check=False,
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "web/new.ts").read_text() == NEW
    assert b"  warm: 1,\n})" in (tmp_path / PATH).read_bytes()
