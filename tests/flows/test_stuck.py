"""What cannot be read is a finding like any other: nobody is stuck behind it, and nothing hides behind it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from policy_bot.sandbox.content import Symlink
from policy_bot.sandbox.faults import Fault, FaultyRequest
from tests.flows.configs import CLEAN, PACKAGE, config
from tests.flows.street import Street
from tests.flows.test_evasions import running
from tests.flows.test_gate import SETTINGS, WRONG, latest

BROKEN = config('timeout: "20 seconds"').replace("});", "}", 1)
WAIVER = """\
waivers:
  - policy: config/syntax-error
    path: sst.config.ts
    reason: It is being rewritten.
    expires: 2099-01-01
    approved-by: ada
"""


def test_a_config_that_cannot_be_read_blocks_and_names_the_ways_out(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": BROKEN})
    town.settle()
    assert (town.run(pull).conclusion, town.run(pull).title) == ("failure", "Cannot read sst.config.ts")
    assert "config/syntax-error" in (town.run(pull).summary or "")
    assert "waiver" in (town.run(pull).summary or "")


@pytest.mark.parametrize(
    ("settings", "conclusion"),
    [
        ("mode: evaluate\n", "neutral"),
        ("policies: {config/syntax-error: {mode: evaluate}}\n", "neutral"),
        ("policies: {config/syntax-error: warning}\n", "success"),
        (WAIVER, "success"),
    ],
    ids=["evaluate", "evaluate for it", "a warning", "a waiver"],
)
def test_settings_and_waivers_hold_for_what_cannot_be_read(
    town: Street, settings: str, conclusion: str
) -> None:
    shop = town.begin({**CLEAN, SETTINGS: settings})
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": BROKEN})
    town.settle()
    assert town.run(pull).conclusion == conclusion


NAMED = 'new sst.aws.Function(%s, { handler: "a.h", timeout: "1 hour" });\n'
DEEP = "/".join("abcdefghijklmnopqrstuvwxyz")


NAMES = ("123", "null", "on", "2024-01-01", "a: b", "~")
FOLDERS = ("1e5", "[a]/{b,c}", "a\nb", "a\u202eb", "*", "null", DEEP)


@pytest.mark.parametrize(
    "change",
    [
        *({"sst.config.ts": running(NAMED % f'"{name}"')} for name in NAMES),
        *({f"{folder}/sst.config.ts": WRONG} for folder in FOLDERS),
        {"back\\slash/sst.config.ts": BROKEN},
    ],
    ids=repr,
)
def test_the_waiver_that_a_check_offers_excuses_what_blocks(town: Street, change: dict[str, str]) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, change)
    town.settle()
    assert town.run(pull).conclusion == "failure"
    offered = (town.run(pull).summary or "").split("```yaml\n")[1].split("```")[0]
    settings = {SETTINGS: offered.replace("YYYY-MM-DD", "2099-01-01")}
    town.sandbox.push_branch(shop, "main", settings)
    town.settle()
    town.sandbox.rerun_all(pull)
    town.settle()
    assert latest(town, pull).conclusion == "success", latest(town, pull).summary


def test_a_waiver_that_is_not_the_repositorys_to_give_says_whose_it_is(town: Street) -> None:
    shop = town.begin({**CLEAN, SETTINGS: WAIVER})
    town.sandbox.repository("acme/.github", {"policy-bot.yml": "mode: enforce\n"})
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": BROKEN})
    town.settle()
    assert town.run(pull).conclusion == "failure"
    assert "A waiver in its own settings counts" in (town.run(pull).summary or "")


def test_what_the_base_could_not_read_either_does_not_gate(town: Street) -> None:
    shop = town.begin({**CLEAN, "sst.config.ts": BROKEN})
    pull = town.sandbox.open_pull(
        shop, {"sst.config.ts": "// a note\n" + BROKEN, "infra/a.ts": "export {};\n"}
    )
    town.settle()
    assert town.run(pull).conclusion == "success"
    assert "config/syntax-error" in (town.run(pull).summary or "")


def test_a_project_that_was_not_read_to_its_end_is_touched_by_every_change(town: Street) -> None:
    shop = town.begin({**CLEAN, "sst.config.ts": BROKEN})
    pull = town.sandbox.open_pull(shop, {"infra/far-away.ts": "export {};\n"})
    town.settle()
    assert town.run(pull).title != "No SST project touched"


# one request that GitHub never answers


def _asks(words: str) -> Callable[[FaultyRequest], bool]:
    """Whether a request is a query with these words."""
    return lambda request: words in str(getattr(request, "body", ""))


NEVER: dict[str, tuple[Callable[[FaultyRequest], bool], str]] = {
    "the pull request": (_asks("query Look"), "Not judged: policy-bot failed"),
    "its files": (lambda request: request.path.endswith("/files"), "1 error in 1 project"),
    "a review": (lambda request: request.path.endswith("/reviews"), "1 error in 1 project"),
    "the removal of comments": (_asks("mutation"), "1 error in 1 project"),
    "an update of the check": (lambda request: request.verb == "PATCH", "1 error in 1 project"),
}


@pytest.mark.parametrize("status", [422, 502])
@pytest.mark.parametrize("name", NEVER)
def test_a_request_that_github_never_answers_costs_no_verdict(town: Street, name: str, status: int) -> None:
    is_it, title = NEVER[name]
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": WRONG})
    town.settle()
    town.sandbox.rerun_all(pull)
    town.sandbox.push(
        pull, {"sst.config.ts": "// moved\n" + WRONG, **{f"docs/{n}.md": "" for n in range(100)}}
    )
    town.sandbox.faults.each = lambda request: Fault("", status=status) if is_it(request) else None
    neighbour = town.sandbox.open_pull(shop, {"README.md": "# Shop\n"})
    for _ in range(60):  # ten minutes
        town.sandbox.hook.deliver(town.post)
        while town.worker.work(lambda: None):
            pass
        town.seconds += 10
    if (name, status) != ("an update of the check", 502):
        assert latest(town, pull).title == title
    if name != "the pull request":
        assert latest(town, neighbour).conclusion == "success"
    town.sandbox.faults.each = lambda request: None
    town.sweep()
    assert latest(town, pull).title == "1 error in 1 project"


# a project that is gone


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"apps/web/sst.config.ts": None}, "is deleted"),
        ({"apps/web/sst.config.ts": None, "apps/web/my.config.ts": WRONG}, "reads only by"),
        ({"apps/web/sst.config.ts": None, "apps/web/SST.config.ts": WRONG}, "is now called"),
        ({"apps/web/sst.config.ts": None, "apps/dist/web/sst.config.ts": WRONG}, "not searched for projects"),
        ({"apps/web/sst.config.ts": None, "apps/web/sst.config.ts/a.ts": WRONG}, "is now a folder"),
        (
            {"apps/web/sst.config.ts": None, "apps/web/package.json": None, "apps/web": Symlink("../other")},
            "a symbolic link",
        ),
    ],
)
def test_a_project_that_is_gone_is_named(town: Street, change: dict[str, object], said: str) -> None:
    shop = town.begin({**CLEAN, "apps/web/sst.config.ts": WRONG, "apps/web/package.json": PACKAGE})
    pull = town.sandbox.open_pull(shop, change)  # type: ignore[arg-type]
    town.settle()
    assert latest(town, pull).conclusion == "neutral"
    assert said in (latest(town, pull).summary or "")


def test_a_config_moved_too_deep_does_not_pass(town: Street) -> None:
    shop = town.begin({**CLEAN, "apps/web/sst.config.ts": WRONG})
    deep = "/".join("abcdefghijklmnopqrstuvwxyz")
    pull = town.sandbox.open_pull(shop, {"apps/web/sst.config.ts": None, f"{deep}/sst.config.ts": WRONG})
    town.settle()
    assert latest(town, pull).conclusion == "failure"
    assert "config/reader-limit" in (latest(town, pull).summary or "")
