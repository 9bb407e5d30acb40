from collections import Counter
from dataclasses import dataclass, field

from policy_bot.cli.gitignore import GitIgnore
from policy_bot.sst.source import MemoryTree


@dataclass
class Counted:
    """A tree that counts how often each file is read."""

    below: MemoryTree
    reads: Counter[str] = field(default_factory=Counter)

    def read(self, path: str) -> bytes | None:
        self.reads[path] += 1
        return self.below.read(path)

    def list(self, folder: str) -> list[str] | None:
        names = self.below.list(folder)
        return None if names is None else list(names)


def test_each_gitignore_is_read_once_for_all_paths() -> None:
    tree = Counted(MemoryTree({".gitignore": b"old*/\n", "apps/.gitignore": b"*.log\n!old1/\n"}))
    ignored = GitIgnore(tree)
    paths = [f"apps/old{number}/sst.config.ts" for number in range(20)]
    assert [path for path in paths if not ignored.excludes(path)] == ["apps/old1/sst.config.ts"]
    assert {tree.reads[name] for name in (".gitignore", "apps/.gitignore")} == {1}
