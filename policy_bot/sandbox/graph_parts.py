"""Shared by the GraphQL views: pages of lists, and refusals with GitHub's error type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

View = dict[str, Any]

LARGEST_PAGE = 100


class Refusal(Exception):
    """The error of one field, with GitHub's `type`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def connection(
    items: Sequence[View],
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
) -> View:
    """A page of a list; refuses sizes outside 1 to 100."""
    wanted = first if first is not None else last
    if wanted is None:
        raise Refusal(
            "MISSING_PAGINATION_BOUNDARIES",
            "You must provide a `first` or `last` value to properly paginate.",
        )
    if not 1 <= wanted <= LARGEST_PAGE:
        raise Refusal(
            "EXCESSIVE_PAGINATION",
            f"Requesting {wanted} records exceeds the limit of {LARGEST_PAGE} records.",
        )
    start = int(after) if after else 0
    if first is None:
        start = max(start, len(items) - wanted)
    end = min(len(items), start + wanted)
    info = {"hasNextPage": end < len(items), "endCursor": str(end) if items else None}
    return {"nodes": list(items[start:end]), "totalCount": len(items), "pageInfo": info}
