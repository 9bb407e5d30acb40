"""`policy-bot facts`: lists the facts and functions that a policy's expressions may use."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from policy_bot.sst.shape import SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "facts",
        help="list the facts that policy expressions can use",
        description="Lists the facts of every kind of subject with type and meaning, the facts that every"
        " subject has, and the functions for expressions.",
    )
    parser.add_argument("subject", nargs="?", choices=[*SHAPES], metavar="SUBJECT", help=", ".join(SHAPES))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the facts of one subject or of all, with the functions for them."""
    kinds = [args.subject] if args.subject else [*SHAPES]
    print("\n".join(line for kind in kinds for line in _of(kind)))
    print("\n".join(_around()))
    return 0


def _of(kind: str) -> Iterator[str]:
    yield kind
    for name, fact in SHAPES[kind].items():
        yield from _row(name, fact.type, fact.doc)
    yield ""


def _around() -> Iterator[str]:
    from policy_bot.policy.facts import AROUND
    from policy_bot.policy.functions import OFFERED

    yield "from any subject"
    for name, (kind, says) in AROUND.items():
        yield from _row(name, kind, says)
    yield from _row("config.<fact>", "", "A fact of the project's config.")
    yield from _row("parameters.<name>", "", "A parameter of the policy.")
    yield "\nfunctions"
    for name, says in OFFERED.items():
        yield from _row(name, "", says)


def _row(name: str, kind: str, says: str) -> Iterator[str]:
    from policy_bot.cli.output.style import wrap

    first, *rest = wrap(says, " " * 34)
    head = f"  {name:24}{kind:6}" if len(name) < 24 else f"  {name} {kind}"
    if len(head) > 32:
        yield head.rstrip()
        head = ""
    yield f"{head:34}{first.lstrip()}"
    yield from rest
