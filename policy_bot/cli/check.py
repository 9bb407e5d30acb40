"""`policy-bot check`: checks SST projects against the policies, as the service judges pull requests."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from policy_bot.cli import organisation, reading, selection
from policy_bot.cli.problem import SettingsProblem
from policy_bot.cli.result import put
from policy_bot.isolation.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from policy_bot.cli.reading import LocalRun
    from policy_bot.cli.report import Report

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

FORMATS = ("text", "json", "sarif", "github", "junit", "gitlab", "rdjson", "markdown")
FAIL_ON = ("error", "warning", "unknown")
MOST_LINKS = 5
"""Maximum number of links to outside folders that are named."""


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "check",
        help="check SST projects against the policies",
        description="Checks each SST project below PATH in every stage without running it. Exit status: 0"
        " clean, 1 findings or files that could not be read, 2 wrong usage or settings, or no"
        " project.",
    )
    reading.add_arguments(parser)
    selection.add_arguments(parser)
    parser.add_argument("--format", choices=FORMATS, default="text", metavar="NAME", help=_listed(FORMATS))
    parser.add_argument("--output-file", "-o", metavar="FILE", help="write the report there")
    parser.add_argument(
        "--fail-on",
        type=_fail_on,
        metavar="WHAT",
        default=_fail_on("error"),
        help="what else makes the exit status 1: warning, unknown, or both, separated by a comma",
    )
    parser.add_argument("--watch", action="store_true", help="judge again after each save, until Ctrl-C")
    parser.add_argument(
        "--exit-zero", action="store_true", help="exit with status 0 even if there are findings"
    )
    organisation.add_arguments(parser)
    parser.add_argument("--explain", action="store_true", help="in text: the source of every fact")
    parser.add_argument(
        "--statistics", action="store_true", help="in text: only the number of findings for each policy"
    )
    parser.set_defaults(run=run)


def _listed(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}; default: {words[0]}"


def _fail_on(words: str) -> frozenset[str]:
    chosen = frozenset(word.strip() for word in words.split(","))
    unknown = sorted(chosen.difference(FAIL_ON))
    if unknown:
        raise argparse.ArgumentTypeError(f"`{unknown[0]}` is not one of {', '.join(FAIL_ON)}")
    return chosen | {"error"}


def run(args: argparse.Namespace) -> int:
    """Prints the report. Raises `Problem` for wrong usage and settings."""
    if args.watch:
        return _watch(args)
    with reading.local_run(args) as local:
        if len(local.configs) >= reading.FEW and isinstance(local.reader, Kept):
            local.reader.get_ready_to_ask()
        # everything needed is loaded while the reading process starts
        from policy_bot.cli import rules

        write = _writer(args)
        try:
            report = rules.judged(
                local, args.fail_on, organisation.Above.of(args), selection.Selected.of(args)
            )
        except SettingsProblem as problem:
            _put_broken(problem, args, write, local)
            raise
    put(write(report), args.output_file)
    if args.output_file is not None and not args.quiet:
        _log(report, args)
    if args.format == "github" and local.configs:
        _summarise(report, os.environ.get("GITHUB_STEP_SUMMARY", ""))
    _report_links(local.leaving)
    _report_unread_settings(local)
    return _status(report, args, local)


def _watch(args: argparse.Namespace) -> int:
    """Prints a report after each change; on a terminal each replaces the one before."""
    from policy_bot.cli.watch import watch

    write = _writer(args)
    clear = "\x1b[H\x1b[2J\x1b[3J" if sys.stdout.isatty() and args.output_file is None else ""
    watch(args, lambda report: put(clear + write(report), args.output_file))
    return 0


def _status(report: Report, args: argparse.Namespace, local: LocalRun) -> int:
    if not local.configs:
        return reading.without_project(args, local, is_said=args.format == "text")
    return 0 if args.exit_zero else report.status


def _log(report: Report, args: argparse.Namespace) -> None:
    """Logs the failures and the totals to stderr, for a CI job whose report goes to a file."""
    from policy_bot.cli.output import style, text

    look = style.style_for(sys.stderr, args.color)
    failing = text.render(report, look, text.Detail(quiet=True))
    print(*filter(None, [failing, "\n".join(look.wrap(text.summary(report)))]), sep="\n\n", file=sys.stderr)


def _put_broken(
    problem: SettingsProblem, args: argparse.Namespace, write: Callable[[Report], str], local: LocalRun
) -> None:
    """Writes a report with the mistakes in the settings, since tools expect a document in every case."""
    if args.format == "text":
        return
    from policy_bot.cli.output.places import Places
    from policy_bot.cli.report import Report
    from policy_bot.policy import builtin
    from policy_bot.policy.engine import Judge
    from policy_bot.policy.finding import Judgement
    from policy_bot.policy.problems import of_places
    from policy_bot.policy.settings import Settings

    judge = Judge(builtin.load(), Settings.default())
    judgement = Judgement((), of_places(judge, problem.mistakes, "settings"))
    places = Places(local.viewpoint.tree(local.tree))
    put(write(Report(judgement, places, args.fail_on, judge)), args.output_file)


def _summarise(report: Report, path: str) -> None:
    """Appends the Markdown report to the GitHub Actions step summary, if there is one."""
    if not path:
        return
    from policy_bot.cli.output import markdown

    try:
        with open(path, "a", encoding="utf-8") as file:
            file.write(markdown.render(report))
    except OSError as error:  # the printed verdict does not depend on it
        print(f"policy-bot: GITHUB_STEP_SUMMARY: {error.strerror}", file=sys.stderr)


def _report_links(links: Sequence[str]) -> None:
    if links:
        from policy_bot.cli.output.style import safe

        more = f" and {len(links) - MOST_LINKS} more" if len(links) > MOST_LINKS else ""
        named = ", ".join(map(safe, links[:MOST_LINKS])) + more
        print(f"policy-bot: links that leave the checkout are not followed: {named}", file=sys.stderr)


def _report_unread_settings(local: LocalRun) -> None:
    """Warns of settings files in places where they are not read."""
    from policy_bot.policy.revision import FILE_NAME, MISNAMED, REPOSITORY_FOLDER, join

    view, right = local.viewpoint, join(REPOSITORY_FOLDER, FILE_NAME)
    below = view.back(right)  # relative to the current folder
    wrong = [FILE_NAME, *MISNAMED, *([below] if below != right else ())]
    for path in wrong:
        if os.path.isfile(os.path.join(view.root, path)):
            where = f"settings are read from {view.path(right)}"
            print(f"policy-bot: {view.path(path)} is not read: {where}", file=sys.stderr)


def _writer(args: argparse.Namespace) -> Callable[[Report], str]:
    if args.format == "text":
        from policy_bot.cli.output import style, text

        look = style.style_for(sys.stdout, args.color, to_file=args.output_file is not None)
        detail = text.Detail(args.explain, args.quiet, args.statistics, args.organisation)
        return lambda report: text.render(report, look, detail)
    render: Callable[[Report], str] = import_module(f"policy_bot.cli.output.{args.format}").render
    return render
