"""T16: a policy that cannot be read counts as none -> the check fails closed, or the last valid version
applies.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_bot.policy.revision import Revision
from tests.policy.layering import organisation, repository, standing

STRICT = organisation("policies: {timeout/too-short: {severity: error, parameters: {minimum: 600}}}\n")

BROKEN = [
    Revision.of({"policy-bot.yml": None}),
    Revision.of({"policy-bot.yml": b"\xff"}),
    Revision.of({"policy-bot.yml": b"policies: ["}),
    Revision.of({"policy-bot.yml": b"policies: {timeout/too-shrt: off}"}),
    Revision.of({"policy-bot.yaml": b"mode: evaluate"}),
    Revision.of({"policies/acme/x.md": b"no front matter"}),
    Revision.of({"policies/x.md": None}),
    Revision.of({f"policies/acme/p{number}.md": b"" for number in range(300)}),
]


@pytest.mark.parametrize("broken", BROKEN)
def test_without_a_last_good_version_it_is_a_problem(broken: Revision) -> None:
    assert standing(broken).problems


@pytest.mark.parametrize("broken", BROKEN)
def test_with_a_last_good_version_that_one_holds_and_every_check_says_so(broken: Revision) -> None:
    found = standing(broken, last_good=(STRICT, None))
    assert found.settings.parameter("timeout/too-short", "minimum", 300)[0] == 600
    assert found.problems == ()
    assert any("last valid version stays in force" in notice.message for notice in found.settings.notices)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_repositorys_broken_file_takes_nothing_of_the_organisations_away(broken: Revision) -> None:
    below = Revision(
        ".github", {f".github/{path}": text for path, text in broken.files.items()}, broken.unreadable
    )
    found = standing(STRICT, below)
    assert found.settings.parameter("timeout/too-short", "minimum", 300)[0] == 600
    assert found.problems


def test_a_last_good_version_that_is_good_no_longer_is_reported_as_well() -> None:
    found = standing(BROKEN[2], last_good=(organisation("mode: enfroce"), None))
    assert found.problems
    assert found.organisation is None


@settings(max_examples=200)
@given(st.binary(max_size=200) | st.text("ab:-[]{}'\"\n #&*!|>%@`\t", max_size=80).map(str.encode))
def test_whatever_is_in_the_files_there_is_an_answer(noise: bytes) -> None:
    found = standing(Revision.of({"policy-bot.yml": noise}), repository("mode: evaluate\n"))
    assert found.settings.mode == "enforce"
