"""Shows a fix as a patch if a click cannot apply it: in another file than the comment, in a new file, or on
lines that the pull request does not show.

    --- /dev/null
    +++ web/open-next.config.ts
    @@ -0,0 +1,3 @@
    +export default {
    +  default: { override: { wrapper: "aws-lambda-streaming" } },
    +};
"""

from __future__ import annotations

from collections.abc import Sequence

from policy_bot.policy.finding import Edit, Fix
from policy_bot.review import markdown
from policy_bot.review.fixes_text import apply
from policy_bot.review.lines import HeadLines, equal_at_start

CONTEXT = 2
"""Unchanged lines before and after a change."""
MOST_LINES = 60
"""Lines of one patch; a longer one is not readable in a comment."""


def patch(fix: Fix, lines: HeadLines) -> str | None:
    """The fix in the format of `diff -u`; None if a file is not the head's, or the patch is long."""
    shown: list[str] = []
    for path in sorted({edit.path for edit in fix.edits}):
        is_new = path not in lines.head and path not in lines.judged
        if not is_new and not lines.same(path):
            return None
        edits = [edit for edit in fix.edits if edit.path == path]
        hunk = _hunk(b"" if is_new else lines.text(path), edits)
        if hunk is None:
            return None
        shown += [f"--- {'/dev/null' if is_new else path}", f"+++ {path}", *hunk]
    text = "\n".join(shown)
    return None if not shown or len(shown) > MOST_LINES or markdown.hides(text) else text


def _hunk(content: bytes, edits: Sequence[Edit]) -> list[str] | None:
    """One hunk with all edits of a file; None if it is not text, or two edits overlap."""
    after = apply(content, edits)
    if after is None:
        return None
    try:
        old, new = (text.decode("utf-8").splitlines() for text in (content, after))
    except UnicodeDecodeError:
        return None
    start = equal_at_start(old, new)
    end = equal_at_start(old[start:][::-1], new[start:][::-1])
    removed, added = old[start : len(old) - end], new[start : len(new) - end]
    before, behind = old[max(0, start - CONTEXT) : start], old[len(old) - end :][:CONTEXT]
    first, around = start - len(before), len(before) + len(behind)
    return [
        f"@@ -{_range(first, len(removed) + around)} +{_range(first, len(added) + around)} @@",
        *(f" {line}" for line in before),
        *(f"-{line}" for line in removed),
        *(f"+{line}" for line in added),
        *(f" {line}" for line in behind),
    ]


def _range(first: int, count: int) -> str:
    """`start,count` of a hunk's header, lines from 1; an empty range begins at the line before it."""
    return f"{first + 1 if count else first},{count}"
