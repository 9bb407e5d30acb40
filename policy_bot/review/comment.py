"""The text of one cause: as a review comment in Markdown, and as plain text for annotations."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from policy_bot.policy.causes import Cause, own_message
from policy_bot.policy.finding import Evidence, Fact, Finding, Setting
from policy_bot.policy.findings import CANNOT_TELL
from policy_bot.review import markdown, waiving, wording
from policy_bot.review.links import NO_LINKS, Links

_CANNOT_TELL = CANNOT_TELL.removesuffix(": ")
_WORDS = {"error": "Error", "warning": "Warning", "notice": "Note"}
MOST_PATCHES = 2
"""Patches of one comment."""
MOST_PLACES = 50
"""How many further places of a cause are listed individually."""
FIXED = (
    "**Fixed.** This finding is gone. Apps cannot resolve conversations: if your rules require that all are"
    " resolved before merging, please resolve this one."
)
"""Text of an answered comment whose finding is fixed."""


def continues(path: str, line: int) -> str:
    """Text of an answered comment whose finding moved to another line."""
    return (
        f"**Still there**, now at {markdown.code(f'{path}:{line}')}, where the newest comment is. This"
        " comment is on an earlier line: if your rules require that all conversations are resolved before"
        " merging, please resolve it."
    )


def body(
    cause: Cause,
    suggestions: Sequence[tuple[str, str]] = (),
    links: Links = NO_LINKS,
    line: Callable[[Finding], int | None] = lambda finding: finding.span.line,
    patches: Sequence[tuple[str, str]] = (),
) -> str:
    """The comment: what and why, where it holds, how to fix it, where else, how it was derived, how to waive
    it. `patches` are fixes of lines that the comment is not on. `line` is the line of a finding among the
    pull request's changes, None if it has none there.
    """
    finding = cause.first
    parts = [
        f"**{heading(finding)}** · {policy(finding, links)}",
        markdown.message(said(finding)),
        holds(finding),
        *(offer(title, text) for title, text in suggestions),
        *(patched(title, text) for title, text in patches[:MOST_PATCHES]),
        _elsewhere(cause, links, line),
        derivation(finding),
        waiving.folded(cause.findings),
    ]
    return markdown.cut("\n\n".join(part for part in parts if part), markdown.BODY_LIMIT - 200)


def holds(finding: Finding) -> str:
    """`In production.`, and whether it is enforced yet."""
    trial = wording.not_enforced(finding)
    reason = (
        "" if not trial else f" **{trial[:1].upper()}{trial[1:]}**: until then it does not block merging."
    )
    if trial == "not enforced":
        reason = " **Not enforced**: the settings only evaluate this policy, so it does not block merging."
    return f"In {stages(finding)}.{reason}"


def heading(finding: Finding) -> str:
    """`Error: Timeout too short`. Unknown findings do not use the policy's title, which asserts a fault."""
    if finding.verdict == "unknown":
        return _CANNOT_TELL
    return f"{_WORDS[finding.severity]}: {markdown.message(finding.title)}"


def said(finding: Finding) -> str:
    """The message as shown below the heading."""
    rest = finding.message.removeprefix(CANNOT_TELL)
    return rest[:1].upper() + rest[1:]


def ignored(is_brought: bool) -> str:
    """The label of a finding that a comment in the source excuses."""
    return "ignored on the line by this change" if is_brought else "ignored on the line"


def policy(finding: Finding, links: Links = NO_LINKS) -> str:
    """The policy's id, as a link if its page has an address."""
    own = finding.page if finding.page.startswith("https://") else ""
    return linked(finding.policy, links.policy(finding.policy) or own)


def linked(label: str, address: str) -> str:
    """Code, as a link if it has an address."""
    return f"[{markdown.code(label)}]({address})" if address else markdown.code(label)


def stages(finding: Finding) -> str:
    """The contexts in which it holds."""
    return ", ".join(markdown.code(context) for context in finding.contexts) or "every stage"


def place(finding: Finding, links: Links = NO_LINKS) -> str:
    """`file:line` as code, linked to the line of the commit."""
    return linked(f"{finding.span.path}:{finding.span.line}", links.span(finding.span))


