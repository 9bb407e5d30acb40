"""Sends all requests of one installation for one worker.

PyGithub manages the connection and the token. Retries, waiting and the interpretation of answers are ours,
because its own retries repeat a POST that may have taken effect, and sleep for up to an hour. We request only
paths of the one configured origin: nothing in GitHub's answers (a link to the next page, a redirect) makes us
contact another host.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from json import JSONDecodeError
from typing import Any, Protocol

import requests
from github import GithubException
from github.Requester import Requester

from policy_bot.github.answers import limited
from policy_bot.github.errors import (
    LATER,
    Absent,
    AnswerLost,
    Forbidden,
    NoAnswer,
    Refused,
    TooHeavy,
    Unaccepted,
    Unreachable,
    Unsure,
    cause,
)
from policy_bot.github.pace import Pace
from policy_bot.github.queries import ORGANISATION, Request

READS = 3
"""How often a read is tried if GitHub fails."""
POLLED = 50
"""How many answers of polled lists a client keeps."""


class OnResponse(Protocol):
    """Called after each answer, for metrics. `remaining` and `limit` are None if GitHub did not send them."""

    def __call__(self, installation: int, remaining: int | None, limit: int | None, resource: str) -> None:
        """Handles one answer."""


class _Get(Protocol):
    def __call__(self, path: str, parameters: Mapping[str, object]) -> Any: ...


@dataclass(frozen=True, slots=True)
class _Call:
    """One request. With an `etag` GitHub answers in full only if the content has changed."""

    verb: str
    url: str
    parameters: Mapping[str, object] | None = None
    body: Mapping[str, object] | None = None
    write: bool = False
    etag: str = ""


def nobody(installation: int, remaining: int | None, limit: int | None, resource: str) -> None:
    """Ignores the answer."""


@dataclass
class Client:
    """Sends requests as one installation (or, with installation 0, as the App itself). Not thread-safe: one
    per worker.

    `connect` makes a new PyGithub connection with a new token: at first, and once more after a 401.
    """

    connect: Callable[[], Requester] = field(repr=False)
    installation: int
    pace: Pace = field(repr=False)
    slots: Any = field(repr=False)
    on_response: OnResponse = field(default=nobody, repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    now: Callable[[], float] = field(default=time.time, repr=False)
    selected: Callable[[], bool] = field(default=lambda: False, repr=False)
    """Whether the installation reaches only selected repositories; known after the first request."""
    spent: int = 0
    """Requests made so far, for budgets."""
    _requester: Requester | None = field(default=None, repr=False)
    _polled: dict[str, tuple[str, Any]] = field(default_factory=dict, repr=False)
    _etag: str = ""

    def get(self, path: str, parameters: Mapping[str, object] | None = None) -> Any:
        """Reads by REST. Raises `Absent`, `Refused`, `RetryLater`."""
        return self._read(lambda: self._once(_Call("GET", path, parameters)))

    def poll(self, path: str, parameters: Mapping[str, object]) -> Any:
        """Reads a resource that is polled: if nothing changed, GitHub says so and the request does not
        count.
        """
        asked = f"{path}?{sorted(parameters.items())}"
        etag, before = self._polled.get(asked, ("", None))
        answer = self._read(lambda: self._once(_Call("GET", path, parameters, etag=etag)))
        if answer is None and etag:
            return before
        if self._etag:
            self._polled[asked] = (self._etag, answer)
            while len(self._polled) > POLLED:
                del self._polled[next(iter(self._polled))]
        return answer

    def pages(self, path: str, parameters: Mapping[str, object], most: int, key: str = "") -> Iterator[Any]:
        """The items of a list, at most `most`, in pages of 100; `key` names the list inside an answer."""
        yield from self._pages(self.get, path, parameters, most, key)

    def polled(self, path: str, parameters: Mapping[str, object], most: int, key: str = "") -> Iterator[Any]:
        """`pages` for lists that are polled."""
        yield from self._pages(self.poll, path, parameters, most, key)

    def _pages(
        self, get: _Get, path: str, parameters: Mapping[str, object], most: int, key: str
    ) -> Iterator[Any]:
        for page in count(1):
            answer = get(path, {**parameters, "per_page": 100, "page": page})
            items = answer.get(key) if key else answer
            if not isinstance(items, list):
                raise Refused(200, f"a list was expected of {path}")
            yield from items[: most - (page - 1) * 100]
            if len(items) < 100 or page * 100 >= most:
                return

    def write(self, verb: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        """Writes by REST, once. Raises `Unsure` if it may have taken effect although no answer arrived."""
        return self._once(_Call(verb, path, body=body, write=True))

    def ask(self, request: Request) -> Any:
        """Sends a GraphQL query. Whatever is not found is None in the answer; parts of the organisation's own
        policy that we may not see are `{"refused": …}`; other errors raise.
        """
        return self._read(lambda: self._graphql(request, write=False))

    def mutate(self, request: Request) -> Any:
        """Sends a GraphQL mutation, once."""
        return self._graphql(request, write=True)

    def _graphql(self, request: Request, write: bool) -> Any:
        body = {"query": request.text, "variables": dict(request.variables)}
        answer = self._once(_Call("POST", self._connection().graphql_url, body=body, write=write))
        if not isinstance(answer, Mapping) or not isinstance(answer.get("data"), Mapping | None):
            raise Unsure("no answer to a query")  # the answer came from something between us and GitHub
        data = answer.get("data")
        if not data and not answer.get("errors"):
            raise Unsure("an empty answer")
        for error in answer.get("errors") or []:
            kind, message = error.get("type"), str(error.get("message"))[:200]
            if kind is None and message.startswith("Could not resolve"):
                kind = "NOT_FOUND"  # some answers lack the type
            if kind in ("RATE_LIMITED", "RATE_LIMIT"):
                raise self.pace.hold(60.0, "GitHub's GraphQL limit is used up")
            if kind == "RESOURCE_LIMITS_EXCEEDED":
                raise TooHeavy(message)
            if kind is None and not error.get("extensions"):
                raise Unsure(message)  # "something went wrong": its own limit of ten seconds was exceeded
            if data and (error.get("path") or [""])[0] == ORGANISATION and kind != "NOT_FOUND":
                data[ORGANISATION] = {"refused": message}
            elif kind != "NOT_FOUND":
                raise Forbidden(message) if kind == "FORBIDDEN" else Refused(200, message)
        if not isinstance(data, dict):
            raise Absent("nothing found")
        return data

    def _read(self, attempt: Callable[[], Any]) -> Any:
        """Repeats a read that failed at GitHub, after a pause; then leaves it for later."""
        for i in range(READS):
            try:
                return attempt()
            except Unsure as stumble:
                if i == READS - 1 and isinstance(stumble, AnswerLost):
                    raise Unreachable(LATER, str(stumble)) from None
                if i == READS - 1:
                    raise NoAnswer(LATER, f"GitHub does not answer: {stumble}") from None
                self.sleep(0.5 * (i + 1))
        raise AssertionError("unreachable")

    def _once(self, call: _Call) -> Any:
        """Sends one request; after a 401 once more with a new token (a 401 has no effect, so this is safe for
        writes).
        """
        try:
            return self._send(call)
        except Refused as refusal:
            if refusal.status != 401:
                raise
        self._requester = None
        try:
            return self._send(call)
        except Refused as refusal:
            if refusal.status != 401:
                raise
            raise Unaccepted(60.0, "GitHub does not accept our credentials") from None

    def _send(self, call: _Call) -> Any:
        self.pace.before(call.write)
        self.spent += 1
        with self.slots:
            try:
                headers, data = self._connection().requestJsonAndCheck(
                    call.verb,
                    call.url,
                    parameters=dict(call.parameters) if call.parameters else None,
                    headers={"If-None-Match": call.etag} if call.etag else None,
                    input=call.body,
                )
            except GithubException as answer:
                raise self._refusal(answer) from None
            except RuntimeError:
                raise Refused(301, "a redirect to another host, which is not followed") from None
            except JSONDecodeError:
                raise Unsure("the answer is no JSON") from None
            except (requests.RequestException, OSError) as failure:
                raise AnswerLost(cause(failure)) from None
        self._tell(headers)
        self._etag = str(headers.get("etag") or "")
        return data

    def _connection(self) -> Requester:
        if self._requester is None:
            self._requester = limited(self.connect())
        return self._requester

    def _tell(self, headers: Mapping[str, object]) -> None:
        remaining, limit = _number(headers, "x-ratelimit-remaining"), _number(headers, "x-ratelimit-limit")
        self.on_response(
            self.installation, remaining, limit, str(headers.get("x-ratelimit-resource") or "core")
        )

    def _refusal(self, answer: GithubException) -> Exception:
        """Interprets a status of 400 or more."""
        headers = {str(k).lower(): v for k, v in (answer.headers or {}).items()}
        self._tell(headers)
        message = _message(answer.data)
        if answer.status >= 500:
            return Unsure(f"{answer.status}")
        wait = self._wait(answer.status, headers, message)
        if wait is not None:
            return self.pace.hold(wait, f"GitHub's limit: {message}"[:200])
        if answer.status in (404, 410):
            return Absent(message)
        return Forbidden(message) if answer.status == 403 else Refused(answer.status, message)

    def _wait(self, status: int, headers: Mapping[str, object], message: str) -> float | None:
        """Seconds to wait because of a rate limit; None if it is not one."""
        if status not in (403, 429):
            return None
        after = _number(headers, "retry-after")
        if after is not None:
            return float(min(max(after, 1), 3600))
        reset = _number(headers, "x-ratelimit-reset")
        if _number(headers, "x-ratelimit-remaining") == 0 and reset is not None:
            return min(max(reset - self.now(), 1.0), 3600.0)
        limited = status == 429 or "rate limit" in message.lower() or "abuse" in message.lower()
        return 60.0 if limited else None


def _number(headers: Mapping[str, object], name: str) -> int | None:
    try:
        return int(float(str(headers[name])))
    except (KeyError, ValueError, OverflowError):
        return None


def _message(data: object) -> str:
    """An error answer, shortened: `message` and the texts of `errors`."""
    if not isinstance(data, Mapping):
        return "no reason given"
    errors = data.get("errors")
    parts = [str(data.get("message") or "no reason given")]
    parts += [str(e.get("message", e) if isinstance(e, Mapping) else e) for e in errors or ()][:5]
    return "; ".join(parts)[:500]
