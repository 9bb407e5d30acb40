"""Addresses for links in checks and comments: a line of the commit or of the changes, a policy's page."""

from __future__ import annotations

import hashlib
from collections.abc import Set
from urllib.parse import quote

from policy_bot.record import dataclass
from policy_bot.sst.span import Span


@dataclass(frozen=True, slots=True)
class Links:
    """The parts of addresses; an empty part makes no links.

    `repository` is `https://github.com/acme/shop`, `commit` the head, `pull` the number of the pull request;
    `policies` is the address below which the pages of the policies in `paged` are.
    """

    repository: str = ""
    commit: str = ""
    pull: int = 0
    policies: str = ""
    paged: Set[str] = frozenset()

    def line(self, path: str, line: int) -> str:
        """A line of a file in the commit."""
        if not self.repository or not self.commit or path in ("", "."):
            return ""
        return f"{self.repository}/blob/{self.commit}/{quote(path)}#L{line}"

    def changed_line(self, path: str, line: int) -> str:
        """A line among the pull request's changes: the same address after another push, so that a comment
        with it does not change.
        """
        if not self.repository or not self.pull:
            return ""
        name = hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self.repository}/pull/{self.pull}/files#diff-{name}R{line}"

    def policy(self, id: str) -> str:
        """The page of a policy."""
        return f"{self.policies}/{quote(id)}" if self.policies and id in self.paged else ""

    def span(self, span: Span) -> str:
        """The beginning of a span."""
        return self.line(span.path, span.line)


NO_LINKS = Links()
