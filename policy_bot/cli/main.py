"""Entry point of `policy-bot`: a table of commands; only the chosen one is imported.

Exit status of every command: 0 no findings, 1 findings, 2 wrong usage or settings. Starting costs no more
than the chosen command needs: see tests/bench/startup.py.
"""

from __future__ import annotations

import errno
import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, cast

from policy_bot import __version__
from policy_bot.cli.problem import Problem
from policy_bot.isolation.local import get_ready, let_go

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("policy_bot.cli.demo", "show a review on a local stand-in for GitHub"),
    "check": ("policy_bot.cli.check", "check SST projects against the policies"),
    "inspect": ("policy_bot.cli.inspect", "show the settings of every function, by stage"),
    "fix": ("policy_bot.cli.fix_cmd", "apply fixes that are proved to work"),
    "doctor": ("policy_bot.cli.doctor", "check the GitHub set-up and explain how to fix it"),
    "audit": ("policy_bot.cli.audit", "check every repository of an organisation"),
    "settings": ("policy_bot.cli.settings_cmd", "show the settings in force and who set them"),
    "explain": ("policy_bot.cli.explain", "show a policy's page"),
    "test": ("policy_bot.cli.test_cmd", "run the cases inside policy files"),
    "new-policy": ("policy_bot.cli.new_policy", "create a policy file from a template"),
    "facts": ("policy_bot.cli.facts", "list the facts that policy expressions can use"),
    "lsp": ("policy_bot.cli.lsp", "start the language server for editors"),
    "completions": ("policy_bot.cli.completions", "print a completion script for a shell"),
    "docs": ("policy_bot.cli.docs_cmd", "generate the policy pages"),
    "setup": ("policy_bot.cli.setup", "register the GitHub App in the browser"),
    "serve": ("policy_bot.cli.serve", "run the service in one process (SQLite)"),
    "web": ("policy_bot.cli.web", "receive webhooks (Postgres)"),
    "worker": ("policy_bot.cli.worker", "process received webhooks (Postgres)"),
    "migrate": ("policy_bot.cli.migrate", "migrate the database to this version"),
    "jobs": ("policy_bot.cli.jobs", "list queued and failed jobs; retry failed ones"),
}
"""Command -> (module with `register(subparsers)` and `run(args) -> int`, its line in `policy-bot --help`)."""

EXTRAS = {
    "demo": "demo",
    "lsp": "lsp",
    **dict.fromkeys(("doctor", "audit", "setup", "serve", "web", "worker", "migrate", "jobs"), "service"),
}
"""Command -> the package extra that it needs; the others work with every installation."""

READING = {"check", "inspect", "fix"}
"""Commands that read projects; for them the reading process starts first."""

_UNWRITABLE = {errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG, errno.EDQUOT, errno.EINVAL}
"""Errors of writing to standard output, such as a full disk."""

FINDINGS, WRONG, INTERRUPTED = 1, 2, 130

MANY = 12
"""Maximum number of options that the usage line before an error lists."""


def script() -> None:
    """Entry point of the installed command.

    Commands that read projects make no reference cycles, so they run without the cyclic collector and without
    interpreter shutdown (an eighth of a short run).
    """
    if sys.stderr is None:  # stdin is closed; `print` would use standard output instead
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 -- for the rest of the process
    if sys.stdout is None:
        print("policy-bot: standard output is closed: there is nowhere to write the result", file=sys.stderr)
        sys.exit(WRONG)
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal that lacks a character must not stop the command
        sys.stdout.reconfigure(errors="backslashreplace")
    if not READING.intersection(sys.argv[1:2]):
        sys.exit(main())
    import gc

    gc.disable()
    status = main()
    sys.stderr.flush()
    os._exit(status)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    chosen = next((word for word in words if not word.startswith("-")), None)
    if chosen is not None and chosen not in COMMANDS:
        similar = _similar(chosen, COMMANDS) or ": policy-bot --help lists them"
        print(f"policy-bot: no command `{chosen}`{similar}", file=sys.stderr)
        return WRONG
    if chosen in READING:
        get_ready()
    try:
        return _run(words, chosen)
    finally:
        let_go()


def _run(words: list[str], chosen: str | None) -> int:
    try:
        return _called(words, chosen)
    except ModuleNotFoundError as missing:
        if chosen not in EXTRAS or (missing.name or "").startswith("policy_bot"):
            raise
        extra = f"pip install 'policy-bot[{EXTRAS[chosen]}]'"
        print(f"policy-bot: `{chosen}` needs packages that are not installed: {extra}", file=sys.stderr)
        return WRONG


def _called(words: list[str], chosen: str | None) -> int:
    parser = _parser(chosen)
    if not words:
        parser.print_help(sys.stderr)
        return WRONG
    args, more = parser.parse_known_args(words)
    if more:  # argparse itself would print the outline of all commands
        wrong = next((word.partition("=")[0] for word in more if word.startswith("-")), "")
        args.refuse(f"unrecognized arguments: {' '.join(more)}{_similar(wrong, args.options)}")
    try:
        status: int = args.run(args)
        sys.stdout.flush()
    except Problem as problem:
        print(f"policy-bot: {problem}", file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of the pipe (`head`) has ended
        _drop_output()
        return FINDINGS
    except OSError as error:
        if error.filename is not None or error.errno not in _UNWRITABLE:
            raise
        _drop_output()
        print(f"policy-bot: the result cannot be written: {(error.strerror or '').lower()}", file=sys.stderr)
        return WRONG
    return status


def _drop_output() -> None:
    """Redirects standard output to nowhere, so that closing it does not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _similar(word: str, known: Iterable[str]) -> str:
    """Suggests the word that was probably meant, as the end of a message; "" if none is similar."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), 1)
    return f"; did you mean `{found[0]}`?" if found else ""


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    """The command line: complete for the chosen command; without one, an outline of all."""
    import argparse
    from functools import partial
    from importlib import import_module

    # argparse makes a formatter for each option, to check it: without a width each would load what measures
    # the terminal, and without `prog` another one formats a usage
    narrow = partial(argparse.HelpFormatter, width=80)
    parser = argparse.ArgumentParser(
        prog="policy-bot",
        description="Reads SST apps without running them and checks what they deploy against policies.",
        epilog="Exit status: 0 clean, 1 findings, 2 wrong usage or settings. More: policy-bot COMMAND --help",
        formatter_class=narrow,
    )
    parser.add_argument("--version", "-V", action="version", version=f"policy-bot {__version__}")
    made = partial(argparse.ArgumentParser, formatter_class=narrow)
    subparsers = parser.add_subparsers(
        title="commands",
        metavar="COMMAND",
        prog="policy-bot",
        required=True,
        parser_class=cast("type[argparse.ArgumentParser]", made),
    )
    parser.formatter_class = argparse.HelpFormatter
    if chosen is not None:
        import_module(COMMANDS[chosen][0]).register(subparsers)
        command = subparsers.choices[chosen]
        command.formatter_class = argparse.HelpFormatter
        options = [option for action in command._actions for option in action.option_strings]
        if len(options) > MANY:
            words = [f"[{each.metavar} ...]" for each in command._actions if not each.option_strings]
            command.usage = " ".join(["%(prog)s [options]", *words])
        command.set_defaults(refuse=command.error, options=options)
        return parser
    for name, (_, summary) in COMMANDS.items():
        subparsers.add_parser(name, help=summary)
    return parser


if __name__ == "__main__":
    script()
