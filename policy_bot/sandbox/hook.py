"""The App's webhook: signs and posts events, with a log from which they can be redelivered."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from policy_bot.sandbox.registration import Registration

Post = Callable[[dict[str, str], bytes], int]  # headers and body to the answered status; 0 without an answer


@dataclass
class DeliveryAttempt:
    """One attempt to deliver an event."""

    id: int
    event: Event
    at: datetime
    status: int
    redelivery: bool

    @property
    def arrived(self) -> bool:
        """Whether the receiver accepted it."""
        return 200 <= self.status < 300


@dataclass
class Event:
    """An event to deliver. All attempts share the GUID."""

    guid: str
    name: str
    action: str | None
    payload: dict[str, object] = field(repr=False)
    installation: int | None
    repository: int | None
    redelivery: bool = False


@dataclass
class Hook:
    """Keeps events in `pending` until `deliver` posts them: a test decides when and in which order."""

    registration: Registration
    clock: Callable[[], datetime]
    new_id: Callable[[], int]
    pending: list[Event] = field(default_factory=list)
    attempts: list[DeliveryAttempt] = field(default_factory=list)
    emitted: int = 0
    noticed: Callable[[], None] = lambda: None

    def emit(
        self, name: str, payload: dict[str, object], installation: int | None, repository: int | None
    ) -> None:
        """Adds an event to the next `deliver`."""
        action = payload.get("action")
        self.emitted += 1
        guid = str(uuid.UUID(int=self.new_id() << 64))
        body = json.loads(json.dumps(payload))  # a copy, since the state may change before the delivery
        self.pending.append(
            Event(guid, name, action if isinstance(action, str) else None, body, installation, repository)
        )
        self.noticed()

    def deliver(self, post: Post) -> list[DeliveryAttempt]:
        """Posts all pending events in order, including those emitted meanwhile."""
        made = []
        while self.pending:
            made.append(self.attempt(self.pending.pop(0), post))
        return made

    def attempt(self, event: Event, post: Post) -> DeliveryAttempt:
        """Posts one event now and logs it."""
        body = json.dumps(event.payload, separators=(",", ":")).encode()
        status = post(self.headers(event, body), body)
        attempt = DeliveryAttempt(self.new_id(), event, self.clock(), status, event.redelivery)
        self.attempts.append(attempt)
        return attempt

    def lose(self, event: Event) -> None:
        """Loses an event: the log has it as failed."""
        self.pending.remove(event)
        self.attempts.append(DeliveryAttempt(self.new_id(), event, self.clock(), 0, event.redelivery))

    def redeliver(self, attempt: DeliveryAttempt) -> None:
        """Queues a logged event again, with its GUID."""
        event = attempt.event
        self.pending.append(
            Event(
                event.guid,
                event.name,
                event.action,
                event.payload,
                event.installation,
                event.repository,
                True,
            )
        )
        self.noticed()

    def headers(self, event: Event, body: bytes) -> dict[str, str]:
        """The headers that GitHub sends with the body."""
        secret = self.registration.webhook_secret.encode()
        return {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/sandbox",
            "X-GitHub-Delivery": event.guid,
            "X-GitHub-Event": event.name,
            "X-GitHub-Hook-ID": "1",
            "X-GitHub-Hook-Installation-Target-ID": str(self.registration.id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
            "X-Hub-Signature-256": "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest(),
        }
