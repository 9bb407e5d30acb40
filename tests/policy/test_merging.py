"""Merging of layers: who sets what, what is granted, what is refused and why."""

from __future__ import annotations

from datetime import date

import pytest

from policy_bot.policy.layers import RepositoryTraits
from tests.policy.layering import standing

POLICY = "timeout/too-short"
STRICT = "policies:\n  timeout/too-short: {severity: error, parameters: {minimum: 600}}\n"


def minimum(org: str | None, repo: str | None) -> object:
    return standing(org, repo).settings.parameter(POLICY, "minimum", 300)[0]


def test_without_files_the_built_in_profile_holds() -> None:
    settings = standing().settings
    assert (settings.profile, settings.mode, settings.unknown) == ("recommended", "enforce", "neutral")
    assert settings.severity(POLICY, "error") == "error"
    assert settings.parameter(POLICY, "minimum", 300) == (300, "default")
    assert settings.notices == ()


def test_without_an_organisation_a_repository_decides_for_itself() -> None:
    settings = standing(None, "mode: evaluate\npolicies:\n  timeout/too-short: off\n").settings
    assert settings.mode == "evaluate"
    assert settings.severity(POLICY, "error") is None


def test_a_repository_may_tighten() -> None:
    org = "mode: evaluate\npolicies:\n  timeout/too-short: warning\n"
    repo = "mode: enforce\npolicies:\n  timeout/too-short: {severity: error, parameters: {minimum: 900}}\n"
    settings = standing(org, repo).settings
    assert (settings.mode, settings.severity(POLICY, "error")) == ("enforce", "error")
    assert settings.parameter(POLICY, "minimum", 300) == (900, ".github/policy-bot.yml:3 (repository)")
    assert settings.notices == ()


def test_what_it_may_not_loosen_is_refused_with_the_line_that_forbids_it() -> None:
    settings = standing(STRICT, "policies:\n  timeout/too-short:\n    parameters: {minimum: 60}\n").settings
    assert settings.parameter(POLICY, "minimum", 300)[0] == 600
    assert [str(notice) for notice in settings.notices] == [
        ".github/policy-bot.yml:3: `timeout/too-short.minimum: 60` is refused: it would loosen `600`"
        " (policy-bot.yml:2 (organisation))."
        " The organisation can open it: `allow: [timeout/too-short.minimum]`"
    ]


@pytest.mark.parametrize(
    ("rules", "granted"),
    [
        ("", False),
        ("allow: [timeout/too-short.minimum]", True),
        ("allow: [timeout/too-short]", True),
        ("allow: ['timeout/*']", True),
        ("allow: ['*']", True),
        ("allow: [mode, config/broken]", False),
        ("allow: ['*']\nlock: [timeout/too-short]", False),
        ("allow: ['*']\nlock: [timeout/too-short.minimum]", False),
        ("allow: ['*']\nlock: [timeout/too-short.maximum]", True),
        ("allow: [timeout/too-short.minimum]\nlock: ['*']", False),
        ("select: [{where: {repositories: ['web-*']}, allow: [timeout/too-short]}]", True),
        ("select: [{where: {repositories: ['api-*']}, allow: [timeout/too-short]}]", False),
        ("allow: ['*']\nselect: [{where: {topics: [shop]}, lock: [timeout/too-short]}]", False),
    ],
)
def test_allow_opens_and_lock_closes_again(rules: str, granted: bool) -> None:
    repo = "policies:\n  timeout/too-short: {parameters: {minimum: 60}}\n"
    assert minimum(STRICT + rules, repo) == (60 if granted else 600)


@pytest.mark.parametrize(
    ("parameter", "base", "asked", "granted"),
    [
        ("minimum", "300", "301", True),
        ("minimum", "300", "299", False),
        ("maximum", "900", "899", True),
        ("maximum", "900", "901", False),
        ("kinds", "[url]", "[url, site]", True),
        ("kinds", "[url, site]", "[site]", False),
        ("strict", "false", "true", True),
        ("strict", "true", "false", False),
        ("text", "a", "b", False),
        ("text", "a", "a", True),
    ],
)
def test_each_parameter_has_its_tighter_direction(
    parameter: str, base: str, asked: str, granted: bool
) -> None:
    text = "policies:\n  timeout/too-short: {{parameters: {{{}: {}}}}}\n"
    settings = standing(text.format(parameter, base), text.format(parameter, asked)).settings
    assert (settings.notices == ()) is granted


