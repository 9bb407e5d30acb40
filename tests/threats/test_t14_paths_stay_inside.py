"""T14: an unusual path evades a check or leaves the tree -> the reader requests normalised paths inside the
tree only.

Precedents: CVE-2026-25542 Tekton, CVE-2026-26205 OPA-envoy (unanchored patterns, `//`, case).
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from policy_bot.sst.deployment import Context
from policy_bot.sst.reading import read_project
from policy_bot.sst.repository.projects import find_projects
from policy_bot.sst.source import MemoryTree, Unreadable

CONFIG = """export default $config({
  app() { return { name: "app", home: "aws" }; },
  async run() { %s new sst.aws.Function("A", { handler: "a.h", timeout: "1 minute" }); },
});"""

ODD = [
    "../../../../etc/passwd",
    "/etc/passwd",
    "./infra//../..//../secret",
    "file:///etc/passwd",
    "./infra/%2e%2e/%2e%2e/secret",
    "..\\\\..\\\\secret",
    "./a\\0b",
    "./" + "a/../" * 50 + "../../x",
    "",
    ".",
    "..",
    "./\\u202egpj.exe",
    "\\u002e\\u002e/\\u002e\\u002e/secret",
]


class Wary:
    """A tree that notes every path that is not in normal form, or outside."""

    def __init__(self, below: MemoryTree) -> None:
        self.below = below
        self.odd: list[str] = []

    def _check(self, path: str) -> None:
        parts = path.split("/")
        if path and (any(part in ("", ".", "..") for part in parts) or "\0" in path or "\\" in path):
            self.odd.append(path)

    def read(self, path: str) -> bytes | None:
        self._check(path)
        return self.below.read(path)

    def list(self, folder: str) -> Sequence[str] | None:
        self._check(folder)
        return self.below.list(folder)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "use",
    [
        'await import("%s");',
        'const fs = await import("fs"); fs.readdirSync("%s"); fs.readFileSync("%s");',
        'new sst.aws.Nextjs("W", { path: "%s" });',
        'const p = "%s"; await import(`./x/${p}`);',
    ],
)
@pytest.mark.parametrize("folder", ["", "apps/one/"])
def test_only_normal_paths_are_requested(odd: str, use: str, folder: str) -> None:
    config = f"{folder}sst.config.ts"
    tree = Wary(MemoryTree({config: (CONFIG % use.replace("%s", odd)).encode()}))
    project = read_project(tree, config, [Context("production")])
    assert tree.odd == []
    assert project.path == config
    find_projects(tree)
    assert tree.odd == []


def test_a_file_that_may_not_be_read_is_reported_and_the_rest_is_read() -> None:
    class Linked(MemoryTree):
        def read(self, path: str) -> bytes | None:
            if path == "infra/out.ts":
                raise Unreadable(path, "a symbolic link out of the repository")
            return super().read(path)

    config = CONFIG % 'await import("./infra/out");'
    tree = Linked({"sst.config.ts": config.encode(), "infra/out.ts": b""})
    project = read_project(tree, "sst.config.ts", [Context("production")])
    [seen] = project.contexts
    assert any("symbolic link" in str(hidden.reason) for hidden in seen.unknown)
    assert [function.certain for function in seen.functions] == [True]


def test_case_counts() -> None:
    tree = MemoryTree({"SST.CONFIG.TS": b"", "Sst.config.ts": b""})
    assert find_projects(tree) == []
