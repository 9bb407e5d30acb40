"""What a cold `policy-bot check` of one small project costs, beside a Python that only loads the parser.

python tests/bench/startup.py [RUNS]

CPU seconds (user and system, child processes included) and seconds on the clock, the best of RUNS, since what
is measured is work and not the load of the machine. Exit status 1 where the check costs more than 2.5 times
the script.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

LIMIT = 2.5
BARE = "pass"
PARSER = """
import sys, tree_sitter, tree_sitter_typescript
language = tree_sitter.Language(tree_sitter_typescript.language_typescript())
tree = tree_sitter.Parser(language).parse(open("sst.config.ts", "rb").read())
sys.exit(tree.root_node.has_error)
"""
CONFIG = """\
/// <reference path="./.sst/platform/config.d.ts" />
export default $config({
  app(input) {
    return { name: "shop", home: "aws", removal: input.stage === "production" ? "retain" : "remove" };
  },
  async run() {
    const bucket = new sst.aws.Bucket("Uploads");
    const queue = new sst.aws.Queue("Jobs", { visibilityTimeout: "12 minutes" });
    queue.subscribe({ handler: "src/job.handler", timeout: "2 minutes" });
    const api = new sst.aws.ApiGatewayV2("Api");
    api.route("GET /", { handler: "src/api.index", link: [bucket] });
    const chat = new sst.aws.Function("Chat", {
      handler: "src/chat.handler",
      url: true,
      streaming: true,
      timeout: "5 minutes",
    });
    return { chat: chat.url };
  },
});
"""


def cost(command: list[str], folder: Path) -> tuple[float, float]:
    """CPU seconds and seconds on the clock of one run."""
    start, before = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    after = getrusage(RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return cpu, time.perf_counter() - start


def best(commands: dict[str, list[str]], folder: Path, runs: int) -> dict[str, tuple[float, float]]:
    """The best of several runs of each command, in turns, so that a busy moment hurts all alike."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(cost(command, folder))
    return {
        name: (min(cpu for cpu, _ in each), min(wall for _, wall in each)) for name, each in found.items()
    }


def main() -> int:
    """Measure, print a table, judge."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    commands = {
        "a bare Python": [sys.executable, "-c", BARE],
        "a Python that loads the parser": [sys.executable, "-c", PARSER],
        "policy-bot check": [str(Path(sys.executable).with_name("policy-bot")), "check"],
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sst.config.ts").write_text(CONFIG)
        (folder / "package.json").write_text('{"dependencies": {"sst": "4.17.0"}}')
        figures = best(commands, folder, runs)
    for label, (cpu, wall) in figures.items():
        print(f"{label:32} {cpu * 1000:6.0f} ms CPU {wall * 1000:6.0f} ms")
    ratio = figures["policy-bot check"][0] / figures["a Python that loads the parser"][0]
    print(f"{ratio:.2f} times the parser alone; at most {LIMIT}")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
