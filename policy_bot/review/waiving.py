"""The waiver that would excuse a finding, ready to copy into the settings."""

from __future__ import annotations

import json
from collections.abc import Iterable

from policy_bot.policy.causes import Cause, by_cause
from policy_bot.policy.finding import Finding
from policy_bot.review import markdown

WHERE = "`.github/policy-bot.yml` of the default branch"
MOST = 20
"""Waivers in one snippet."""


def folded(findings: Iterable[Finding]) -> str:
    """The snippet for some findings, folded; "" if none of them may be waived."""
    text = snippet(findings)
    if not text:
        return ""
    head = f"Not now? A waiver in {WHERE} excuses it until a day:"
    block = markdown.block(text, "yaml")
    return f"<details><summary>Excuse it for a while</summary>\n\n{head}\n\n{block}\n\n</details>"


def snippet(findings: Iterable[Finding]) -> str:
    """The entries of `waivers`, one for each cause and file; reason, day and approval are left to people."""
    waivable = [f for f in findings if f.waivable and f.excuse is None]
    by_file: dict[str, list[Finding]] = {}
    for finding in waivable:
        by_file.setdefault(finding.span.path, []).append(finding)
    entries = [entry for listed in by_file.values() for entry in map(_entry, by_cause(listed))]
    distinct = list(dict.fromkeys(entries))[:MOST]
    return "waivers:\n" + "\n".join(distinct) if distinct else ""


def _entry(cause: Cause) -> str:
    first = cause.first
    names = dict.fromkeys(name for finding in cause.findings for name in finding.names)
    lines = [f"  - policy: {first.policy}", f"    path: {_scalar(first.span.path)}"]
    if len(names) == 1 and (name := next(iter(names))):
        lines.append(f"    subject: {_scalar(name)}")
    lines += [
        "    reason: why it has to wait",
        "    expires: YYYY-MM-DD",
        '    approved-by: "@someone"',
    ]
    return "\n".join(lines)


def _scalar(text: str) -> str:
    """A YAML scalar: double-quoted strings of JSON are YAML, too."""
    plain = text.replace("/", "").replace(".", "").replace("-", "").replace("_", "")
    return text if plain.isascii() and plain.isalnum() else json.dumps(markdown.visible(text))
