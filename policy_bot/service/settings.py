"""The service's settings from environment variables: read once at start and validated.

Each command reads only what it uses: migrating a database needs no key of the App.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from policy_bot import __version__
from policy_bot.github.app import signing

# Shorter secrets can be guessed; those below are copied from examples or are other tools' defaults.
SHORTEST_SECRET = 8
PLACEHOLDERS = frozenset({"changeme", "change-me", "development", "password"})

_NUMBERS = {
    "github_app_id": "is not a number: it is the “App ID” on the App's page, not the Client ID",
    "port": "is not a port: a number from 0 to 65535",
}
"""The message for a field that is not a number; pydantic's would mention integers and parsing."""


APP_FILE = "app.env"
"""The file in the state folder where `setup` keeps the App's variables. The environment takes precedence."""


class Misconfigured(Exception):
    """The environment is unusable. `lines`: for each mistake the variable, the mistake and its fix."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class EnvironmentSettings(BaseSettings):
    """Environment variables. No secret appears in a `repr`, error or log; an empty variable is unset."""

    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    def secrets(self) -> tuple[str, ...]:
        """Everything that must never appear in a log line."""
        return ()


class DatabaseSettings(EnvironmentSettings):
    """Where the database is."""

    database_url: SecretStr = SecretStr("")
    policy_bot_state: Path = Path("state")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: SecretStr) -> SecretStr:
        scheme = url.get_secret_value().partition(":")[0]
        if scheme not in {"", "sqlite", "postgres", "postgresql", "postgresql+psycopg"}:
            raise ValueError("must be sqlite:///path or postgresql://user:password@host/name")
        try:
            make_url(url.get_secret_value() or "sqlite://")
        except (ArgumentError, ValueError):  # its own messages quote parts of it
            raise ValueError(
                "is not a database address; write special characters of a password as %XX (%40 for @)"
            ) from None
        return url

    def secrets(self) -> tuple[str, ...]:
        """The database's password, plain and as encoded in the address."""
        database = make_url(self.database())
        password = database.password or str(database.query.get("password", ""))
        return (*super().secrets(), *((password, quote(password, safe="")) if password else ()))

    def database(self) -> str:
        """The database as an SQLAlchemy address; a SQLite file in the state folder by default."""
        url = self.database_url.get_secret_value()
        scheme, _, rest = url.partition(":")
        if not url:
            return f"sqlite:///{self.policy_bot_state / 'policy-bot.sqlite3'}"
        return url if scheme == "sqlite" else f"postgresql+psycopg:{rest}"

    def file(self) -> Path:
        """The SQLite file."""
        return Path(self.database().removeprefix("sqlite:///"))

    def state_folder(self) -> Path:
        """The folder of the SQLite file, and of the lock of the one process that uses it."""
        return self.file().parent

    def on_postgres(self) -> bool:
        """Whether several processes and machines may share the database."""
        return self.database().startswith("postgresql")


class AppSettings(EnvironmentSettings):
    """The App's identity, and the address of its GitHub."""

    github_app_id: int = Field(gt=0)
    github_private_key_file: Path | None = None
    github_private_key: SecretStr = Field(default=SecretStr(""), validate_default=True)
    github_api_url: str = "https://api.github.com"

    @field_validator("github_private_key_file")
    @classmethod
    def _usable_file(cls, file: Path | None) -> Path | None:
        if file is None:
            return None
        try:
            signing(file.read_text())
        except UnicodeDecodeError:
            raise ValueError(f"names {file}, which is not text: GitHub gives the key as PEM") from None
        except OSError as error:
            raise ValueError(f"names {file}, which cannot be read: {error.strerror}") from None
        except ValueError as error:
            raise ValueError(f"names {file}, which {error}") from None
        return file

    @field_validator("github_private_key")
    @classmethod
    def _usable_key(cls, key: SecretStr, others: ValidationInfo) -> SecretStr:
        file = others.data.get("github_private_key_file", "one that was refused")
        if file is not None:  # the file takes precedence
            return key
        if not key.get_secret_value():
            raise ValueError(
                "is not set: paste the file that GitHub gave for the App, or name it by"
                " GITHUB_PRIVATE_KEY_FILE"
            )
        signing(_lines(key))
        return key

    @field_validator("github_api_url")
    @classmethod
    def _address_of_github(cls, url: str) -> str:
        return _web_address(url, "https://api.github.com or https://github.example.com/api/v3")

    def secrets(self) -> tuple[str, ...]:
        """The App's key, also in the form in which it was given."""
        return (*super().secrets(), self.private_key(), self.github_private_key.get_secret_value())

    def private_key(self) -> str:
        """The App's PEM: the file's if one is named."""
        if self.github_private_key_file is not None:
            return self.github_private_key_file.read_text()
        return _lines(self.github_private_key)


