"""Applies proved fixes until none is left: the effect of `policy-bot fix` on a folder, as bytes before and
after.

All fixes of a project are tried together, because each proof costs a reading of the project: 150 fixes cost a
few readings. If the proof of a group fails, its halves are tried. With one bad draft `c` among `a b c d` the
groups are `abcd` (fails), `ab` (holds), `ab+cd` (fails), `ab+c` (fails: `c` is rejected), `ab+d` (holds).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence

from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Finding, Fix, Judgement
from policy_bot.policy.problems import included
from policy_bot.record import dataclass, field
from policy_bot.review.drafts import Draft, Drafts
from policy_bot.review.fixes import Attempt, Read, Trial, is_fixable
from policy_bot.review.fixes_text import apply
from policy_bot.sst.deployment import Project
from policy_bot.sst.source import Overlay, SourceTree

MOST_PROOFS = 60
"""How many proofs one project may cost: each is a reading."""

MOST_ROUNDS = 10
"""How many rounds one project may take: fixes that trigger each other would never end."""


@dataclass
class Applied:
    """The changed files (before, after), the fixes made, and the findings that remain afterwards."""

    files: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    made: list[tuple[Finding, Fix]] = field(default_factory=list)
    left: list[Finding] = field(default_factory=list)
    not_tried: int = 0
    """Drafts for which no proof was left in the budget."""


def apply_fixes(configs: Iterable[str], tree: SourceTree, read: Read, judge: Judge) -> Applied:
    """Applies a proved fix for every finding that has one, project by project."""
    applied = Applied()
    for config in configs:
        judgement = _Project(config, tree, read, judge, applied).fix()
        applied.left += included(judge, judgement).findings
    return applied


class _Project:
    """One project being fixed."""

    def __init__(self, config: str, tree: SourceTree, read: Read, judge: Judge, applied: Applied) -> None:
        self._config, self._tree, self._read, self._judge = config, tree, read, judge
        self._applied = applied
        self._rejected: set[tuple[str, str]] = set()
        self._proofs = MOST_PROOFS

    def fix(self) -> Judgement:
        """Changes the files; returns the judgement of the result."""
        for number in range(MOST_ROUNDS + 1):
            now = Overlay(self._tree, {path: after for path, (_, after) in self._applied.files.items()})
            project = self._read(now, self._config, None)
            judgement = self._judge([project])
            attempts = self._attempts(judgement, project, now)
            if number == MOST_ROUNDS:
                self._applied.not_tried += len(attempts)
                break
            proved = self._proved(attempts, Trial(project, judgement.findings, now, self._read, self._judge))
            if not proved:
                break
            self._make(proved, now)
        return judgement

    def _attempts(self, judgement: Judgement, project: Project, now: SourceTree) -> list[Attempt]:
        """One draft per finding, except those that overlap with another; the next round includes them."""
        fixable = [f for f in judgement.findings if f.excuse is None and is_fixable(f, self._judge)]
        if not fixable:
            return []
        drafts = Drafts(project, self._judge, now.read)
        taken = _Taken()
        chosen: dict[tuple[object, ...], list[Finding]] = {}
        written: dict[tuple[object, ...], Draft] = {}
        for finding in fixable:
            for draft in drafts.of(finding):
                if (finding.fingerprint, draft.title) in self._rejected:
                    continue
                if draft.edits in chosen or taken.takes(draft):
                    chosen.setdefault(draft.edits, []).append(finding)
                    written.setdefault(draft.edits, draft)
                break
        return [Attempt(tuple(findings), written[edits]) for edits, findings in chosen.items()]

    def _proved(self, attempts: list[Attempt], trial: Trial) -> list[Attempt]:
        """The attempts that hold together; see the example at the top of this module."""
        proved: list[Attempt] = []
        groups = [attempts] if attempts else []
        while groups:
            group = groups.pop()
            if not self._proofs:
                self._applied.not_tried += len(group)
                continue
            self._proofs -= 1
            if trial.proves([*proved, *group]):
                proved += group
            elif len(group) == 1:
                [attempt] = group
                self._rejected.update((each.fingerprint, attempt.draft.title) for each in attempt.findings)
            else:
                half = len(group) // 2
                groups += [group[half:], group[:half]]
        return proved

    def _make(self, proved: Sequence[Attempt], now: SourceTree) -> None:
        edits = [edit for attempt in proved for edit in attempt.draft.edits]
        for path in dict.fromkeys(edit.path for edit in edits):
            source = now.read(path)
            source = source or b""  # a file that a fix writes anew
            after = apply(source, [edit for edit in edits if edit.path == path])
            assert after is not None  # the fixes were proved on this text
            before = self._applied.files[path][0] if path in self._applied.files else source
            self._applied.files[path] = (before, after)
        self._applied.made += _made(proved)


def _made(proved: Sequence[Attempt]) -> Iterator[tuple[Finding, Fix]]:
    for attempt in proved:
        fix = Fix(attempt.draft.title, attempt.draft.edits)
        yield from ((finding, fix) for finding in attempt.findings)


class _Taken:
    """The ranges of each file that drafts already edit."""

    def __init__(self) -> None:
        self._stretches: dict[str, list[tuple[int, int]]] = {}

    def takes(self, draft: Draft) -> bool:
        """Whether the draft overlaps with no other; if so, its ranges are reserved."""
        if not all(self._is_free(edit.path, edit.start, edit.end) for edit in draft.edits):
            return False
        for edit in draft.edits:
            insort(self._stretches.setdefault(edit.path, []), (edit.start, edit.end))
        return True

    def _is_free(self, path: str, start: int, end: int) -> bool:
        taken = self._stretches.get(path, [])
        at = bisect_left(taken, (start, end))
        return (at == len(taken) or taken[at][0] > end) and (at == 0 or taken[at - 1][1] < start)
