"""Faults on demand: requests that are refused, that take effect and then fail, or that are slow."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass
class FaultyRequest:
    """A request and its answer."""

    verb: str
    path: str  # below the API's root, e.g. /repos/acme/shop/pulls/1
    query: Mapping[str, str]
    body: object
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    status: int = 0
    answer: object = field(default=None, repr=False)
    fault: bool = False  # answered by a planned fault
    route: str = ""  # as in GitHub's API description, e.g. /repos/{owner}/{repo}/pulls/{pull_number}

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"


@dataclass
class Fault:
    """A fault for requests whose `VERB /path` matches a pattern.

    `when` is `before` (nothing happens) or `after` (it happens, but the answer is lost). The client gets
    `status` instead of the answer; 0 cuts the connection. `delay` is in seconds; `times` counts, None for
    always.
    """

    pattern: str
    when: str = "before"
    status: int = 502
    times: int | None = 1
    delay: float = 0.0
    message: str = "Server Error"
    headers: Mapping[str, str] = field(default_factory=dict)
    only_delay: bool = False


class Cut(Exception):
    """The connection ends without an answer."""


@dataclass
class Faults:
    """The planned faults. `each` may choose one at every request, for random histories."""

    planned: list[Fault] = field(default_factory=list)
    latency: float = 0.0  # seconds that every request takes
    sleep: Callable[[float], None] = time.sleep
    each: Callable[[FaultyRequest], Fault | None] = lambda request: None

    def plan(self, fault: Fault) -> None:
        """Plans a fault."""
        self.planned.append(fault)

    def for_request(self, request: FaultyRequest) -> Fault | None:
        """Takes the fault planned for this request."""
        for fault in self.planned:
            if re.search(fault.pattern, str(request)):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.planned.remove(fault)
                return fault
        return self.each(request)

    def wait(self, fault: Fault | None) -> None:
        """Waits as long as requests take."""
        seconds = self.latency + (fault.delay if fault else 0.0)
        if seconds:
            self.sleep(seconds)
