"""A real browser on an organisation's pages: signing in, by keyboard, on a phone, in the dark, with axe."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from policy_bot.sandbox.server import served
from policy_bot.service.store import standings
from policy_bot.service.store.store import Store
from tests.browser.chromium import launched, opened, photograph
from tests.service.fixtures import no_environment, sqlite, time
from tests.service.pages import people
from tests.service.pages.people import Office

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["no_environment", "sqlite", "time"]
WIDTHS = (390, 1280)
PAGES = (
    "/",
    "/o/acme",
    "/r/acme/shop",
    "/policies",
    "/policies/timeout/too-short",
    "/what-if",
    "/operations",
)
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


@pytest.fixture
def address(sqlite: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The service, and the sandbox that signs people in, each on an address of this machine."""
    place = Office(sqlite)
    for day, gating in (("2026-11-24", 3), ("2026-11-25", 2), ("2026-11-26", 2)):
        keep_day(sqlite, place.acme.id, day, gating)
    with served(place.sandbox) as _, serving(lambda: place.app) as own:
        monkeypatch.setattr(people, "PUBLIC", own)
        place.sandbox.sign_in.person = "olga"
        yield own


@contextmanager
def serving(app: Callable[[], Flask]) -> Iterator[str]:
    """Serves an application on this machine. It is made once the address is known."""
    listening = socket.create_server(("127.0.0.1", 0))
    own = f"http://127.0.0.1:{listening.getsockname()[1]}"
    made: list[Flask] = []

    def begin(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        made.extend([] if made else [app()])
        return made[0](environ, start)

    server = make_server("127.0.0.1", 0, begin, threaded=True, request_handler=Quiet, fd=listening.fileno())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield own
    finally:
        server.shutdown()
        server.server_close()
        listening.close()
        thread.join()


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


def keep_day(store: Store, installation: int, day: str, gating: int) -> None:
    """One day of the trend."""
    row = {
        "installation": installation,
        "day": day,
        "verdicts": f'{{"fail": {gating}, "pass": 4}}',
        "found": "{}",
    }
    store.write(lambda to: to.execute(standings.trend.insert().values(row)))


def signed_in(browser: Browser, address: str, **view: Any) -> Page:
    page = opened(browser, **view)
    page.goto(f"{address}/")
    page.get_by_role("link", name="Sign in with GitHub").click()
    expect(page.get_by_text("olga")).to_be_visible()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_can_be_read_by_everybody(
    browser: Browser, address: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = signed_in(browser, address, viewport={"width": width, "height": 900}, color_scheme=scheme)
    for path in PAGES:
        page.goto(address + path)
        found = Axe().run(page).response["violations"]
        worst = [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in SERIOUS]
        assert worst == [], path
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} pixels wide"
        photograph(page, f"page{path.replace('/', '-')}-{width}-{scheme}")
    page.close()


def test_a_config_is_tried_by_keyboard_alone(browser: Browser, address: str) -> None:
    page = signed_in(browser, address, viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/what-if")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    page.get_by_label("Config").focus()
    for _ in range(4):  # version, stage, profile, button
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("timeout/too-short")).to_be_visible()
    photograph(page, "what-if-result")
    page.close()


def test_a_page_loads_nothing_from_elsewhere_and_breaks_no_rule_of_its_own(
    browser: Browser, address: str
) -> None:
    page = signed_in(browser, address)
    asked: list[str] = []
    trouble: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    for path in PAGES:
        page.goto(address + path)
    assert {url for url in asked if not url.startswith((address, "data:"))} == set()
    assert trouble == []
    page.close()
