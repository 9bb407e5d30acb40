"""The session of an editor: projects read and judged from the folder, with unsaved text on top."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from policy_bot.cli.folder import FolderTree
from policy_bot.cli.organisation import Above
from policy_bot.cli.problem import SettingsProblem
from policy_bot.cli.rules import defaults, rules
from policy_bot.cli.viewpoint import Viewpoint
from policy_bot.isolation.reader import Reader
from policy_bot.isolation.stages import read_in_stages
from policy_bot.policy import builtin
from policy_bot.policy.editorschema import Schema, settings_schema
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Finding, Judgement
from policy_bot.policy.inforce import own_policies
from policy_bot.policy.inline import is_ignorable, merged, notices
from policy_bot.policy.problems import included, is_complete
from policy_bot.policy.revision import FILE_NAME, REPOSITORY_FOLDER, Revision, join
from policy_bot.policy.settings import LayerName, Notice
from policy_bot.record import dataclass, field, replace
from policy_bot.review.fixes import with_fixes
from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.source import Overlay, SourceTree, Unreadable
from policy_bot.sst.span import Span

MOST_PROJECTS = 50
"""Maximum number of projects that are judged; those nearest to the opened file come first."""


@dataclass(frozen=True)
class JudgedText:
    """A project with its current text, and the judgement on it."""

    project: Project
    judgement: Judgement


@dataclass
class Session:
    """One folder in one editor. Not thread-safe.

    `open` is the text of the open files by path relative to `root`; other files are read from disk.
    """

    root: Path
    reader: Reader
    open: dict[str, bytes] = field(default_factory=dict)
    judged: dict[str, JudgedText] = field(default_factory=dict)
    judge: Judge = field(default_factory=defaults)
    """The policies and settings that were last without mistakes; the built-in ones at first."""
    trouble: str = field(default="")
    """The mistakes in the folder's settings or policies, because of which `judge` is not what they say."""

    @property
    def tree(self) -> SourceTree:
        """The folder with the unsaved text on top."""
        return Overlay(FolderTree(self.root), dict(self.open))

    def text(self, path: str) -> bytes:
        """The current text of a file; empty if it cannot be read."""
        try:
            return self.tree.read(path) or b""
        except Unreadable:
            return b""

    def refresh(self, path: str) -> None:
        """Reads and judges again everything that a change of this file may affect."""
        before = self.trouble
        try:
            self.judge, self.trouble = rules(self.tree, Above(), self._viewpoint), ""
        except SettingsProblem as problem:
            self.trouble = "\n".join(problem.lines)
        everything = self.trouble != before or _is_policy(path) or not self.judged
        for config in self._configs(path) if everything else self._concerned(path):
            self.judged[config] = self._judged(config)

    def fixed(self, config: str, wanted: Sequence[Finding]) -> Sequence[Finding]:
        """These findings of a project with the fixes that are proved."""
        if config not in self.judged:
            return ()
        names = {finding.fingerprint for finding in wanted}
        judgement = with_fixes(
            self.judged[config].judgement,
            self.tree,
            self._read,
            self.judge,
            lambda finding: finding.fingerprint in names,
        )
        return [finding for finding in judgement.findings if finding.fingerprint in names]

    def ignorable(self, path: str) -> list[tuple[str, Span]]:
        """Policies and places of the findings in a file that a comment may excuse."""
        policies = {policy.id for policy in self.judge.policies if is_ignorable(policy)}
        every = (finding for judged in self.judged.values() for finding in judged.judgement.findings)
        found = (
            (each.policy, each.span)
            for each in every
            if each.span.path == path and each.excuse is None and each.policy in policies
        )
        return [each for each in dict.fromkeys(found) if self.judge.settings.inline_of(each[0]).value]

    def notices(self) -> tuple[Notice, ...]:
        """Mistakes in ignore comments. A comment counts as unused only if all projects were judged."""
        judgements = [judged.judgement for judged in self.judged.values()]
        unread = not all(map(is_complete, judgements))
        ignores = merged(each for judgement in judgements for each in judgement.ignores)
        return notices(replace(each, idle=()) if unread else each for each in ignores)

    def settings_schema(self, path: str) -> Schema:
        """The schema of this folder's settings file, including the policies next to it."""
        layer: LayerName = "organisation" if path == FILE_NAME else "repository"
        own = own_policies(Revision.read(self.tree, "" if path == FILE_NAME else REPOSITORY_FOLDER))
        return settings_schema(layer, builtin.load(), own, is_complete=layer == "organisation")

    @property
    def _viewpoint(self) -> Viewpoint:
        return Viewpoint(str(self.root), str(self.root))

    def _concerned(self, path: str) -> list[str]:
        known = [config for config, judged in self.judged.items() if path in judged.project.files]
        new = [path] if path in self._configs(path) and path not in known else []
        return known + new

    def _configs(self, path: str) -> list[str]:
        """The configs of the folder, those that share the most parent folders with `path` first."""
        configs = self.reader.find(self.tree)
        return sorted(configs, key=lambda config: -_shared(config, path))[:MOST_PROJECTS]

    def _judged(self, config: str) -> JudgedText:
        project = read_in_stages(self.reader.read, self.tree, config, self.judge.settings.stages)
        return JudgedText(project, included(self.judge, self.judge([project])))

    def _read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None) -> Project:
        return self.reader.read(tree, path, contexts)


def _is_policy(path: str) -> bool:
    return path == FILE_NAME or path.startswith((join(REPOSITORY_FOLDER, ""), "policies/"))


def _shared(one: str, other: str) -> int:
    """Number of leading folders that two paths share."""
    number = 0
    for left, right in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if left != right:
            break
        number += 1
    return number
