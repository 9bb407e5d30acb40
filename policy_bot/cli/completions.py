"""`policy-bot completions SHELL`: prints a script that completes commands, options and values."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from policy_bot.record import NamedTuple

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

SHELLS = ("bash", "zsh", "fish")


class _Option(NamedTuple):
    names: tuple[str, ...]
    choices: tuple[str, ...]
    takes_value: bool
    help: str


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "completions",
        help="print a completion script for a shell",
        description='Prints a completion script. bash: eval "$(policy-bot completions bash)" in ~/.bashrc; '
        "zsh: the same in ~/.zshrc; fish: policy-bot completions fish > "
        "~/.config/fish/completions/policy-bot.fish",
    )
    parser.add_argument("shell", choices=SHELLS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the script."""
    from policy_bot.cli.result import put

    commands = {name: list(_options(module)) for name, module in _modules()}
    put({"bash": _bash, "zsh": _zsh, "fish": _fish}[args.shell](commands))
    return 0


def _modules() -> Iterator[tuple[str, str]]:
    from policy_bot.cli.main import COMMANDS

    yield from ((name, module) for name, (module, _) in COMMANDS.items())


def _options(module: str) -> Iterator[_Option]:
    subparsers = argparse.ArgumentParser().add_subparsers()
    import_module(module).register(subparsers)
    [parser] = subparsers.choices.values()
    for action in parser._actions:
        if action.option_strings and action.help != argparse.SUPPRESS:
            choices = tuple(map(str, action.choices or ()))
            text = (action.help or "").split(";")[0].replace("'", "")
            yield _Option(tuple(action.option_strings), choices, action.nargs != 0, text)


_Commands = dict[str, list[_Option]]


def _bash(commands: _Commands) -> str:
    """Returns the bash script: completes by the option before the cursor, else by the command."""
    values, options = [], []
    for name, found in commands.items():
        words = " ".join(option for each in found for option in each.names if option.startswith("--"))
        options.append(f'    {name}) words="{words}" ;;')
        values += [
            f'    {name}:{option}) words="{" ".join(each.choices)}" ;;'
            for each in found
            if each.choices
            for option in each.names
        ]
    return "\n".join(
        [
            "_policy_bot() {",
            '  local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" words=""',
            '  local command="${COMP_WORDS[1]}"',
            '  if [ "$COMP_CWORD" -eq 1 ]; then',
            f'    COMPREPLY=($(compgen -W "{" ".join(commands)}" -- "$current")); return',
            "  fi",
            '  case "$command:$before" in',
            *values,
            "  esac",
            '  if [ -z "$words" ] && [ "${current#-}" != "$current" ]; then case "$command" in',
            *options,
            "  esac; fi",
            '  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current"))',
            '  else COMPREPLY=($(compgen -f -- "$current")); fi',
            "}",
            "complete -o filenames -F _policy_bot policy-bot",
        ]
    )


def _zsh(commands: _Commands) -> str:
    return "\n".join(["autoload -U +X bashcompinit && bashcompinit", _bash(commands)])


def _fish(commands: _Commands) -> str:
    first = "complete -c policy-bot -n __fish_use_subcommand -f -a"
    lines = [f"{first} '{' '.join(commands)}'"]
    for name, found in commands.items():
        for each in found:
            words = [
                f"-l {option[2:]}" if option.startswith("--") else f"-s {option[1:]}" for option in each.names
            ]
            if each.choices:
                words.append(f"-x -a '{' '.join(each.choices)}'")
            elif each.takes_value:
                words.append("-r")
            where = f"-n '__fish_seen_subcommand_from {name}'"
            lines.append(f"complete -c policy-bot {where} {' '.join(words)} -d '{each.help}'")
    return "\n".join(lines)
