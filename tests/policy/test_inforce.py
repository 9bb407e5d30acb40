"""Revisions of policy files: read strictly, the last good one kept in force, never half used."""

from __future__ import annotations

from policy_bot.policy.inforce import in_force
from policy_bot.policy.revision import Revision
from policy_bot.sst.source import MemoryTree, Unreadable
from tests.policy.layering import FIXED, SHOP, TODAY, organisation, repository, standing

GOOD = "policies:\n  timeout/too-short: {parameters: {minimum: 600}}\n"
BAD = "polices:\n  timeout/too-short: off\n"


def test_an_revision_is_the_settings_file_and_the_policies() -> None:
    tree = MemoryTree(
        {
            "policy-bot.yml": b"mode: enforce\n",
            "policies/README.md": b"how we write them",
            "policies/acme/a.md": b"a",
            "policies/acme/deep/b.md": b"b",
            "policies/acme/b.txt": b"no policy",
            "profile/README.md": b"unrelated",
        }
    )
    assert sorted(Revision.read(tree).files) == [
        "policies/acme/a.md",
        "policies/acme/deep/b.md",
        "policy-bot.yml",
    ]


def test_where_nothing_is_the_revision_is_empty() -> None:
    assert not Revision.read(MemoryTree({"README.md": b""}))
    assert not Revision.read(MemoryTree({".github/workflows/x.yml": b""}), ".github")
    assert standing(Revision()).settings == standing().settings


def test_a_file_in_error_leaves_the_last_good_version_in_force_and_says_so() -> None:
    good = organisation(GOOD)
    found = standing(organisation(BAD), last_good=(good, None))
    assert found.settings.parameter("timeout/too-short", "minimum", 300)[0] == 600
    assert found.problems == ()
    assert [str(notice) for notice in found.settings.notices] == [
        "policy-bot.yml:1: there is no setting `polices` here. Did you mean `policies`?"
        "; the last valid version stays in force"
    ]
    assert found.settings.notices[0].level == "error"
    assert found.organisation == good


def test_without_a_last_good_version_the_mistakes_keep_the_check_from_succeeding() -> None:
    found = standing(BAD)
    assert [str(problem.reason) for problem in found.problems] == [
        "there is no setting `polices` here. Did you mean `policies`?"
    ]
    assert found.organisation is None


def test_while_the_organisations_file_cannot_be_read_a_repository_loosens_nothing() -> None:
    found = standing(BAD, "mode: evaluate\npolicies: {timeout/too-short: off}\n")
    assert found.settings.mode == "enforce"
    assert found.settings.severity("timeout/too-short", "error") == "error"


def test_a_repositorys_mistake_leaves_the_organisations_settings_whole() -> None:
    good = repository("stages: [qa]\n")
    found = standing(GOOD, repository("stages: qa\n"), last_good=(None, good))
    assert found.settings.parameter("timeout/too-short", "minimum", 300)[0] == 600
    assert found.settings.stages == ("qa",)
    assert found.repository == good


def test_names_that_mean_nothing_are_mistakes_too() -> None:
    org = """\
    policies:
      timeout/too-shrt: off
      timeout/too-short:
        parameters: {minimun: 3, maximum: "900"}
    lock: [timout/*, config/brokn, timeout/too-short.minimun]
    """
    assert [str(problem.reason) for problem in standing(org).problems] == [
        "there is no policy `timeout/too-shrt`. Did you mean `timeout/too-short`?",
        "`timeout/too-short` has no parameter `minimun`. Did you mean `minimum`?",
        "`maximum` of `timeout/too-short` wants a whole number",
        "no policy is called `timout/*`",
        "there is no policy `config/brokn`. Did you mean `config/broken`?",
        "`timeout/too-short` has no parameter `minimun`. Did you mean `minimum`?",
    ]


def test_mistakes_of_form_and_of_names_are_reported_in_one_round() -> None:
    org = """\
    mode: evaluat
    policies:
      timeout/too-shrt: off
      timeout/too-short: {severity: eror, parameters: {minimun: 3}}
      config/broken: {mode: enforced}
    lock: [timout/*]
    waivers:
      - {policy: a/b, until: 2027-01-31}
      - {policy: a/c, repository: x, path: y, reason: z, expires: 2027-01-31, approved-by: "@a"}
    """
    found = standing(org).problems
    lines = [problem.span.line for problem in found]
    reasons = "\n".join(str(problem.reason) for problem in found)
    assert lines == sorted(lines)
    for said in (
        "`mode` cannot be `evaluat`",
        "there is no policy `timeout/too-shrt`",
        "`severity` cannot be `eror`",
        "`timeout/too-short` has no parameter `minimun`",
        "`mode` cannot be `enforced`",
        "no policy is called `timout/*`",
        "there is no setting `until` here",
        "there is no policy `a/c`",
    ):
        assert said in reasons
    assert next(each.span.line for each in found if "a/c" in str(each.reason)) == 9


def test_a_repository_in_a_repositorys_waiver_is_sent_to_the_organisations_file() -> None:
    found = standing(None, "waivers: [{repository: web-shop}]").problems
    said = (
        "a repository's settings have no `repository`. It belongs in `policy-bot.yml` of the organisation's"
    )
    assert any(str(problem.reason).startswith(said) for problem in found)


def test_a_settings_file_under_another_name_is_not_silently_ignored() -> None:
    revision = Revision.read(MemoryTree({".github/policy-bot.yaml": b"mode: enforce"}), ".github")
    (problem,) = standing(None, revision).problems
    assert str(problem.reason) == "a file of this name is ignored. Rename it to .github/policy-bot.yml"


class Broken(MemoryTree):
    def read(self, path: str) -> bytes | None:
        raise Unreadable(path, "a symlink out of the tree")


def test_a_file_that_cannot_be_read_is_a_problem_not_an_absence() -> None:
    (problem,) = standing(Revision.read(Broken({"policy-bot.yml": b""}))).problems
    assert "cannot be read" in str(problem.reason)
    (problem,) = standing(Revision.of({"policy-bot.yml": b"\xff\xfe"})).problems
    assert "not UTF-8" in str(problem.reason)


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistake() -> None:
    found = standing(Revision.of({"policy-bot.yml": b"\xef\xbb\xbfmode: evaluate\r\nstages: [qa]\r\n"}))
    assert (found.settings.mode, found.settings.stages, found.problems) == ("evaluate", ("qa",), ())


def test_a_policy_of_the_same_name_never_replaces_one_above_it() -> None:
    files = {".github/policies/timeout/too-short.md": b"---\ntitle: mine\n---\n"}
    (problem, *_) = standing(None, Revision.of(files, ".github")).problems
    assert problem.span.path == ".github/policies/timeout/too-short.md"


def test_revisions_that_differ_are_called_differently() -> None:
    one = Revision("", {"a.md": "x\0b.md\0y"})
    two = Revision("", {"a.md": "x", "b.md": "y"})
    assert one.digest != two.digest
    assert Revision("", {"b": "2", "a": "1"}).digest == Revision("", {"a": "1", "b": "2"}).digest


def test_the_same_text_under_other_policies_is_read_anew() -> None:
    """What is remembered of a reading belongs to the policies above it, too."""
    text = "policies: {timeout/too-short: off}\n"
    assert standing(text).problems == ()
    assert in_force(organisation(text), None, SHOP, [FIXED], TODAY).problems != ()
