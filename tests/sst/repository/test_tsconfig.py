"""The import settings of tsconfig files that extend others."""

from __future__ import annotations

import json

from policy_bot.sst.repository import tsconfig
from policy_bot.sst.repository.resolver import Resolver
from policy_bot.sst.source import MemoryTree


def resolved(specifier: str, **files: object) -> object:
    """What an import in the root means, with these settings and one file `src/a.ts`."""
    tree = {f"{name}.json": json.dumps(text).encode() for name, text in files.items()}
    return Resolver(MemoryTree({"src/a.ts": b"", **tree})).resolve(specifier, "sst.config.ts")


def test_the_nearest_file_wins_over_those_that_it_extends() -> None:
    paths = {"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}
    assert resolved("@/a", tsconfig={"extends": "./base"}, base=paths) == "src/a.ts"
    assert resolved("@/a", tsconfig={**paths, "extends": "./base"}, base={}) == "src/a.ts"


def test_files_that_extend_one_another_many_times_are_read_once() -> None:
    """Two files that extend each other a hundred times took a hundred to the eighth readings."""
    again = {"extends": ["./tsconfig", "./base"] * 100, "compilerOptions": {"paths": {"@/*": ["./src/*"]}}}
    assert resolved("@/a", tsconfig=again, base=again) == "src/a.ts"


def test_what_files_in_a_circle_mean_does_not_depend_on_which_is_read_first() -> None:
    first = {"extends": "../b/tsconfig.json", "compilerOptions": {"paths": {"@/*": ["../src/*"]}}}
    files = {"a/tsconfig.json": json.dumps(first), "b/tsconfig.json": '{"extends": "../a/tsconfig.json"}'}
    tree = MemoryTree({path: text.encode() for path, text in {"src/a.ts": "", **files}.items()})
    for order in (("a", "b"), ("b", "a")):
        resolver = Resolver(tree)
        assert [resolver.resolve("@/a", f"{each}/x.ts") for each in order] == ["src/a.ts"] * 2


def test_a_long_chain_ends() -> None:
    files = {f"c{at}": {"extends": f"./c{at + 1}"} for at in range(2 * tsconfig.MOST_CONFIGS)}
    assert resolved("@/a", tsconfig={"extends": "./c0"}, **files) != "src/a.ts"
