"""Selects the policies of a local run and the findings that are shown."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

from policy_bot.cli.problem import Problem
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Finding
from policy_bot.policy.policy import Policy
from policy_bot.policy.problems import POLICIES as UNREAD
from policy_bot.record import dataclass, replace

SEVERITIES = ("error", "warning", "notice")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--select, --ignore, --severity, --changed, --staged, --stdin-filename."""
    group = parser.add_argument_group("which findings")
    what = "a policy (timeout/too-short) or a group (timeout); may be repeated, or a list with commas"
    group.add_argument("--select", metavar="ID", action="append", default=[], help=f"only {what}")
    group.add_argument(
        "--ignore", metavar="ID", action="append", default=[], help="leave out a policy or group"
    )
    group.add_argument(
        "--severity", choices=SEVERITIES, default="notice", help="lowest severity to show; default: notice"
    )

    compared = group.add_mutually_exclusive_group()
    compared.add_argument(
        "--changed",
        metavar="BASE",
        nargs="?",
        const="",
        help="only what is new since BASE, as on a pull request; default: the default branch",
    )
    compared.add_argument(
        "--staged",
        action="store_true",
        help="check the staged changes, as the next commit would contain them",
    )
    group.add_argument(
        "--stdin-filename", metavar="FILE", help="with PATH `-`: the file whose content comes from stdin"
    )


@dataclass(frozen=True)
class Selected:
    """Policies to apply and to leave out, by name, group or pattern (`timeout/*`); the lowest severity."""

    wanted: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    severity: str = "notice"

    @staticmethod
    def of(args: argparse.Namespace) -> Selected:
        """The selection of the command line."""
        return Selected(tuple(_names(args.select)), tuple(_names(args.ignore)), args.severity)

    @property
    def is_all(self) -> bool:
        """Whether every policy is applied and every finding shown."""
        return self == Selected()

    def of_judge(self, judge: Judge) -> Judge:
        """The judge with the selected policies and those about unreadable files, which could otherwise hide
        everything. Raises `Problem` for an unknown policy.
        """
        for name in (*self.wanted, *self.ignored):
            if not any(_covers(name, policy.id) for policy in judge.policies):
                raise Problem(_unknown(name, judge.policies))
        return replace(judge, policies=tuple(filter(self._takes, judge.policies)))

    def shows(self, finding: Finding) -> bool:
        """Whether a finding is severe enough, and its policy is not left out."""
        is_severe = SEVERITIES.index(finding.severity) <= SEVERITIES.index(self.severity)
        return is_severe and not any(_covers(name, finding.policy) for name in self.ignored)

    def _takes(self, policy: Policy) -> bool:
        if policy.id in UNREAD:
            return True
        wanted = not self.wanted or any(_covers(name, policy.id) for name in self.wanted)
        return wanted and not any(_covers(name, policy.id) for name in self.ignored)


ALL = Selected()
"""Every policy, every finding."""


def _names(given: Iterable[str]) -> list[str]:
    return [name.strip() for words in given for name in words.split(",") if name.strip()]


def _covers(name: str, policy: str) -> bool:
    group = name.removesuffix("/*").removesuffix("/")
    return name == policy or group == policy.partition("/")[0]


def _unknown(name: str, policies: Sequence[Policy]) -> str:
    from policy_bot.policy.spelling import did_you_mean

    names = {policy.id for policy in policies} | {policy.id.partition("/")[0] for policy in policies}
    return f"there is no policy {name}. {did_you_mean(name, names)}".rstrip()
