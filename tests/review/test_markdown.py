"""Text that nobody vouches for, as Markdown that means nothing but what it shows."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from policy_bot.review import markdown

RENDER = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")
BREAK = "\u200b"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain text, 3.17.0 (x)", "plain text, 3.17.0 (x)"),
        ("@octocat", "@&#8203;octocat"),
        ("mail a@b.example", "mail a@&#8203;b.example"),
        ("see #12 and GH-3", "see #&#8203;12 and GH-&#8203;3"),
        ("https://evil.example/x", "https:&#8203;//evil.example/x"),
        ("www.evil.example", "www&#8203;.evil.example"),
        ("0123456789abcdef", "0&#8203;123456789abcdef"),
        ("<b onclick=x>", "&lt;b onclick=x&gt;"),
        ("<!-- hidden -->", "&lt;!-- hidden --&gt;"),
        ("[text](target)", "\\[text\\](target)"),
        ("![i](u)", "!\\[i\\](u)"),
        ("a_b*c~d|e", "a\\_b\\*c\\~d\\|e"),
        ("`code`", "&#96;code&#96;"),
        ("$x$", "&#36;x&#36;"),
        ("# heading", "\\# heading"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("two\nlines\u2028three", "two lines three"),
        ("pass\u202etrue", "pass&lt;U+202E&gt;true"),
        ("zero\u200bwidth", "zero&lt;U+200B&gt;width"),
        ("nul\0", "nul&lt;U+0000&gt;"),
    ],
)
def test_text(raw: str, shown: str) -> None:
    assert markdown.text(raw) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("sst.config.ts:3", "`sst.config.ts:3`"),
        ("a`b", "``a`b``"),
        ("`a", "`` `a ``"),
        ("a``b`c", "```a``b`c```"),
        ("", "`   `"),
        ("two\nlines", "`two lines`"),
        ("@team <b>", "`@team <b>`"),
        ("x\u202ey", "`x<U+202E>y`"),
    ],
)
def test_code(raw: str, shown: str) -> None:
    assert markdown.code(raw) == shown


def test_a_message_keeps_its_code_and_nothing_else() -> None:
    assert markdown.message("`streaming` in *app()* of @me") == "`streaming` in \\*app()\\* of @&#8203;me"


def test_a_cell_ends_no_table() -> None:
    row = f"| {markdown.cell(markdown.code('a|b'))} | {markdown.cell(markdown.text('c|d'))} |"
    html = RENDER.render(f"| x | y |\n|---|---|\n{row}")
    assert html.count("<td>") == 2


def test_a_block_has_a_fence_longer_than_any_inside() -> None:
    assert markdown.block("a\n```\nb", "suggestion") == "````suggestion\na\n```\nb\n````"
    assert markdown.block("a\r\nb\r", "ts") == "```ts\na\nb\n```"
    assert markdown.block("") == "```\n```"


def test_a_cut_falls_on_a_line_and_closes_its_fence() -> None:
    whole = "intro\n```suggestion\n" + "x = 1\n" * 50 + "```\n"
    cut = markdown.cut(whole, 120, "\n[more]\n")
    assert len(cut) <= 120
    assert cut.endswith("x = 1\n```\n[more]\n")
    assert markdown.cut("short", 120) == "short"


def test_short_keeps_the_beginning() -> None:
    assert markdown.short("abcdef", 4) == "abc…"
    assert markdown.short("abcd", 4) == "abcd"


def test_what_hides_is_recognised() -> None:
    assert markdown.hides('if (admin\u202e) "x"')
    assert not markdown.hides("plain\n\ttext\r\n ünï")


tricky = st.text(
    alphabet=st.sampled_from("@#abGH-12`*_[]()<>!&|~\\/:.$=\n\r\t \u202e\u200b\u2028w0fé"), max_size=60
)


@given(tricky)
def test_text_comes_out_as_it_went_in_and_as_text_only(raw: str) -> None:
    html = RENDER.render(f"x {markdown.text(raw)}")
    assert re.findall(r"<(?!/?p>)", html) == []
    said = re.sub(r"</?p>", "", html).replace(BREAK, "").strip()
    expected = markdown.visible(f"x {raw}").strip()
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        expected = expected.replace(char, entity)
    assert re.sub(r"\s+", " ", said) == re.sub(r"\s+", " ", expected)


@given(tricky)
def test_text_mentions_nobody_and_links_nowhere(raw: str) -> None:
    shown = RENDER.render(markdown.text(raw))
    assert not re.search(r"@\w|://|www\.|#\d|gh-\d", shown, re.IGNORECASE)


@given(tricky)
@example("    $")
@example(" # x")
@example("  1. x")
def test_text_at_the_start_of_a_line_is_a_paragraph(raw: str) -> None:
    assert re.findall(r"<(?!/?p>)", RENDER.render(markdown.text(raw))) == []


@given(tricky)
def test_code_is_one_code_span(raw: str) -> None:
    html = RENDER.render(f"x {markdown.code(raw)} y").strip()
    assert html.startswith("<p>x <code>")
    assert html.endswith("</code> y</p>")
    assert html.count("<code>") == html.count("</code>") == 1


@given(tricky)
def test_a_message_has_no_elements_but_code(raw: str) -> None:
    html = RENDER.render(f"x {markdown.message(raw)}")
    assert re.findall(r"<(?!/?(?:p|code)>)", html) == []


@given(tricky)
def test_a_block_is_one_block(raw: str) -> None:
    html = RENDER.render(f"before\n\n{markdown.block(raw, 'suggestion')}\n\nafter")
    assert html.count("<pre>") == 1
    assert html.rstrip().endswith("<p>after</p>")


@given(tricky, st.integers(60, 200))
def test_a_cut_is_never_too_long(raw: str, limit: int) -> None:
    assert len(markdown.cut(raw * 8, limit, "…")) <= limit
