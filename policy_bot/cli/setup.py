"""`policy-bot setup`: registers the App at GitHub through a page, and checks that everything works."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from policy_bot.cli.problem import Problem
from policy_bot.cli.service import add_address

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

OF_AN_APP = ("GITHUB_APP_ID", "GITHUB_PRIVATE_KEY", "GITHUB_PRIVATE_KEY_FILE", "GITHUB_WEBHOOK_SECRET")


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "setup",
        help="register the GitHub App in the browser",
        description="Serves a page that registers the GitHub App from a manifest, stores its key and "
        "secrets in a file of the state folder (or shows them once), and checks that "
        "everything works. The terminal shows the address with a one-time token. `serve` does"
        " the same if there is no App yet.",
    )
    add_address(parser)
    parser.add_argument(
        "--state", metavar="FOLDER", help="where the secrets are kept (POLICY_BOT_STATE, default ./state)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serves until the person has finished. Exit status 0, or 130 if stopped."""
    return 0 if set_up(args) else 130


def is_needed(args: argparse.Namespace) -> bool:
    """Whether neither the environment nor the state folder has an App."""
    from policy_bot.service.settings import APP_FILE

    return not any(os.environ.get(name) for name in OF_AN_APP) and not (state(args) / APP_FILE).exists()


def state(args: argparse.Namespace) -> Path:
    """The state folder."""
    return Path(args.state or os.environ.get("POLICY_BOT_STATE") or "state")


def set_up(args: argparse.Namespace) -> bool:
    """Serves the pages; returns whether the service may start. Raises `Problem`."""
    from policy_bot.service.setup import Setup, run

    api_url = (os.environ.get("GITHUB_API_URL") or "https://api.github.com").rstrip("/")
    setup = Setup(state(args), api_url, os.environ.get("PUBLIC_URL", "").rstrip("/"))
    host = args.host or os.environ.get("HOST") or "127.0.0.1"
    try:
        return run(setup, host, args.port or int(os.environ.get("PORT") or 8080), _tell)
    except (OSError, ValueError) as error:
        raise Problem(f"cannot listen on {host}: {error}") from None


def _tell(address: str) -> None:
    print(f"There is no App yet. Register one at\n\n  {address}\n", file=sys.stderr, flush=True)
