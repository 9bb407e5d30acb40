"""Pull requests that change policy are judged before they are merged, with their effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from policy_bot.cli.main import main
from policy_bot.sandbox.state import CheckRun, Repository
from policy_bot.service.evaluation import policy_review
from tests.toy import CONFIG, World

POLICY = dedent(
    """\
    ---
    title: Nothing may be called Evil
    severity: error
    since: 0.1.0
    subject: function
    when: 'true'
    require: name != "Evil"
    at: name
    message: "`{name}` is no name."
    ---
    # Nothing may be called Evil
    """
)


@dataclass(frozen=True)
class Known:
    """What audits know: the repositories without SST, with the commit that was looked at."""

    tips: Mapping[int, str]

    def without_sst(self, installation: int) -> Mapping[int, str]:
        return self.tips


class Organisation(World):
    """acme/shop with a finding, acme/.github with settings, acme/docs with nothing of SST."""

    def __init__(self, settings: str = "mode: enforce\n") -> None:
        super().__init__({CONFIG: "error Chat\n"})
        self.policy = self.sandbox.repository("acme/.github", {"policy-bot.yml": settings, "README.md": ""})
        self.docs = self.sandbox.repository("acme/docs", {"README.md": "docs"})

    def review(self, files: dict[str, str | None], repository: Repository | None = None) -> CheckRun:
        """The check of a pull request that changes policy."""
        where = repository or self.policy
        pull = self.sandbox.open_pull(where, files, title="Policy")
        self.evaluate(pull)
        (run,) = [run for run in where.checks if run.head_sha == pull.head_sha]
        return run


def test_mistakes_fail_on_their_line() -> None:
    run = Organisation().review({"policy-bot.yml": "mode: enforce\npolicies:\n  toy/eror: off\n"})
    assert (run.conclusion, run.title) == ("failure", "1 mistake in policy files")
    (note,) = run.annotations
    assert (note["path"], note["start_line"]) == ("policy-bot.yml", 3)
    assert note["message"] == "there is no policy toy/eror. Did you mean toy/error?"


def test_what_would_change_is_reported_for_branches_and_pull_requests() -> None:
    world = Organisation("mode: evaluate\n")
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\nerror Api\n"}, title="More")
    run = world.review({"policy-bot.yml": "mode: enforce\n"})
    assert (run.conclusion, run.title) == ("success", "Policy: 1 pull request would turn red, 0 green")
    assert "| acme/shop | 0 gating findings | 1 gating finding |" in run.summary
    assert f"| acme/shop#&#8203;{pull.number} | neutral | failure |" in run.summary
    assert "| tightens | `mode` | `evaluate` | `enforce` |" in run.summary
    assert world.shop.checks == [], "only the pull request that changes policy has a check"


def test_repositories_without_sst_cost_one_request() -> None:
    world = Organisation()
    for number in range(10):
        world.sandbox.repository(f"acme/lib-{number}", {"README.md": "x"})
    before = len(world.sandbox.requests)
    world.review({"policy-bot.yml": "mode: evaluate\n"})
    asked = [str(request) for request in world.sandbox.requests[before:]]
    assert len(asked) <= 10 + 12


def test_what_audits_know_to_have_no_sst_is_not_looked_at() -> None:
    world = Organisation()
    libraries = [world.sandbox.repository(f"acme/lib-{number}", {"README.md": "x"}) for number in range(10)]
    tips = {each.id: each.branches["main"] for each in libraries}
    world.evaluator._known_repositories = Known({**tips, world.docs.id: "0" * 40})
    before = len(world.sandbox.requests)
    world.review({"policy-bot.yml": "mode: evaluate\n"})
    asked = [
        str(request) for request in world.sandbox.requests[before:] if "access_tokens" not in request.path
    ]
    assert len(asked) <= 12


def test_in_a_public_policy_repository_private_ones_are_counted_and_not_named() -> None:
    world = Organisation("mode: evaluate\n")
    secret = world.sandbox.repository("acme/secret-plans", {CONFIG: "error Chat\n"}, private=True)
    world.sandbox.open_pull(secret, {CONFIG: "error Chat\nerror More\n"}, title="Hush")
    assert not world.policy.private
    run = world.review({"policy-bot.yml": "mode: enforce\n"})
    assert run.title == "Policy: 1 pull request would turn red, 0 green"
    assert "secret-plans" not in run.summary
    assert "| acme/shop |" in run.summary
    world.policy.private = True
    assert "secret-plans" in world.review({"policy-bot.yml": "mode: enforce\n# again\n"}).summary


def test_a_stranger_cannot_spend_the_organisations_requests() -> None:
    world = Organisation()
    fork = world.sandbox.fork(world.policy, "eve")
    pull = world.sandbox.open_pull(
        world.policy, {"policy-bot.yml": "mode: evaluate\n"}, title="Milder", source=fork
    )
    before = len(world.sandbox.requests)
    world.evaluate(pull)
    assert len(world.sandbox.requests) - before <= 6
    (run,) = [run for run in world.policy.checks if run.head_sha == pull.head_sha]
    assert "the pull request is from a fork" in run.summary


def test_beyond_the_budget_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy_review, "BUDGET", 3)
    world = Organisation()
    for number in range(10):
        world.sandbox.repository(f"acme/lib-{number}", {"README.md": "x"})
    run = world.review({"policy-bot.yml": "mode: evaluate\n"})
    assert run.conclusion == "success"
    assert "### Not examined" in run.summary
    assert "repositories: " in run.summary


def test_cases_that_fail_are_reported_on_their_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cases are SST, which the toy reader does not speak: it finds nothing where something is marked."""
    monkeypatch.chdir(tmp_path)
    main(["new-policy", "acme/too-long"])
    text = (tmp_path / "policies/acme/too-long.md").read_text()
    run = Organisation().review({"policies/acme/too-long.md": text})
    assert run.conclusion == "failure"
    assert "cases of the policies fail" in (run.title or "")
    noted = [
        note["start_line"] for note in run.annotations if note["message"].startswith("expected but not found")
    ]
    assert noted
    assert all("// " in text.splitlines()[line - 1] for line in noted)


