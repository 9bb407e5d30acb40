import hashlib
import hmac
import json

from github import Github

from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.state import Repository
from tests.github_api import contract
from tests.sandbox.clients import app


def test_every_event_fits_what_github_publishes(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    fork = sandbox.fork(shop, "eve")
    pull = sandbox.open_pull(shop, {"x": "1"}, draft=True)
    foreign = sandbox.open_pull(shop, {"x": "2"}, source=fork, by="eve")
    sandbox.push(pull, {"x": "3"})
    sandbox.ready(pull)
    sandbox.ready(pull, False)
    sandbox.ready(pull)
    sandbox.push_branch(shop, "next", {"y": "1"})
    sandbox.retarget(pull, "next")
    sandbox.force_push(shop, "next", shop.branches["main"])
    run = client.get_repo("acme/shop").create_check_run(
        "sst-policy", pull.head_sha, conclusion="failure",
        actions=[{"label": "Again", "description": "Judge again", "identifier": "again"}],
    )  # fmt: skip
    made = shop.checks[0]
    assert run.id == made.id
    sandbox.rerun(made)
    sandbox.rerun_all(pull)
    sandbox.press(made, "again")
    sandbox.close(foreign)
    sandbox.reopen(foreign)
    sandbox.delete_repository(fork)
    sandbox.close(foreign)
    sandbox.enqueue(pull)
    sandbox.merge(pull)
    sandbox.events.repositories(next(iter(sandbox.world.installations.values())), [shop], [])
    sandbox.uninstall(next(iter(sandbox.world.installations.values())))
    names = set()
    for event in sandbox.hook.pending:
        names.add((event.name, event.action))
        contract.check_event(event.name, event.payload)
    assert names == {
        ("check_run", "completed"),
        ("check_run", "created"),
        ("check_run", "requested_action"),
        ("check_run", "rerequested"),
        ("check_suite", "requested"),
        ("check_suite", "rerequested"),
        ("installation", "created"),
        ("installation", "deleted"),
        ("installation_repositories", "added"),
        ("merge_group", "checks_requested"),
        ("pull_request", "closed"),
        ("pull_request", "converted_to_draft"),
        ("pull_request", "edited"),
        ("pull_request", "opened"),
        ("pull_request", "ready_for_review"),
        ("pull_request", "reopened"),
        ("pull_request", "synchronize"),
        ("push", None),
    }


def test_an_event_is_signed_and_says_what_it_is(sandbox: Sandbox, shop: Repository) -> None:
    sandbox.install("acme")
    got: list[tuple[dict[str, str], bytes]] = []
    sandbox.hook.deliver(lambda headers, body: got.append((headers, body)) or 202)
    (headers, body) = got[0]
    signature = hmac.new(sandbox.registration.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={signature}"
    assert headers["X-GitHub-Event"] == "installation"
    assert json.loads(body)["action"] == "created"


def test_a_lost_delivery_is_logged_and_redelivered_with_its_guid(sandbox: Sandbox, shop: Repository) -> None:
    sandbox.install("acme")
    sandbox.hook.lose(sandbox.hook.pending[0])
    requester = app(sandbox).requester
    _, rows = requester.requestJsonAndCheck("GET", "/app/hook/deliveries?status=failure")
    status, _, _ = requester.requestJson("POST", f"/app/hook/deliveries/{rows[0]['id']}/attempts")
    (attempt,) = sandbox.hook.deliver(lambda headers, body: 202)
    assert (status, attempt.event.guid, attempt.redelivery) == (202, rows[0]["guid"], True)
    _, rows = requester.requestJsonAndCheck("GET", "/app/hook/deliveries")
    assert [(row["status_code"], row["redelivery"]) for row in rows] == [(202, True), (0, False)]


def test_the_log_comes_in_pages_by_cursor(sandbox: Sandbox, shop: Repository) -> None:
    sandbox.install("acme")
    for number in range(3):
        sandbox.push_branch(shop, "main", {"x": str(number)})
    sandbox.hook.deliver(lambda headers, body: 202)
    headers, rows = app(sandbox).requester.requestJsonAndCheck("GET", "/app/hook/deliveries?per_page=4")
    following = headers["link"].partition("<")[2].partition(">")[0]
    _, rest = app(sandbox).requester.requestJsonAndCheck("GET", following)
    assert len(rows) + len(rest) == len(sandbox.hook.attempts) == 7
