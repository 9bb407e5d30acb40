"""The sandbox without sockets: this process answers `requests` calls to its address."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

from policy_bot.sandbox.faults import Cut
from policy_bot.sandbox.rest.dispatch import answer

if TYPE_CHECKING:
    from policy_bot.sandbox.ground import Ground

EXCHANGE = "/login/oauth/access_token"


@contextmanager
def wired(sandbox: Ground) -> Iterator[None]:
    """While active, no `requests` call leaves the process: those to other addresses fail."""

    def send(_: HTTPAdapter, request: requests.PreparedRequest, **__: Any) -> requests.Response:
        return answered(sandbox, request)

    with mock.patch.object(HTTPAdapter, "send", send):
        yield


def answered(sandbox: Ground, request: requests.PreparedRequest) -> requests.Response:
    """The response to a request."""
    url = request.url or ""
    if urlsplit(url).path == EXCHANGE and _place(url) == _place(sandbox.url):
        return _response(request, 200, {"Content-Type": "application/json"}, _exchanged(sandbox, request))
    if _place(url) != _place(sandbox.url):
        raise requests.ConnectionError(
            f"nobody but the sandbox is there: {urlsplit(url).netloc}", request=request
        )
    body = request.body or b""
    data = body.encode() if isinstance(body, str) else bytes(body)
    try:
        status, headers, content = answer(sandbox, request.method or "GET", url, dict(request.headers), data)
    except Cut:
        raise requests.ConnectionError("the connection was cut", request=request) from None
    return _response(request, status, headers, content)


def _exchanged(sandbox: Ground, request: requests.PreparedRequest) -> bytes:
    body = request.body or b""
    form = dict(parse_qsl(body if isinstance(body, str) else bytes(body).decode()))
    return json.dumps(sandbox.sign_in.exchange(form)).encode()


def _response(
    request: requests.PreparedRequest, status: int, headers: Mapping[str, str], content: bytes
) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.headers = CaseInsensitiveDict(headers)
    response.raw = io.BytesIO(content)
    response._content = content
    response.encoding = "utf-8"
    response.url = request.url or ""
    response.request = request
    return response


def _place(url: str) -> tuple[str | None, int]:
    parts = urlsplit(url)
    return parts.hostname, parts.port or 80
