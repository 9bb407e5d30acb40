from __future__ import annotations

from policy_bot.policy import builtin
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Evidence, Finding, Severity, Verdict
from policy_bot.policy.settings import Settings
from policy_bot.policy.unknownfindings import merge_unknown
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree
from tests.policy.projects import span


def finding(
    policy: str, severity: Severity = "error", verdict: Verdict = "unknown", line: int = 4
) -> Finding:
    message = "Cannot tell: `timeout` is unknown." if verdict == "unknown" else "It fails."
    return Finding(
        policy,
        "It is so",
        severity,
        verdict,
        "sst.config.ts",
        'function "Chat"',
        span(line),
        message,
        ("production",),
        f"{policy}:{line}:{verdict}",
        Evidence("4.17.0", "true", ()),
        gates=False,
    )


def test_one_hidden_value_is_reported_once_by_what_weighs_most() -> None:
    mild, strict = finding("b/mild", "warning"), finding("c/strict")
    [said] = merge_unknown([mild, strict, finding("a/notice", "notice")])
    assert said.policy == "c/strict"
    assert said.message == (
        "Cannot tell: `timeout` is unknown. It also keeps a/notice and b/mild from being judged."
    )


def test_failures_and_other_places_are_left_alone() -> None:
    there = [finding("a/a"), finding("a/a", line=9), finding("b/b", verdict="fail")]
    assert sorted(merge_unknown(there), key=str) == sorted(there, key=str)


def message(program: str) -> str:
    app = 'app: () => ({ name: "a", home: "aws" })'
    config = f"export default $config({{ {app}, async run() {{ {program} }} }});"
    project = read_project(MemoryTree({"sst.config.ts": config.encode()}), "sst.config.ts")
    [found] = Judge(builtin.load(), Settings.default())([project]).findings
    return found.message


def test_a_question_needs_no_full_stop() -> None:
    assert message('new sst.aws.Functon("F", { handler: "a.h" });').endswith(
        "did you mean 'sst.aws.Function'? Components that this code creates are not judged."
    )
    assert message('new sst.aws.Teleporter("T", { handler: "a.h" });').endswith(
        "newer than policy-bot. Components that this code creates are not judged."
    )
