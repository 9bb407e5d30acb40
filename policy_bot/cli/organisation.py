"""Options of commands that judge: the organisation's policy, and the repository that it is applied to."""

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
    group.add_argument(
        "--visibility", choices=["public", "private", "internal"], default="", help="of the repository"
    )


@dataclass(frozen=True)
class Above:
    """The organisation's checkout, if any, and the repository that this folder is judged as."""

    folder: str | None = None
    name: str = ""
    topics: frozenset[str] = frozenset()
    visibility: str = ""

    @staticmethod
    def of(args: argparse.Namespace) -> Above:
        """The organisation and repository of the command line."""
        return Above(args.organisation, args.repository, frozenset(args.topic), args.visibility)

    def revision(self) -> Revision | None:
        """The organisation's files. Raises `Problem` if the named folder has none, since judging without them
        would give a wrong answer.
        """
        if self.folder is None:
            return None
        revision = _read(self.folder)
        if not revision:
            what = f"has no {FILE_NAME} and no policies"
            raise Problem(f"{self.folder} {what}: is it a checkout of the organisation's .github repository?")
        return replace(revision, home=_home(self.folder))

    def repository(self, root: str) -> RepositoryTraits:
        """The repository that selections are matched with; `root` is the repository's folder."""
        from policy_bot.policy.layers import RepositoryTraits

        return RepositoryTraits(self.name or os.path.basename(root), self.topics, self.visibility)


def _home(folder: str) -> str:
    """Prefix for paths of the organisation's files: `acme/.github: ` from the remote `origin`, or a
    folder.
    """
    import subprocess

    command = ["git", "-C", folder, "remote", "get-url", "origin"]
    try:
        remote = subprocess.run(command, capture_output=True, text=True, check=True, timeout=5)  # noqa: S603 -- git
    except (OSError, subprocess.SubprocessError):
        return f"{os.path.relpath(folder).replace(os.sep, '/')}/"
    owner, _, name = remote.stdout.strip().removesuffix(".git").replace(":", "/").rpartition("/")
    owner = owner.rpartition("/")[2].rpartition("@")[2]  # the address may contain credentials
    return f"{owner}/{name}: "


def own_checkout(root: str) -> Revision | None:
    """The organisation's files at a root that is a checkout of its .github repository.

    A folder `policies/` alone is no sign of one: many repositories have such a folder.
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
    """The layer that a policy belongs to."""
    if any(policy is known for known in builtin.load()):
        return "built-in"
    return "repository" if policy.path.startswith(f"{REPOSITORY_FOLDER}/") else "organisation"
