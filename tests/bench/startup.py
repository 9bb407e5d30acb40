"""Cost of a cold `policy-bot check` of a small project, compared with a Python that only loads the parser.

    python tests/bench/startup.py [RUNS]

Seconds on the clock and of CPU (user and system, child processes included), the best of RUNS. The check has
two processes that load their halves at once: on one core it takes as long as its CPU, on two free ones less.
Modules are compiled before, as an installation does. Exit status 1 where it takes over 2.5 times as long.
"""

from __future__ import annotations

import compileall
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import policy_bot

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
    const production = input.stage === "production";
    return { name: "shop", home: "aws", removal: production ? "retain" : "remove", protect: production };
  },
  async run() {
    const bucket = new sst.aws.Bucket("Uploads");
    const failed = new sst.aws.Queue("Failed");
    const queue = new sst.aws.Queue("Jobs", { visibilityTimeout: "12 minutes", dlq: failed.arn });
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
    compileall.compile_dir(Path(policy_bot.__file__).parent, quiet=2)
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
    check, parser = figures["policy-bot check"], figures["a Python that loads the parser"]
    ratio = check[1] / parser[1]
    cpu = check[0] / parser[0]
    print(f"{ratio:.2f} times the parser alone, at most {LIMIT}; in CPU {cpu:.2f} times")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
