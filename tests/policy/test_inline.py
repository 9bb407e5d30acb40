"""Ignores on the line: which findings a comment excuses, who decides that, and what is wrong with one."""

from __future__ import annotations

import pytest

from policy_bot.policy import inline
from policy_bot.policy.engine import judge
from policy_bot.policy.finding import Finding, Judgement
from policy_bot.policy.inline import MOST, notices, of_project
from policy_bot.policy.settings import Settings
from policy_bot.record import replace
from policy_bot.sst.deployment import Directive, Project
from policy_bot.sst.span import Span
from tests.policy.layering import FIXED, POLICIES, TOO_SHORT, standing
from tests.policy.projects import PRODUCTION, known, project, subject

IGNORE = "ignore timeout/too-short -- the upstream closes first"


def comment(line: int, text: str = IGNORE, alone: bool = False, path: str = "sst.config.ts") -> Directive:
    return Directive(text, Span(path, line, 3, line, 60, line * 100, line * 100 + 57), alone)


def app(*directives: Directive, line: int = 7) -> Project:
    """A function with a timeout of a minute, set on a line, and these comments."""
    function = subject(timeout=known(60, line), at=Span("sst.config.ts", 5, 1, 9, 1, 50, 90))
    return replace(project({PRODUCTION: (function,)}), directives=tuple(directives))


MINUTE = replace(TOO_SHORT, rules=(replace(TOO_SHORT.rules[0], require="false"),))


def judged(*directives: Directive, settings: Settings | None = None, line: int = 7) -> Judgement:
    return judge([app(*directives, line=line)], (MINUTE, FIXED), settings or Settings.default())


def finding(judgement: Judgement) -> Finding:
    (found,) = (each for each in judgement.findings if each.policy == "timeout/too-short")
    return found


def said(judgement: Judgement) -> list[str]:
    return [str(notice) for notice in notices(judgement.ignores)]


def test_an_ignored_finding_stays_visible_with_its_reason_and_does_not_gate() -> None:
    found = finding(judged(comment(7)))
    assert found.excuse is not None
    assert (found.gates, found.excuse.inline) == (False, True)
    assert (found.excuse.reason, found.excuse.source) == ("the upstream closes first", "sst.config.ts:7")
    assert said(judged(comment(7))) == []


@pytest.mark.parametrize(
    ("directives", "is_excused"),
    [
        ([comment(7)], True),
        ([comment(6, alone=True)], True),
        ([comment(6)], False),  # next to code: about its own line
        ([comment(8, alone=True)], False),
        ([comment(5, alone=True), comment(6, "ignore config/other -- x", alone=True)], True),
        ([comment(5, alone=True)], False),
        ([comment(7, path="other.ts")], False),
    ],
)
def test_a_comment_is_about_its_line_or_the_next(directives: list[Directive], is_excused: bool) -> None:
    assert (finding(judged(*directives)).excuse is not None) is is_excused


def test_several_policies_by_comma_and_another_ones_ignore() -> None:
    both = "ignore  config/broken-not , timeout/too-short -- x"
    assert finding(judged(comment(7, both.replace("config/broken-not , ", "")))).excuse
    assert said(judged(comment(7, both))) == [
        "sst.config.ts:7: this ignore does not count: there is no policy `config/broken-not`."
        " Did you mean `config/broken`?"
    ]
    assert finding(judged(comment(7, both))).excuse is None


HOW = "Write `// policy-bot: ignore POLICY -- reason`"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "ignore timeout/to-short -- x",
            "there is no policy `timeout/to-short`. Did you mean `timeout/too-short`?",
        ),
        ("ignore timeout/too-short", f"it has no reason. {HOW}"),
        ("ignore timeout/too-short --  ", f"it has no reason. {HOW}"),
        ("ignore -- why", f"it names no policy. {HOW}"),
        ("ingore timeout/too-short -- x", "`ingore` is not understood. Did you mean `ignore`?"),
        ("", f"`` is not understood. {HOW}"),
        ("ignore config/broken -- x", "`config/broken` cannot be ignored. Fix the finding"),
        (f"ignore {', '.join(f'a/b{n}' for n in range(21))} -- x", "it names more than 20 policies"),
    ],
)
def test_a_mistake_is_reported_and_excuses_nothing(text: str, mistake: str) -> None:
    judgement = judged(comment(7, text))
    assert finding(judgement).gates
    (notice,) = notices(judgement.ignores)
    assert notice.message == f"this ignore does not count: {mistake}"
    assert notice.level == "error"


