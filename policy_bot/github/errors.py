"""What may go wrong when speaking to GitHub, as far as a caller has to tell the cases apart."""

from __future__ import annotations


class RetryLater(Exception):
    """GitHub wants us to wait `seconds` (a limit, a disturbance that lasts): nothing is broken, do it again
    then."""

    def __init__(self, seconds: float, why: str) -> None:
        super().__init__(f"again in {seconds:.0f} s: {why}")
        self.seconds = seconds
        self.why = why


class Unsure(Exception):
    """A write was sent and its answer never came, or was a 5xx: it may have taken effect. Look before doing
    it again."""


class Refused(Exception):
    """GitHub understood and said no: a 4xx that is neither a limit nor "not found". `status` is the HTTP
    status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"GitHub answered {status}: {message}")
        self.status = status
        self.message = message


class Unsettled(Exception):
    """GitHub is between two states of a thing (a head that it names and does not show yet): look again
    soon."""


class Absent(Exception):
    """There is no such thing, or it is not ours to see: 404, 410, or GraphQL's NOT_FOUND."""
