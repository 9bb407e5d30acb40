"""T32: an applied fix changes more than it says -> the result is read again, and all other values and bytes
are equal.

Precedents: CVE-2022-23628 (a pretty-printer that changed a policy's meaning), zizmor #2295 (unsound patches).
"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from policy_bot.policy import builtin
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Fix
from policy_bot.policy.settings import Settings
from policy_bot.review.fixes import with_fixes
from policy_bot.review.fixes_proof import bare, differences
from policy_bot.review.fixes_text import apply
from policy_bot.sst.deployment import Project
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree

CONFIG = "sst.config.ts"
JUDGE = Judge(builtin.load(), Settings.default())
ALLOWED = {"timeout", "streaming", "visibilityTimeout"}

PART = st.sampled_from(
    [
        'handler: "chat.handler"',
        "url: true",
        "streaming: true",
        "streaming: !$dev",
        "timeout: 300",
        'timeout: "20 minutes"',
        'timeout: "10 seconds"',
        "timeout",
        "...shared",
        'memory: "1 GB"',
        "environment: { A: `x${1}`, B: '}, //' }",
        'description: "a, b /* c */"',
    ]
)
GAP = st.sampled_from([" ", "\n    ", "\r\n\t", " // why, {\n    ", " /* } */ ", "\n\n    "])
BEFORE = """export default $config({
  %sapp(input) { return { name: "app", home: "aws"%s } },
  async run() {
    const timeout = 60
    const shared = { timeout: "1 minute" }
    new sst.aws.Function("Chat", {"""
AFTER = """})
    new sst.aws.Function("Other", { handler: "other.handler", url: true, ...shared })
  },
})
"""


@st.composite
def configs(draw: st.DrawFn) -> bytes:
    parts = draw(st.lists(PART, min_size=1, max_size=6, unique_by=lambda part: part.partition(":")[0]))
    body = "".join(draw(GAP) + part + "," for part in parts)
    body = body if draw(st.booleans()) else body[:-1]
    head = BEFORE % (
        draw(st.sampled_from(["", "streaming: true, "])),
        draw(st.sampled_from(["", ", streaming: true"])),
    )
    return (head + body + draw(GAP) + AFTER).encode()


def read(source: bytes) -> Project:
    return read_project(MemoryTree({CONFIG: source}), CONFIG)


def meaning(project: Project) -> list[object]:
    return [
        [bare(component.args) for component in deployment.components]
        + [{key: bare(value) for key, value in deployment.root.items() if key not in ALLOWED}]
        + [{key: bare(value) for key, value in deployment.app.items() if key not in ALLOWED}]
        for deployment in project.contexts
    ]


def changed(before: Project, after: Project) -> set[str]:
    return {
        path
        for old, new in zip(meaning(before), meaning(after), strict=True)
        for one, other in zip(old, new, strict=True)  # type: ignore[call-overload]
        for path in differences(one, other)
    }


def without(source: bytes, fix: Fix) -> bytes:
    """The bytes that the fix leaves alone."""
    kept, at = b"", 0
    for edit in sorted(fix.edits, key=lambda edit: edit.start):
        kept, at = kept + source[at : edit.start], edit.end
    return kept + source[at:]


@settings(max_examples=40)
@given(configs())
def test_a_fix_does_what_it_says_and_nothing_else(source: bytes) -> None:
    tree = MemoryTree({CONFIG: source})
    project = read(source)
    judged = with_fixes(JUDGE([project]), tree, read_project, JUDGE)
    before = {finding.fingerprint for finding in judged.findings}
    for finding in judged.findings:
        for fix in finding.fixes:
            fixed = apply(source, fix.edits)
            assert fixed is not None
            after = read(fixed)
            now = {each.fingerprint for each in JUDGE([after]).findings}
            assert now < before
            assert finding.fingerprint not in now
            assert changed(project, after) <= ALLOWED
            left = iter(fixed)
            assert all(byte in left for byte in without(source, fix))
