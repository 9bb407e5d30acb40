"""A real browser, as the tests start it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, FloatRect, Page, expect, sync_playwright

from tests.github_api import packages
from tests.waiting import LONG

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = LONG * 1000  # milliseconds


@contextmanager
def launched() -> Iterator[Browser]:
    program, environment = packages.chromium()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=FLAGS, env=environment, timeout=PATIENCE
        )
        yield browser
        browser.close()


def opened(browser: Browser, **view: Any) -> Page:
    """A new page, as patient as what is expected of it."""
    page = browser.new_page(**view)
    page.set_default_timeout(PATIENCE)
    return page


def photograph(page: Page, name: str, clip: FloatRect | None = None) -> None:
    """Keep a picture, where somebody asked for pictures by PICTURES=folder."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True, clip=clip)
