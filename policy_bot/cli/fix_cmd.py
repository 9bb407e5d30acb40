"""`policy-bot fix`: apply the proved fixes to the files of this folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from policy_bot.cli import organisation, reading
from policy_bot.cli.output.style import safe, style_for
from policy_bot.cli.problem import Problem

if TYPE_CHECKING:
    from policy_bot.review.mending import Mended
    from policy_bot.sst.deployment import Context, Project
    from policy_bot.sst.source import SourceTree

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "fix",
        help="apply the proved fixes",
        description="Applies the first fix of every finding that has one. A fix is made only where "
        "reading and judging the result proves that it removes its finding and changes nothing else. "
        "Exit status: 0, or 1 where findings remain that gate.",
    )
    reading.add_arguments(parser)
    organisation.add_arguments(parser)
    parser.add_argument("--diff", action="store_true", help="show what would change and change nothing")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the files, or print the diff. Raises `Problem` where a file cannot be written."""
    from policy_bot.cli.rules import rules
    from policy_bot.review.mending import mend

    with reading.desk(args) as desk:
        judge = rules(desk.tree, organisation.Above.of(args))
        stages = judge.settings.stages

        def read(tree: SourceTree, path: str, contexts: Sequence[Context] | None) -> Project:
            return desk.reader.read(tree, path, contexts) if contexts else desk.project(tree, path, stages)

        mended = mend(desk.configs, desk.tree, read, judge)
    if args.diff:
        print("".join(_diff(mended)), end="")
    else:
        _write(mended)
    _report(mended, args.diff)
    return int(any(finding.gates for finding in mended.left))


def _diff(mended: Mended) -> Iterator[str]:
    import difflib

    for path, (before, after) in sorted(mended.files.items()):
        old, new = (text.decode("utf-8", "replace").splitlines(keepends=True) for text in (before, after))
        for line in difflib.unified_diff(old, new, f"a/{path}", f"b/{path}"):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _write(mended: Mended) -> None:
    for path, (_, after) in sorted(mended.files.items()):
        try:
            Path(path).write_bytes(after)
        except OSError as error:
            raise Problem(f"{path}: {(error.strerror or 'cannot be written').lower()}") from None


def _report(mended: Mended, is_diff: bool) -> None:
    style = style_for(sys.stderr)
    for finding, fix in mended.made:
        place = f"{finding.span.path}:{finding.span.line}"
        print(f"{style(safe(place), 'bold')} {finding.policy}: {safe(fix.title)}", file=sys.stderr)
    verb = "would be fixed" if is_diff else "fixed"
    left = sum(finding.verdict == "fail" for finding in mended.left)
    print(f"{len(mended.made)} {verb}, {left} left", file=sys.stderr)
