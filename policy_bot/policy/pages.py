"""Generates pages: one for each policy, their index, and the tables in the authors' guide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from policy_bot.policy.functions import OFFERED
from policy_bot.policy.policy import Policy
from policy_bot.regex import regex
from policy_bot.sst.shape import SHAPES

_MARK = regex(r"(?<![ \t])[ \t]*+// (?:fail|unknown)\b.*$", re.MULTILINE)
_LINK = regex(r"\[([^\[\]]*+)\]\([^()]*+\)")
_NAMED_BLOCK = regex(r"^```(ts|json)[ ]++(?!fixed)(\S++)[^\n]*+$", re.MULTILINE)
_BLOCK = regex(r"^```(ts|json)[ ][^\n]*+$", re.MULTILINE)


def page(policy: Policy) -> str:
    """A policy's page: its properties in a row, then its prose. Marks of expected findings become
    comments.
    """
    head = [
        f"# {policy.id}",
        "",
        f"**{policy.title}**",
        "",
        "| severity | confidence | profile | fixable | SST | since |",
        "|---|---|---|---|---|---|",
        f"| {policy.severity} | {policy.confidence} | {_profiles(policy)} | {_yes(policy.fixable)} | "
        f"{_versions(policy)} | {policy.since} |",
        "",
        "",
    ]
    return "\n".join(head) + _prose(policy.page)


def purpose(policy: Policy) -> str:
    """Summarises a policy: the first paragraph of its page without markup."""
    paragraphs = (part.strip() for part in policy.page.split("\n\n"))
    first = next((part for part in paragraphs if part and not part.startswith(("#", "```"))), "")
    return " ".join(_LINK.sub(r"\1", first).replace("`", "").split())


def _prose(text: str) -> str:
    """Converts code blocks for readers: `// fail: why` becomes `// ✗ why`, file names become a comment."""
    named = _NAMED_BLOCK.sub(_with_name, text)
    return _MARK.sub(_as_comment, _BLOCK.sub(r"```\1", named))


def _with_name(match: re.Match[str]) -> str:
    """Shows the file name of a block (`infra/api.ts`, not `stages=pr-12`) as a comment."""
    is_file = "." in match[2] and "=" not in match[2]
    return f"```{match[1]}\n// {match[2]}" if is_file else match[0]


def _as_comment(match: re.Match[str]) -> str:
    words = match[0].partition(":")[2].strip()
    sign = "?" if "// unknown" in match[0] else "✗"
    return f" // {sign} {words}".rstrip()


def _profiles(policy: Policy) -> str:
    return ", ".join(
        name if severity in (None, policy.severity) else f"{name} ({severity})"
        for name, severity in policy.profiles.items()
    )


def _yes(claim: bool) -> str:
    return "yes" if claim else ""


def _versions(policy: Policy) -> str:
    ranges = dict.fromkeys(rule.sst or policy.sst for rule in policy.rules)
    return ", ".join("all" if text == "*" else f"`{text}`" for text in ranges)


def index(policies: Sequence[Policy]) -> str:
    """Generates the table of all policies by group."""
    groups = sorted({policy.id.partition("/")[0] for policy in policies})
    head = "| policy | finds | severity | profile | fixable | SST |\n|---|---|---|---|---|---|\n"
    text = (
        "# Policies\n\nThe built-in policies by group. Each page says what the policy requires and why, with"
        " an example, the fix, and the options that settings can change.\n"
    )
    for group in groups:
        text += f"\n## {group}\n\n{head}"
        for policy in sorted(policies, key=lambda each: each.id):
            if policy.id.startswith(f"{group}/"):
                text += (
                    f"| [`{policy.id}`]({policy.id}.md) | {policy.title} | {policy.severity} | "
                    f"{_profiles(policy)} | {_yes(policy.fixable)} | {_versions(policy)} |\n"
                )
    return text


def facts(kinds: Iterable[str] = SHAPES) -> str:
    """Generates a table of facts for each kind of subject."""
    text = ""
    for kind in kinds:
        text += f"### {kind}\n\n| fact | type | says |\n|---|---|---|\n"
        text += "".join(f"| `{name}` | {fact.type} | {fact.doc} |\n" for name, fact in SHAPES[kind].items())
        text += "\n"
    return text


def functions() -> str:
    """Generates the table of functions for expressions."""
    rows = "".join(f"| `{name}` | {says} |\n" for name, says in OFFERED.items())
    return f"| function | use |\n|---|---|\n{rows}\n"


def with_tables(guide: str) -> str:
    """Updates the generated parts of the authors' guide."""
    for name, table in (("functions", functions()), ("facts", facts())):
        before, begin, rest = guide.partition(f"<!-- {name}: generated -->")
        _, end, after = rest.partition(f"<!-- end of {name} -->")
        guide = f"{before}{begin}\n\n{table}{end}{after}"
    return guide
