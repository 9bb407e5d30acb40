"""How fast projects are read: against the bare parse of the same files, and against other tools on the same
files.

    python tests/bench/read_examples.py FOLDER... [--against "eslint -c one-rule.config.mjs"] [--files 10000]

Reads every SST project below the folders, in every context, in one process. `--against` runs a command with
the paths of all files that were read (as often as given). `--files N` reads N generated projects and prints
the resident memory in between: it must stay flat.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import resource
import shlex
import subprocess
import sys
import time
from pathlib import Path

import tree_sitter
import tree_sitter_typescript

from policy_bot.sst.collector import stay_patient, tidy
from policy_bot.sst.reading import read_project
from policy_bot.sst.repository.projects import find_projects
from policy_bot.sst.source import MemoryTree

SCRIPTS = (".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx")
GENERATED = """export default $config({
  app(input) { return { name: "app%d", home: "aws", protect: input.stage === "production" }; },
  async run() {
    const api = new sst.aws.ApiGatewayV2("Api");
    const timeout = $dev ? "1 minute" : "20 seconds";
    for (const name of ["a", "b", "c"]) api.route(`GET /${name}/%d`, { handler: "a.h", timeout });
    new sst.aws.Function("F%d", { handler: "a.h", streaming: !$dev, url: true, timeout: "5 minutes" });
  },
});
"""


class Disk:
    """A folder as a source tree that remembers what it gave, so that a second reading costs no disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[str, bytes | None] = {}
        self.folders: dict[str, list[str] | None] = {}

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None."""
        if path not in self.files:
            place = self.root / path
            self.files[path] = place.read_bytes() if place.is_file() else None
        return self.files[path]

    def list(self, folder: str) -> list[str] | None:
        """The folder's entries, or None."""
        if folder not in self.folders:
            place = self.root / folder
            entries = os.scandir(place) if place.is_dir() else None
            self.folders[folder] = entries and sorted(e.name + "/" * e.is_dir() for e in entries)
        return self.folders[folder]


def read_all(configs: list[tuple[Disk, str]]) -> tuple[float, int]:
    """CPU seconds and contexts of reading everything."""
    start = time.process_time()
    contexts = 0
    for tree, path in configs:
        contexts += len(read_project(tree, path).contexts)
        tidy()
    return time.process_time() - start, contexts


def parse_all(files: dict[Path, bytes]) -> float:
    """CPU seconds of the bare parse of every script that was read."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_typescript.language_typescript()))
    start = time.process_time()
    for content in files.values():
        parser.parse(content)
    return time.process_time() - start


def against(command: str, files: list[Path]) -> float:
    """CPU seconds (children's) of another tool on the same files."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    folder = os.path.commonpath(files)
    names = [str(path.relative_to(folder)) for path in files]
    subprocess.run([*shlex.split(command), *names], cwd=folder, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def resident_kib() -> int:
    """This process' resident memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * (os.sysconf("SC_PAGE_SIZE") // 1024)


def generated(count: int) -> None:
    """Reads `count` generated projects and prints the memory at every tenth."""
    for number in range(count):
        tree = MemoryTree({"sst.config.ts": (GENERATED % (number, number, number)).encode()})
        read_project(tree, "sst.config.ts")
        if number % (count // 10 or 1) == 0:
            print(f"{number:>8} projects: {resident_kib() / 1024:.1f} MiB")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--against", action="append", default=[], help="a command that takes the files")
    parser.add_argument("--files", type=int, default=0, help="generated projects to read, for the memory")
    parser.add_argument("--profile", action="store_true", help="where the time goes")
    args = parser.parse_args()
    stay_patient()  # as reading processes do
    trees = [Disk(folder) for folder in args.folders]
    configs = [(tree, path) for tree in trees for path in find_projects(tree)]
    if configs:
        read_all(configs)  # from now on nothing waits for the disk
        profiler = cProfile.Profile()
        if args.profile:
            profiler.enable()
        spent, contexts = min(read_all(configs) for _ in range(1 if args.profile else 5))
        profiler.disable()
        files = {
            tree.root / path: text
            for tree in trees
            for path, text in tree.files.items()
            if text is not None and path.endswith(SCRIPTS)
        }
        parsed = min(parse_all(files) for _ in range(5))
        size = sum(map(len, files.values())) / 1024
        print(f"{len(configs)} projects, {contexts} contexts, {len(files)} scripts, {size:.0f} KiB")
        print(f"read {spent:.3f} s; bare parse {parsed:.3f} s; ratio {spent / parsed:.1f}")
        for command in args.against:
            other = against(command, list(files))
            print(f"{command}: {other:.3f} s; we take {spent / other:.2f} of it")
        if args.profile:
            pstats.Stats(profiler, stream=sys.stdout).sort_stats("tottime").print_stats(25)
    generated(args.files) if args.files else None
    return 0


if __name__ == "__main__":
    sys.exit(main())
