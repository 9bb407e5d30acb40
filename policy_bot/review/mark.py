"""The mark by which we recognise our own comments: invisible, bound to one place, and impossible to forge.

It is at the end of a comment: `<!-- policy-bot <finding> <content> <proof> -->`. The proof is an HMAC over
the repository, the pull request, the finding and the content, so that a mark copied from elsewhere is
invalid. A comment is ours if GitHub says that our App wrote it *and* the mark is valid.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence

from policy_bot.record import dataclass, field

_FORM = re.compile(r"<!-- policy-bot ([0-9a-f]{16}) ([0-9a-f]{16}) ([0-9a-f]{32}) -->\s*\Z")


@dataclass(frozen=True, slots=True)
class CommentMark:
    """The content of a mark: the finding that the comment shows, and a digest of its text; "" if somebody
    edited it.
    """

    finding: str
    content: str


@dataclass(frozen=True, slots=True)
class Marker:
    """Makes and verifies marks of one pull request. The first key signs, every key verifies (rotation)."""

    keys: Sequence[bytes] = field(repr=False)
    repository: int
    number: int

    def signed(self, finding: str, body: str) -> str:
        """Appends the mark to `body`. `finding` is any text that is unique in the pull request."""
        return self.signed_as(digest(finding), body)

    def signed_as(self, finding: str, body: str) -> str:
        """The same for a finding of which only the digest is known."""
        mark = CommentMark(finding, digest(body))
        return (
            f"{body}\n\n<!-- policy-bot {mark.finding} {mark.content} {self._proof(self.keys[0], mark)} -->"
        )

    def read(self, body: str) -> CommentMark | None:
        """The mark of a comment, or None if it has none that we made for this pull request."""
        found = _FORM.search(body)
        if found is None:
            return None
        mark = CommentMark(found[1], found[2])
        if not any(hmac.compare_digest(self._proof(key, mark), found[3]) for key in self.keys):
            return None
        shown = body[: found.start()].replace("\r\n", "\n").removesuffix("\n\n")
        return mark if digest(shown) == mark.content else CommentMark(mark.finding, "")

    def _proof(self, key: bytes, mark: CommentMark) -> str:
        said = f"policy-bot mark 1\0{self.repository}\0{self.number}\0{mark.finding}\0{mark.content}"
        return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:32]


def digest(said: str) -> str:
    """Sixteen hexadecimal digits that identify a text."""
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]
