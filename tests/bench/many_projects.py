"""How long `check` takes over many projects, next to a bare parser and other tools on the same files.

    python -m tests.bench.many_projects [COUNT ...] [--faulty SHARE] [--against "eslint ."] [--runs N]

Lays generated projects out (`configs.py`) in a folder that is a checkout, and runs all commands in turns, so
that a busy moment hurts all alike. Prints seconds on the clock, of the best run, and how many times the bare
parser that is: the ratio can be compared between machines, the seconds cannot.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import policy_bot
from tests.bench.configs import lay_out

BARE = """
import os, tree_sitter, tree_sitter_typescript
parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_typescript.language_typescript()))
for folder, _, names in os.walk("."):
    for name in names:
        if name.endswith(".ts"):
            with open(os.path.join(folder, name), "rb") as file:
                parser.parse(file.read())
"""


def seconds(command: list[str], folder: Path) -> float:
    """Seconds on the clock of one run. Findings are no failure."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    spent = time.perf_counter() - start
    if done.returncode not in (0, 1):
        sys.exit(f"{shlex.join(command)}: {done.stderr.decode(errors='replace')}")
    return spent


def compare(commands: dict[str, list[str]], folder: Path, runs: int) -> dict[str, float]:
    """The best of several runs of each command, in turns."""
    found: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(seconds(command, folder))
    return {name: min(each) for name, each in found.items()}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("counts", nargs="*", type=int, default=[200, 1000])
    parser.add_argument("--faulty", type=float, default=0.0, help="the share of projects with findings")
    parser.add_argument("--against", action="append", default=[], help="a command that is run in the folder")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    compileall.compile_dir(Path(policy_bot.__file__).parent, quiet=2)
    commands = {
        "a bare parser": [sys.executable, "-c", BARE],
        "policy-bot check": [str(Path(sys.executable).with_name("policy-bot")), "check"],
        **{command: shlex.split(command) for command in args.against},
    }
    for count in args.counts:
        with tempfile.TemporaryDirectory() as name:
            size = lay_out(Path(name), count, faulty=args.faulty)
            os.mkdir(Path(name, ".git"))
            found = compare(commands, Path(name), args.runs)
        print(f"{count} projects with {size / count / 1000:.2f} KB of code each")
        for label, spent in found.items():
            print(f"  {label[:60]:60} {spent:6.2f} s {spent / found['a bare parser']:6.1f} x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
