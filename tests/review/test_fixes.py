from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from policy_bot.policy import builtin
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Edit, Finding
from policy_bot.policy.settings import Settings
from policy_bot.policy.subjects import Case, cases
from policy_bot.review import applied as applying
from policy_bot.review import drafts, fixes
from policy_bot.review.applied import apply_fixes
from policy_bot.review.fixes import Budget, FixSearch, with_fixes
from policy_bot.review.fixes_text import apply
from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree, SourceTree, Unreadable

JUDGE = Judge(builtin.load(), Settings.default())
CONFIG = "sst.config.ts"


def config(body: str, root: str = "", app: str = "") -> str:
    return (
        f"export default $config({{\n  {root}app(input) {{\n"
        f"    return {{ name: 'app', home: 'aws'{app} }}\n  }},\n"
        f"  async run() {{\n{body}\n  }},\n}})\n"
    )


def findings(files: dict[str, str], policy: str) -> list[Finding]:
    tree = MemoryTree({path: text.encode() for path, text in files.items()})
    judged = with_fixes(JUDGE([read_project(tree, CONFIG)]), tree, read_project, JUDGE)
    return [finding for finding in judged.findings if finding.policy == policy]


def fixed(text: str, policy: str, number: int = 0) -> str:
    [finding] = findings({CONFIG: text}, policy)
    result = apply(text.encode(), finding.fixes[number].edits)
    assert result is not None
    return result.decode()


def test_a_shared_constant_is_left_and_its_user_gets_a_value_of_its_own() -> None:
    text = config(
        'const limits = { short: "10 seconds" };\n'
        'new sst.aws.Function("Chat", { handler: "a.b", url: true, streaming: true,'
        " timeout: limits.short });\n"
        'new sst.aws.Function("Quick", { handler: "a.b", timeout: limits.short });'
    )
    assert fixed(text, "timeout/too-short") == text.replace(
        "timeout: limits.short });\nnew", 'timeout: "300 seconds" });\nnew'
    )


def test_a_value_that_differs_by_stage_is_not_overwritten() -> None:
    text = config(
        'new sst.aws.Function("Chat", { handler: "a.b", url: true, streaming: true,'
        ' timeout: $app.stage === "production" ? "10 minutes" : "1 minute" });'
    )
    [finding] = findings({CONFIG: text}, "timeout/too-short")
    assert finding.fixes == ()


def test_a_value_that_another_function_shares_is_not_overwritten() -> None:
    text = config(
        'const shared = { timeout: "10 seconds" };\n'
        'new sst.aws.Function("Chat", { handler: "a.b", url: true, streaming: true, ...shared });\n'
        'new sst.aws.Function("Quick", { handler: "a.b", ...shared });'
    )
    [finding] = findings({CONFIG: text}, "timeout/too-short")
    for fix in finding.fixes:
        result = apply(text.encode(), fix.edits)
        assert result is not None
        assert b'shared = { timeout: "10 seconds" }' in result


def test_a_fix_that_would_bring_another_finding_is_not_offered() -> None:
    body = 'new sst.aws.Function("Chat", { handler: "a.b", url: true, timeout: "60 seconds" });'
    [finding] = findings({CONFIG: config(body, app=", streaming: true")}, "streaming/ignored-location")
    assert [fix.title for fix in finding.fixes] == ["Remove `streaming` from `app()`"]


def test_two_candidates_are_none() -> None:
    body = "\n".join(f'new sst.aws.Function("{name}", {{ handler: "a.b", url: true }});' for name in "AB")
    [finding] = findings({CONFIG: config(body, app=", streaming: true")}, "streaming/ignored-location")
    assert [fix.title for fix in finding.fixes] == ["Remove `streaming` from `app()`"]


def test_a_fix_may_edit_another_file() -> None:
    chat = 'export const chat = new sst.aws.Function("Chat", { handler: "a.b", url: true });\n'
    run = config('await import("./infra/chat");', app=", streaming: true")
    files = {CONFIG: run, "infra/chat.ts": chat}
    [finding] = findings(files, "streaming/ignored-location")
    assert {edit.path for edit in finding.fixes[0].edits} == {CONFIG, "infra/chat.ts"}


def test_line_endings_and_comments_are_kept() -> None:
    text = config(
        'new sst.aws.Function("Chat", {\n  handler: "a.b", // what\n  timeout: 300 /* long */, // why\n});'
    ).replace("\n", "\r\n")
    assert fixed(text, "timeout/invalid-duration") == text.replace("300 /*", '"300 seconds" /*')


