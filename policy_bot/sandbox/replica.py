"""What GitHub's GraphQL answers out of date: a replica that lags behind, and questions that it finds too
heavy.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from policy_bot.sandbox.state import Pull


@dataclass
class Replica:
    """Lags on demand. `heads` has pull requests that are shown with an older head, and for how many queries
    still; `unknown` those that are not found yet. `most_files` is how many files one query may ask for;
    None: any number.
    """

    heads: dict[Pull, tuple[str, int]] = field(default_factory=dict)
    unknown: dict[Pull, int] = field(default_factory=dict)
    most_files: int | None = None

    def refuses(self, text: str) -> bool:
        """Whether a query asks for too much."""
        return self.most_files is not None and text.count(": file(") > self.most_files

    @contextmanager
    def lagging(self) -> Iterator[None]:
        """Within it, the world is as old as the replica."""
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
