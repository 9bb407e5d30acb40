"""The waiver that would excuse a finding, ready to copy into the settings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from policy_bot.policy.finding import Finding
from policy_bot.regex import regex
from policy_bot.review import markdown

WHERE = "`.github/policy-bot.yml` of the default branch"
MISTAKEN = "config/broken-settings"
MOST = 20
"""How many waivers one snippet has."""


def folded(findings: Iterable[Finding]) -> str:
    """The snippet for some findings, folded; "" if none of them may be waived."""
    text = snippet(findings)
    if not text:
        return ""
    head = f"Not now? A waiver in {WHERE} excuses it until a date:"
    block = markdown.block(text, "yaml")
    return f"<details><summary>Excuse it for a while</summary>\n\n{head}\n\n{block}\n\n</details>"


def snippet(findings: Iterable[Finding]) -> str:
    """The entries of `waivers`, one for each policy and file; people fill in reason, day and approval.
    Mistakes in the settings have none: no waiver counts before they are corrected.
    """
    grouped: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.waivable and finding.excuse is None and finding.policy != MISTAKEN:
            grouped.setdefault((finding.policy, finding.span.path), []).append(finding)
    entries = [_entry(*key, listed) for key, listed in grouped.items()][:MOST]
    return "waivers:\n" + "\n".join(entries) if entries else ""


def _entry(policy: str, path: str, findings: Sequence[Finding]) -> str:
    names = dict.fromkeys(name for finding in findings for name in finding.names)
    where = "**" if path == "." else path  # the whole repository
    lines = [f"  - policy: {policy}", f"    path: {_scalar(where)}"]
    if len(names) == 1 and (name := next(iter(names))):
        lines.append(f"    subject: {_scalar(name)}")
    lines += [
        "    reason: why it has to wait",
        "    expires: YYYY-MM-DD",
        '    approved-by: "@someone"',
    ]
    return "\n".join(lines)


def _scalar(text: str) -> str:
    """A pattern as a YAML scalar: double-quoted strings of JSON are YAML, too. Words like `true` and numbers
    are quoted, and characters that nobody sees, or that a pattern may not have, are any character.
    """
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    seen = (each if markdown.visible(each) == each and each != "\\" else "?" for each in text)
    return json.dumps("".join(seen), ensure_ascii=False)


_PLAIN = regex(r"[A-Za-z][A-Za-z0-9/._-]*")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})
