"""Checks whether GitHub accepts this process's App id and key; if not, nothing is judged."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from policy_bot.github import posture
from policy_bot.github.client import Client
from policy_bot.service.logs import logger

PATIENCE = 1.0
"""Seconds that `/readyz` waits for GitHub's first answer; without one, webhooks must be accepted too."""
_ASKING = "GitHub has not yet confirmed the App's key"


@dataclass
class Credentials:
    """Asks GitHub who the App is. `app` gives the calling thread's client; `api_url` is GitHub's address."""

    app: Callable[[], Client]
    api_url: str
    clock: Callable[[], float] = time.monotonic
    _since: float = field(init=False)
    _trouble: str = field(init=False, default=_ASKING)

    def __post_init__(self) -> None:
        self._since = self.clock()

    def check(self) -> None:
        """Asks once, with one or two requests as the App. Raises `RetryLater` if GitHub does not answer."""
        point = posture.admission(self.app())[0]
        said = "" if point.ok else f"{point.what}. {point.fix}"
        if said and said != self._trouble:
            logger().error("GitHub does not accept the App", why=said, api=self.api_url)
        self._trouble = said

    def trouble(self) -> str:
        """The mistake and its fix; "" if GitHub accepts the App, or has not answered for a second."""
        waited = self._trouble is _ASKING and self.clock() - self._since > PATIENCE
        return "" if waited else self._trouble
