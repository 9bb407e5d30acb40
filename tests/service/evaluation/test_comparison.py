"""Which paths differ between two trees, and which of them concern a project."""

from __future__ import annotations

import pytest

from policy_bot.github.objects import Objects, TreeEntry
from policy_bot.service.evaluation.comparison import touches, unlisted


@pytest.mark.parametrize(
    ("changed", "path", "touched"),
    [
        ("infra/api.ts", "infra/api.ts", True),
        ("infra/api.ts", "infra/", True),
        ("infra/api.ts", "", True),
        ("infra/api.ts", "infra", False),
        ("infra/api.ts", "infra/web/", False),
        ("infra", "infra/api.ts", True),  # a link or submodule
        ("infra", "infra/", True),
        ("infra", "infra/web/", True),
        ("infrastructure/api.ts", "infra/", False),
    ],
)
def test_a_changed_path_touches_itself_its_folders_and_all_below(
    changed: str, path: str, touched: bool
) -> None:
    assert touches(frozenset({changed}), [path]) is touched


def test_folders_of_any_depth_are_compared() -> None:
    objects, depth = Objects(), 3_000
    for side in "ab":
        for level in range(depth):
            objects.add_listing(f"{side}{level}", [TreeEntry("x", 0o040000, f"{side}{level + 1}", 0)])
        objects.add_listing(f"{side}{depth}", [TreeEntry("file.ts", 0o100644, f"{side}-file", 1)])
    path = "x/" * depth + "file.ts"
    assert unlisted(objects, "a0", "b0", frozenset())
    assert not unlisted(objects, "a0", "b0", frozenset({path}))
