"""The public pages of the built-in policies, to which every finding links."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from flask import Blueprint, abort, render_template, request
from markdown_it import MarkdownIt
from markupsafe import Markup

from policy_bot.policy import builtin, pages
from policy_bot.policy.policy import Policy


def blueprint(fired: Callable[[], dict[str, int]]) -> Blueprint:
    """`/policies` and `/policies/<id>`. `fired` counts the findings that the visitor may see."""
    site = Blueprint("policies", __name__, template_folder="templates")

    @site.get("/policies")
    def index() -> str:
        words = request.args.get("q", "")[:200]
        found = [policy for policy in builtin.load() if _matches(policy, words.lower().split())]
        return render_template(
            "pages/policies.html", found=found, words=words, purpose=pages.purpose, fired=fired()
        )

    @site.get("/policies/<path:id>")
    def policy(id: str) -> str:
        found = next((each for each in builtin.load() if each.id == id), None)
        if found is None:
            abort(404)
        return render_template("pages/policy.html", policy=found, text=_html(found.id))

    return site


def _matches(policy: Policy, words: list[str]) -> bool:
    text = f"{policy.id} {policy.title} {policy.page}".lower()
    return all(word in text for word in words)


@cache
def _html(id: str) -> Markup:
    """A page's Markdown as HTML. HTML in it is escaped."""
    policy = next(each for each in builtin.load() if each.id == id)
    _, _, body = pages.page(policy).partition("\n")
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    text = reader.render(body.replace(".md)", ")"))
    for mark, scrolls in _SCROLLING.items():
        text = text.replace(mark, scrolls)
    return Markup(text)  # noqa: S704 -- rendered from our own files


_SCROLLING = {
    "<table>": '<div class="table-responsive" tabindex="0" role="region" aria-label="Table"><table>',
    "</table>": "</table></div>",
    "<pre>": '<pre tabindex="0">',
}
"""Makes wide elements scroll by themselves on a phone, and by keyboard."""
