"""T10: code from the pull request is run -> reading a project spawns, imports, opens and compiles nothing.

Precedents: linters and review bots that load a repository's own config, plugin or Dangerfile.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap

HOSTILE = {
    "package.json": '{"scripts": {"postinstall": "touch /tmp/owned"}, "dependencies": {"sst": "4.17.0"}}',
    "sst.config.ts": """
        export default $config({
          app() { return { name: "app", home: "aws" }; },
          async run() {
            const { execSync } = await import("child_process");
            execSync("touch /tmp/owned");
            process.exit(1);
            eval("1 + 1");
            new Function("return 1")();
            require("./hook.js");
            const evil = await import("./evil");
            await fetch("http://127.0.0.1:9/");
            new sst.aws.Nextjs("Web");
            new sst.aws.Function("A", { handler: evil.handler, timeout: evil.timeout });
          },
        });""",
    "evil.ts": """
        import os from "os";
        export const handler = "a.h";
        export const timeout = os.tmpdir() + " minutes";
        globalThis.process.binding("spawn_sync");""",
    "hook.js": "module.exports = require('child_process').execSync('touch /tmp/owned')",
    "open-next.config.ts": "process.kill(1); export default { default: { override: {} } };",
    "tsconfig.json": '{"extends": "/etc/passwd"}',
}

PROGRAM = """
import sys
from policy_bot.record import SEVERAL
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree

files = {files!r}
tree = MemoryTree({{path: text.encode() for path, text in files.items()}})
for _ in range(SEVERAL):  # what is loaded late is loaded now, and our records' constructors are compiled
    read_project(tree, "sst.config.ts")

FORBIDDEN = ("subprocess", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.startfile",
             "import", "exec", "compile", "socket", "open", "os.listdir", "os.scandir", "ctypes", "marshal")
seen = []
sys.addaudithook(lambda event, _: event.startswith(FORBIDDEN) and seen.append(event))
project = read_project(tree, "sst.config.ts")
caught = list(seen)
assert project.contexts, project
print(sorted(set(caught)))
"""


def test_reading_makes_no_call_that_runs_or_loads_anything() -> None:
    program = textwrap.dedent(PROGRAM).format(files=HOSTILE)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
