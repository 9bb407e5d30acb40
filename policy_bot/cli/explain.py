"""`policy-bot explain`: a policy's page in the terminal."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from policy_bot.cli.problem import Problem
from policy_bot.policy.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from policy_bot.cli.output.style import Style
    from policy_bot.policy.verdicts import Stated

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


_LOOKS = {"pass": "green", "fail": "red", "unknown": "yellow"}


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "explain",
        help="show a policy's page",
        description="Shows what a policy does, why, and what to write; with --on, what it says of a folder.",
    )
    parser.add_argument("id", nargs="?", metavar="ID", help="e.g. timeout/too-short; without it, all ids")
    parser.add_argument(
        "--on", metavar="PATH", help="its verdict on every subject below PATH, pass included, and why"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the page, or the list of policies. Raises `Problem` for an id that is none."""
    policies = {policy.id: policy for policy in _in_force()}
    if args.id is None:
        print("\n".join(line for _, policy in sorted(policies.items()) for line in _row(policy, policies)))
        return 0
    if args.id not in policies:
        from policy_bot.policy.mistakes import did_you_mean

        raise Problem(f"there is no policy {args.id}. {did_you_mean(args.id, policies)}".rstrip())
    if args.on is None:
        _show(policies[args.id])
    else:
        _apply(policies[args.id], args.on)
    return 0


def _in_force() -> tuple[Policy, ...]:
    """The built-in policies and the folder's own."""
    from policy_bot.cli.folder import target
    from policy_bot.cli.rules import rules

    return rules(target(None).tree).policies


def _row(policy: Policy, policies: Collection[str]) -> list[str]:
    """A policy's line of the list: one line where it is piped on, as wide as the terminal's text else."""
    from policy_bot.cli.output.style import wrap

    width = max(map(len, policies))
    line = f"{policy.id:{width}}  {policy.title}"
    return wrap(line, hanging=" " * (width + 2)) if sys.stdout.isatty() else [line]


def _show(policy: Policy) -> None:
    from policy_bot.policy.pages import page

    text = page(policy)
    if not sys.stdout.isatty():
        print(text, end="")
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(width=min(80, Console().width))
    console.print(Markdown(text))


def _apply(policy: Policy, path: str) -> None:
    from policy_bot.cli import reading, rules
    from policy_bot.cli.output.style import style_for
    from policy_bot.policy.verdicts import verdicts

    style = style_for(sys.stdout)
    with reading.desk(argparse.Namespace(path=path, stage=None, dev=False)) as desk:
        judge = rules.rules(desk.tree)
        for config in desk.configs:
            project = desk.project(desk.tree, config, judge.settings.stages)
            for stated in verdicts(project, [policy], judge.settings):
                print("\n".join(_lines(stated, style)))


def _lines(stated: Stated, style: Style) -> Iterator[str]:
    from policy_bot.cli.output.style import safe, wrap

    where = safe(f"{stated.span.path}:{stated.span.line}")
    word = "cannot tell" if stated.verdict == "unknown" else stated.verdict
    yield f"{style(where, 'bold')} {style(word, _LOOKS[stated.verdict], 'bold')} {safe(stated.subject)}"
    yield from wrap(f"in {', '.join(stated.contexts)}", "  ")
    for fact in stated.evidence.facts:
        place = next((step.span for step in fact.derivation if step.span is not None), None)
        at = f" ({place.path}:{place.line})" if place else ""
        yield from wrap(f"{fact.name} = {fact.value}{at}", "  ", "    ")
