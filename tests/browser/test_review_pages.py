"""Each kind of review as a pull request of the sandbox shows it, in a real browser, photographed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, expect

from policy_bot.policy import builtin
from policy_bot.sandbox.pages.web import application
from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import SourceTree
from tests.browser.chromium import launched, opened, photograph
from tests.browser.test_pages import serving
from tests.service.evidence import examples
from tests.toy import ToyReader, World

SETTINGS = ".github/policy-bot.yml"
LATER = "enforce-from: 2027-03-01\n"
WAIVED = """\
waivers:
  - policy: timeout/too-short
    path: sst.config.ts
    reason: moves to its own service in May
    expires: 2027-01-31
    approved-by: "@acme/platform"
"""


class RealReader(ToyReader):
    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        return read_project(tree, path, contexts)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


def world(before: str, settings: str = "") -> World:
    files = {
        "sst.config.ts": before,
        "package.json": examples.PACKAGE,
        "src/chat.ts": examples.CHAT,
        "src/plain.ts": examples.PLAIN,
    }
    made = World(files | ({SETTINGS: settings} if settings else {}))
    made.reader, made.policies = RealReader(), builtin.load()
    made.evaluator = made.fresh()
    return made


@pytest.mark.parametrize(
    ("kind", "settings", "said"),
    [
        ("failing", "", "5 findings, 2 causes"),
        ("older", "", "Already there before this change"),
        ("enforced-later", LATER, "not enforced until 1 March 2027"),
        ("excused", WAIVED, "1 excused"),
        ("clean", "", "No findings in 1 project"),
        ("policy", "", "Policy of the repository"),
    ],
)
def test_a_kind_of_review(browser: Browser, kind: str, settings: str, said: str) -> None:
    changed = {SETTINGS: "policies:\n  timeout/too-short:\n    least: 600\n"} if kind == "policy" else None
    before, after, _ = examples.KINDS["older" if kind == "policy" else kind]
    town = world(before, settings)
    pull = town.sandbox.open_pull(town.shop, changed or {"sst.config.ts": after})
    town.evaluate(pull)
    page = opened(browser, viewport={"width": 1000, "height": 900})
    with serving(lambda: application(town.sandbox)) as address:
        page.goto(f"{address}/acme/shop/pull/{pull.number}/checks")
        expect(page.get_by_text(said).first).to_be_visible()
        photograph(page, f"review-{kind}-checks")
        page.goto(f"{address}/acme/shop/pull/{pull.number}/files")
        photograph(page, f"review-{kind}-files")
    page.close()