class AuditSettings(AppSettings, DatabaseSettings):
    """The settings of commands that call GitHub and store the answers, but receive no webhooks."""

    policy_bot_organisation_required: bool = False
    """Whether checks fail while the organisation's policy may exist and cannot be read."""


class ServiceSettings(AuditSettings):
    """The whole service."""

    github_webhook_secret: Annotated[tuple[SecretStr, ...], NoDecode]
    github_client_id: str = ""
    github_client_secret: SecretStr = SecretStr("")
    public_url: str = ""
    operators: Annotated[frozenset[str], NoDecode] = frozenset()
    metrics_token: SecretStr = SecretStr("")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)

    @field_validator("operators", mode="before")
    @classmethod
    def _logins_by_comma(cls, value: object) -> object:
        return frozenset(_logins(value)) if isinstance(value, str) else value

    @field_validator("github_webhook_secret", mode="before")
    @classmethod
    def _several_by_comma(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("github_webhook_secret")
    @classmethod
    def _real_secrets(cls, secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        given = [secret.get_secret_value() for secret in secrets]
        if any(len(secret) < SHORTEST_SECRET or secret.lower() in PLACEHOLDERS for secret in given):
            raise ValueError(
                f"is empty, shorter than {SHORTEST_SECRET} characters or a placeholder: make one with"
                " `openssl rand -hex 32` and set the same in the App's webhook settings"
            )
        return secrets

    @field_validator("public_url")
    @classmethod
    def _address_for_people(cls, url: str) -> str:
        return _web_address(url, "https://policy-bot.example.com")

    def webhook_secrets(self) -> tuple[str, ...]:
        """The secrets with which a webhook may be signed."""
        return tuple(secret.get_secret_value() for secret in self.github_webhook_secret)

    def signs_people_in(self) -> bool:
        """Whether everything that signing in needs is set."""
        secret = self.github_client_secret.get_secret_value()
        return bool(self.github_client_id and secret and self.public_url)

    def about(self) -> dict[str, object]:
        """Facts to log at the start, none of them secret."""
        where = {"database": "postgres"} if self.on_postgres() else {"database": str(self.file().absolute())}
        return {"version": __version__, "app": self.github_app_id, **where}

    def secrets(self) -> tuple[str, ...]:
        """All secrets."""
        others = (self.github_client_secret.get_secret_value(), self.metrics_token.get_secret_value())
        given = (*super().secrets(), *self.webhook_secrets(), *others)
        return tuple(secret for secret in given if secret)


Kind = TypeVar("Kind", bound=EnvironmentSettings)


def load(kind: type[Kind], /, **given: object) -> Kind:
    """Loads the settings; `given` (the command line) precedes the environment. Raises `Misconfigured`."""
    state = str(given.get("policy_bot_state") or os.environ.get("POLICY_BOT_STATE") or "state")
    try:
        return kind(**{"_env_file": Path(state) / APP_FILE, **given})
    except ValidationError as error:
        raise Misconfigured(
            [
                _line(str(problem["loc"][0]), problem["msg"], problem["type"])
                for problem in error.errors(include_input=False, include_url=False)
            ]
        ) from None


def _logins(text: str) -> list[str]:
    """GitHub's names ignore case."""
    return [login.strip().lower() for login in text.split(",") if login.strip()]


def _web_address(url: str, example: str) -> str:
    parts = urlsplit(url)
    known = parts.scheme in {"http", "https"}
    if url and (not known or not parts.hostname or parts.query or parts.fragment):
        raise ValueError(f"is not a web address such as {example}")
    return url.rstrip("/")


def _lines(key: SecretStr) -> str:
    """Normalises a PEM. Platforms that keep variables on one line write its line ends as `\n`, or encode it
    in base64.
    """
    text = key.get_secret_value().replace("\\n", "\n")
    if "-----BEGIN " in text:
        return text
    try:
        decoded = base64.b64decode("".join(text.split()), validate=True).decode("ascii")
    except ValueError:
        return text
    return decoded if "-----BEGIN " in decoded else text


def _line(field: str, message: str, kind: str) -> str:
    name = field.upper()
    if kind == "missing":
        return f"{name} is not set: docs/operations.md has every variable"
    said = _NUMBERS.get(field) or message.removeprefix("Value error, ")
    # Our validators' messages begin with the verb, pydantic's with a capital letter.
    return f"{name} {said[:1].lower()}{said[1:]}"
