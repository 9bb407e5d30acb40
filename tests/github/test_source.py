"""Files of a repository at a commit, in few requests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import pairwise

import pytest

from policy_bot.github.fetching import Fetcher
from policy_bot.github.objects import ENTRY_BYTES, KEPT_BYTES, KEPT_ENTRIES, Objects, TreeEntry, entry_of
from policy_bot.github.snapshot import Side
from policy_bot.github.source import GitHubTree
from policy_bot.sandbox.content import Symlink
from policy_bot.sst.source import Unreadable
from tests.sandbox.wire import wired
from tests.toy import World

FILES = {
    "sst.config.ts": "config\n",
    "infra/api.ts": "api\n",
    "infra/web.ts": "web\n",
    "infra/logo.png": b"\x89PNG\xff",
    "infra/bom.ts": "\ufeffbom\n",
    "a/b/c/d/e.ts": "deep\n",
    "empty.ts": "",
    "link.ts": Symlink("infra/api.ts"),
}


class Ground:
    def __init__(self) -> None:
        self.world = World(FILES)  # type: ignore[arg-type]
        self.objects = Objects()
        client = self.world.evaluator._app.client(self.world.installation.id)
        self.fetcher = Fetcher(client, "acme/shop", self.objects)
        head = self.world.shop.branches["main"]
        root = self.world.shop.store.commits[head].tree
        self.tree = GitHubTree.of(self.fetcher, Side(head, root))

    @property
    def asked(self) -> int:
        return self.fetcher.requests


@pytest.fixture
def ground() -> Ground:
    return Ground()


@pytest.fixture
def tree(ground: Ground) -> GitHubTree:
    return ground.tree


@pytest.fixture(autouse=True)
def _wire(ground: Ground) -> Iterator[None]:
    with wired(ground.world.sandbox):
        yield


def test_contents_are_the_bytes_of_the_file(tree: GitHubTree) -> None:
    for path, content in FILES.items():
        if not isinstance(content, Symlink):
            expected = content.encode() if isinstance(content, str) else content
            assert tree.read(path) == expected


def test_what_is_not_there_is_none(tree: GitHubTree) -> None:
    for path in ("nothing.ts", "infra", "infra/nothing.ts", "infra/api.ts/x", "no/such/folder.ts"):
        assert tree.read(path) is None
    assert tree.list("no/such") is None
    assert tree.list("infra/api.ts") is None


def test_listings_are_sorted_with_folders_marked(tree: GitHubTree) -> None:
    assert tree.list("") == ["a/", "empty.ts", "infra/", "link.ts", "sst.config.ts"]
    assert tree.list("a/b/c") == ["d/"]


def test_a_link_is_unreadable(tree: GitHubTree) -> None:
    with pytest.raises(Unreadable, match="symbolic link"):
        tree.read("link.ts")


def test_neighbouring_files_are_fetched_along(ground: Ground) -> None:
    ground.tree.read("infra/api.ts")
    asked = ground.asked
    assert ground.tree.read("infra/web.ts") == b"web\n"
    assert ground.tree.read("infra/none.ts") is None
    assert ground.asked == asked


def test_a_whole_tree_is_one_request(ground: Ground) -> None:
    assert ground.fetcher.whole(ground.tree.root)
    asked = ground.asked
    assert ground.tree.list("a/b/c/d") == ["e.ts"]
    assert ground.asked == asked


def test_folders_that_repeat_are_visited_once(ground: Ground) -> None:
    names = [f"{level:040}" for level in range(64)]
    for oid, next_ in pairwise(names):
        ground.objects.add_listing(oid, [TreeEntry(name, 0o040000, next_, 0) for name in "ab"])
    assert GitHubTree.of(ground.fetcher, Side("", names[0]))._unlisted(frozenset()) == [names[-1]]


def test_known_paths_are_not_walked_to(ground: Ground) -> None:
    blob = ground.world.shop.store.files(ground.world.shop.branches["main"])["infra/api.ts"].sha
    ground.objects.add_content(blob, b"api\n")
    known = {"infra/api.ts": TreeEntry("api.ts", 0o100644, blob, 4), "tsconfig.json": None}
    tree = GitHubTree(ground.fetcher, ground.tree.root, dict(known))
    assert tree.read("infra/api.ts") == b"api\n"
    assert tree.read("tsconfig.json") is None
    assert ground.asked == 0


def test_content_that_is_not_what_its_id_says_is_not_kept() -> None:
    objects = Objects()
    assert not objects.add_content("0" * 40, b"forged")
    assert objects.content("0" * 40) is None
    empty = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert objects.add_content(empty, b"")
    assert objects.content(empty) == b""


def test_a_truncated_text_is_requested_by_rest() -> None:
    objects = Objects()
    objects.learn({"oid": "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "text": "", "isTruncated": True})
    assert objects.content("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391") is None


def test_contents_kept_are_bounded() -> None:
    objects = Objects()
    for i in range(40):
        data = bytes([i]) * 1_000_000
        objects.add_content(hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest(), data)
    assert objects._bytes <= KEPT_BYTES


def test_listings_kept_are_bounded_by_their_names_and_the_last_used_stay() -> None:
    objects = Objects()
    root = f"{0:040x}"
    objects.add_listing(root, [TreeEntry("infra", 0o040000, "a" * 40, 0)])
    for commit in range(1, 40):
        objects.add_listing(
            f"{commit:040x}", [TreeEntry(f"{n}.ts", 0o100644, "a" * 40, 1) for n in range(10_000)]
        )
        assert objects.listing(root) is not None
    assert objects.weight <= KEPT_ENTRIES * ENTRY_BYTES
    assert objects.listing(f"{39:040x}") is not None
    assert objects.listing(f"{1:040x}") is None


def test_an_entry_of_graphql() -> None:
    raw = {"name": "x", "type": "commit", "mode": 57344, "oid": "a" * 40, "size": None}
    assert entry_of(raw) == TreeEntry("x", 0o160000, "a" * 40, 0)


def test_application_code_is_given_only_if_it_was_announced(ground: Ground) -> None:
    tree = ground.tree
    tree.list("infra")
    before = ground.asked
    with pytest.raises(Unreadable, match="application code"):
        tree.read_code("infra/api.ts")
    assert ground.asked == before
    tree.announce(["infra/api.ts", "infra/web.ts", "infra/nothing.ts", "infra/logo.png"])
    assert ground.asked == before + 1
    assert (tree.read_code("infra/api.ts"), tree.read_code("infra/web.ts")) == (b"api\n", b"web\n")
    assert tree.read_code("infra/nothing.ts") is None
    assert ground.asked == before + 1


def test_application_code_of_one_commit_takes_two_requests_at_most(ground: Ground) -> None:
    tree = ground.tree
    for path in ("a/b/c/d/e.ts", "empty.ts", "infra/web.ts"):
        tree.list(path.rpartition("/")[0])
    before = ground.asked
    for path in ("a/b/c/d/e.ts", "empty.ts", "infra/web.ts"):
        tree.announce([path])
    assert ground.asked == before + 2
    with pytest.raises(Unreadable):
        tree.read_code("infra/web.ts")
