"""`policy-bot fix`: applies proved fixes to the files of this folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from policy_bot.cli import organisation, reading
from policy_bot.cli.output.style import Style, safe, style_for
from policy_bot.cli.problem import Problem
from policy_bot.cli.progress import ProgressLine
from policy_bot.cli.result import put

if TYPE_CHECKING:
    from policy_bot.cli.reading import LocalRun
    from policy_bot.policy.finding import Finding
    from policy_bot.review.applied import Applied
    from policy_bot.sst.deployment import Context, Project
    from policy_bot.sst.source import SourceTree
    from policy_bot.sst.span import Span

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "fix",
        help="apply fixes that are proved to work",
        description="Applies the first fix of every finding that has one. A fix is applied only if "
        "reading and judging the result proves that it removes the finding and changes "
        "nothing else. Exit status: 0, or 1 if findings that fail remain.",
    )
    reading.add_arguments(parser)
    organisation.add_arguments(parser)
    parser.add_argument("--diff", action="store_true", help="show the changes without making them")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Writes the files or prints the diff. Raises `Problem` if a file cannot be written."""
    from policy_bot.cli.rules import rules
    from policy_bot.policy.problems import of_places
    from policy_bot.review.applied import apply_fixes

    with reading.local_run(args) as local:
        judge = rules(local.tree, organisation.Above.of(args), local.viewpoint)
        stages = judge.settings.stages

        def read(tree: SourceTree, path: str, contexts: Sequence[Context] | None) -> Project:
            return local.reader.read(tree, path, contexts) if contexts else local.project(tree, path, stages)

        configs = [config for config in local.configs if not judge.settings.ignores(config)]
        followed = ProgressLine("projects", len(configs), quiet=args.quiet).over(configs)
        applied = apply_fixes(followed, local.tree, read, judge)
        applied.left += of_places(judge, local.problems)
        applied = _seen_from_here(applied, local)
    if args.diff:
        put("".join(_diff(applied)))
    else:
        _write(applied)
    if not local.configs:
        return reading.without_project(args, local)
    if not args.quiet:
        _report(applied, args.diff, style_for(sys.stderr, args.color))
    return int(any(finding.gates for finding in applied.left))


def _seen_from_here(applied: Applied, local: LocalRun) -> Applied:
    """The result, with paths relative to the current folder."""
    view = local.viewpoint
    applied.files = {view.path(path): change for path, change in applied.files.items()}
    applied.made = view.of(applied.made)
    applied.left = view.of(applied.left)
    return applied


def _diff(applied: Applied) -> Iterator[str]:
    import difflib

    for path, (before, after) in sorted(applied.files.items()):
        old, new = (text.decode("utf-8", "replace").splitlines(keepends=True) for text in (before, after))
        source = f"a/{path}" if before else "/dev/null"
        for line in difflib.unified_diff(old, new, source, f"b/{path}"):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _write(applied: Applied) -> None:
    for path, (_, after) in sorted(applied.files.items()):
        try:
            Path(path).write_bytes(after)
        except OSError as error:
            raise Problem(f"{path}: {(error.strerror or 'cannot be written').lower()}") from None


def _report(applied: Applied, is_diff: bool, style: Style) -> None:
    for finding, fix in applied.made:
        place = f"{finding.span.path}:{finding.span.line}"
        print(f"{style(safe(place), 'bold')} {finding.policy}: {safe(fix.title)}", file=sys.stderr)
    for line in _left(applied, style):
        print(line, file=sys.stderr)
    print(_figures(applied, "would be fixed" if is_diff else "fixed"), file=sys.stderr)


def _left(applied: Applied, style: Style) -> Iterator[str]:
    """The findings that a person still has to fix, a line each, without those that are excused or unknown."""
    for finding in applied.left:
        if _is_open(finding):
            yield from _item(
                finding.span, f"left: {finding.severity} {finding.policy}", finding.message, style
            )


def _is_open(finding: Finding) -> bool:
    """Whether a finding is left to be fixed; an unknown one only if it gates."""
    return finding.excuse is None and (finding.verdict == "fail" or finding.gates)


def _item(span: Span, what: str, why: str, style: Style) -> Iterator[str]:
    first, *more = style.wrap(f"{span.path}:{span.line} {what}: {why}", "", "  ")
    place = safe(f"{span.path}:{span.line}")
    yield first.replace(place, style(place, "bold"), 1)
    yield from more


def _figures(applied: Applied, verb: str) -> str:
    """`2 fixed, 1 left, 3 cannot tell, 1 excused`."""
    excused = sum(finding.excuse is not None for finding in applied.left)
    left = sum(map(_is_open, applied.left))
    rest = {
        "not tried": applied.not_tried,
        "cannot tell": len(applied.left) - left - excused,
        "excused": excused,
    }
    words = [f"{number} {word}" for word, number in rest.items() if number]
    return ", ".join([f"{len(applied.made)} {verb}", f"{left} left", *words])
