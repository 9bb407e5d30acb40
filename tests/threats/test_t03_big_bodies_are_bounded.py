"""T3: a big body is read before anything is verified -> it is refused by its length and by the stream, and
memory stays bounded.

Precedents: CVE-2024-34084 (Minder), CVE-2024-40634 (Argo CD), CVE-2026-42294 (Argo Workflows), CVE-2024-34079
(octo-sts).
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from werkzeug.test import EnvironBuilder

from policy_bot.service.hooks import LARGEST_BODY
from policy_bot.service.store.store import Store
from tests.service.web import Site


class Endless(io.RawIOBase):
    """A sender that never stops; counts what is taken from it."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "asked for everything"
        self.taken += size
        return b"x" * size


def call(site: Site, stream: Endless, length: str | None) -> int:
    environ = EnvironBuilder("/webhook", method="POST").get_environ()
    environ["wsgi.input"] = stream
    environ["wsgi.input_terminated"] = True
    environ.pop("CONTENT_LENGTH", None)
    if length is not None:
        environ["CONTENT_LENGTH"] = length
    statuses: list[str] = []

    def start(status: str, _headers: object, _error: object = None) -> None:
        statuses.append(status)

    answer = site.app.wsgi_app(environ, start)  # type: ignore[arg-type]
    assert isinstance(answer, Iterator) or list(answer)
    return int(statuses[0][:3])


def test_a_body_that_says_it_is_too_large_is_not_read(sqlite: Store) -> None:
    stream = Endless()
    assert call(Site(sqlite), stream, str(LARGEST_BODY + 1)) == 413
    assert stream.taken == 0


@pytest.mark.parametrize("length", [None, "", "-5", "12x"])
def test_a_body_that_does_not_say_is_read_up_to_the_bound(sqlite: Store, length: str | None) -> None:
    stream = Endless()
    assert call(Site(sqlite), stream, length) == 413
    assert stream.taken <= LARGEST_BODY + 1


def test_a_body_is_read_no_further_than_it_says(sqlite: Store) -> None:
    stream = Endless()
    assert call(Site(sqlite), stream, "10") == 401
    assert stream.taken <= 11


def test_other_routes_read_no_body(sqlite: Store) -> None:
    for path in ("/healthz", "/metrics", "/e/x"):
        assert Site(sqlite).client.post(path, data=b"x").status_code == 405
