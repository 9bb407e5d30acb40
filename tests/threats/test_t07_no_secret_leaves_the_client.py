"""T7: errors and reprs contain tokens and keys -> no failed request shows a key or token.

Precedents: CVE-2024-52009 (Atlantis), CVE-2022-39304 (ghinstallation).
"""

from __future__ import annotations

import logging

import pytest

from policy_bot.github.app import App, Identity, signing
from policy_bot.sandbox.faults import Fault
from tests.sandbox.wire import wired
from tests.toy import CONFIG, World


def _secrets(world: World) -> list[str]:
    return [world.sandbox.registration.pem.splitlines()[3], *world.sandbox.tokens.issued]


@pytest.mark.parametrize("status", [0, 401, 403, 404, 422, 429, 500])
def test_no_failure_shows_a_secret(status: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    world.sandbox.faults.plan(Fault(".", "after", status, times=None))
    world.sandbox.faults.plan(Fault("graphql", "after", status, times=None))
    shown = []
    for _ in range(2):
        try:
            shown.append(repr(world.evaluate(pull)))
        except Exception as error:
            shown += [repr(error), str(error), repr(error.__cause__), repr(error.__context__)]
        world.clock.sleep(4000)
    with wired(world.sandbox):
        client = world.evaluator._app.client(world.installation.id)
        shown += [repr(client), repr(world.evaluator), repr(world.evaluator._app), repr(client.pace)]
    everything = "\n".join([*shown, caplog.text])
    assert [secret for secret in _secrets(world) if secret in everything] == []


def test_an_invalid_key_is_not_quoted() -> None:
    with pytest.raises(ValueError, match="is a public key or a certificate") as refused:
        App(Identity(1, "-----BEGIN canary-----"))
    assert "canary" not in f"{refused.value!r}{refused.value.__cause__!r}"
    assert "canary" not in repr(Identity(1, "canary"))
    assert signing.__wrapped__ is not None
