"""Shared by the commands of the service: loads their settings, with a line for each mistake."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, TypeVar

from policy_bot.cli.problem import Problem

if TYPE_CHECKING:
    from policy_bot.service.settings import DatabaseSettings, EnvironmentSettings, ServiceSettings

    Kind = TypeVar("Kind", bound=EnvironmentSettings)


def add_address(parser: argparse.ArgumentParser) -> None:
    """Adds `--host` and `--port`."""
    parser.add_argument("--host", help="address to listen on (HOST, default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (PORT, default 8080)")


def configured(
    args: argparse.Namespace, kind: type[Kind], wrong: str = "environment variables to fix"
) -> Kind:
    """Loads the settings that the command uses from the environment and the command line, and sets up logs.
    `wrong` is the headline above mistakes.
    """
    from policy_bot.service import logs
    from policy_bot.service.settings import Misconfigured, load

    names = {"host": "host", "port": "port", "state": "policy_bot_state"}
    given = {field: getattr(args, name, None) for name, field in names.items()}
    try:
        settings = load(kind, **{field: value for field, value in given.items() if value is not None})
    except Misconfigured as mistakes:
        raise Problem(f"{wrong}\n" + "\n".join(f"  {line}" for line in mistakes.lines)) from None
    logs.set_up(settings.secrets())
    return settings


def starting(args: argparse.Namespace) -> ServiceSettings:
    """The settings of a long-running command."""
    from policy_bot.service.settings import ServiceSettings

    return configured(args, ServiceSettings, "cannot start")


def free(settings: ServiceSettings) -> None:
    """Raises `Problem` if the address cannot be listened on; the server's own error is less clear."""
    import socket

    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(
                socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
            )  # a server that has just ended must not block the address
            trial.bind(address)
            trial.listen()
    except OSError as error:
        why = f"cannot listen on {settings.host}:{settings.port}: {error.strerror or error}"
        raise Problem(f"{why}; choose others with --host and --port") from None


def github_problem(error: Exception, address: str) -> Problem:
    """The error of a request to GitHub: not reachable, or its answer."""
    from policy_bot.github.errors import RetryLater, Unaccepted, Unreachable

    if isinstance(error, Unreachable):
        where = "check GITHUB_API_URL, the proxy and the DNS"
        return Problem(f"GitHub cannot be reached at {address}: {error.cause}; {where}")
    if isinstance(error, Unaccepted):
        return Problem(f"{error.why}; check GITHUB_APP_ID and the private key")
    return Problem(f"the request to GitHub failed: {error.why if isinstance(error, RetryLater) else error}")


def on_postgres(settings: ServiceSettings, command: str) -> ServiceSettings:
    """The same settings; raises `Problem` unless they name a Postgres and its packages are installed."""
    if not settings.on_postgres():
        raise Problem(f"`{command}` needs DATABASE_URL=postgresql://...; with SQLite, run `policy-bot serve`")
    return with_packages(settings)


Database = TypeVar("Database", bound="DatabaseSettings")


def with_packages(settings: Database) -> Database:
    """The same settings; raises `Problem` if packages for them are missing."""
    from importlib.util import find_spec

    if settings.on_postgres() and (find_spec("procrastinate") is None or find_spec("psycopg") is None):
        raise Problem("Postgres needs more packages: pip install 'policy-bot[postgres]'")
    return settings
