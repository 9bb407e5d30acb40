"""`POST /webhook`: verifies, stores and answers; processing comes later. `front` limits the size."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from flask import Blueprint, Request, Response, request
from sqlalchemy.exc import SQLAlchemyError

from policy_bot.github.events import Due, Gone, Malformed, PullKey, Refresh, Removed, meaning
from policy_bot.github.signature import verify
from policy_bot.service.counting import Counting
from policy_bot.service.logs import logger, plain
from policy_bot.service.oneline import line
from policy_bot.service.refusals import Refusals
from policy_bot.service.store.due import EnqueueRequest
from policy_bot.service.store.inbox import Delivery
from policy_bot.service.store.store import Store
from policy_bot.service.store.writer import Overloaded

# GitHub hangs up after 10 s; answer before that
ACCEPT_SECONDS = 7.0
# for senders that retry; GitHub does not, but our reconciliation does
RETRY_AFTER_SECONDS = 30

UNSIGNED = "no X-Hub-Signature-256 header: does the App's webhook have a secret?"
UNFIT = "the signature matches none of our secrets"

_GUID = re.compile(r"[0-9A-Za-z-]{8,64}")
_WORD = re.compile(r"[a-z_]{1,64}")


class Waker(Protocol):
    """Notifies workers that something is due."""

    def wake(self) -> None:
        """Requests a look."""


@dataclass(frozen=True)
class Intake:
    """Dependencies of the webhook."""

    store: Store
    secrets: Sequence[str]
    waker: Waker
    counting: Counting
    refusals: Refusals = field(default_factory=Refusals)


def blueprint(intake: Intake) -> Blueprint:
    """The route."""
    hooks = Blueprint("hooks", __name__)

    @hooks.post("/webhook")
    def webhook() -> Response:
        began = time.monotonic()
        status, text = _take_in(intake, request)
        intake.counting.duration("accept_seconds", time.monotonic() - began)
        intake.counting.add("deliveries", str(status))
        return line(text, status, {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == 503 else None)

    return hooks


def _take_in(intake: Intake, asked: Request) -> tuple[int, str]:
    body = asked.get_data(cache=False)
    event = _formed(_WORD, asked.headers.get("X-GitHub-Event", ""))
    guid = _formed(_GUID, asked.headers.get("X-GitHub-Delivery", ""))
    signature = asked.headers.get("X-Hub-Signature-256", "")
    if not verify(body, signature, intake.secrets):
        why = UNFIT if signature else UNSIGNED
        intake.refusals.tell(why, guid, event)
        return 401, why
    if not event or not guid:
        return 400, "X-GitHub-Event or X-GitHub-Delivery is missing or malformed"
    try:
        delivery = _understood(guid, event, body, intake.store.now())
    except Malformed as malformed:
        logger().warning("malformed delivery", delivery=guid, github_event=event, why=str(malformed))
        return 400, str(malformed)
    except SQLAlchemyError as error:  # the database's clock
        return _refused(guid, event, error)
    if not (delivery.requests or delivery.gone or delivery.removed):
        return 202, "nothing to do"
    return _store(intake, delivery)


def _formed(form: re.Pattern[str], given: str) -> str:
    """Untrusted text if it has the form of GitHub's; else ""."""
    return given if form.fullmatch(given) else ""


def _understood(guid: str, event: str, body: bytes, now: float) -> Delivery:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("the body is not JSON; set the webhook's content type to application/json") from None
    if not isinstance(payload, dict):
        raise Malformed("the body is not a JSON object")
    meanings = meaning(event, payload)
    requests = [_enqueue_request(one, guid) for one in meanings if isinstance(one, (Due, Refresh))]
    gone = tuple(EnqueueRequest("pull", one.key).row for one in meanings if isinstance(one, Gone))
    removed = tuple(one.rows for one in meanings if isinstance(one, Removed))
    action = payload.get("action")
    known = action if isinstance(action, str) and _WORD.fullmatch(action) else ""
    who = next((one.key.installation for one in requests), 0)
    return Delivery(guid, event, known, who, now, tuple(requests), gone, removed)


def _enqueue_request(meant: Due | Refresh, guid: str) -> EnqueueRequest:
    if isinstance(meant, Refresh):
        return EnqueueRequest(
            "refresh", PullKey(meant.installation, meant.repository, meant.name), "", False, guid
        )
    if any(each == "\0" or "\ud800" <= each <= "\udfff" for each in meant.key.ref):
        raise Malformed("the ref has a NUL or a lone surrogate, which databases refuse")
    kind = "pull" if meant.key.number else "commit"
    return EnqueueRequest(kind, meant.key, meant.head, meant.urgent, guid, at_once=meant.button)


def _store(intake: Intake, delivery: Delivery) -> tuple[int, str]:
    try:
        new = intake.store.accept(delivery, ACCEPT_SECONDS)
    except (Overloaded, SQLAlchemyError) as error:
        return _refused(delivery.guid, delivery.event, error)
    if not new:
        return 200, "known"
    intake.waker.wake()
    return 202, "accepted"


def _refused(guid: str, event: str, error: Exception) -> tuple[int, str]:
    logger().error("could not store", delivery=guid, github_event=event, error=plain(error))
    return 503, "the delivery could not be stored; send it again"
