"""A real browser looks at the demo: the comment on the line, the closed gate, and the gate turning green by
itself.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from rich.console import Console

from policy_bot.cli.demo import Story
from policy_bot.cli.demo_screen import DemoScreen
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.state import wall_clock
from tests.browser.chromium import launched, opened, photograph


@pytest.fixture
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


def test_the_page_shows_the_review_and_turns_green(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, viewport={"width": 1000, "height": 900}, device_scale_factor=2)
    said = io.StringIO()
    story = Story(
        Sandbox(clock=wall_clock),
        DemoScreen(Console(file=said, width=80)),
        tmp_path,
        lambda url: look(page, url),
    )
    with ExitStack() as stack:
        assert story.tell(stack, 0), said.getvalue()
        expect(page.get_by_text("All checks have passed")).to_be_visible()
        expect(page.get_by_role("button", name="Merge pull request")).to_be_enabled()
        expect(page.locator("article.comment")).to_have_count(0)
        photograph(page, "after")
        page.get_by_role("button", name="Merge pull request").click()
        expect(page.get_by_text("successfully merged")).to_be_visible()


def look(page: Page, address: str) -> None:
    """What a person does before the fix: reads the files, the check, the conversation."""
    page.goto(f"{address}/files")
    on_the_line = page.locator("tr:has-text('60 seconds') + tr.talk")
    expect(on_the_line.first).to_contain_text("at least 300 seconds")
    photograph(page, "files")
    review(page)
    page.goto(f"{address}/checks")
    expect(page.locator(".annotation.failure").first).to_be_visible()
    photograph(page, "checks")
    page.goto(address)
    expect(page.get_by_text("Merging is blocked")).to_be_visible()
    expect(page.get_by_role("button", name="Merge pull request")).to_be_disabled()
    expect(page.locator(".suggestion").first).to_contain_text("Suggested change")
    photograph(page, "before")


def review(page: Page) -> None:
    """The picture of the README: a function of the diff with the comment on its last line."""
    first = page.locator("tr.add", has_text='new sst.aws.Function("Chat"').bounding_box()
    last = page.locator("tr.add:has-text('60 seconds') + tr.talk").bounding_box()
    assert first
    assert last
    height = last["y"] + last["height"] - first["y"]
    photograph(page, "review", {"x": first["x"], "y": first["y"], "width": first["width"], "height": height})
