"""Finds the projects that a change affects, and judges them as they are now and as they were before.

A change affects a project if it changes a file on which the project's reading depended: the config, its
imports, `package.json`, the lockfile, the framework's config. What cannot be read is reported, never taken
for "nothing there".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from policy_bot.github import fetching
from policy_bot.github.source import GitHubTree
from policy_bot.isolation.asking import judged, proved_fixes
from policy_bot.isolation.questions.projects import JudgeProject, ProjectJudged
from policy_bot.isolation.reader import NOBODY, Asker, Reader
from policy_bot.policy import inline
from policy_bot.policy.engine import Judge, joined
from policy_bot.policy.finding import Finding, Fix, Judgement
from policy_bot.policy.problems import covered, of_places, of_projects
from policy_bot.policy.settings import Notice
from policy_bot.review.diff import may_stream
from policy_bot.review.fixes import is_fixable
from policy_bot.review.plan import speaks_up
from policy_bot.review.ratchet import Ratcheted, ratchet
from policy_bot.service.evaluation.comparison import Comparison, object_id
from policy_bot.service.evaluation.gone import WHOLE, gone, nowhere
from policy_bot.service.evaluation.memory import Reading, Remembered
from policy_bot.sst.deployment import BlindSpot, Project
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.repository.projects import SKIPPED, search
from policy_bot.sst.source import Unreadable
from policy_bot.sst.span import Span

_BESIDE = ("package.json", "tsconfig.json")
FEW = 3
"""With more projects than this, what they import is fetched for all of them at once."""
LONGEST = 180.0
"""Wall-clock seconds that judging one change may take: after that, no further project is read and no further
fix tried. Each reading has its own limit, but a stranger's pull request may bring a thousand configs, and
all installations share the readers.
"""
MOST_HELD = 4 * 1024 * 1024
"""Bytes of answers held for one side of a change: beyond that, no further project is read. An answer consists
of a project's findings and unread places, 2 KiB each and ten times that in memory. A project's deployments
stay in the reading process: 40 KiB of source can expand to 50 MiB.
"""


@dataclass(frozen=True)
class Judged:
    """The judgement of the affected projects, and the new part of it."""

    judgement: Judgement
    ratcheted: Ratcheted

    def with_mistakes(self, judge: Judge, mistakes: Sequence[BlindSpot], comparison: Comparison) -> Judged:
        """Adds mistakes in the policy files in force. They count as new in every change that has
        something to judge. Others pass, above all one that corrects the files: its own review judges them.
        """
        changed = (comparison.changes(project.files) for project in self.judgement.projects)
        if not mistakes or not (self.ratcheted.new or comparison.everything or any(changed)):
            return self
        if not covered(judge):
            problems = (*mistakes, *self.judgement.problems)
            return Judged(replace(self.judgement, problems=problems), self.ratcheted)
        found = of_places(judge, mistakes, "settings")
        judgement = replace(self.judgement, findings=(*self.judgement.findings, *found))
        return Judged(judgement, replace(self.ratcheted, new=(*self.ratcheted.new, *found)))


def ignore_notices(judged: Judged, comparison: Comparison) -> tuple[Notice, ...]:
    """Notices about ignore comments in changed files, because then every project that imports the file was
    judged. One without a finding is reported if all of them were judged completely.
    """
    judgement = judged.judgement
    unread = bool(judgement.problems) or not all(map(_whole, judgement.projects))
    return inline.notices(
        replace(each, idle=()) if unread else each
        for each in judgement.ignores
        if comparison.changes((each.span.path,))
    )


@dataclass
class _Allowance:
    """The budget for the projects of one side; `held` is what they have used."""

    end: float
    clock: Callable[[], float]
    held: int = 0

    def used_up(self) -> Reason | None:
        """The exhausted budget; None while none is exhausted."""
        if self.clock() > self.end:
            return Why.JUDGING_TIME(LONGEST)
        return Why.PROJECTS_SIZE(MOST_HELD >> 20) if self.held > MOST_HELD else None

    def taken(self, found: ProjectJudged) -> Judgement:
        """The judgement of the project, whose size is charged to the budget."""
        self.held += found.project.weight
        return found.judgement


@dataclass(frozen=True)
class ProjectJudge:
    """Reads and judges with one repository's rules."""

    reader: Reader
    judge: Judge
    remembered: Remembered
    pause: Callable[[str], None] = lambda doing: None
    """Called before each reading, with its description; raises if a newer evaluation has taken over."""
    clock: Callable[[], float] = time.monotonic
    end: float | None = None
    """When the evaluation ends, by the clock; None: as long after its start as one change may take."""
    asker: Asker = NOBODY
    functions: bool = False
    """Whether what the projects deploy is shown, and not only judged."""

    def judged(self, comparison: Comparison, fixes: bool = True) -> Judged:
        """Judges the affected projects; proves fixes if `fixes`."""
        problems: list[BlindSpot] = []
        end = self.clock() + LONGEST if self.end is None else self.end
        judgement = joined(self._touched(comparison, problems, _Allowance(end, self.clock)))
        touched = [project.path for project in judgement.projects]
        before = [
            self._was(base, touched, comparison, problems, _Allowance(end, self.clock))
            for base in comparison.bases
        ]
        if fixes:
            ratcheted = ratchet(judgement.findings, *before)
            judgement = self._fixed(judgement, ratcheted, comparison.judged, end)
        if not covered(self.judge):
            unseen = tuple(dict.fromkeys((*judgement.problems, *problems)))
            return Judged(replace(judgement, problems=unseen), ratchet(judgement.findings, *before))
        found = (
            *judgement.findings,
            *of_projects(self.judge, judgement.projects),
            *of_places(self.judge, problems),
            *of_places(self.judge, gone(comparison, touched, self.reader), "gone"),
        )
        judgement = replace(judgement, findings=found, problems=())
        return Judged(judgement, ratchet(judgement.findings, *before))

    def _was(
        self,
        base: GitHubTree,
        paths: Sequence[str],
        comparison: Comparison,
        problems: list[BlindSpot],
        allowed: _Allowance,
    ) -> tuple[Finding, ...]:
        """The findings of the same projects in a base, including what could not be read there."""
        judgement = joined(self._before(base, paths, comparison, problems, allowed))
        unread = of_projects(self.judge, judgement.projects)
        left = _unsearched(base) if any(each.span.path == WHOLE for each in problems) else None
        if base.fetcher.has_refused():
            left = None  # it is not known whether the base had folders that are not listed
        return (*judgement.findings, *unread, *of_places(self.judge, [nowhere(left)] if left else ()))

    def _fixed(self, judgement: Judgement, ratcheted: Ratcheted, tree: GitHubTree, end: float) -> Judgement:
        """Proves fixes for findings that get a comment. Their number is limited, since each proof is a
        reading.
        """

        wanted: dict[str, set[str]] = {}
        for finding in ratcheted.new:
            if speaks_up(finding) and is_fixable(finding, self.judge):
                wanted.setdefault(finding.project, set()).add(finding.fingerprint)
        fixes: dict[str, tuple[Fix, ...]] = {}
        for path, fingerprints in wanted.items():
            self.pause(f"trying fixes of {path}")
            if self.clock() > end:
                break
            fixes |= proved_fixes(
                self.reader, tree.anew(), path, self.judge, frozenset(fingerprints), self.asker
            )
        found = (replace(each, fixes=fixes.get(each.fingerprint, ())) for each in judgement.findings)
        return replace(judgement, findings=tuple(found))

    def _touched(
        self, comparison: Comparison, problems: list[BlindSpot], allowed: _Allowance
    ) -> Iterator[Judgement]:
        configs = self._configs(comparison, problems)
        for number, config in enumerate(configs):
            self.pause(f"reading {config}")
            if spent := allowed.used_up():
                left = f"{len(configs) - number} of {len(configs)} projects are not read"
                problems.append(BlindSpot(Why.PROJECTS_LEFT(spent, left), Span.of_file(config)))
                return
            fetcher = comparison.judged.fetcher
            asked = fetcher.requests
            try:
                found = self._current(comparison, config)
                cut = fetcher.has_refused(asked)
                if cut:
                    problems.append(BlindSpot(_requests(), Span.of_file(config)))
                if found and (cut or not _whole(found.project) or comparison.changes(found.project.files)):
                    yield allowed.taken(found)
            except Unreadable as why:
                problems.append(BlindSpot(why.why, Span.of_file(config)))

    def _configs(self, comparison: Comparison, problems: list[BlindSpot]) -> list[str]:
        """The configs of the judged tree; an incomplete listing is a problem, whatever is found."""
        tree = comparison.judged
        tree.compared = comparison.bases
        tree.changed = tuple(sorted(comparison.changed or ()))
        try:
            for base in comparison.bases if comparison.changed is None else ():
                base.list_all(SKIPPED)
            if left := _unsearched(tree):
                problems.append(nowhere(left))
            configs = self.reader.find(tree)
            likely = {path for config in configs for path in (config, *_neighbours(config))}
            tree.prefetch(sorted(likely | self.remembered.paths))
            if len(configs) > FEW:
                tree.prefetch_imports([each for each in configs if each not in self.remembered.readings])
        except Unreadable as why:
            problems.append(nowhere(why.why))
            return []
        return configs

    def _current(self, comparison: Comparison, config: str) -> ProjectJudged | None:
        """Reads the project after the change; None if it depends on nothing that changed.

        Application code of a project that is not remembered is only requested if the change may affect
        streams.
        """
        tree, known = comparison.judged, self.remembered.readings.get(config)
        if known and known.whole and _same(known, tree) and not comparison.changes(known.files):
            return None
        if comparison.diff is None or comparison.changes((config, *(known.files if known else ()))):
            return self._read(tree.anew(), config, tree)
        own = tree.anew(asks_for_code=False)
        found = self._read(own, config, tree)
        if not own.withheld:
            return found
        idle = _whole(found.project) and not comparison.changes(found.project.files)
        silent = not any(may_stream(path, None) for path in comparison.changed or ())
        if idle and (silent or comparison.diff().rules_out_streams):
            return None
        return self._read(tree.anew(), config, tree)

    def _read(self, own: GitHubTree, config: str, tree: GitHubTree) -> ProjectJudged:
        asked = own.fetcher.requests
        found = judged(
            self.reader, own, JudgeProject(config, self.judge, functions=self.functions), self.asker
        )
        cut = own.withheld or own.fetcher.has_refused(asked)
        folders = {folder: _names(tree, folder) for folder in own.listed}
        files = {path: object_id(tree, path) for path in found.project.files}
        whole = _whole(found.project) and not cut
        self.remembered.keep(config, Reading(files, folders, whole))
        tree.wanted |= own.wanted
        return found

    def _before(
        self,
        base: GitHubTree,
        paths: Sequence[str],
        comparison: Comparison,
        problems: list[BlindSpot],
        allowed: _Allowance,
    ) -> Iterator[Judgement]:
        """Reads the same projects on the base side, if they exist there, under their present paths. An unread
        one counts as missing, and so does one of which something was refused: then everything in it is new.
        """
        there = [(path, was) for path in paths if (was := comparison.former(path, base))]
        for number, (path, was) in enumerate(there):
            self.pause(f"reading {path} as it was before")
            if spent := allowed.used_up():
                left = f"{len(there) - number} of {len(there)} projects of the base are not read"
                why = Why.PROJECTS_LEFT(spent, f"{left}, so all their findings count as new")
                problems.append(BlindSpot(why, Span.of_file(path)))
                return
            asked = base.fetcher.requests
            found = judged(self.reader, base.anew(), JudgeProject(was, self.judge, path), self.asker)
            if not base.fetcher.has_refused(asked):
                yield allowed.taken(found)
            elif found.judgement.findings:
                left = "the base is not read completely, so all its findings count as new"
                problems.append(BlindSpot(Why.PROJECTS_LEFT(_requests(), left), Span.of_file(path)))


def _requests() -> Reason:
    return Why.REQUESTS(fetching.MOST_REQUESTS)


def _unsearched(tree: GitHubTree) -> Reason | None:
    """Why projects may be missing: the limit that ended the search for them; None if there are none."""
    try:
        return search(tree).left if tree.list_all(SKIPPED) else Why.TREE_SIZE()
    except Unreadable as why:
        return why.why


def _whole(project: Project) -> bool:
    """Whether it was read completely: otherwise its dependencies are unknown, so every change affects it."""
    cut = (hidden.cut_short for deployment in project.contexts for hidden in deployment.unknown)
    return project.unreadable is None and not any(cut)


def _same(reading: Reading, tree: GitHubTree) -> bool:
    """Whether a reading is still valid in this tree."""
    return all(object_id(tree, path) == oid for path, oid in reading.files.items()) and all(
        _names(tree, folder) == names for folder, names in reading.folders.items()
    )


def _names(tree: GitHubTree, folder: str) -> tuple[str, ...] | None:
    names = tree.anew().list(folder)
    return None if names is None else tuple(names)


def _neighbours(config: str) -> Iterator[str]:
    folder = config.rpartition("/")[0]
    for name in _BESIDE:
        yield f"{folder}/{name}" if folder else name
