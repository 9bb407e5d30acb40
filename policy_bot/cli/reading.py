"""Options of commands that read a folder (PATH, --stage, --dev, --exclude), and the projects they select."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cached_property
from typing import TYPE_CHECKING

from policy_bot.cli.boundary import Target, config_above, target
from policy_bot.cli.problem import Problem
from policy_bot.cli.progress import ProgressLine
from policy_bot.cli.viewpoint import Viewpoint
from policy_bot.isolation.local import local_reader
from policy_bot.isolation.reader import Reader
from policy_bot.isolation.stages import read_in_stages
from policy_bot.record import dataclass, field
from policy_bot.regex import regex
from policy_bot.sst.deployment import BlindSpot, Context, Project
from policy_bot.sst.source import Overlay, SourceTree, Unreadable
from policy_bot.sst.span import Span

if TYPE_CHECKING:
    from policy_bot.cli.gitignore import GitIgnore
    from policy_bot.cli.revisions import GitChange

FEW = 16
"""Minimum number of projects for several processes; below, they take longer to start than they save."""

_STAGE = regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}\Z")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """PATH, --stage, --dev, --exclude, --no-gitignore, --allow-no-project."""
    parser.add_argument(
        "path",
        nargs="*",
        metavar="PATH",
        help="a folder (every project below it, or the project that contains it) or a config file; may be"
        " repeated; default: the current folder",
    )
    group = parser.add_argument_group("which projects and stages")
    group.add_argument(
        "--stage",
        metavar="NAME",
        action="append",
        type=_stage,
        help="only this stage (may be repeated); default: production, dev and stages in the code",
    )
    group.add_argument("--dev", action="store_true", help="evaluate as `sst dev` does")
    group.add_argument(
        "--exclude",
        metavar="GLOB",
        action="append",
        default=[],
        help="skip projects below this path, e.g. 'examples/**' (may be repeated)",
    )
    group.add_argument(
        "--no-gitignore", action="store_true", help="also search folders that .gitignore excludes"
    )
    group.add_argument(
        "--allow-no-project", action="store_true", help="exit status 0 if there is no SST project"
    )
    parser.add_argument(
        "--quiet", "-q", action="store_true", help="show only failing findings and no progress"
    )
    parser.add_argument("--verbose", "-v", action="store_true", help="report each project on stderr")
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour the output; default: auto (obeys NO_COLOR, FORCE_COLOR)",
    )


def path_arguments(paths: list[str]) -> argparse.Namespace:
    """Arguments of a command that has PATHs but none of the other options."""
    return argparse.Namespace(
        path=paths, stage=None, dev=False, exclude=[], no_gitignore=False, quiet=True, verbose=False
    )


def stage(name: str) -> str:
    """Parses a stage name by SST's own rule. Raises `Problem`."""
    if not _STAGE.match(name):
        raise Problem(f"`{name}` is not a valid stage name: use letters, digits and dashes, at most 64")
    return name


def _stage(name: str) -> str:
    try:
        return stage(name)
    except Problem as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


@dataclass(frozen=True)
class LocalRun:
    """A tree, its selected configs, and their reader.

    `problems` are folders that could not be searched; `is_whole` says that every project below the boundary
    is among the configs.
    """

    tree: SourceTree
    configs: Sequence[str]
    contexts: Sequence[Context] | None
    reader: Reader
    viewpoint: Viewpoint
    problems: Sequence[BlindSpot] = ()
    leaving: Sequence[str] = ()
    is_whole: bool = False
    quiet: bool = True
    verbose: bool = False
    change: GitChange | None = None
    """Base of the comparison, if only new findings count."""

    def projects(self) -> Iterator[Project]:
        """Reads each project when it is needed."""
        progress = ProgressLine("projects", len(self.configs), quiet=self.quiet)
        return progress.over(self.project(self.tree, config) for config in self.configs)

    def project(
        self, tree: SourceTree, config: str, stages: Sequence[str] = (), reader: Reader | None = None
    ) -> Project:
        """Reads a project in the contexts of the options, else in its own and `stages`.

        `tree` may be the local run's with changes on top; `reader` may differ from its own.
        """
        reader = reader or self.reader
        if self.contexts is not None:
            return reader.read(tree, config, self.contexts)
        return read_in_stages(reader.read, tree, config, stages)


@contextmanager
def local_run(args: argparse.Namespace, kept: Reader | None = None) -> Iterator[LocalRun]:
    """The local run for these arguments; `kept` is a reader that outlives the run. Raises `Problem`."""
    where, stdin = target([path for path in args.path if path != "-"] or _near(args)), _stdin(args)
    root = os.fspath(where.tree.root)
    view = Viewpoint(root, os.getcwd())
    change = _change(args, root, is_checkout=where.is_checkout)
    tree: SourceTree = where.tree if change is None or change.tree is None else change.tree
    if stdin is not None:
        tree = Overlay(tree, {_below(root, args.stdin_filename): stdin})
    with local_reader() if kept is None else nullcontext(kept) as reader:
        search = _ProjectSearch(where, view, reader, args.exclude, tree, respect=not args.no_gitignore)
        configs, contexts = search.configs(), _contexts(args)
        if 0 < len(configs) < FEW:
            reader.expect(tree, configs[0], contexts)
        yield LocalRun(
            tree,
            configs,
            contexts,
            reader,
            view,
            search.problems,
            sorted(map(view.path, where.tree.leaving)),
            where.is_whole and not args.exclude and change is None and stdin is None,
            args.quiet,
            args.verbose,
            change,
        )