def test_a_policy_in_error_is_reported_with_its_line() -> None:
    broken = POLICY.replace("name != ", "nam != ")
    run = Organisation().review({"policies/acme/evil.md": broken})
    assert run.conclusion == "failure"
    assert any(
        note["path"] == "policies/acme/evil.md" and "nam" in note["message"] for note in run.annotations
    )


def test_a_waiver_that_has_ended_is_a_mistake() -> None:
    waiver = dedent(
        """\
        waivers:
          - policy: toy/error
            repository: shop
            path: "**"
            reason: because
            expires: 2026-11-01
            approved-by: "@acme/x"
        """
    )
    run = Organisation().review({"policy-bot.yml": waiver})
    assert run.conclusion == "failure"
    assert "this waiver of `toy/error` ended on 2026-11-01. Remove it" in run.summary


def test_a_repositorys_own_settings_are_reviewed_too() -> None:
    world = Organisation()
    run = world.review({".github/policy-bot.yml": "policies: {toy/error: off}\nstages: [qa]\n"}, world.shop)
    assert run.conclusion == "success"
    assert "is refused: it would loosen" in run.summary
    run = world.review({".github/policy-bot.yml": "polices: {}\n"}, world.shop)
    assert (run.conclusion, run.title) == ("failure", "1 mistake in policy files")


def test_other_files_of_the_policy_repository_are_none_of_its_business() -> None:
    run = Organisation().review({"profile/README.md": "hello"})
    assert (run.conclusion, run.title) == ("success", "No SST project touched")


# every key shows, loosening first


SELECT = """\
select:
  - where: {repositories: ["web-*"]}
    policies: {toy/error: %s}
"""
WAIVER = """\
waivers:
  - {policy: toy/error, repository: "*", path: "**", reason: all is well, expires: %s, approved-by: "@eve"}
"""


@pytest.mark.parametrize(
    ("before", "after", "row"),
    [
        ("mode: enforce", 'mode: enforce\nallow: ["*"]', "| **loosens** | `allow` | - | `*` |"),
        ('lock: ["*"]', "lock: []", "| **loosens** | `lock` | `*` | - |"),
        ("allow: [mode]", "allow: []", "| tightens | `allow` | `mode` | - |"),
        (
            "approvers: ['@a']",
            "approvers: ['@a', '@eve']",
            "| **loosens** | `approvers` | `@a` | `@a, @eve` |",
        ),
        ("approvers: ['@a']", "stages: []", "| **loosens** | `approvers` | `@a` | `anyone` |"),
        ("mode: enforce", "mode: evaluate", "| **loosens** | `mode` | `enforce` | `evaluate` |"),
        ("unknown: fail", "unknown: pass", "| **loosens** | `unknown` | `fail` | `pass` |"),
        (
            "policies: {toy/error: error}",
            "policies: {toy/error: off}",
            "| **loosens** | `toy/error.severity` | `error` | `off` |",
        ),
        (
            "stages: []",
            SELECT % "off",
            "| **loosens** | `select repositories [web-*]: toy/error.severity` "
            "| `as elsewhere (error)` | `off` |",
        ),
        (
            SELECT % "off",
            "stages: []",
            "| tightens | `select repositories [web-*]: toy/error.severity` "
            "| `off` | `as elsewhere (error)` |",
        ),
        (
            "stages: []",
            WAIVER % "2099-01-01",
            "| **loosens** | `waiver of toy/error at ** in *` | - | `until 2099-01-01, @eve: all is well` |",
        ),
        (
            WAIVER % "2098-01-01",
            WAIVER % "2099-01-01",
            "| **loosens** | `waiver of toy/error at ** in *` | `until 2098-01-01, @eve: all is well` "
            "| `until 2099-01-01, @eve: all is well` |",
        ),
        (
            "extends: recommended",
            "extends: guide",
            "| **may loosen** | `extends` | `recommended` | `guide` |",
        ),
    ],
)
def test_every_key_of_a_policy_change_shows(before: str, after: str, row: str) -> None:
    run = Organisation(before + "\n").review({"policy-bot.yml": after + "\n"})
    assert run.conclusion == "success", run.summary
    assert row in run.summary, run.summary
    loosens = "loosen" in row
    assert ("loosened" in (run.title or "")) == loosens


