"""Fixes as suggestion blocks that GitHub accepts."""

from __future__ import annotations

from dataclasses import replace

from policy_bot.policy.finding import Edit, Finding, Fix
from policy_bot.review.diff import Diff, FileDiff, diff, hunks
from policy_bot.review.lines import HeadLines
from policy_bot.review.suggestion import Anchor, anchor
from policy_bot.sst.span import Span
from tests.review.findings import finding

PATH = "sst.config.ts"
SOURCE = b'new Function("Chat", {\n  url: true,\n  timeout: "60 seconds",\n});\nexport {};\n'


def _edit(old: bytes, new: str, source: bytes = SOURCE) -> Edit:
    start = source.index(old)
    return Edit(PATH, start, start + len(old), new)


def _fixed(*edits: Edit, line: int = 3) -> Finding:
    return replace(finding("Chat", line), fixes=(Fix("Give it 300 seconds", edits),))


def _whole(source: bytes = SOURCE) -> Diff:
    count = source.count(b"\n") + (not source.endswith(b"\n"))
    added = "\n".join(f"+{line}" for line in source.decode(errors="replace").split("\n")[:count])
    return diff([FileDiff(PATH, "added", None, hunks(f"@@ -0,0 +1,{count} @@\n{added}"))])


def _anchored(found: Finding, source: bytes = SOURCE, change: Diff | None = None) -> Anchor | None:
    return anchor(found, change or _whole(source), HeadLines({PATH: source}, {PATH: source}))


def test_an_edit_of_the_line_replaces_the_line() -> None:
    found = _fixed(_edit(b"60 seconds", "300 seconds"))
    assert _anchored(found) == Anchor(PATH, 3, 3, (("Give it 300 seconds", '  timeout: "300 seconds",'),))


def test_an_edit_nearby_widens_the_range_of_the_comment() -> None:
    place = _anchored(_fixed(_edit(b"  url: true,\n", "  url: true,\n  logging: true,\n")))
    assert place is not None
    assert (place.first, place.last) == (2, 3)
    assert place.suggestions[0][1] == '  url: true,\n  logging: true,\n  timeout: "60 seconds",'


def test_a_removed_line_is_an_empty_block() -> None:
    place = _anchored(_fixed(_edit(b'  timeout: "60 seconds",\n', "")))
    assert place is not None
    assert place.suggestions == (("Give it 300 seconds", ""),)


def test_an_insertion_at_the_end_of_a_line() -> None:
    at = SOURCE.index(b",\n  timeout") + 1
    place = _anchored(_fixed(Edit(PATH, at, at, " streaming: true,"), line=2))
    assert place is not None
    assert (place.first, place.last, place.suggestions[0][1]) == (2, 2, "  url: true, streaming: true,")


def test_carriage_returns_and_a_missing_line_end() -> None:
    source = b'a: 1,\r\ntimeout: "60 seconds"'
    place = _anchored(_fixed(_edit(b"60", "300", source), line=2), source)
    assert place is not None
    assert place.suggestions[0][1] == 'timeout: "300 seconds"'


def test_lines_that_end_with_carriage_returns_are_offered_without_them() -> None:
    source = b'a: 1,\r\ntimeout: "60 seconds",\r\nb: 2,\r\n'
    place = _anchored(
        _fixed(_edit(b'"60 seconds",', '"300 seconds",\r\nretries: 1,', source), line=2), source
    )
    assert place is not None
    assert place.suggestions[0][1] == 'timeout: "300 seconds",\nretries: 1,'


def test_several_edits_are_one_suggestion_or_none() -> None:
    near = _fixed(_edit(b"url", "URL"), _edit(b"60", "300"))
    place = _anchored(near)
    assert place is not None
    assert place.suggestions[0][1] == '  URL: true,\n  timeout: "300 seconds",'
    apart = _fixed(_edit(b"60", "300"), Edit("infra/api.ts", 0, 0, "x"))
    place = _anchored(apart)
    assert place is not None
    assert place.suggestions == ()


def test_a_range_that_leaves_the_hunk_is_not_offered() -> None:
    change = diff([FileDiff(PATH, "modified", None, hunks("@@ -3,1 +3,1 @@\n-x\n+y"))])
    place = _anchored(_fixed(_edit(b"url", "URL")), change=change)
    assert place is not None
    assert (place.first, place.last, place.suggestions) == (3, 3, ())
    assert "-  url: true,\n+  URL: true," in place.patches[0][1]


def test_a_line_outside_of_the_diff_gets_no_comment() -> None:
    change = diff([FileDiff(PATH, "modified", None, hunks("@@ -1,1 +1,1 @@\n-x\n+y"))])
    assert _anchored(_fixed(_edit(b"60", "300")), change=change) is None
    assert _anchored(_fixed(_edit(b"60", "300")), change=Diff({})) is None


def test_what_is_not_text_or_hides_is_not_offered() -> None:
    for source in (b'timeout: "60", // \xff', 'timeout: "60", // \u202e'.encode()):
        place = _anchored(_fixed(_edit(b"60", "300", source), line=1), source)
        assert place == Anchor(PATH, 1, 1)


def test_where_the_merge_result_differs_lines_are_the_heads_and_nothing_is_offered() -> None:
    judged, head = b"// from the base\n" + SOURCE, SOURCE
    found = replace(_fixed(_edit(b"60", "300", judged), line=4))
    place = anchor(found, _whole(), HeadLines({PATH: judged}, {PATH: head}))
    assert place == Anchor(PATH, 3, 3)
    only_in_base = replace(found, span=found.span._replace(line=1))
    assert anchor(only_in_base, _whole(), HeadLines({PATH: judged}, {PATH: head})) is None


ROUTE = "web/app/api/chat/route.ts"
CODE = b"export async function POST() {\n  return answer.toUIMessageStreamResponse()\n}\n"


def _stream(*fixes: Fix) -> Finding:
    """A finding at line 1 of the config, about a stream that line 2 of a route sends."""
    return replace(finding("POST /api/chat"), sender=Span(ROUTE, 2, 10, 2, 43, 41, 74), fixes=fixes)


def _told(found: Finding, *changed: str) -> Anchor | None:
    contents = {PATH: SOURCE, ROUTE: CODE}
    patches = [
        FileDiff(path, "modified", None, hunks("@@ -1,3 +1,3 @@\n-x\n+y\n  z\n  z")) for path in changed
    ]
    return anchor(found, diff(patches), HeadLines(contents, contents))


def test_a_change_of_the_line_that_sends_a_stream_is_reported_there() -> None:
    assert _told(_stream(), ROUTE, PATH) == Anchor(ROUTE, 2, 2)
    assert _told(_stream(), ROUTE) == Anchor(ROUTE, 2, 2)


def test_if_the_line_that_sends_is_not_in_the_diff_the_config_is_reported() -> None:
    assert _told(_stream(), PATH) == Anchor(PATH, 1, 1)
    assert _told(_stream(), "web/page.tsx") is None


def test_a_fix_of_the_config_is_no_suggestion_on_the_line_that_sends() -> None:
    place = _told(_stream(Fix("Stream", (Edit(PATH, 0, 1, "x"),))), ROUTE, PATH)
    assert place is not None
    assert (place.path, place.suggestions) == (ROUTE, ())
    assert [title for title, _ in place.patches] == ["Stream"]
