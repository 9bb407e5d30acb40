"""Structured logs: one JSON object per line on stderr, with delivery and pull request, and never a secret."""

from __future__ import annotations

import logging
import math
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any, TextIO, cast

import structlog

from policy_bot.github.errors import RetryLater

# The forms of GitHub's tokens, including unknown ones: ghs_ (installation), ghp_, gho_, ghu_, ghr_,
# github_pat_; a JWT; a PEM. The newer installation tokens contain dots and have about 520 characters.
_SHAPES = re.compile(
    r"gh[opsur]_[A-Za-z0-9_.\-]{8,}+|github_pat_\w{8,}+"
    r"|-----BEGIN [A-Z ]*+-----(?:[^-]|-(?!----END ))*+(?:-----END [A-Z ]*+-----)?",
)
_DOTTED = re.compile(r"[\w.\-]{20,}+")  # what may hold a JWT: three parts, the first begins with eyJ
_USER = re.compile(r"://[^\s:/@]*+:")  # scheme://user: of an address, before its password and @
HIDDEN = "[hidden]"


class Redaction:
    """Removes secrets from everything that is logged, at any depth."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """`secrets` are matched as a whole and line by line, since a PEM is often quoted in part."""
        lines = {line.strip() for secret in secrets for line in [secret, *secret.splitlines()]}
        known = sorted(
            (line for line in lines if len(line) >= 8 and "-----" not in line), key=len, reverse=True
        )
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def text(self, text: str) -> str:
        """The text without secrets."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        return _without_passwords(_DOTTED.sub(_without_jwt, _SHAPES.sub(HIDDEN, text)))

    def line(self, _logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """A log line without secrets: structlog's form of a step."""
        for key, value in line.items():
            line[key] = self._value(value)
        return line

    def _value(self, value: Any) -> Any:
        if isinstance(value, bool | int | float | None):
            return value
        if isinstance(value, dict):
            return {self.text(str(key)): self._value(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._value(inner) for inner in value]
        return self.text(str(value))


def _without_jwt(dotted: re.Match[str]) -> str:
    parts = dotted[0].split(".")
    for number, part in enumerate(parts[:-2]):
        start = part.find("eyJ")
        if 0 <= start <= len(part) - 11 and len(parts[number + 1]) >= 8 and parts[number + 2]:
            return ".".join([*parts[:number], part[:start] + HIDDEN])
    return dotted[0]


def _without_passwords(text: str) -> str:
    """`scheme://user:password@host` without the password. Each part before an `@` is scanned once, because a
    stranger may have written the text.
    """
    *before, rest = text.split("@")
    return "@".join([*map(_without_password, before), rest])


def _without_password(part: str) -> str:
    last = part.rsplit(maxsplit=1)[-1] if part and not part[-1].isspace() else ""
    found = _USER.search(last)
    if found is None or found.end() == len(last):
        return part
    return part[: len(part) - len(last) + found.end()] + HIDDEN


def plain(error: BaseException) -> str:
    """An error in one line: its kind and its own first words. Errors of a database omit the statement, and
    temporary errors of GitHub the kind.
    """
    if isinstance(error, RetryLater):
        return hide(error.why[:500])
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    return hide(f"{type(error).__name__}: {said[0] if said else ''}"[:500])


REPEATED_SECONDS = 10.0
"""Seconds between two lines about the same kind of fault, which every thread and request may report."""
MOST_FAULTS = 500


class Repeated:
    """Logs some repeated faults, with the number of those left out since the last line. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._faults: dict[str, tuple[float, int]] = {}

    def left_out(self, fault: str) -> int | None:
        """How many were left out before this one; None if this one is left out too."""
        now = self._clock()
        with self._lock:
            last, count = self._faults.get(fault, (-math.inf, 0))
            if now - last < REPEATED_SECONDS:
                self._faults[fault] = last, count + 1
                return None
            if len(self._faults) > MOST_FAULTS:
                self._faults.clear()
            self._faults[fault] = now, 0
            return count

    def line(self, _logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Decides about one of our lines (structlog's form of a step). Lines with a reference always pass."""
        if method not in ("error", "warning") or "reference" in line or "why" in line:
            return line
        left_out = self.left_out(f"{line.get('event')} {line.get('error', line.get('exc_info', ''))!r}"[:300])
        if left_out is None:
            raise structlog.DropEvent
        return {**line, "left_out": left_out} if left_out else line

    def filter(self, record: logging.LogRecord) -> bool:
        """Decides about a line of a library (logging's form of a step)."""
        return self.left_out(f"{record.name} {record.msg}"[:300]) is not None


class _Stderr:
    """The current stderr when a line is written: it may have been replaced since the start.

    Each line is written at once, without a lock of our own: with one, threads that only log would wait for
    each other.
    """

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        """Does nothing: stderr is flushed at each line's end."""


_redaction = Redaction([])
UNTIL_SET_UP = [
    *structlog.get_config()["processors"][:-1],
    structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
]
"""structlog's own steps, but for tracebacks with the values of variables, which may be secrets."""
structlog.configure(processors=UNTIL_SET_UP)


def hide(text: str) -> str:
    """Removes secrets from a text that is to be stored or shown."""
    return _redaction.text(text)


def set_up(secrets: Iterable[str]) -> None:
    """Sends our own lines and those of every library through the same redaction to stderr."""
    global _redaction  # noqa: PLW0603 -- one for the process, as the loggers are
    _redaction = redaction = Redaction(secrets)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redaction.line,
    ]
    structlog.configure(
        processors=[Repeated().line, *shared, structlog.processors.JSONRenderer()],
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, _Stderr())),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(_Stderr())
    render: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        redaction.line,
        structlog.processors.JSONRenderer(),
    ]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=render, foreign_pre_chain=shared))
    handler.addFilter(Repeated().filter)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def logger() -> Any:
    """A logger: `logger().info("what happened", row=..., delivery=...)`."""
    return structlog.get_logger()