def test_a_later_selection_wins_and_a_policys_own_setting_wins_over_the_one_for_all() -> None:
    org = """\
    mode: enforce
    policies:
      config/broken: {mode: enforce}
    select:
      - where: {repositories: ["web-*"]}
        mode: evaluate
      - where: {topics: [shop]}
        enforce-from: 2026-11-23
    """
    assert standing(org).settings.mode == "evaluate"
    assert standing(org, today=date(2026, 11, 23)).settings.mode == "enforce"
    assert standing(org).settings.mode_of("config/broken") == "enforce"
    assert standing(org, about=RepositoryTraits("api")).settings.mode == "enforce"


def test_stages_and_ignored_paths_are_collected_from_all_layers() -> None:
    org = "stages: [staging]\nallow: [paths]\npaths: {ignore: [old/**]}\n"
    settings = standing(org, "stages: [qa, staging]\npaths: {ignore: [examples/**]}\n").settings
    assert settings.stages == ("staging", "qa")
    assert settings.ignores("old/sst.config.ts")
    assert settings.ignores("examples/a/sst.config.ts")
    assert not settings.ignores("sst.config.ts")


def test_ignoring_a_path_is_closed_by_any_lock_because_it_takes_every_policy_away() -> None:
    org = "allow: ['*']\nlock: [config/broken]\n"
    assert not standing(org, "paths: {ignore: ['**']}\n").settings.ignores("sst.config.ts")


def test_a_request_for_all_policies_leaves_out_locked_ones() -> None:
    org = "allow: [mode, extends, unknown]\nlock: [config/broken]\n"
    settings = standing(org, "mode: evaluate\nextends: guide\nunknown: pass\n").settings
    assert (settings.mode_of(POLICY), settings.profile_of(POLICY), settings.unknown_of(POLICY)) == (
        "evaluate",
        "guide",
        "pass",
    )
    assert settings.mode_of("config/broken") == "enforce"
    assert settings.profile_of("config/broken") == "recommended"
    assert settings.unknown_of("config/broken", "fail") == "fail"


def test_a_tightening_for_all_does_not_loosen_the_one_policy_that_is_stricter_by_itself() -> None:
    settings = standing("mode: enforce\n", "unknown: neutral\n").settings
    assert settings.unknown_of("config/broken", "fail") == "fail"


def test_the_profile_decides_what_turning_down_means() -> None:
    org, repo = "extends: guide\n", "policies:\n  timeout/too-short: warning\n"
    assert standing(org, repo).settings.notices == ()
    assert len(standing("extends: recommended\n", repo).settings.notices) == 1


def test_every_decision_remembers_what_it_was_laid_over() -> None:
    decision = standing(
        STRICT, "policies: {timeout/too-short: {parameters: {minimum: 900}}}"
    ).settings.decisions["timeout/too-short.minimum"]
    trail = [(step.value, str(step.source)) for step in (decision, *decision.over)]
    assert trail == [
        (900, ".github/policy-bot.yml:1 (repository)"),
        (600, "policy-bot.yml:2 (organisation)"),
        (300, "built-in"),
    ]


def test_the_digest_names_what_is_in_force_not_where_it_is_written() -> None:
    one = standing("mode: enforce\nstages: [a]\n").settings.digest
    assert one == standing("# moved\nstages: [a]\nmode: enforce\n").settings.digest
    assert one != standing("mode: evaluate\nstages: [a]\n").settings.digest
    late = "enforce-from: 2026-11-23\nstages: [a]\n"
    assert standing(late).settings.digest != one
    assert standing(late, today=date(2026, 11, 23)).settings.digest == one