def _near(args: argparse.Namespace) -> list[str]:
    """The default of PATH: the folder of --stdin-filename, else the current folder."""
    name = getattr(args, "stdin_filename", None)
    return [os.path.dirname(name) or "."] if name else []


def _below(root: str, path: str) -> str:
    return os.path.relpath(os.path.abspath(path), root).replace(os.sep, "/")


def _stdin(args: argparse.Namespace) -> bytes | None:
    """The text of standard input, for --stdin-filename. Raises `Problem` if only one of both is given."""
    name = getattr(args, "stdin_filename", None)
    if ("-" in args.path) != (name is not None):
        raise Problem("`-` and --stdin-filename FILE go together: stdin replaces the content of FILE")
    return None if name is None else sys.stdin.buffer.read()


def _change(args: argparse.Namespace, root: str, *, is_checkout: bool) -> GitChange | None:
    base, is_staged = getattr(args, "changed", None), getattr(args, "staged", False)
    if base is None and not is_staged:
        return None
    if not is_checkout:
        raise Problem("--changed and --staged need a git checkout")
    from policy_bot.cli import revisions

    return revisions.staged(root) if is_staged else revisions.changed(root, base or "")


def without_project(args: argparse.Namespace, local: LocalRun, *, is_said: bool = False) -> int:
    """Exit status without a project: a wrong folder must not pass."""
    if not (is_said and args.allow_no_project):
        where = f"below {', '.join(args.path)}" if args.path and args.path != ["."] else "here"
        accepted = "" if args.allow_no_project else "; --allow-no-project accepts that"
        what = f"policy-bot: no SST project {where} (no sst.config.ts): nothing was checked{accepted}"
        print(what, file=sys.stderr)
    return int(bool(local.problems)) if args.allow_no_project else 2


@dataclass
class _ProjectSearch:
    """Finds the configs below PATHs, and records folders that could not be searched."""

    where: Target
    view: Viewpoint
    reader: Reader
    excluded: Sequence[str]
    tree: SourceTree
    respect: bool
    problems: list[BlindSpot] = field(default_factory=list)

    def configs(self) -> list[str]:
        """The configs, sorted. Those that the user named are never left out."""
        found = dict.fromkeys(self.where.configs)
        for folder in self.where.folders:
            listed = _Listed(self.tree)
            below = self.reader.find(listed, folder)
            self.problems += [
                each for each in listed.problems if self._is_wanted(f"{each.span.path}/", folder)
            ]
            above = None if below else config_above(self.tree, folder)
            wanted = [above] if above else [path for path in below if self._is_wanted(path, folder)]
            found.update(dict.fromkeys(wanted))
        return sorted(found)

    def _is_wanted(self, path: str, folder: str) -> bool:
        return not self._is_excluded(path) and not self._is_left_to_git(path, folder)

    def _is_excluded(self, path: str) -> bool:
        if not self.excluded:
            return False
        from policy_bot.policy.selection import matches

        shown = self.view.path(path.rstrip("/"))
        return any(
            matches(pattern, shown) or matches(f"{pattern}/**", shown)
            for pattern in (each.removeprefix("./").rstrip("/") for each in self.excluded)
        )

    def _is_left_to_git(self, path: str, folder: str) -> bool:
        """Whether a .gitignore excludes it; a config directly in the folder is never excluded."""
        if not self.respect or not self.where.is_checkout or path.rpartition("/")[0] == folder:
            return False
        return self._ignored.excludes(path, folder)

    @cached_property
    def _ignored(self) -> GitIgnore:
        from policy_bot.cli.gitignore import GitIgnore

        return GitIgnore(self.tree)


@dataclass(frozen=True)
class _Listed:
    """A tree in which an unlistable folder is empty and recorded as a problem."""

    tree: SourceTree
    problems: list[BlindSpot] = field(default_factory=list)

    def read(self, path: str) -> bytes | None:
        return self.tree.read(path)

    def list(self, folder: str) -> Sequence[str] | None:
        try:
            return self.tree.list(folder)
        except Unreadable as error:
            self.problems.append(BlindSpot(error.reason, Span.of_file(folder)))
            return ()


def _contexts(args: argparse.Namespace) -> Sequence[Context] | None:
    """The contexts of the options; None if the reader is to choose."""
    if args.stage:
        return [Context(stage, args.dev) for stage in dict.fromkeys(args.stage)]
    return [Context("dev", True)] if args.dev else None