def offer(title: str, text: str) -> str:
    """A suggestion block under its title."""
    return f"{markdown.message(title)}:\n\n{markdown.block(text, 'suggestion')}"


def patched(title: str, text: str) -> str:
    """A patch under its title."""
    return f"{markdown.message(title)} (`policy-bot fix` does it):\n\n{markdown.block(text, 'diff')}"


def _elsewhere(cause: Cause, links: Links, line: Callable[[Finding], int | None]) -> str:
    """The further lines of the same cause."""
    if not cause.others:
        return ""
    number = len(cause.others)
    shown = [_other(finding, links, line(finding)) for finding in cause.others[:MOST_PLACES]]
    more = f" and {number - len(shown)} more" if number > len(shown) else ""
    return f"And {number} more line{'' if number == 1 else 's'}: {', '.join(shown)}{more}."


def _other(finding: Finding, links: Links, line: int | None) -> str:
    at = finding.span.line if line is None else line
    address = "" if line is None else links.changed_line(finding.span.path, line)
    name = finding.names[0] if finding.names else ""
    return linked(f"line {at}", address) + (f" ({markdown.code(name)})" if name else "")


def derivation(finding: Finding) -> str:
    """Where the values come from, folded."""
    facts = finding.evidence.facts
    decisive = [fact for fact in facts if fact.decisive]
    lines = [line for fact in decisive or facts for line in _derived(fact)]
    lines += [
        f"- setting {markdown.code(s.name)} is {_value(s)}{_set_in(s)}"
        for s in finding.evidence.settings
        if _decides(s, finding.evidence)
    ]
    if not lines:
        return ""
    shown = "\n".join(lines[:30])
    sst = f"SST {markdown.text(finding.evidence.sst_version)}"
    return f"<details><summary>Why: {sst}</summary>\n\n{shown}\n\n</details>"


def _decides(setting: Setting, evidence: Evidence) -> bool:
    """Whether to show a setting: the rule uses it, and it has a value. A policy has one set of settings for
    all its rules, and an empty list by default leaves each rule as it is.
    """
    asked = re.search(rf"\bparameters\.{re.escape(setting.name)}\b", evidence.expression)
    return asked is not None and (setting.value != "" or setting.source != "default")


def _derived(fact: Fact) -> list[str]:
    steps = [
        f"  - {markdown.message(wording.step(step.note))}"
        + (f" at {markdown.code(f'{step.span.path}:{step.span.line}')}" if step.span else "")
        for step in fact.derivation[:12]
    ]
    return [f"- {markdown.message(wording.fact(fact.name, fact.value))}", *steps]


def _set_in(setting: Setting) -> str:
    source = setting.source
    return " by default" if source == "default" else f", set in {markdown.text(source)}"


def _value(setting: Setting) -> str:
    return markdown.code(setting.value) if setting.value else "empty"


def level(finding: Finding) -> Literal["failure", "warning", "notice"]:
    """The level of an annotation, which determines its colour."""
    if finding.severity == "notice":
        return "notice"
    return "failure" if finding.gates else "warning"


def plain_title(finding: Finding) -> str:
    """An annotation's title: plain text, at most 255 characters."""
    called = _CANNOT_TELL if finding.verdict == "unknown" else finding.title
    return markdown.short(plainly(f"{called} ({finding.policy})"), 255)


def plain(finding: Finding) -> str:
    """An annotation's message: plain text. GitHub accepts 64 KB; people read four."""
    trial = wording.not_enforced(finding)
    after = f" {trial[:1].upper()}{trial[1:]}." if trial else ""
    whole = f"{said(finding)} In {', '.join(finding.contexts) or 'every stage'}.{after}"
    return markdown.short(plainly(whole), 4_000)


def plainly(text: str) -> str:
    """Plain text: without the backticks that mark code in a message."""
    return markdown.visible(text.replace("`", ""))


def message(cause: Cause) -> str:
    """The message of a cause: without the names of further subjects if other places are listed."""
    first = cause.first
    text = own_message(first) if cause.others else first.message
    rest = text.removeprefix(CANNOT_TELL)
    return rest[:1].upper() + rest[1:]
