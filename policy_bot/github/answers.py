"""Limits the size of GitHub's answers: a stranger decides how large the files are that a query includes."""

from __future__ import annotations

from typing import Any

import requests
from github.Requester import Requester

from policy_bot.github.errors import TooHeavy

LARGEST = 16 * 1024 * 1024
"""Bytes of one answer. Files are fetched in far smaller ones. Parsed, it takes several times as much."""


def limited(requester: Requester) -> Requester:
    """The same connection, which raises `TooHeavy` for a larger answer. PyGithub has no setting for that, so
    its sessions get a hook.
    """
    made: Any = getattr(requester, _CONNECT)

    def connect(*args: Any, **options: Any) -> Any:
        connection = made(*args, **options)
        connection.session.hooks["response"].append(_receive)
        return connection

    setattr(requester, _CONNECT, connect)
    return requester


_CONNECT = "_Requester__connectionClass"


def _receive(response: requests.Response, **_: object) -> None:
    body = bytearray()
    for chunk in response.iter_content(64 * 1024):
        body += chunk
        if len(body) > LARGEST:
            response.close()
            raise TooHeavy
    response._content = bytes(body)