def test_the_number_of_proofs_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each costs a reading: past the bound findings are shown without a fix."""
    monkeypatch.setattr(fixes, "MOST_WORK", 3 * fixes.LEAST_WORK)
    made = (f'new sst.aws.Function("F{n}", {{ handler: "a.b", timeout: {n} }});' for n in range(1, 9))
    body = "\n".join(made)
    found = findings({CONFIG: config(body)}, "timeout/invalid-duration")
    assert sum(bool(finding.fixes) for finding in found) == 3


def test_fixing_applies_one_fix_after_the_other() -> None:
    text = config(
        'new sst.aws.Function("Chat", { handler: "a.b", url: true, streaming: true });\n'
        'new sst.aws.Function("Slow", { handler: "a.b", timeout: 300 });',
        root="streaming: true, ",
    )
    tree = MemoryTree({CONFIG: text.encode()})
    applied = apply_fixes([CONFIG], tree, read_project, JUDGE)
    [(before, after)] = applied.files.values()
    assert before == text.encode()
    assert [finding.policy for finding, _ in applied.made] == [
        "streaming/ignored-location",
        "timeout/too-short",
        "timeout/invalid-duration",
    ]
    assert b'streaming: true, timeout: "300 seconds" });' in after
    assert not [finding for finding in applied.left if finding.severity == "error"]


def many(number: int) -> MemoryTree:
    """So many functions with a finding that one fix removes."""
    arguments = '{{ handler: "a.b", url: true, streaming: true, timeout: "10 seconds" }}'
    wrong = f'new sst.aws.Function("F{{}}", {arguments});'
    return MemoryTree({CONFIG: config("\n".join(map(wrong.format, range(number)))).encode()})


def test_the_work_for_fixes_grows_with_the_project_and_not_with_its_square(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A project is gone through once for all findings, of which only the first hundred are tried."""
    tree, listed, asked = many(150), [0], list[Finding]()

    def counted(project: Project) -> Iterator[Case]:
        listed[0] += 1
        return cases(project)

    def elsewhere(finding: Finding, _: Budget) -> None:
        asked.append(finding)

    judged = JUDGE([read_project(tree, CONFIG)])
    assert len(judged.findings) >= 150
    monkeypatch.setattr(drafts, "cases", counted)
    with_fixes(judged, tree, refused, JUDGE, elsewhere=elsewhere)
    assert len(asked) == fixes.MOST_FINDINGS
    assert listed[0] == 1


def test_many_fixes_cost_few_readings_and_what_is_left_is_read_from_the_result() -> None:
    tree, reads = many(150), [0]

    def read(*asked: object) -> Project:
        reads[0] += 1
        return read_project(*asked)  # type: ignore[arg-type]

    applied = apply_fixes([CONFIG], tree, read, JUDGE)
    assert len(applied.made) >= 150
    assert reads[0] <= 5
    after = MemoryTree({path: changed for path, (_, changed) in applied.files.items()})
    assert applied.left == list(JUDGE([read_project(after, CONFIG)]).findings)
    assert not [finding for finding in applied.left if finding.policy == "timeout/too-short"]
    assert applied.not_tried == 0


def test_a_draft_that_cannot_be_proved_does_not_keep_the_others_from_being_applied() -> None:
    tree = many(20)
    reads = [0]

    def read(tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        """Refuses whatever changes the seventh function."""
        reads[0] += 1
        if b'"F7", { handler: "a.b", url: true, streaming: true, timeout: "10 seconds"' not in (
            tree.read(path) or b""
        ):
            raise Unreadable(path, "for the test")
        return read_project(tree, path, contexts)

    applied = apply_fixes([CONFIG], tree, read, JUDGE)
    assert [finding.names for finding in applied.left if finding.policy == "timeout/too-short"] == [("F7",)]
    assert len([1 for finding, _ in applied.made if finding.policy == "timeout/too-short"]) == 19
    assert reads[0] < 20


def test_drafts_that_were_not_tried_are_counted_and_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "MOST_PROOFS", 0)
    applied = apply_fixes([CONFIG], many(3), read_project, JUDGE)
    assert (applied.made, applied.files) == ([], {})
    assert applied.not_tried >= 3
    assert len(applied.left) >= 3


def test_findings_whose_fix_was_not_tried_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixes, "MOST_WORK", 3 * fixes.LEAST_WORK)
    tree = many(8)
    judged = JUDGE([read_project(tree, CONFIG)])
    found = with_fixes(judged, tree, read_project, JUDGE)
    fixed = sum(bool(finding.fixes) for finding in found.findings)
    assert fixed == 3
    assert found.fixes_not_tried >= 5


