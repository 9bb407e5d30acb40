"""An App without a permission: nothing is tried eight times, and the operator learns what to run."""

from __future__ import annotations

from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.service.store import overview
from policy_bot.service.store.overview import Job
from tests.flows.street import Street


def grant(sandbox: Sandbox, access: str) -> None:
    for installed in sandbox.world.installations.values():
        installed.permissions["checks"] = access
    sandbox.tokens.issued.clear()  # a token has the permissions of when it was made


def jobs(town: Street) -> list[Job]:
    return town.store.read(lambda connection: overview.jobs(connection, town.store.now()))


def test_a_missing_permission_names_doctor_and_is_not_tried_again(town: Street) -> None:
    shop = town.begin({"sst.config.ts": "export default $config({});"})
    grant(town.sandbox, "read")
    pull = town.sandbox.open_pull(shop, {"README.md": "x"})
    town.settle()
    (job,) = jobs(town)
    assert (job.state, job.number, job.attempts) == ("failed", pull.number, 1)
    assert job.last_error.partition(": ")[2] == (
        "GitHub refuses this to the App: Resource not accessible by integration."
        " `policy-bot doctor --org acme` names the missing permission"
    )


def test_the_pull_request_is_judged_when_the_permission_is_there(town: Street) -> None:
    shop = town.begin({"README.md": "x"})
    grant(town.sandbox, "read")
    pull = town.sandbox.open_pull(shop, {"README.md": "y"})
    town.settle()
    grant(town.sandbox, "write")
    town.sweep()
    assert town.run(pull).conclusion == "success"
    assert jobs(town) == []
