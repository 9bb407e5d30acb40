"""The words of one finding: as a review comment in Markdown, and plainly for annotations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from policy_bot.policy.finding import Evidence, Fact, Finding, Setting
from policy_bot.policy.findings import CANNOT_TELL
from policy_bot.review import markdown

_CANNOT_TELL = CANNOT_TELL.removesuffix(": ")
_WORDS = {"error": "Error", "warning": "Warning", "notice": "Note"}
MENDED = (
    "**Mended.** What this comment said no longer holds. An app cannot resolve a conversation: if all of them"
    " have to be resolved before merging, resolve this one."
)
"""What a comment says that somebody answered, once its finding is gone."""


def continues(path: str, line: int) -> str:
    """What a comment says that somebody answered, once its finding is found at another line."""
    return (
        f"**Still there**, now at {markdown.code(f'{path}:{line}')}, where the newest comment says it. This"
        " one is of an earlier line: if all conversations have to be resolved before merging, resolve it."
    )


def body(finding: Finding, suggestions: Sequence[tuple[str, str]]) -> str:
    """The comment: what and why, where it holds, how it was derived, how to mend it."""
    parts = [
        f"**{heading(finding)}** · {policy(finding)}",
        markdown.message(said(finding)),
        f"In {stages(finding)}.",
        *(offer(title, text) for title, text in suggestions),
        derivation(finding),
    ]
    return markdown.cut("\n\n".join(part for part in parts if part), markdown.BODY_LIMIT - 200)


def heading(finding: Finding) -> str:
    """`Error: Timeout too short`. The title of a policy accuses: what cannot be told does not bear it."""
    if finding.verdict == "unknown":
        return _CANNOT_TELL
    return f"{_WORDS[finding.severity]}: {markdown.message(finding.title)}"


def said(finding: Finding) -> str:
    """The message as it stands below the heading."""
    rest = finding.message.removeprefix(CANNOT_TELL)
    return rest[:1].upper() + rest[1:]


def policy(finding: Finding) -> str:
    """The policy's id, as a link where its page has an address."""
    named = markdown.code(finding.policy)
    return f"[{named}]({finding.page})" if finding.page.startswith("https://") else named


def stages(finding: Finding) -> str:
    """The contexts it holds in."""
    return ", ".join(markdown.code(context) for context in finding.contexts) or "every stage"


def place(finding: Finding) -> str:
    """`file:line` as code."""
    return markdown.code(f"{finding.span.path}:{finding.span.line}")


def offer(title: str, text: str) -> str:
    """A suggestion block under its title."""
    return f"{markdown.message(title)}:\n\n{markdown.block(text, 'suggestion')}"


def derivation(finding: Finding) -> str:
    """Where the values come from, folded."""
    facts = finding.evidence.facts
    decisive = [fact for fact in facts if fact.decisive]
    lines = [line for fact in decisive or facts for line in _derived(fact)]
    lines += [
        f"- setting {markdown.code(s.name)} is {_value(s.value)} ({markdown.text(s.source)})"
        for s in finding.evidence.settings
        if _decides(s, finding.evidence)
    ]
    if not lines:
        return ""
    shown = "\n".join(lines[:30])
    sst = f"SST {markdown.text(finding.evidence.sst_version)}"
    return f"<details><summary>Why ({sst})</summary>\n\n{shown}\n\n</details>"


def _decides(setting: Setting, evidence: Evidence) -> bool:
    """Whether a setting took part: the rule asks for it, and it names something. A policy has one set of
    settings for all its rules, and an empty list by default leaves each rule as it is.
    """
    asked = re.search(rf"\bparameters\.{re.escape(setting.name)}\b", evidence.expression)
    return asked is not None and (setting.value != "" or setting.source != "default")


def _derived(fact: Fact) -> list[str]:
    steps = [
        f"  - {markdown.message(step.note)}" + (f" at {markdown.code(str(step.span))}" if step.span else "")
        for step in fact.derivation[:12]
    ]
    return [f"- {markdown.code(fact.name)} is {_value(fact.value)}", *steps]


def _value(value: str) -> str:
    return markdown.code(value) if value else "empty"


def level(finding: Finding) -> Literal["failure", "warning", "notice"]:
    """How an annotation is coloured."""
    if finding.severity == "notice":
        return "notice"
    return "failure" if finding.gates else "warning"


def plain_title(finding: Finding) -> str:
    """An annotation's title: no Markdown there, at most 255 characters."""
    called = _CANNOT_TELL if finding.verdict == "unknown" else finding.title
    return markdown.short(markdown.visible(f"{called} ({finding.policy})"), 255)


def plain(finding: Finding) -> str:
    """An annotation's message: no Markdown there. GitHub takes 64 KB; four are read."""
    whole = f"{said(finding)} In {', '.join(finding.contexts) or 'every stage'}."
    return markdown.short(markdown.visible(whole), 4_000)
