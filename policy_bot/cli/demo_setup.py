"""The set-up of the demo, as a person does it: register the App, install it, start the service."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

from policy_bot.cli.problem import Problem

TIMEOUT = 20.0  # seconds for one page
_ADDRESS = re.compile(r"http://\S+/setup\?token=\S+")


def address_in(log: str) -> str:
    """The address with the one-time token that `serve` printed; "" if it has not yet."""
    found = _ADDRESS.search(log)
    return found[0] if found else ""


def register_and_start(address: str) -> None:
    """Presses the buttons of the set-up page at this address. Raises `Problem` for an unexpected page."""
    browser = Browser()
    browser.open(address)
    browser.press("Register the App at GitHub")  # GitHub creates the App and sends the browser back
    checks = browser.address
    browser.open(browser.link("Install it"))
    browser.open(checks)
    browser.press("Start the service")


class Browser:
    """Opens pages, follows redirects, and presses the buttons of forms."""

    def __init__(self) -> None:
        self.address = ""
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy stands between this machine and itself
        self._page = _Page()

    def open(self, address: str) -> None:
        """Loads a page."""
        self._show(self._session.get(urljoin(self.address, address), timeout=TIMEOUT))

    def press(self, button: str) -> None:
        """Submits the form with this button."""
        if button not in self._page.buttons:
            raise Problem(f"the set-up page {self.address} has no button “{button}”")
        action, fields = self._page.buttons[button]
        self._show(self._session.post(urljoin(self.address, action), data=fields, timeout=TIMEOUT))

    def link(self, words: str) -> str:
        """Where a link leads."""
        if words not in self._page.links:
            raise Problem(f"the set-up page {self.address} has no link “{words}”")
        return self._page.links[words]

    def _show(self, answer: requests.Response) -> None:
        self.address = answer.url
        if not answer.ok:
            raise Problem(f"the set-up page {answer.url.partition('?')[0]} answered {answer.status_code}")
        self._page = _Page()
        self._page.feed(answer.text)


class _Page(HTMLParser):
    """The links of a page, and its buttons with the form that each submits: its action and hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.buttons: dict[str, tuple[str, dict[str, str]]] = {}
        self._form: tuple[str, dict[str, str]] = ("", {})
        self._link = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = (given.get("action", ""), {})
        elif tag == "input" and given.get("type") == "hidden":
            self._form[1][given["name"]] = given.get("value", "")
        elif tag in {"a", "button"}:
            self._link, self._text = given.get("href", ""), ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.links[self._text.strip()] = self._link
        elif tag == "button":
            self.buttons[self._text.strip()] = self._form
