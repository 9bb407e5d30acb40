"""Errors of communicating with GitHub, as far as callers distinguish them."""

from __future__ import annotations

from collections.abc import Iterator

LATER = 30.0
"""Seconds until a request that failed several times may be tried again."""


class RetryLater(Exception):
    """GitHub wants us to wait `seconds` (a rate limit or a longer outage): try again then."""

    def __init__(self, seconds: float, why: str) -> None:
        super().__init__(f"again in {seconds:.0f} s: {why}")
        self.seconds = seconds
        self.why = why


class NoAnswer(RetryLater):
    """A request fails at GitHub again and again (5xx, or no answer). The request itself may be the reason."""


class Unreachable(NoAnswer):
    """No connection to GitHub could be made or kept, after several attempts. `cause` gives the reason."""

    def __init__(self, seconds: float, cause: str) -> None:
        super().__init__(seconds, f"GitHub cannot be reached: {cause}")
        self.cause = cause


class Unaccepted(RetryLater):
    """GitHub does not accept the App's id or key. It may accept it later: keys are changed while we run."""


class Unsure(Exception):
    """A write was sent and its answer never arrived, or was a 5xx: it may have taken effect. Read before
    writing again.
    """


class AnswerLost(Unsure):
    """The same, because the connection failed: the fault is the network's, not GitHub's."""


class Refused(Exception):
    """GitHub refused a request: a 4xx that is neither a rate limit nor "not found". `status` is the HTTP
    status.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"GitHub answered {status}: {message}")
        self.status = status
        self.message = message


class Forbidden(Refused):
    """The App may not do this (403, or FORBIDDEN in GraphQL): a permission is missing, the installation is
    suspended, or the repository is archived. Trying again does not help.
    """

    def __init__(self, message: str) -> None:
        super().__init__(403, message)


class TooHeavy(Exception):
    """A query requested too much: GitHub stopped it (`RESOURCE_LIMITS_EXCEEDED`), or its answer is larger
    than we accept. Request less.
    """


class Unsettled(Exception):
    """GitHub is between two states (it names a head that it does not show yet): try again soon."""


class Absent(Exception):
    """The resource does not exist, or we may not see it: 404, 410, or GraphQL's NOT_FOUND."""


def cause(failure: BaseException) -> str:
    """Why a connection failed, in the system's own words, without address or password."""
    said = (str(inner.strerror) for inner in _inner(failure) if isinstance(inner, OSError) and inner.strerror)
    kinds = [type(inner).__name__ for inner in _inner(failure)]
    return next(said, "") or next((_KINDS[kind] for kind in kinds if kind in _KINDS), kinds[0])


_KINDS = {
    "ProxyError": "the proxy does not let us through",
    "ConnectTimeoutError": "no answer in time",
    "ConnectTimeout": "no answer in time",
    "ReadTimeoutError": "no answer in time",
    "ReadTimeout": "no answer in time",
    "SSLError": "the certificate is not valid",
    "SSLCertVerificationError": "the certificate is not valid",
    "RemoteDisconnected": "the connection was cut",
}
"""Failures without a message from a system call, by the names of their classes."""


def _inner(failure: BaseException) -> Iterator[BaseException]:
    """A failure and the ones that it wraps: libraries keep the reason in different places."""
    seen: list[BaseException] = []
    open_: list[object] = [failure]
    while open_:
        each = open_.pop(0)
        if isinstance(each, BaseException) and each not in seen:
            seen.append(each)
            yield each
            open_ += [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]
