"""The changed files of a pull request with their patches, which cost a request and are seldom needed."""

from __future__ import annotations

from dataclasses import dataclass

from policy_bot.github.client import Client
from policy_bot.github.pulls import files
from policy_bot.github.snapshot import Snapshot
from policy_bot.review.diff import Diff


@dataclass
class Listing:
    """Requested once and on demand; `seen` once requested."""

    client: Client
    snapshot: Snapshot
    seen: Diff | None = None

    @staticmethod
    def of(client: Client, snapshot: Snapshot) -> Listing:
        """The listing; requested at once if the query did not name every changed file (many, or renamed
        ones).
        """
        listing = Listing(client, snapshot)
        renamed = any(kind == "RENAMED" for _, kind in snapshot.changed)
        if renamed or snapshot.changed_count > len(snapshot.changed):
            listing.diff()
        return listing

    def diff(self) -> Diff:
        """The files with their patches."""
        if self.seen is None:
            name, number, count = self.snapshot.about.name, self.snapshot.number, self.snapshot.changed_count
            self.seen = files(self.client, name, number, count)
        return self.seen

    def changed(self) -> frozenset[str] | None:
        """The changed paths; None if not all of them are known."""
        if self.seen is None:
            return frozenset(path for path, _ in self.snapshot.changed)
        return self.seen.paths() if self.seen.complete else None