def test_what_another_process_tried_counts_as_far_as_the_budget_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other process knows the budget of a moment ago, so it may have proved more than is allowed."""
    tree = many(8)
    judged = JUDGE([read_project(tree, CONFIG)])
    search = FixSearch(judged, tree, read_project, JUDGE)
    there = {each.fingerprint: search.tried(each) for each in judged.findings}
    monkeypatch.setattr(fixes, "MOST_WORK", 3 * fixes.LEAST_WORK)
    here = with_fixes(judged, tree, read_project, JUDGE)
    assert here == with_fixes(judged, tree, refused, JUDGE, elsewhere=lambda each, _: there[each.fingerprint])
    assert sum(bool(finding.fixes) for finding in here.findings) == 3


def refused(_: SourceTree, path: str, *__: object) -> Project:
    raise Unreadable(path, "no time is left")


CHAT = "export const POST = () => answer.toUIMessageStreamResponse()\n"
STREAMING = """export default {
  default: {
    override: {
      wrapper: "aws-lambda-streaming",
    },
  },
}
"""


def test_a_fix_may_write_a_file_that_is_not_there() -> None:
    files = {CONFIG: config('new sst.aws.Nextjs("Web", { path: "web" })'), "web/app/api/chat/route.ts": CHAT}
    tree = MemoryTree({path: text.encode() for path, text in files.items()})
    applied = apply_fixes([CONFIG], tree, read_project, JUDGE)
    assert applied.files == {"web/open-next.config.ts": (b"", STREAMING.encode())}
    assert {finding.policy for finding in applied.left} == {"timeout/stream-cut"}


def test_what_a_config_says_else_is_kept() -> None:
    written = 'export default { default: { minify: true, override: { wrapper: "aws-lambda" } } }\n'
    files = {
        CONFIG: config('new sst.aws.Nextjs("Web")'), "app/api/chat/route.ts": CHAT,
        "open-next.config.ts": written,
    }  # fmt: skip
    [finding] = findings(files, "streaming/buffered-route")
    assert (
        apply(written.encode(), finding.fixes[0].edits)
        == written.replace('"aws-lambda"', '"aws-lambda-streaming"').encode()
    )


def test_a_wrapper_that_the_environment_chooses_is_not_overwritten() -> None:
    files = {
        CONFIG: config('new sst.aws.Nextjs("Web")'), "app/api/chat/route.ts": CHAT,
        "open-next.config.ts": "export default { default: { override: { wrapper: process.env.W } } }\n",
    }  # fmt: skip
    assert not any(finding.fixes for finding in findings(files, "streaming/buffered-route"))


def reason(text: str, policy: str) -> str:
    [finding] = findings({CONFIG: text}, policy)
    assert finding.fixes == ()
    return finding.no_fix


def test_a_finding_says_that_its_fix_would_change_something_else() -> None:
    chat = 'new sst.aws.Function("Chat", { handler: "a.b", url: true, streaming: true, '
    by_stage = config(chat + 'timeout: $app.stage === "production" ? "60 seconds" : "600 seconds" });')
    assert reason(by_stage, "timeout/too-short") == "unproved"


def test_a_finding_with_a_fix_or_without_a_declared_one_needs_no_reason() -> None:
    text = config('new sst.aws.Function("Chat", { handler: "a.b", url: true, streaming: true });')
    [finding] = findings({CONFIG: text}, "timeout/too-short")
    assert (len(finding.fixes), finding.no_fix) == (1, "")


def test_a_finding_says_that_its_fix_has_no_place_to_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object) -> None:
        raise drafts._Unwritable

    monkeypatch.setattr(drafts, "_addition", nowhere)
    text = config('new sst.aws.Function("Chat", { handler: "a.b", url: true, streaming: true });')
    assert reason(text, "timeout/too-short") == "unwritable"


@pytest.mark.parametrize(
    ("start", "end", "free"),
    [
        (0, 9, True),
        (0, 10, False),  # touches the first
        (12, 13, False),  # inside the first
        (20, 21, False),
        (21, 29, True),  # between both
        (21, 30, False),
        (15, 35, False),
        (41, 41, True),
    ],
)
def test_a_draft_is_applied_only_if_it_touches_no_other(start: int, end: int, free: bool) -> None:
    taken = applying._Taken()
    for edit in (Edit("a.ts", 10, 20, ""), Edit("a.ts", 30, 40, "")):
        assert taken.takes(drafts.Draft("", (edit,), ()))
    assert taken.takes(drafts.Draft("", (Edit("a.ts", start, end, ""),), ())) is free
    assert taken.takes(drafts.Draft("", (Edit("b.ts", start, end, ""),), ()))
