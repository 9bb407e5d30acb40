"""Derives `policy_bot/sst/catalog/arguments.txt` from a checkout of SST with its tags:

    python -m tests.facts.derive_arguments CHECKOUT

The argument types of SST 3 and 4 are declared in `platform/src/components` of its source; the CLI unpacks
them into a project's `.sst/platform`, so that the npm package `sst` itself does not contain them. Every
release tag is read; what is the same in neighbouring releases is written once.

The file has a line for each component and each object type, found by name without reading the others:

    sst.aws.Queue<TAB>{"arguments": RUNS of the parameters after the name, "methods": {"subscribe": ...,
                       "static subscribe": ...}}
    @17<TAB>{"name": "aws/queue#QueueArgs", "keys": {"fifo": RUNS, ...}, "open": [[from, to], ...]}

RUNS is a list of `[from, to, form]`, where `from` and `to` are positions in the list of releases (first
line), both inclusive. A form lists the alternatives of a type: "s" text, "n" number, "b" true or false, "f"
function, "c" component, "*" anything, "@17" an object type, ["[", form] a list, ["{", form] a record.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.facts.sst_types import Module, Release, read_module

FILE = Path(__file__).parents[2] / "policy_bot/sst/catalog/arguments.txt"
FOLDER = "platform/src/components"
_TAG = re.compile(r"v?([34])\.(\d+)\.(\d+)")
Snapshot = tuple[dict[str, Any], dict[str, tuple[bool, dict[str, Any]]]]
"""Of one release: the signatures of its components, and its object types (closed, keys)."""


class Checkout:
    """A git checkout of SST."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.modules: dict[str, Module] = {}
        self.snapshots: dict[str, Snapshot] = {}

    def git(self, *arguments: str) -> str:
        """What a git command prints; "" where it fails."""
        done = subprocess.run(
            ["git", "-C", self.path, *arguments], capture_output=True, text=True, check=False
        )
        return done.stdout

    def releases(self) -> dict[str, str]:
        """The tag of every release, oldest first."""
        found = {}
        for tag in self.git("tag").split():
            match = _TAG.fullmatch(tag)
            if match and self.git("rev-parse", "--verify", "--quiet", f"{tag}:{FOLDER}"):  # `v3.0.0` is older
                found[tuple(map(int, match.groups()))] = tag
        return {".".join(map(str, number)): found[number] for number in sorted(found)}

    def snapshot(self, tag: str) -> Snapshot | None:
        """The types of a release; None where the checkout lacks it."""
        tree = self.git("rev-parse", "--verify", "--quiet", f"{tag}:{FOLDER}").strip()
        if tree and tree not in self.snapshots:
            self.snapshots[tree] = _snapshot(Release(self.loader(tree)))
        return self.snapshots.get(tree)

    def loader(self, tree: str) -> Any:
        """Returns a function that reads a module of a tree; each version of a file is parsed once."""
        listed = (line.partition("\t") for line in self.git("ls-tree", "-r", tree).splitlines())
        blobs = {path: about.split()[2] for about, _, path in listed}

        def load(path: str) -> Module | None:
            blob = blobs.get(path)
            if blob is None:
                return None
            if blob not in self.modules:
                self.modules[blob] = read_module(self.git("cat-file", "blob", blob).encode())
            return self.modules[blob]

        return load


def _snapshot(release: Release) -> Snapshot:
    components = {
        name: {"arguments": made.arguments, "methods": made.methods} for name, made in release.components()
    }
    objects = {
        name: (each.closed, {key: _plain(form) for key, form in each.keys.items()})
        for name, each in release.objects.items()
    }
    return json.loads(json.dumps(_plain(components))), objects


def _plain(form: Any) -> Any:
    """A form without its literal texts: this data does not decide which values are admitted."""
    if isinstance(form, dict):
        return {key: _plain(value) for key, value in form.items()}
    if isinstance(form, list):
        found: list[Any] = []
        for each in map(_plain, form):
            if each not in found or not isinstance(each, str):
                found.append(each)
        return found
    return "s" if form.startswith("=") and len(form) > 0 else form


class Runs:
    """Something by release, as runs of releases in which it is the same."""

    def __init__(self) -> None:
        self.runs: list[list[Any]] = []

    def add(self, at: int, value: Any) -> None:
        """Says what it is in a release; releases come in order."""
        if self.runs and self.runs[-1][1] == at - 1 and self.runs[-1][2] == value:
            self.runs[-1][1] = at
        else:
            self.runs.append([at, at, value])


def derive(checkout: Checkout) -> str:
    """The text of the data file."""
    components: dict[str, dict[str, Runs]] = {}
    types: dict[str, dict[str, Runs]] = {}
    opened: dict[str, Runs] = {}
    releases = []
    for version, tag in checkout.releases().items():
        snapshot = checkout.snapshot(tag)
        if snapshot is None:
            continue
        at = len(releases)
        releases.append(version)
        for name, made in snapshot[0].items():
            runs = components.setdefault(name, {})
            runs.setdefault("", Runs()).add(at, made["arguments"])
            for method, forms in made["methods"].items():
                if _takes_objects(forms):
                    runs.setdefault(method, Runs()).add(at, forms)
        for name, (closed, keys) in snapshot[1].items():
            known = types.setdefault(name, {})
            if not closed:
                opened.setdefault(name, Runs()).add(at, True)
            for key, form in keys.items():
                known.setdefault(key, Runs()).add(at, form)
    return _written(releases, components, types, opened)


def _takes_objects(forms: Any) -> bool:
    return "@" in json.dumps(forms)


def _written(
    releases: list[str],
    components: dict[str, dict[str, Runs]],
    types: dict[str, dict[str, Runs]],
    opened: dict[str, Runs],
) -> str:
    used = list(_reached(components, types))
    number = {name: f"@{at}" for at, name in enumerate(used)}
    lines = [json.dumps({"source": f"github.com/anomalyco/sst, {FOLDER}, {releases[0]} to {releases[-1]}",
                         "releases": releases}, separators=(",", ":"))]  # fmt: skip
    for name in sorted(components):
        runs = {method: _numbered(each.runs, number) for method, each in components[name].items()}
        data = {"arguments": runs.pop(""), "methods": runs}
        lines.append(f"{name}\t{json.dumps(data, separators=(',', ':'))}")
    for name in used:
        data = {
            "name": name,
            "keys": {key: _numbered(each.runs, number) for key, each in types[name].items()},
            "open": [run[:2] for run in opened[name].runs] if name in opened else [],
        }
        lines.append(f"{number[name]}\t{json.dumps(data, separators=(',', ':'))}")
    return "\n".join(lines) + "\n"


def _numbered(value: Any, number: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_numbered(each, number) for each in value]
    return number[value[1:]] if isinstance(value, str) and value.startswith("@") else value


def _reached(components: dict[str, dict[str, Runs]], types: dict[str, dict[str, Runs]]) -> Iterator[str]:
    """The object types that a component's arguments lead to, in the order they are met."""
    waiting = [each.runs for name in sorted(components) for each in components[name].values()]
    seen: set[str] = set()
    while waiting:
        for name in _named(waiting.pop(0)):
            if name not in seen:
                seen.add(name)
                types.setdefault(name, {})
                waiting += [each.runs for each in types[name].values()]
                yield name


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _named(each)
    elif isinstance(value, str) and value.startswith("@"):
        yield value[1:]


if __name__ == "__main__":
    FILE.write_text(derive(Checkout(sys.argv[1])), encoding="utf-8")
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")
