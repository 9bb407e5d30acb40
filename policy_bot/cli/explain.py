"""`policy-bot explain`: a policy's page in the terminal."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from policy_bot.cli.problem import Problem
from policy_bot.policy.policy import Policy

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "explain",
        help="show a policy's page",
        description="Shows what a policy does, why, and what to write.",
    )
    parser.add_argument("id", nargs="?", metavar="ID", help="e.g. timeout/too-short; without it, all ids")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the page, or the list of policies. Raises `Problem` for an id that is none."""
    policies = {policy.id: policy for policy in _in_force()}
    if args.id is None:
        width = max(map(len, policies))
        print("\n".join(f"{name:{width}}  {policy.title}" for name, policy in sorted(policies.items())))
        return 0
    if args.id not in policies:
        from policy_bot.policy.mistakes import did_you_mean

        raise Problem(f"there is no policy {args.id}. {did_you_mean(args.id, policies)}".rstrip())
    _show(policies[args.id])
    return 0


def _in_force() -> tuple[Policy, ...]:
    """The built-in policies and the folder's own."""
    from policy_bot.cli.folder import target
    from policy_bot.cli.rules import rules

    return rules(target(None).tree).policies


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
