"""Writes a command's result to standard output, or atomically to a file."""

from __future__ import annotations

import os
import sys

from policy_bot.cli.problem import Problem


def put(text: str, path: str | None = None) -> None:
    """Writes the result and a line feed. Raises `Problem` if it cannot be written."""
    text = text if text.endswith("\n") or not text else text + "\n"
    if path is None or path == "-":
        print(text, end="")
        sys.stdout.flush()
        return
    try:
        if os.path.exists(path) and not os.path.isfile(path):  # a device or a pipe cannot be replaced
            _write(path, text)
            return
        part = f"{path}.{os.getpid()}.part"
        try:
            _write(part, text)
            os.replace(part, path)
        finally:
            _forget(part)
    except OSError as error:
        raise Problem(f"{path}: {(error.strerror or 'cannot be written').lower()}") from None


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.write(text)


def _forget(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
