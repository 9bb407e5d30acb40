"""A settings file: every request with its line, and every mistake with a way to fix it."""

from __future__ import annotations

from datetime import date
from textwrap import dedent

import pytest

from policy_bot.policy.layers import AllowRule, RepositoryTraits, Where, parse
from policy_bot.policy.settings import BUILT_IN, EVALUATE, Enforcement
from policy_bot.policy.yamltext import FileError


def requests(text: str) -> dict[str, tuple[object, int]]:
    (part,) = parse("policy-bot.yml", dedent(text), "organisation").parts
    return {request.address: (request.value, request.source.line) for request in part.requests}


def test_every_wish_knows_its_line() -> None:
    assert requests(
        """\
        extends: guide
        mode: evaluate
        unknown: fail
        policies:
          streaming/pointless: off
          timeout/too-short:
            severity: warning
            enforce-from: 2027-01-31
            parameters:
              minimum: 600
              kinds: [url, site]
        stages: [staging]
        paths:
          ignore: ["examples/**"]
        """
    ) == {
        "extends": ("guide", 1),
        "mode": (EVALUATE, 2),
        "unknown": ("fail", 3),
        "streaming/pointless.severity": ("off", 5),
        "timeout/too-short.severity": ("warning", 7),
        "timeout/too-short.mode": (Enforcement(date(2027, 1, 31)), 8),
        "timeout/too-short.minimum": (600, 10),
        "timeout/too-short.kinds": (("url", "site"), 11),
        "stages": (("staging",), 12),
        "paths.ignore": (("examples/**",), 14),
    }


def test_an_empty_file_asks_for_nothing() -> None:
    assert requests("") == {}
    assert requests("# nothing yet\n") == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mod: enforce", "1:1: there is no setting `mod` here. Did you mean `mode`?"),
        ("x: 1", "1:1: there is no setting `x` here. There are: allow, approvers, enforce-from, extends,"),
        (
            "mode: enforcing",
            "1:1: `mode` cannot be `enforcing`, only `evaluate`, `enforce`. Did you mean `enforce`?",
        ),
        ("[1]", "1:1: `file` wants keys with values"),
        ("policies:\n  a/b: offf", "2:3: `a/b` cannot be `offf`, only `off`, `error`, `warning`, `notice`"),
        (
            "policies:\n  a/b:\n    severty: off",
            "3:5: there is no setting `severty` here. Did you mean `severity`?",
        ),
        ("policies:\n  a/b: {}", "2:3: `a/b`: this is empty"),
        ("policies:\n  Foo: off", "2:3: `Foo` is not a policy's id. An id is like `timeout/too-short`"),
        (
            "policies:\n  a/b: {parameters: {x: {y: 1}}}",
            "2:22: `x` takes a number, text, `true`, `false` or a list",
        ),
        ("enforce-from: 2027-02-31", "1:1: `enforce-from`: there is no day 2027-02-31"),
        ("ops/logging: off", "1:1: there is no setting `ops/logging` here. It belongs under `policies:`"),
        ("ignore: [a]", "1:1: there is no setting `ignore` here. It belongs under `paths:`"),
        (
            "select: [{repositories: [web]}]",
            "1:11: there is no setting `repositories` here. It belongs under `where:`",
        ),
        (
            "waivers: [{policy: timeout/*}]",
            "1:12: `timeout/*` is not a policy's id. An id is like `timeout/too-short`",
        ),
        (
            "mode: evaluate\nenforce-from: 2027-01-31",
            "1:1: `mode` and `enforce-from` exclude each other: before its date, `enforce-from` evaluates."
            " Remove one of them",
        ),
        ("enforce-from: soon", "1:1: `enforce-from`: a day is written like 2027-01-31"),
        ("stages: prod", "1:1: `stages` wants a list"),
        ("stages: ['a b']", "1:10: `stages`: a stage's name is letters, digits and dashes"),
        ("paths:\n  ignore: [../x]", "2:12: `ignore`: write the path from the repository's root"),
        ("lock: [mood]", "1:8: `lock`: name a policy"),
        ("select:\n  - where: {repos: [x]}", "2:13: there is no setting `repos` here"),
        ("select:\n  - mode: enforce", "2:5: `where` is missing here (in `select`). Add `where:`"),
        ("waivers:\n  - policy: a/b", "2:5: `approved-by` is missing here (in `waivers`)"),
        ("waivers:\n  - {policy: a/b, path: x, repository: r, reason: ' '}", "`reason`: this is empty"),
        ("a: 1\na: 2", "2:1: `a` occurs twice"),
    ],
)
def test_a_mistake_is_reported_with_its_place_and_a_fix(text: str, said: str) -> None:
    with pytest.raises(FileError) as error:
        parse("policy-bot.yml", text, "organisation")
    assert said in str(error.value)


def test_all_mistakes_are_reported_at_once_in_the_order_of_the_file() -> None:
    with pytest.raises(FileError) as error:
        parse("policy-bot.yml", "mode: x\nunknown: y\nstages: 1\n", "organisation")
    assert [problem.place.line for problem in error.value.problems] == [1, 2, 3]


def test_a_repository_learns_which_keys_are_the_organisations() -> None:
    with pytest.raises(FileError) as error:
        parse(".github/policy-bot.yml", "lock: [mode]", "repository")
    assert (
        "a repository's settings have no `lock`. It belongs in `policy-bot.yml` of the organisation's"
        in str(error.value)
    )


@pytest.mark.parametrize(
    ("where", "taken"),
    [
        (Where(), True),
        (Where(repositories=("web-*",)), True),
        (Where(repositories=("api-*", "WEB-SHOP")), True),
        (Where(repositories=("web",)), False),
        (Where(repositories=()), False),
        (Where(topics=frozenset({"shop", "x"})), True),
        (Where(topics=frozenset({"x"})), False),
        (Where(visibility="private"), True),
        (Where(visibility="public"), False),
        (Where(repositories=("web-*",), topics=frozenset({"x"})), False),
    ],
)
def test_a_selection_takes_a_repository_when_all_it_asks_holds(where: Where, taken: bool) -> None:
    assert where.takes(RepositoryTraits("web-shop", frozenset({"shop"}), "private")) is taken


@pytest.mark.parametrize(
    ("pattern", "address", "covered"),
    [
        ("*", "mode", True),
        ("timeout/*", "timeout/too-short.minimum", True),
        ("timeout/*", "timeouts/x.minimum", False),
        ("timeout/too-short", "timeout/too-short.severity", True),
        ("timeout/too-short", "timeout/too-short-too.severity", False),
        ("timeout/too-short.minimum", "timeout/too-short.minimum", True),
        ("timeout/too-short.minimum", "timeout/too-short.severity", False),
        ("mode", "mode", True),
        ("mode", "timeout/too-short.mode", True),
        ("minimum", "timeout/too-short.minimum", False),
        ("paths", "paths.ignore", True),
    ],
)
def test_what_a_rule_covers(pattern: str, address: str, covered: bool) -> None:
    assert AllowRule(pattern, BUILT_IN).covers(address) is covered
