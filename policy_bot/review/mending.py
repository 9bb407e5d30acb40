"""Applying proved fixes until none is left: what `policy-bot fix` does to a folder, as bytes before and
after.
"""

from __future__ import annotations

from collections.abc import Sequence

from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Finding, Fix
from policy_bot.review.fixes import Read, first_fix
from policy_bot.review.fixes_text import apply
from policy_bot.sst.deployment import Hidden
from policy_bot.sst.record import dataclass, field
from policy_bot.sst.source import Overlay, SourceTree

MOST = 100
"""Fixes for one project: each costs a reading, and fixes that called for each other would never end."""


@dataclass
class Mended:
    """The changed files (before, after), the fixes that were made, the findings that are left, and what could
    not be judged.
    """

    files: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    made: list[tuple[Finding, Fix]] = field(default_factory=list)
    left: list[Finding] = field(default_factory=list)
    problems: list[Hidden] = field(default_factory=list)


def mend(configs: Sequence[str], tree: SourceTree, read: Read, judge: Judge) -> Mended:
    """Apply the first fix of every finding, one after the other, each on what the one before left."""
    mended = Mended()
    for config in configs:
        for _ in range(MOST):
            now = Overlay(tree, {path: after for path, (_, after) in mended.files.items()})
            judgement = judge([read(now, config, None)])
            first = first_fix(judgement, now, read, judge)
            if first is None:
                mended.left += judgement.findings
                mended.problems += judgement.problems
                break
            finding, fix = first
            _make(mended, now, fix)
            mended.made.append((finding, fix))
    return mended


def _make(mended: Mended, now: SourceTree, fix: Fix) -> None:
    for path in dict.fromkeys(edit.path for edit in fix.edits):
        source = now.read(path)
        assert source is not None  # the fix was proved on it
        after = apply(source, [edit for edit in fix.edits if edit.path == path])
        assert after is not None
        before = mended.files[path][0] if path in mended.files else source
        mended.files[path] = (before, after)
