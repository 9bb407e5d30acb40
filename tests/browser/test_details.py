"""A real browser on the details page, and on what a pull request shows rendered as GitHub does: each kind of
review, on a phone and a desk, in the light and in the dark, with axe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from policy_bot.service.evidence import stored
from policy_bot.service.store import evaluations
from policy_bot.service.store.evaluations import Evaluation
from policy_bot.service.store.store import Store
from tests.browser.chromium import launched, opened, photograph
from tests.browser.test_pages import SERIOUS, serving
from tests.service.evidence import examples
from tests.service.fixtures import no_environment, sqlite, time
from tests.service.web import Site

__all__ = ["no_environment", "sqlite", "time"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


def keep(store: Store, kind: str) -> str:
    conclusion, made = examples.details()[kind]
    token = evaluations.new_token()
    page = Evaluation(
        token, f"1/1/pull/{kind}", "acme/shop", "a" * 40, conclusion, stored.as_json(made), store.now()
    )
    store.write(lambda connection: evaluations.keep(connection, page))
    return f"/e/{token}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_kind_of_details_page_can_be_read_by_everybody(
    browser: Browser, sqlite: Store, width: int, scheme: Literal["light", "dark"]
) -> None:
    paths = {kind: keep(sqlite, kind) for kind in examples.details()}
    with serving(lambda: Site(sqlite).app) as address:
        page = opened(browser, viewport={"width": width, "height": 900}, color_scheme=scheme)
        trouble: list[str] = []
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        for kind, path in paths.items():
            page.goto(address + path)
            assert worst(page) == [], kind
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{kind} is {wide} pixels wide"
            photograph(page, f"details-{kind}-{width}-{scheme}")
        assert [said for said in trouble if "favicon" not in said and "404" not in said] == []
        page.close()


def worst(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page, options={"rules": {"region": {"enabled": False}}}).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in SERIOUS]
