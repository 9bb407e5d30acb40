"""Webhooks that GitHub could not deliver: it lists them for three days, and redelivers them on request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from policy_bot.github.app import App
from policy_bot.github.errors import Absent, Refused, Unsure

PAGES = 20
"""How many pages of a hundred deliveries one listing reads."""


@dataclass(frozen=True, slots=True)
class DeliveryFailure:
    """A failed attempt. `guid` is the delivery's, the same for each attempt."""

    id: int
    guid: str
    delivered_at: datetime


class Deliveries:
    """The App's deliveries at GitHub (https://docs.github.com/en/rest/apps/webhooks)."""

    def __init__(self, app: App) -> None:
        self._app = app

    def failed(self, since: datetime, limit: int) -> Sequence[DeliveryFailure]:
        """Deliveries after `since` that failed and did not succeed later, the newest attempt of each, at most
        `limit`.
        """
        found: dict[str, DeliveryFailure] = {}
        cursor = ""
        for _ in range(PAGES):
            parameters = {"per_page": 100, "status": "failure", **({"cursor": cursor} if cursor else {})}
            page = self._app.itself().poll("/app/hook/deliveries", parameters)
            for item in page:
                attempt = _attempt(item)
                if attempt.delivered_at < since or len(found) >= limit:
                    return list(found.values())
                found.setdefault(attempt.guid, attempt)
            if len(page) < 100:
                break
            cursor = f"v1_{page[-1]['id']}"
        return list(found.values())

    def redeliver(self, id: int) -> None:
        """Requests a redelivery. It is not an error if it is too old or was already requested."""
        try:
            self._app.itself().write("POST", f"/app/hook/deliveries/{id}/attempts")
        except (Absent, Refused, Unsure):
            return


def _attempt(item: dict[str, object]) -> DeliveryFailure:
    at = datetime.fromisoformat(str(item["delivered_at"]).replace("Z", "+00:00"))
    return DeliveryFailure(int(str(item["id"])), str(item["guid"]), at)
