"""T23: names, strings and branches of a repository mention people, inject HTML and links, or hide text ->
none of our posts does so, wherever the text comes from.

Precedents: CVE-2024-35194 (Minder), reviewdog's code fences, Mergify's move to allow-listed templates.
"""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from tests.toy import CONFIG, World

HOSTILE = [
    "@everyone and @acme/security",
    "<img src=x onerror=alert(1)><script>1</script>",
    "[click](https://evil.example) ![x](https://evil.example/p.png)",
    "https://evil.example www.evil.example ssh://x",
    "#1 acme/shop#2 GH-3 1234567890abcdef1234567890abcdef12345678",
    "`@a` ``@b`` ```@c``` ~~~",
    "```suggestion @x ```",
    "<!-- policy-bot --> <!--",
    "| a | b | --- |",
    "</details></summary><details open>",
    "\u202e@desrever\u2066 \u200b\ufeff hidden",
    "\\@x \\`@y\\` \\<b>",
    "$\\href{javascript:alert(1)}{x}$",
    "[^1]: note :tada: - [ ] task",
    "x" * 5_000,
]
RENDER = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")
OURS = {
    "p",
    "strong",
    "code",
    "details",
    "summary",
    "ul",
    "li",
    "h3",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "pre",
}
LINK = re.compile(
    r'<a href="http://github\.sandbox/acme/shop/blob/[0-9a-f]{40}/[^"<>]*#L\d+">(.*?)</a>', re.DOTALL
)
"""The one kind of link that we write: to a line of a file at the commit that was judged."""


def _harm(markdown: str) -> list[str]:
    """What the rendered text does beyond being read, code left out: there nothing is linked or mentioned."""
    html = RENDER.render(re.sub(r"\n\n<!-- policy-bot [0-9a-f ]+ -->\Z", "", markdown))
    html = LINK.sub(r"\1", html)
    elements = {name.lower() for name in re.findall(r"</?([a-zA-Z!][a-zA-Z0-9]*)", html)} - OURS
    running = re.sub(r"<code.*?</code>", "", html, flags=re.DOTALL)
    talk = re.findall(r"@\w+|https?://\S+|www\.\w+|(?<!&)#\d+|GH-\d+|\b[0-9a-f]{40}\b", running)
    hidden = re.findall(r"[\u202a-\u202e\u2066-\u2069\u200b\ufeff]", html.replace("&#8203;", ""))
    return [*elements, *talk, *(h for h in hidden if h != "\u200b")]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:24])
def test_nothing_posted_does_more_than_being_read(text: str) -> None:
    world = World()
    name = "infra/" + re.sub(r"[/\0]", "·", text)[:120] + ".ts"
    world.sandbox.push_branch(world.shop, "main", {name: "note\n"})
    lines = f"error {text}\nwarning {text}\nunknown {text}\nuse {name}\n"
    pull = world.sandbox.open_pull(
        world.shop, {CONFIG: lines, name: f"error {text} here\n"}, title=text, body=text
    )
    world.evaluate(pull)
    run = world.check(pull)
    assert run is not None
    posted = [c.body for c in pull.comments] + [r.body for r in pull.reviews] + [str(run.summary)]
    assert len(posted) >= 4
    assert {harm for body in posted for harm in _harm(body)} == set()
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069]", str(run.title) + str(run.annotations))


@pytest.mark.parametrize("text", HOSTILE[:13], ids=lambda text: text[:24])
def test_what_cannot_be_read_is_reported_as_harmlessly(text: str) -> None:
    name = "infra/" + re.sub(r"[/\0]", "·", text)[:120] + ".ts"
    world = World({CONFIG: "note\n", name: "note\n"})
    pull = world.sandbox.open_pull(world.shop, {CONFIG: f"use {name}\n", name: "broken\n"}, title=text)
    world.evaluate(pull)
    run = world.check(pull)
    assert run is not None
    assert run.conclusion == "failure"
    assert _harm(str(run.summary)) == []
    assert len(str(run.title)) <= 60
