"""GitHub's rate limits: requests per hour and writes per minute (docs: rate limits for the REST API)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from policy_bot.sandbox.problem import ApiProblem

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass
class RateLimits:
    """Counts requests by sender. The secondary limit answers 403 with `Retry-After`."""

    clock: Callable[[], datetime]
    hourly: int = 5000
    writes_a_minute: int = 80
    used: dict[tuple[str, str], int] = field(default_factory=dict)
    windows: dict[tuple[str, str], datetime] = field(default_factory=dict)
    writes: dict[str, list[datetime]] = field(default_factory=dict)

    def spend(self, who: str, resource: str) -> None:
        """Counts a request; raises 403 if the hour's are used up."""
        key = (who, resource)
        if self.windows.get(key, self.clock()) <= self.clock():
            self.windows[key] = self.clock() + HOUR
            self.used[key] = 0
        if self.used[key] >= self.hourly:
            raise ApiProblem(403, f"API rate limit exceeded for {who}.")
        self.used[key] += 1

    def refund(self, who: str, resource: str) -> None:
        """Takes back a conditional request that was answered with 304, which costs nothing."""
        self.used[who, resource] -= 1

    def write(self, who: str) -> None:
        """Counts a write; raises 403 beyond the secondary limit."""
        recent = [at for at in self.writes.get(who, []) if at > self.clock() - MINUTE]
        if len(recent) >= self.writes_a_minute:
            wait = (recent[0] + MINUTE - self.clock()).total_seconds()
            message = (
                "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
            )
            raise ApiProblem(403, message, headers={"Retry-After": str(max(1, round(wait)))})
        self.writes[who] = [*recent, self.clock()]

    def headers(self, who: str, resource: str) -> dict[str, str]:
        """The rate limit headers of every answer."""
        key = (who, resource)
        used = self.used.get(key, 0)
        reset = self.windows.get(key, self.clock() + HOUR)
        return {
            "X-RateLimit-Limit": str(self.hourly),
            "X-RateLimit-Remaining": str(max(0, self.hourly - used)),
            "X-RateLimit-Used": str(used),
            "X-RateLimit-Reset": str(int(reset.timestamp())),
            "X-RateLimit-Resource": resource,
        }
