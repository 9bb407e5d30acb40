"""Somebody who sends a request to the front, chunk by chunk, as granian hands it over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from policy_bot.service.front import Front

CHUNK = b"x" * (1 << 20)
SIGNATURE = {"x-hub-signature-256": "sha256=" + "0" * 64}
"""Of the form that a signature has."""


@dataclass
class Caller:
    """A request, its scope and its connection in one; the response is in `status` and `text`.

    `endless` sends for ever, `stuck_after` that many bytes and then nothing.
    """

    body: bytes = b""
    path: str = "/webhook"
    method: str = "POST"
    length: str | None = None
    endless: bool = False
    stuck_after: int | None = None
    more: dict[str, str] = field(default_factory=lambda: dict(SIGNATURE))
    query_string: str = ""
    http_version: str = "1.1"
    client: str = "192.0.2.7:4711"
    server: str = "127.0.0.1:8080"
    scheme: str = "http"
    given: int = 0
    status: int = 0
    text: str = ""
    answered: dict[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        """As granian has them: lower case."""
        return self.more | ({} if self.length is None else {"content-length": self.length})

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if not self.endless and self.stuck_after is None:
            yield self.body
            return
        while self.stuck_after is None or self.given < self.stuck_after:
            self.given += len(CHUNK)
            yield CHUNK
        await asyncio.Event().wait()

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Keeps the answer."""
        self.status, self.text, self.answered = status, body.decode(), dict(headers)

    def ask(self, front: Front) -> int:
        """Sends it all and gives the status."""
        asyncio.run(front(self, self))
        return self.status
