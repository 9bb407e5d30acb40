"""Markdown and code as HTML. Raw HTML is escaped, except for the `<details>` block of comments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

_HIDDEN = re.compile(r"<!--.*?-->", re.DOTALL)
_FOLD = re.compile(r"<p>&lt;details&gt;\s*&lt;summary&gt;(.*?)&lt;/summary&gt;\s*</p>", re.DOTALL)
_UNFOLD = re.compile(r"<p>&lt;/details&gt;</p>")
_WORDS = "async|await|const|default|else|export|false|function|if|import|new|null|return|true|undefined"
_TOKENS = re.compile(
    r"(?P<comment>//[^\n]*|/\*.*?\*/)"
    r"|(?P<string>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)"
    rf"|(?P<word>\b(?:{_WORDS})\b)"
    r"|(?P<number>\b\d+\b)"
    r"|(?P<name>[\w$]+(?=\s*:)|\$\w+)"
)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("fence", _fence)
    return parser


def rendered(text: str | None, replaced: Sequence[str] = ()) -> Markup:
    """A comment or summary as HTML. `replaced` are the lines that a suggestion in it would replace."""
    html = _markdown().render(_HIDDEN.sub("", text or ""), {"replaced": replaced})
    folded = _UNFOLD.sub("</details>", _FOLD.sub(r"<details><summary>\1</summary>", html))
    return Markup(folded)  # noqa: S704 markdown-it has escaped it


def coloured(text: str) -> Markup:
    """A line of TypeScript with highlighted tokens."""
    parts, at = [], 0
    for token in _TOKENS.finditer(text):
        parts.append(escape(text[at : token.start()]))
        parts.append(Markup('<span class="t-{}">{}</span>').format(token.lastgroup, token[0]))
        at = token.end()
    return Markup("").join([*parts, escape(text[at:])])


def _fence(_: Any, tokens: Sequence[Any], index: int, __: Any, env: dict[str, Any]) -> str:
    token = tokens[index]
    lines = token.content.splitlines()
    if token.info.strip() != "suggestion":
        return str(Markup('<pre class="code">{}</pre>').format(coloured(token.content)))
    row = Markup('<tr class="{}"><td class="sign">{}</td><td class="text">{}</td></tr>')
    rows = [row.format("del", "-", coloured(line)) for line in env["replaced"]]
    rows += [row.format("add", "+", coloured(line)) for line in lines]
    head = Markup('<div class="suggestion-head">Suggested change</div>')
    return str(
        Markup('<div class="suggestion">{}<table class="diff">{}</table></div>').format(
            head, Markup("").join(rows)
        )
    )
