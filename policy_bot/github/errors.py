"""What may go wrong when speaking to GitHub, as far as a caller has to tell the cases apart."""

from __future__ import annotations

from collections.abc import Iterator

LATER = 30.0
"""Seconds after which it is worth asking again what went wrong several times."""


class RetryLater(Exception):
    """GitHub wants us to wait `seconds` (a limit, a disturbance that lasts): nothing is broken, do it again
    then."""

    def __init__(self, seconds: float, why: str) -> None:
        super().__init__(f"again in {seconds:.0f} s: {why}")
        self.seconds = seconds
        self.why = why


class Unreachable(RetryLater):
    """No connection to GitHub came about, or none lasted, however often it was tried. `cause` says why."""

    def __init__(self, seconds: float, cause: str) -> None:
        super().__init__(seconds, f"GitHub cannot be reached: {cause}")
        self.cause = cause


class Unaccepted(RetryLater):
    """GitHub does not know the App, or not by this key. A later one may do: keys are changed while we run."""


class Unsure(Exception):
    """A write was sent and its answer never came, or was a 5xx: it may have taken effect. Look before doing
    it again."""


class Unheard(Unsure):
    """The same, because the connection failed: the network's fault and not GitHub's."""


class Refused(Exception):
    """GitHub understood and said no: a 4xx that is neither a limit nor "not found". `status` is the HTTP
    status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"GitHub answered {status}: {message}")
        self.status = status
        self.message = message


class Forbidden(Refused):
    """GitHub does not allow the App to do this (403, or FORBIDDEN of GraphQL): a permission is missing, the
    installation is suspended, or the repository is archived. Trying again does not help."""

    def __init__(self, message: str) -> None:
        super().__init__(403, message)


class TooHeavy(Exception):
    """GitHub stopped a query because it asked for too much (`RESOURCE_LIMITS_EXCEEDED`): ask for less."""


class Unsettled(Exception):
    """GitHub is between two states of a thing (a head that it names and does not show yet): look again
    soon."""


class Absent(Exception):
    """There is no such thing, or it is not ours to see: 404, 410, or GraphQL's NOT_FOUND."""


def cause(failure: BaseException) -> str:
    """What kept a connection from working, in the system's own words: no address, no password."""
    said = (str(inner.strerror) for inner in _inner(failure) if isinstance(inner, OSError) and inner.strerror)
    kinds = [type(inner).__name__ for inner in _inner(failure)]
    return next(said, "") or next((_KINDS[kind] for kind in kinds if kind in _KINDS), kinds[0])


_KINDS = {
    "ProxyError": "the proxy does not let us through",
    "ConnectTimeoutError": "no answer in time",
    "ConnectTimeout": "no answer in time",
    "ReadTimeoutError": "no answer in time",
    "ReadTimeout": "no answer in time",
    "SSLError": "the certificate does not hold",
    "SSLCertVerificationError": "the certificate does not hold",
    "RemoteDisconnected": "the connection was cut",
}
"""Failures that no system call gave words to, by the names of their classes."""


def _inner(failure: BaseException) -> Iterator[BaseException]:
    """A failure and what it wraps: libraries keep the reason in different places."""
    seen: list[BaseException] = []
    open_: list[object] = [failure]
    while open_:
        each = open_.pop(0)
        if isinstance(each, BaseException) and each not in seen:
            seen.append(each)
            yield each
            open_ += [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]
