"""Cost of judging compared with reading: the whole recommended profile on every project below some folders.

    python tests/bench/judge_examples.py FOLDER...

The budget: judging costs less than reading. Prints both in CPU milliseconds a project, and the findings.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from policy_bot.cli.folder import FolderTree
from policy_bot.policy import builtin
from policy_bot.policy.engine import Judge
from policy_bot.policy.settings import Settings
from policy_bot.sst.reading import read_project
from policy_bot.sst.repository.projects import find_projects


def main(folders: list[str]) -> int:
    """Measure, and say whether the budget is kept."""
    judge = Judge(builtin.load(), Settings.default())
    reading = judging = 0.0
    found: Counter[str] = Counter()
    projects = 0
    for folder in folders:
        tree = FolderTree(folder)
        for config in find_projects(tree):
            start = time.process_time()
            project = read_project(tree, config)
            middle = time.process_time()
            judgement = judge([project])
            judging += time.process_time() - middle
            reading += middle - start
            projects += 1
            found.update(f.severity if f.verdict == "fail" else "unknown" for f in judgement.findings)
    print(f"{projects} projects: reading {1000 * reading / projects:.1f} ms, "
          f"judging {1000 * judging / projects:.1f} ms each")  # fmt: skip
    print(", ".join(f"{count} {kind}" for kind, count in sorted(found.items())))
    return int(judging > reading)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
