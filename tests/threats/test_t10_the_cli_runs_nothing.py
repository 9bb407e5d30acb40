"""T10: a linter runs the code that it checks -> the CLI in a hostile repository starts, connects to and
imports nothing.

Held twice: by the kernel, which ends the process at the first execve, socket or ptrace (a seccomp filter that
the reading process inherits), and by the interpreter's audit hook, which sees imports and opened files.
Precedents: review bots and linters that load a repository's configuration, plugins or packages.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SHADOW = "raise SystemExit('code of the repository was run')\n"
HOSTILE = {
    "sst.config.ts": """\
export default $config({
  app: () => ({ name: "shop", home: "aws" }),
  async run() {
    const { execSync } = await import("child_process");
    execSync("touch owned");
    require("./hook.js");
    await import("./infra");
    await fetch("http://127.0.0.1:9/");
  },
});
""",
    "infra.ts": """\
new sst.aws.Function("Slow", { handler: "a.b", url: true, streaming: true, timeout: "60 seconds" });
""",
    "hook.js": "require('child_process').execSync('touch owned')",
    "package.json": '{"scripts": {"preinstall": "touch owned"}, "dependencies": {"sst": "4.17.0"}}',
    "tsconfig.json": '{"extends": "/etc/passwd", "compilerOptions": {"plugins": ["./hook.js"]}}',
    ".git/config": "[core]\n\tfsmonitor = touch owned\n\tpager = touch owned\n",
    # what Python would import from the current folder if it were asked to
    **dict.fromkeys(("json.py", "tree_sitter.py", "sitecustomize.py", "policy_bot/__init__.py"), SHADOW),
}

PROGRAM = """
import ctypes, os, platform, struct, sys
from policy_bot.cli.main import main

# what the interpreter sees
log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
here = os.getcwd()
STARTS = ("subprocess", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty", "socket", "ctypes")
def watch(event, arguments):
    bad = event.startswith(STARTS)
    if event == "open" and isinstance(arguments[2], int):
        bad = arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and "__pycache__" not in str(arguments[0])
    if event == "import" and arguments[1]:
        bad = str(arguments[1]).startswith(here)
    if event == "exec":
        bad = arguments[0].co_filename.startswith(here)
    if bad:
        os.write(log, f"{event} {arguments}\\n".encode())

# what the kernel sees
NUMBERS = {
    "x86_64": (0xC000003E, 59, 322, 41, 42, 49, 101),
    "aarch64": (0xC00000B7, 221, 281, 198, 203, 200, 117),
}
def confine():
    architecture, *forbidden = NUMBERS[platform.machine()]
    program = [(0x20, 0, 0, 4), (0x15, 1, 0, architecture), (0x06, 0, 0, 0x7FFF0000), (0x20, 0, 0, 0)]
    program += [(0x15, len(forbidden) - at, 0, number) for at, number in enumerate(forbidden)]
    program += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x80000000)]
    code = b"".join(struct.pack("HBBI", *each) for each in program)
    buffer = ctypes.create_string_buffer(code)
    pointer = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(program), ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, pointer, 0, 0) == 0

if platform.system() == "Linux" and platform.machine() in NUMBERS:
    confine()
sys.addaudithook(watch)
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    for path, text in HOSTILE.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def test_check_and_inspect_start_nothing_and_still_see(repository: Path) -> None:
    before = sorted(repository.rglob("*"))
    for command, seen in (("check", "timeout/too-short"), ("inspect", '"Slow"')):
        log = repository.parent / f"{command}.log"
        done = subprocess.run(
            [sys.executable, "-P", "-c", PROGRAM, str(log), command, "--format", "json"],
            cwd=repository,
            capture_output=True,
            text=True,
            check=False,
        )
        assert log.read_text() == ""
        assert done.returncode in {0, 1}, done.stderr
        assert json.loads(done.stdout)["projects"][0]["path"] == "sst.config.ts"
        assert seen in done.stdout
    assert sorted(repository.rglob("*")) == before


@pytest.mark.parametrize("call", ["import os; os.system('true')", "import socket; socket.socket()"])
def test_the_guard_itself_bites(repository: Path, call: str) -> None:
    log = repository.parent / "guard.log"
    program = PROGRAM.replace("sys.exit(main(sys.argv[2:]))", call)
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, str(log)], cwd=repository, capture_output=True, check=False
    )
    assert done.returncode != 0 or "os.system" in log.read_text()
    assert log.read_text() != ""


def test_the_command_as_installed_imports_nothing_from_the_current_folder(repository: Path) -> None:
    command = Path(sys.executable).with_name("policy-bot")
    done = subprocess.run([command, "check"], cwd=repository, capture_output=True, text=True, check=False)
    assert "was run" not in done.stdout + done.stderr
    assert done.returncode == 1
    assert "timeout/too-short" in done.stdout
