"""T12: exceptions widen one another -> no repository files weaken a locked policy.

The measure is behaviour, not settings: what a finding of the policy would weigh, for every value a deployment
may have, once with the organisation's file alone and once with the repository's laid over it.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from policy_bot.policy.finding import Severity
from policy_bot.policy.policy import Policy
from policy_bot.policy.revision import Revision
from policy_bot.policy.settings import Settings
from policy_bot.policy.weighing import weigh
from tests.policy.layering import FIXED, POLICIES, TOO_SHORT, finding, standing

ADDRESSES = ["*", "mode", "extends", "unknown", "paths", "waivers", "timeout/*", "config/*"]
ADDRESSES += [f"{policy.id}{name}" for policy in POLICIES for name in ("", ".severity", ".mode", ".unknown")]
ADDRESSES += [f"timeout/too-short.{name}" for name in TOO_SHORT.parameters]
DAYS = st.sampled_from(["2026-11-01", "2026-11-22", "2026-11-23", "2027-06-01"])
PLACES = ["sst.config.ts", "infra/api.ts"]


def some(required: dict[str, Any] | None = None, **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping with some of the keys; `_` means `-`."""
    named = {key.replace("_", "-"): value for key, value in optional.items()}
    return st.fixed_dictionaries(required or {}, optional=named).filter(
        lambda data: not {"mode", "enforce-from"} <= set(data)  # both at one level are a mistake
    )


WEIGHTS: dict[str, Any] = {
    "mode": st.sampled_from(["evaluate", "enforce"]),
    "enforce_from": DAYS,
    "unknown": st.sampled_from(["pass", "neutral", "fail"]),
}
PARAMETERS = some(
    minimum=st.integers(0, 900),
    maximum=st.integers(0, 900),
    kinds=st.lists(st.sampled_from(["url", "site"]), unique=True),
    text=st.sampled_from("ab"),
    strict=st.booleans(),
)
SEVERITY = st.sampled_from(["off", "notice", "warning", "error"])
POLICY = some(severity=SEVERITY, parameters=PARAMETERS, **WEIGHTS).filter(bool) | SEVERITY
BROKEN = some(severity=SEVERITY, **WEIGHTS).filter(bool)
BLOCK: dict[str, Any] = {
    **WEIGHTS,
    "extends": st.sampled_from(["recommended", "guide"]),
    "policies": st.fixed_dictionaries({}, optional={TOO_SHORT.id: POLICY, FIXED.id: BROKEN}),
    "stages": st.lists(st.sampled_from(["qa", "staging"]), max_size=3),
    "paths": some(ignore=st.lists(st.sampled_from(["**", "infra/**", "sst.config.ts"]))),
}
RULES = st.lists(st.sampled_from(ADDRESSES), max_size=4)
SELECTION = some({"where": some(topics=st.just(["shop"]))}, **BLOCK, allow=RULES, lock=RULES)
WAIVER = st.fixed_dictionaries(
    {
        "policy": st.just(TOO_SHORT.id),
        "path": st.sampled_from(["**", *PLACES]),
        "reason": st.just("because"),
        "expires": DAYS,
        "approved-by": st.just("@acme/x"),
    }
)
ORGANISATION = some(**BLOCK, allow=RULES, lock=RULES, select=st.lists(SELECTION, max_size=2))
REPOSITORY = some(**BLOCK, waivers=st.lists(WAIVER, max_size=2))


def closed(policy: Policy, organisation: dict[str, Any]) -> bool:
    """Whether the organisation leaves nothing of a policy open."""
    parts = [organisation, *organisation.get("select", [])]
    locks = {rule for part in parts for rule in part.get("lock", [])}
    allows = {rule for part in parts for rule in part.get("allow", [])}
    whole = {"*", policy.id, policy.id.partition("/")[0] + "/*"}
    touching = {rule for rule in allows if "/" not in rule or rule.partition(".")[0] in whole}
    return bool(locks & whole) or not touching


def weights(policy: Policy, found: Settings) -> list[int]:
    """How hard every possible finding of the policy hits: 0 nothing, 1-3 by severity, 4 where it gates."""
    severity = found.severity(policy.id, policy.severity_in(found.profile_of(policy.id)) or "error")
    return [
        0
        if severity is None or found.ignores("sst.config.ts") or not fails
        else _weight(policy, severity, verdict, found)
        for verdict in ("fail", "unknown")
        for fails in _failures(policy, found)
    ]


def _failures(policy: Policy, found: Settings) -> list[bool]:
    """Whether each of some deployments breaks the policy, by the parameters in force."""
    if policy is FIXED:
        return [True]
    value = {
        name: found.parameter(policy.id, name, each.default)[0] for name, each in policy.parameters.items()
    }
    kinds, text = value["kinds"], value["text"]
    assert isinstance(value["minimum"], int)
    assert isinstance(value["maximum"], int)
    assert isinstance(kinds, tuple | list)
    seconds = range(0, 901, 50)
    too_short = [second < value["minimum"] for second in seconds]
    too_long = [second > value["maximum"] for second in seconds]
    return [
        *too_short,
        *too_long,
        "url" in kinds,
        "site" in kinds,
        bool(value["strict"]),
        text == "a",
        text == "b",
    ]


def _weight(policy: Policy, severity: Severity, verdict: str, found: Settings) -> int:
    weighed = weigh(finding(policy.id, severity=severity, verdict=verdict), found, policy.unknown)
    if verdict == "unknown" and not weighed.gates:
        return {"pass": 0, "neutral": 1, "fail": 2}[found.unknown_of(policy.id, policy.unknown)]
    return 4 if weighed.gates else {"notice": 1, "warning": 2, "error": 3}[severity]


def revision(path: str, data: dict[str, Any]) -> Revision:
    return Revision.of({path: json.dumps(data).encode()}, path.rpartition("/")[0])


@settings(max_examples=600)
@given(ORGANISATION, REPOSITORY)
@example({"allow": ["*"], "lock": ["timeout/too-short"]}, {"paths": {"ignore": ["**"]}})
@example({"allow": ["mode"], "lock": ["config/*"]}, {"mode": "evaluate"})
@example({"allow": ["*"], "lock": ["config/broken"]}, {"extends": "guide", "unknown": "pass"})
@example({"unknown": "pass"}, {"unknown": "neutral"})
def test_a_closed_policy_is_never_weaker_with_a_repositorys_file(
    organisation: dict[str, Any], repository: dict[str, Any]
) -> None:
    above = revision("policy-bot.yml", organisation)
    alone = standing(above)
    both = standing(above, revision(".github/policy-bot.yml", repository))
    assert not alone.problems
    assert not both.problems
    for policy in POLICIES:
        if closed(policy, organisation):
            before, after = weights(policy, alone.settings), weights(policy, both.settings)
            assert all(now >= then for now, then in zip(after, before, strict=True)), (
                policy.id,
                before,
                after,
            )
    assert set(both.settings.stages) >= set(alone.settings.stages)
