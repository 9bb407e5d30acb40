"""How long until a save is answered by `check --watch`, and typing by the language server, on one project of
median size.

    python -m tests.bench.saves [--times N]

Prints milliseconds: until there is a first report, until the language server is ready and has answered the
first opened file, and the median and the slowest of what follows.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any

from tests.bench.configs import files

PROJECT = 3
"""A project of about a kilobyte with a site, a bucket and a function that streams."""
COMMAND = str(Path(sys.executable).with_name("policy-bot"))


def lay_out(folder: Path) -> Path:
    """Writes the project; returns its config."""
    for path, text in files(PROJECT).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder / "sst.config.ts"


def edited(text: str, number: int) -> str:
    """The text with another timeout, so that the answer differs from the one before."""
    return text.replace('timeout: "900 seconds"', f'timeout: "{10 + number} seconds"')


def watching(folder: Path, times: int) -> list[float]:
    """Seconds from the start, and from each save, to the report in JSON."""
    config = lay_out(folder)
    text = config.read_text()
    begin = time.perf_counter()
    with subprocess.Popen(
        [COMMAND, "check", "--watch", "--format", "json"], cwd=folder, stdout=subprocess.PIPE, bufsize=0
    ) as watch:
        assert watch.stdout is not None
        spent = [_until_report(watch.stdout) - begin]
        for number in range(times):
            time.sleep(0.15)
            config.write_text(edited(text, number))
            begin = time.perf_counter()
            spent.append(_until_report(watch.stdout) - begin)
        watch.kill()
    return spent


def _until_report(stream: IO[bytes]) -> float:
    """When the report that begins next has ended."""
    for line in stream:
        if line.startswith(b"}"):
            return time.perf_counter()
    raise EOFError


def typing(folder: Path, times: int) -> list[float]:
    """Seconds from the start until the server is ready, from opening the config to its diagnostics, and from
    each change of its text.
    """
    config = lay_out(folder)
    text, uri = config.read_text(), config.as_uri()
    with subprocess.Popen(
        [COMMAND, "lsp"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        begin = time.perf_counter()
        root = {"rootUri": folder.as_uri(), "capabilities": {}, "processId": None}
        _send(server.stdin, "initialize", root, id=1)
        _receive(server.stdout)
        spent = [time.perf_counter() - begin]
        _send(server.stdin, "initialized", {})
        begin = time.perf_counter()
        opened = {"uri": uri, "languageId": "typescript", "version": 0, "text": text}
        _send(server.stdin, "textDocument/didOpen", {"textDocument": opened})
        spent.append(_until_diagnostics(server.stdout, uri) - begin)
        for number in range(times):
            time.sleep(0.5)
            begin = time.perf_counter()
            change = {
                "textDocument": {"uri": uri, "version": number + 1},
                "contentChanges": [{"text": edited(text, number)}],
            }
            _send(server.stdin, "textDocument/didChange", change)
            spent.append(_until_diagnostics(server.stdout, uri) - begin)
        server.kill()
    return spent


def _send(stream: IO[bytes], method: str, params: dict[str, Any], **more: int) -> None:
    body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
    stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    stream.flush()


def _until_diagnostics(stream: IO[bytes], uri: str) -> float:
    while True:
        message = _receive(stream)
        if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
            return time.perf_counter()


def _receive(stream: IO[bytes]) -> dict[str, Any]:
    length = 0
    while (line := stream.readline().strip()) or not length:
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    message: dict[str, Any] = json.loads(stream.read(length))
    return message


def shown(name: str, spent: list[float]) -> str:
    """The median and the slowest of some times, in milliseconds."""
    return f"{name:28} {1000 * statistics.median(spent):4.0f} ms, at most {1000 * max(spent):4.0f} ms"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=20)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        first, *later = watching(Path(folder), args.times)
    print(shown("check --watch: begin", [first]), shown("save", later), sep="\n")
    with tempfile.TemporaryDirectory() as folder:
        ready, first, *later = typing(Path(folder), args.times)
    print(shown("language server: begin", [ready]), shown("open", [first]), shown("type", later), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
