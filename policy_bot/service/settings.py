"""What the environment says the service is: read once at start, checked, refused with one line a mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from policy_bot.github.app import signing

# What is shorter can be guessed; what is below was copied from an example or is another tool's default.
SHORTEST_SECRET = 8
PLACEHOLDERS = frozenset({"changeme", "change-me", "development", "password"})


class Misconfigured(Exception):
    """The environment is not usable. `lines` has one line a mistake: the variable, what is wrong, how to mend
    it.
    """

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class ServiceSettings(BaseSettings):
    """The environment variables of the service. No secret shows in a `repr`, an error or a log."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    github_app_id: int = Field(gt=0)
    github_private_key: SecretStr = SecretStr("")
    github_private_key_file: Path | None = None
    github_webhook_secret: Annotated[tuple[SecretStr, ...], NoDecode]
    github_client_id: str = ""
    github_client_secret: SecretStr = SecretStr("")
    github_api_url: str = "https://api.github.com"
    database_url: SecretStr = SecretStr("")
    policy_bot_state: Path = Path("state")
    public_url: str = ""
    metrics_token: SecretStr = SecretStr("")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)

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

    @field_validator("github_api_url", "public_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (
            parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment
        ):
            raise ValueError("is not a web address such as https://github.example.com/api/v3")
        return url.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: SecretStr) -> SecretStr:
        scheme = url.get_secret_value().partition(":")[0]
        if scheme not in {"", "sqlite", "postgres", "postgresql", "postgresql+psycopg"}:
            raise ValueError("is neither sqlite:///path nor postgresql://user:password@host/name")
        try:
            make_url(url.get_secret_value() or "sqlite://")
        except (ArgumentError, ValueError):  # whose own words quote parts of it
            raise ValueError(
                "is not a database address; write what is special in a password as %XX (%40 for @)"
            ) from None
        return url

    @model_validator(mode="after")
    def _usable_key(self) -> ServiceSettings:
        try:
            signing(self.private_key())
        except OSError as error:
            raise ValueError(f"GITHUB_PRIVATE_KEY_FILE cannot be read: {error.strerror}") from None
        except ValueError:
            raise ValueError(
                "GITHUB_PRIVATE_KEY is missing or not an RSA key in PEM: paste the file that GitHub gave"
                " for the App, or name it by GITHUB_PRIVATE_KEY_FILE"
            ) from None
        return self

    def private_key(self) -> str:
        """The App's PEM. Platforms that keep variables on one line write its line ends as `\\n`."""
        if self.github_private_key_file is not None:
            return self.github_private_key_file.read_text()
        return self.github_private_key.get_secret_value().replace("\\n", "\n")

    def webhook_secrets(self) -> tuple[str, ...]:
        """The secrets that a webhook may be signed with."""
        return tuple(secret.get_secret_value() for secret in self.github_webhook_secret)

    def secrets(self) -> tuple[str, ...]:
        """Everything that must never appear in a log line."""
        database = make_url(self.database())
        password = database.password or str(database.query.get("password", ""))
        others = (
            self.github_client_secret.get_secret_value(),
            self.metrics_token.get_secret_value(),
            password,
            quote(password, safe=""),  # as it stands in the address
        )
        return tuple(secret for secret in (self.private_key(), *self.webhook_secrets(), *others) if secret)

    def database(self) -> str:
        """The database as an SQLAlchemy address; a SQLite file in the state folder where none is named."""
        url = self.database_url.get_secret_value()
        scheme, _, rest = url.partition(":")
        if not url:
            return f"sqlite:///{self.policy_bot_state / 'policy-bot.sqlite3'}"
        return url if scheme == "sqlite" else f"postgresql+psycopg:{rest}"

    def state_folder(self) -> Path:
        """Where the SQLite file is, and the lock of the one process that works on it."""
        return Path(self.database().removeprefix("sqlite:///")).parent

    def on_postgres(self) -> bool:
        """True where several processes and machines may share the database."""
        return self.database().startswith("postgresql")


def load(**given: object) -> ServiceSettings:
    """The settings of this process; `given` (from the command line) wins over the environment. Raises
    `Misconfigured`.
    """
    try:
        return ServiceSettings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise Misconfigured(
            [
                _line(str(problem["loc"][0] if problem["loc"] else ""), problem["msg"], problem["type"])
                for problem in error.errors(include_input=False, include_url=False)
            ]
        ) from None


def _line(field: str, message: str, kind: str) -> str:
    name = field.upper()
    if kind == "missing":
        return f"{name} is not set. See docs/operations.md for every variable."
    said = message.removeprefix("Value error, ")
    # What a validator of ours says begins with the verb; what pydantic says, with a capital.
    return f"{name} {said[:1].lower()}{said[1:]}" if name else said
