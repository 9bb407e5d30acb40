"""A browser without a screen: opens pages, follows links and redirects, submits forms."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

TIMEOUT = 20.0  # seconds for one page


class UnexpectedPage(Exception):
    """A page that differs from the expected one; says which and why."""


class Browser:
    """A browser with its cookies. `address` is the current page."""

    def __init__(self) -> None:
        self.address = ""
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy for the local address
        self._page = _Page()

    def open(self, address: str) -> None:
        """Loads a page."""
        self._show(self._session.get(urljoin(self.address, address), timeout=TIMEOUT))

    def press(self, button: str) -> None:
        """Submits the form of this button."""
        if button not in self._page.buttons:
            raise UnexpectedPage(f"{self.address} has no button “{button}”")
        action, fields = self._page.buttons[button]
        self._show(self._session.post(urljoin(self.address, action), data=fields, timeout=TIMEOUT))

    def link(self, words: str) -> str:
        """Target of a link."""
        if words not in self._page.links:
            raise UnexpectedPage(f"{self.address} has no link “{words}”")
        return self._page.links[words]

    def _show(self, answer: requests.Response) -> None:
        self.address = answer.url
        if not answer.ok:
            raise UnexpectedPage(f"{answer.url.partition('?')[0]} answered {answer.status_code}")
        self._page = _Page()
        self._page.feed(answer.text)


class _Page(HTMLParser):
    """The links of a page, and its buttons with the action and hidden fields of their forms."""

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
