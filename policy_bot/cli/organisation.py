"""What commands that judge have in common: whose policy holds besides the folder's own, and what that
policy's selections and waivers go by.
"""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from policy_bot.cli.folder import FolderTree
from policy_bot.cli.problem import Problem
from policy_bot.policy import builtin
from policy_bot.policy.policy import Policy
from policy_bot.policy.revision import FILE_NAME, REPOSITORY_FOLDER, Revision
from policy_bot.policy.settings import LayerName
from policy_bot.record import dataclass, replace
from policy_bot.sst.source import Unreadable

if TYPE_CHECKING:
    from policy_bot.policy.layers import RepositoryTraits


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--organisation, --repository, --topic, --visibility."""
    group = parser.add_argument_group("policy of an organisation")
    group.add_argument(
        "--organisation",
        metavar="FOLDER",
        help="also apply the policy of the organisation: a checkout of the organisation's .github repository",
    )
    group.add_argument(
        "--repository",
        metavar="NAME",
        default="",
        help="the name that the organisation's selections and waivers match; default: the folder's name",
    )
    group.add_argument(
        "--topic",
        metavar="TOPIC",
        action="append",
        default=[],
        help="a topic of the repository; may be repeated",
    )
    group.add_argument("--visibility", choices=["public", "private", "internal"], default="")


@dataclass(frozen=True)
class Above:
    """The organisation's checkout, if any, and as which repository of theirs this folder is judged."""

    folder: str | None = None
    name: str = ""
    topics: frozenset[str] = frozenset()
    visibility: str = ""

    @staticmethod
    def of(args: argparse.Namespace) -> Above:
        """What the command line says."""
        return Above(args.organisation, args.repository, frozenset(args.topic), args.visibility)

    def revision(self) -> Revision | None:
        """The organisation's files. Raises `Problem` where the folder that was named has none: that is a
        wrong folder, and judging without them would look like an answer.
        """
        if self.folder is None:
            return None
        revision = _read(self.folder)
        if not revision:
            what = f"has no {FILE_NAME} and no policies"
            raise Problem(f"{self.folder} {what}: is it a checkout of the organisation's .github repository?")
        return replace(revision, home=_home(self.folder))

    def repository(self, root: str) -> RepositoryTraits:
        """What selections are asked for; `root` is the folder that holds the repository."""
        from policy_bot.policy.layers import RepositoryTraits

        return RepositoryTraits(self.name or os.path.basename(root), self.topics, self.visibility)


def _home(folder: str) -> str:
    """What names the organisation's files, which are not files of the folder that is judged: `acme/.github: `
    by the checkout's remote `origin`, or the path of the checkout.
    """
    import subprocess

    asked = ["git", "-C", folder, "remote", "get-url", "origin"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=5)  # noqa: S603 -- git
    except (OSError, subprocess.SubprocessError):
        return f"{os.path.relpath(folder).replace(os.sep, '/')}/"
    owner, _, name = told.stdout.strip().removesuffix(".git").replace(":", "/").rpartition("/")
    owner = owner.rpartition("/")[2].rpartition("@")[2]  # never somebody's credentials
    return f"{owner}/{name}: "


def own_checkout(root: str) -> Revision | None:
    """The organisation's files at a root, if that is a checkout of its .github repository.

    A folder `policies/` alone does not make it one: many repositories have that.
    """
    is_one = os.path.basename(root) == ".github" or os.path.isfile(os.path.join(root, FILE_NAME))
    return _read(root) if is_one else None


def _read(folder: str) -> Revision:
    if not os.path.isdir(folder):
        raise Problem(f"{folder}: no such folder")
    try:
        return Revision.read(FolderTree(folder))
    except Unreadable as error:
        raise Problem(str(error)) from None


def owner(policy: Policy) -> LayerName:
    """Whose policy it is."""
    if any(policy is known for known in builtin.load()):
        return "built-in"
    return "repository" if policy.path.startswith(f"{REPOSITORY_FOLDER}/") else "organisation"
