"""T16: a policy that cannot be fetched counts as none -> if the organisation's policy is inaccessible,
nothing passes, and the check says why.

Precedents: CVE-2025-46342 (Kyverno), policy-bot #1206.
"""

from __future__ import annotations

from typing import Any

from policy_bot.github.client import Client
from tests.toy import CONFIG, World


def test_where_the_organisations_policy_is_refused_nothing_passes() -> None:
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "note\n"})
    client: Client = world.evaluator._app.client(world.installation.id)
    ask = client.ask

    def refused(request: Any) -> Any:
        answer = ask(request)
        return (
            {**answer, "organisation": {"refused": "single sign-on"}} if "organisation" in answer else answer
        )

    client.ask = refused  # type: ignore[method-assign]
    assert world.evaluate(pull).conclusion == "failure"
    run = world.check(pull)
    assert run is not None
    assert "policy-bot.yml" in str(run.summary)
