"""`policy-bot lsp`: the engine in an editor."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "lsp",
        help="serve an editor (Language Server Protocol on stdin and stdout)",
        description="Speaks the Language Server Protocol on stdin and stdout: diagnostics as you type, "
        "values by stage above each function and on hover, fixes, completion in settings "
        "files.",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serves until the editor disconnects."""
    from policy_bot.isolation.kept import ReaderProcess

    reader = ReaderProcess()
    reader.get_ready()  # loads the reader while this process loads the protocol
    from policy_bot.cli.editor.server import make

    server = make(reader)
    try:
        server.start_io()
    finally:
        server.session.reader.close()
        server.reading.shutdown(wait=False)
    return 0
