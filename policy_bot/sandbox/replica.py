"""Outdated answers of GitHub's GraphQL, as from a replica that lags behind, and queries that it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from policy_bot.sandbox.state import Pull


@dataclass
class Replica:
    """Lags on demand: `heads` has pull requests that appear with an older head, and for how many more
    queries; `unknown` those that are not found yet. One query may name `most_files` files at most; None:
    any. With `wide` folders, none may list three levels of them.
    """

    heads: dict[Pull, tuple[str, int]] = field(default_factory=dict)
    unknown: dict[Pull, int] = field(default_factory=dict)
    most_files: int | None = None
    wide: bool = False

    def refuses(self, text: str) -> bool:
        """Whether a query requests too many files."""
        if self.wide and "query Look" in text and "...Names" in text:
            return True
        return self.most_files is not None and text.count(": file(") > self.most_files

    @contextmanager
    def lagging(self) -> Iterator[None]:
        """While active, answers come from the outdated state."""
        heads = {pull: pull.head_sha for pull in self.heads}
        for pull, (old, left) in list(self.heads.items()):
            pull.head_sha = old
            self.heads[pull] = (old, left - 1)
        away = {pull: pull.repository.pulls.pop(pull.number) for pull in self.unknown}
        try:
            yield
        finally:
            for pull, head in heads.items():
                pull.head_sha = head
            for pull in away:
                pull.repository.pulls[pull.number] = pull
            self.unknown = {pull: left - 1 for pull, left in self.unknown.items() if left > 1}
            self.heads = {pull: one for pull, one in self.heads.items() if one[1] > 0}