def test_loosening_comes_first() -> None:
    after = "mode: enforce\nallow: ['*']\nstages: [qa]\npaths: {ignore: ['legacy/**']}\n"
    summary = Organisation().review({"policy-bot.yml": after}).summary
    assert summary.index("| **loosens** | `allow`") < summary.index("| tightens | `stages`")
    assert summary.index("| **loosens** | `paths.ignore`") < summary.index("| tightens | `stages`")


def test_policies_that_come_change_and_go_show() -> None:
    world = Organisation()
    run = world.review({"policies/acme/evil.md": POLICY})
    assert "| tightens | `policy acme/evil` | - | `error: Nothing may be called Evil` |" in run.summary
    world.sandbox.push_branch(world.policy, "main", {"policies/acme/evil.md": POLICY})
    milder = POLICY.replace("severity: error", "severity: notice")
    run = world.review({"policies/acme/evil.md": milder})
    assert "| **loosens** | `policy acme/evil` |" in run.summary
    run = world.review({"policies/acme/evil.md": POLICY.replace("'true'", "'false'")})
    assert "| **may loosen** | `policy acme/evil` |" in run.summary
    run = world.review({"policies/acme/evil.md": None})
    assert (
        "| **loosens** | `policy acme/evil` | `error: Nothing may be called Evil` | `removed` |"
        in run.summary
    )


def test_deleting_the_settings_says_that_each_repository_decides_for_itself() -> None:
    run = Organisation().review({"policy-bot.yml": None})
    assert (
        "| **loosens** | `policy-bot.yml` | `in force` "
        "| `deleted: from now on each repository's own settings apply alone` |" in run.summary
    )


@pytest.mark.parametrize(
    ("repository", "path", "right"),
    [
        ("acme/.github", ".github/policy-bot.yml", "policy-bot.yml"),
        ("acme/.github", ".github/policy-bot.yaml", "policy-bot.yml"),
        ("acme/.github", "policy-bot.yaml", "policy-bot.yml"),
        ("acme/shop", "policy-bot.yml", ".github/policy-bot.yml"),
        ("acme/shop", ".policy-bot.yml", ".github/policy-bot.yml"),
        ("acme/shop", ".github/policy-bot.yaml", ".github/policy-bot.yml"),
    ],
)
def test_an_unread_settings_file_is_reported_with_its_place(repository: str, path: str, right: str) -> None:
    world = Organisation()
    where = world.policy if repository == "acme/.github" else world.shop
    run = world.review({path: "mode: evaluate\n"}, where)
    assert (run.conclusion, run.title) == ("failure", "1 mistake in policy files")
    assert right in run.annotations[0]["message"]
    assert run.annotations[0]["path"] == path


def test_a_misplaced_file_that_was_there_before_blocks_nobody() -> None:
    world = Organisation()
    world.sandbox.push_branch(world.shop, "main", {"policy-bot.yml": "mode: evaluate\n"})
    run = world.review({".github/policy-bot.yml": "stages: [qa]\n"}, world.shop)
    assert run.conclusion == "success"
    run = world.review({"policy-bot.yml": None}, world.shop)
    assert run.conclusion == "success"


@pytest.mark.parametrize("good_before", [False, True])
def test_a_mistake_of_the_organisation_names_its_repository(good_before: bool) -> None:
    world = Organisation("mode: enforce\n" if good_before else "mode: enforce\npolicies:\n  toy/eror: off\n")
    if good_before:
        first = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\nnote A\n"})
        world.evaluate(first)
        world.sandbox.push_branch(world.policy, "main", {"policy-bot.yml": "stages: []\n\nmod: x\n"})
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\nerror Api\n"}, title="More")
    world.evaluate(pull)
    (run,) = [run for run in world.shop.checks if run.head_sha == pull.head_sha]
    assert "acme/.github: policy-bot.yml:3" in run.summary, run.summary
