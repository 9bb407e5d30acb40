"""What commands that read a folder have in common: PATH, --stage, --dev, and the projects they lead to."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from policy_bot.cli.folder import FolderTree, target
from policy_bot.cli.problem import Problem
from policy_bot.isolation.desk import desk_reader
from policy_bot.isolation.reader import Reader
from policy_bot.isolation.stages import read_in_stages
from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.record import dataclass
from policy_bot.sst.source import SourceTree

_SOURCES = (".ts", ".mts", ".cts", ".js", ".mjs", ".cjs")
"""How a config may end, whatever it is called: `sst --config` takes any name."""

_STAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}\Z")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """PATH, --stage, --dev."""
    parser.add_argument(
        "path",
        nargs="?",
        metavar="PATH",
        help="a folder (every project below it) or one config; default: the current folder",
    )
    parser.add_argument(
        "--stage",
        metavar="NAME",
        action="append",
        type=_stage,
        help="only this stage (may be repeated); default: production, dev and what the code names",
    )
    parser.add_argument("--dev", action="store_true", help="as `sst dev` would run it")


def _stage(name: str) -> str:
    """A name that SST itself would take; any other one is of a stage that cannot be."""
    if not _STAGE.match(name):
        raise argparse.ArgumentTypeError(f"`{name}` is no stage: letters, digits and dashes, at most 64")
    return name


@dataclass(frozen=True)
class Desk:
    """What a command works on: the tree of the current folder, the configs in it, and what reads them."""

    tree: FolderTree
    configs: Sequence[str]
    contexts: Sequence[Context] | None
    reader: Reader

    def projects(self) -> Iterator[Project]:
        """Each project, read as it is asked for."""
        return (self.project(self.tree, config) for config in self.configs)

    def project(self, tree: SourceTree, config: str, stages: Sequence[str] = ()) -> Project:
        """One project in the contexts that were asked for, else in its own and `stages`.

        `tree` may be the desk's with changes on top.
        """
        if self.contexts is not None:
            return self.reader.read(tree, config, self.contexts)
        return read_in_stages(self.reader, tree, config, stages)


@contextmanager
def desk(args: argparse.Namespace) -> Iterator[Desk]:
    """The desk that these arguments ask for. Raises `Problem`."""
    where = target(args.path)
    if where.config is not None and not where.config.endswith(_SOURCES):
        raise Problem(f"{where.config}: not an SST config; name the sst.config.ts, or its folder")
    with desk_reader() as reader:
        configs = [where.config] if where.config else reader.find(where.tree, where.folder)
        yield Desk(where.tree, configs, _contexts(args), reader)


def _contexts(args: argparse.Namespace) -> Sequence[Context] | None:
    """The contexts asked for; None leaves the choice to the reader."""
    if args.stage:
        return [Context(stage, args.dev) for stage in dict.fromkeys(args.stage)]
    return [Context("dev", True)] if args.dev else None