def test_one_without_a_finding_is_reported() -> None:
    assert said(judged(comment(7), comment(12))) == [
        "sst.config.ts:12: the ignore of `timeout/too-short` excuses nothing: remove it"
    ]


def test_in_a_file_that_projects_share_it_is_idle_only_if_it_is_in_all_of_them() -> None:
    with_finding, without = app(comment(7)), replace(app(comment(7), line=8), path="b/sst.config.ts")
    assert judge([with_finding, without], (MINUTE,), Settings.default()).ignores[0].idle == ()


def test_what_could_not_be_read_is_never_ignored() -> None:
    rules = (replace(MINUTE.rules[0], subject="problem"),)
    about_problems = replace(MINUTE, id="config/syntax", rules=rules)
    assert not inline.is_ignorable(about_problems)


def test_a_project_full_of_comments_is_cut_and_says_so() -> None:
    many = [comment(number) for number in range(10, MOST + 20)]
    found = of_project(app(*many), POLICIES, Settings.default()).found
    assert len(found) == MOST + 1
    assert found[-1].mistakes == ("only the first 500 ignores of a project count",)


@pytest.mark.parametrize(
    ("org", "repo", "counts", "why"),
    [
        (None, None, True, ""),
        (None, "inline: true", True, ""),
        (None, "inline: false", False, "`inline: false` forbids it (.github/policy-bot.yml:1 (repository))"),
        ("mode: enforce", None, False, "the organisation does not let comments excuse findings"),
        ("mode: enforce", "inline: true", False, "the organisation does not let comments excuse findings"),
        ("allow: [inline]", None, True, ""),
        ("allow: [inline]", "inline: false", False, "`inline: false` forbids it"),
        ("allow: [timeout/too-short.inline]", None, True, ""),
        ("allow: [timeout/too-short.inline]", "inline: false", False, "`inline: false` forbids it"),
        ("allow: [config/broken.inline]", None, False, "the organisation does not let"),
        ("allow: [inline]\nlock: [timeout/*]", None, False, "the organisation locks it (policy-bot.yml:2"),
        ("allow: [inline]\nlock: [timeout/*]", "inline: true", False, "the organisation locks it"),
        ("allow: [inline]\nlock: [config/broken]", None, True, ""),
        # what opens a reviewed settings file does not open the pull request's own comments
        ("allow: ['*']", None, False, "the organisation does not let"),
        ("allow: [timeout/too-short, waivers]", None, False, "the organisation does not let"),
        ("select:\n  - where: {topics: [shop]}\n    allow: [inline]", None, True, ""),
        ("select:\n  - where: {topics: [bank]}\n    allow: [inline]", None, False, "does not let"),
        ("alow: [inline]", None, False, "the organisation does not"),  # a file in error opens nothing
    ],
)
def test_the_organisation_decides_whether_it_counts(
    org: str | None, repo: str | None, counts: bool, why: str
) -> None:
    settings = standing(org, repo).settings
    judgement = judged(comment(7), settings=settings)
    assert finding(judgement).gates is not counts
    assert [notice.message for notice in notices(judgement.ignores)] == (
        [] if counts else [f"the ignore of `timeout/too-short` does not count: {_end(judgement)}"]
    )
    assert why in (_end(judgement) if not counts else "")


def _end(judgement: Judgement) -> str:
    return judgement.ignores[0].refused[0][1]


def test_a_repository_cannot_open_what_the_organisation_does_not() -> None:
    (notice,) = standing("mode: enforce", "inline: true").settings.notices
    assert notice.message == (
        "`inline: true` is refused: it would loosen `false` (organisation)."
        " The organisation can open it: `allow: [inline]`"
    )


def test_a_waiver_goes_before_a_comment() -> None:
    waiver = """
    waivers:
      - policy: timeout/too-short
        path: sst.config.ts
        reason: until the move
        expires: 2026-12-31
        approved-by: ada
    """
    judgement = judged(comment(7), settings=standing(None, waiver).settings)
    excuse = finding(judgement).excuse
    assert excuse is not None
    assert (excuse.inline, excuse.expires) == (False, "2026-12-31")
    assert said(judgement) == []
