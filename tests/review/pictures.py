"""Pictures of what a pull request shows: `before` and `after` in, `check.md` and `comments.md` out, side by
side.

`python tests/review/pictures.py` redraws them; read the difference before you commit it.
"""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Excuse, Finding
from policy_bot.policy.settings import Settings
from policy_bot.record import replace
from policy_bot.review.diff import Diff, FileDiff, diff, hunks
from policy_bot.review.lines import HeadLines
from policy_bot.review.plan import Plan, plan
from policy_bot.review.ratchet import ratchet
from policy_bot.review.review import Review
from policy_bot.sst.source import MemoryTree
from tests.toy import CONFIG, POLICIES, ToyReader

FOLDER = Path(__file__).parent / "pictures"
JUDGE = Judge(POLICIES, Settings.default())


def names() -> list[str]:
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def planned(name: str) -> Plan:
    before, after = (FOLDER / name / "before").read_bytes(), (FOLDER / name / "after").read_bytes()
    base = JUDGE([_read(before)]).findings
    judgement = JUDGE([_read(after)])
    judgement = replace(judgement, findings=tuple(_excused(f) for f in judgement.findings))
    files = {CONFIG: after}
    return plan(
        Review(judgement, ratchet(judgement.findings, base), _diff(before, after), HeadLines(files, files))
    )


def _read(content: bytes):  # type: ignore[no-untyped-def]
    return ToyReader().read(MemoryTree({CONFIG: content}), CONFIG)


def _excused(finding: Finding) -> Finding:
    """In pictures, `Excused…` is excused, and unknown findings always have the same message."""
    if finding.verdict == "unknown":
        finding = replace(finding, message="Cannot tell: `code` is read when it runs.")
    if "Excused" not in finding.subject:
        return finding
    excuse = Excuse("moves away in May | @ops knows", "2027-05-31", "ada", ".github/policy-bot.yml:7")
    return replace(finding, excuse=excuse, gates=False)


def _diff(before: bytes, after: bytes) -> Diff:
    lines = (side.decode().split("\n") for side in (before, after))
    patch = "\n".join(list(difflib.unified_diff(*lines, lineterm=""))[2:])
    return diff([FileDiff(CONFIG, "modified", None, hunks(patch))])


def check(picture: Plan) -> str:
    notes = [f"- {a.level} {a.path}:{a.line} {a.title}: {a.message}" for a in picture.annotations]
    annotations = "\n".join(notes) or "none"
    return f"{picture.conclusion}: {picture.title}\n\n{picture.summary}\n\n## Annotations\n\n{annotations}\n"


def comments(picture: Plan) -> str:
    shown = [f"{c.path}:{c.first}-{c.line}\n\n{c.body}\n" for c in picture.comments]
    return "\n---\n\n".join(shown) or "none\n"


if __name__ == "__main__":
    for each in names():
        drawn = planned(each)
        (FOLDER / each / "check.md").write_text(check(drawn))
        (FOLDER / each / "comments.md").write_text(comments(drawn))
