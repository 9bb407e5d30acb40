"""What the tests of settings share: two small policies, and what is in force for given files."""

from __future__ import annotations

from datetime import date
from textwrap import dedent

from policy_bot.policy.finding import Evidence, Finding
from policy_bot.policy.inforce import InForce, in_force
from policy_bot.policy.layers import RepositoryTraits
from policy_bot.policy.policy import Policy, PolicyParameter, Rule
from policy_bot.policy.revision import Revision
from policy_bot.sst.span import Span

TODAY = date(2026, 11, 22)
SHOP = RepositoryTraits("web-shop", frozenset({"shop"}), "private")

TOO_SHORT = Policy(
    id="timeout/too-short",
    title="Timeout too short",
    severity="error",
    confidence="high",
    since="0.1",
    sst="*",
    rules=(Rule("function", "true", "timeout >= params.minimum", "timeout", "too short"),),
    parameters={
        "minimum": PolicyParameter("int", 300, "least seconds", "higher"),
        "maximum": PolicyParameter("int", 900, "most seconds", "lower"),
        "kinds": PolicyParameter("list", ["url"], "which functions", "higher"),
        "text": PolicyParameter("string", "a", "no direction"),
        "strict": PolicyParameter("bool", False, "more", "higher"),
    },
    profiles={"recommended": None, "guide": "warning"},
)
FIXED = Policy(
    id="config/broken",
    title="Broken",
    severity="error",
    confidence="high",
    since="0.1",
    sst="*",
    rules=(Rule("config", "true", "false", "form", "broken"),),
    unknown="fail",
    waivable=False,
    profiles={"recommended": None, "guide": None},
)
POLICIES = (TOO_SHORT, FIXED)


def organisation(text: str) -> Revision:
    return Revision.of({"policy-bot.yml": dedent(text).encode()})


def repository(text: str) -> Revision:
    return Revision.of({".github/policy-bot.yml": dedent(text).encode()}, ".github")


def standing(
    org: str | Revision | None = None,
    repo: str | Revision | None = None,
    about: RepositoryTraits = SHOP,
    today: date = TODAY,
    last_good: tuple[Revision | None, Revision | None] = (None, None),
) -> InForce:
    """What is in force for the texts of the two files."""
    above = organisation(org) if isinstance(org, str) else org
    below = repository(repo) if isinstance(repo, str) else repo
    return in_force(above, below, about, POLICIES, today, last_good)


def finding(policy: str = "timeout/too-short", path: str = "infra/api.ts", **changes: object) -> Finding:
    """A finding as the engine makes it before it is weighed."""
    given: dict[str, object] = {
        "policy": policy,
        "title": "Timeout too short",
        "severity": "error",
        "verdict": "fail",
        "project": "sst.config.ts",
        "subject": 'function "Chat"',
        "names": ("Chat",),
        "span": Span(path, 3, 1, 3, 10, 0, 9),
        "message": "too short",
        "contexts": ("production",),
        "fingerprint": "f",
        "evidence": Evidence("4.17.0", "", ()),
    }
    return Finding(**{**given, **changes})  # type: ignore[arg-type]
