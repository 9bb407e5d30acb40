"""A judgement made by hand, for the writers: an error with a fix, a warning, a cannot-tell, a waiver."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from policy_bot.cli.output.places import Places
from policy_bot.cli.output.style import Style
from policy_bot.cli.report import Report
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Edit, Evidence, Excuse, Fact, Finding, Fix, Judgement, Setting
from policy_bot.policy.settings import EVALUATE, Decision, Enforcement, Notice, Settings, SettingSource
from policy_bot.sst.deployment import Project, Step, Version
from policy_bot.sst.source import MemoryTree
from policy_bot.sst.span import Span

CONFIG = """\
/// <reference path="./.sst/platform/config.d.ts" />
export default $config({
  app: () => ({ name: "shop", home: "aws" }),
  async run() {
    new sst.aws.Function("Chät", { handler: "a.b", streaming: true, url: true, timeout: "60 seconds" });
    new sst.aws.Function("Slow", { handler: "a.b", timeout: process.env.T });
  },
});
"""
PLAIN = Style()
PATH = "sst.config.ts"
TREE = MemoryTree({PATH: CONFIG.encode()})


def span(text: str) -> Span:
    """Place of this text in the config."""
    source, wanted = CONFIG.encode(), text.encode()
    start = source.index(wanted)
    line = source[:start].count(b"\n") + 1
    column = start - source.rfind(b"\n", 0, start)
    return Span(PATH, line, column, line, column + len(wanted), start, start + len(wanted))


TIMEOUT = span('"60 seconds"')
PROJECT = Project(PATH, Version("4.17.1", "4.17.1", "package-lock.json"), (), frozenset({PATH}))

TOO_SHORT = Finding(
    policy="timeout/too-short",
    title="A streaming function with a short timeout",
    severity="error",
    verdict="fail",
    project=PATH,
    subject='function "Chät"',
    span=TIMEOUT,
    message="`Chät` streams its answer and is cut off after 60 seconds; at least 300 seconds are asked for.",
    contexts=("production", "sst dev"),
    fingerprint="timeout/too-short:sst.config.ts:Chät:timeout",
    evidence=Evidence(
        "4.17.1",
        "timeout >= minimum",
        (
            Fact("timeout", "60", (Step("literal", TIMEOUT),)),
            Fact("retries", "2", (Step("default of SST 4.17.1"),)),
        ),
        (Setting("minimum", "300", "default"),),
    ),
    fixes=(Fix("Set `timeout` to 300 seconds", (Edit(PATH, TIMEOUT.start, TIMEOUT.end, '"300 seconds"'),)),),
)
WARNING = replace(
    TOO_SHORT,
    policy="ops/logging",
    severity="warning",
    span=span("streaming: true"),
    message="A warning.",
    fixes=(),
    gates=False,
)
UNKNOWN = replace(
    TOO_SHORT,
    verdict="unknown",
    span=span("process.env.T"),
    message="Cannot tell: `timeout` is unknown: process.env is not known.",
    fixes=(),
    gates=False,
)
EXCUSED = replace(
    TOO_SHORT,
    policy="streaming/excused",
    span=span("url: true"),
    fixes=(),
    gates=False,
    excuse=Excuse("moves in Q3", "2027-01-31", "@acme/platform", ".github/policy-bot.yml:4"),
)
UNREAD = replace(
    TOO_SHORT,
    policy="config/syntax-error",
    title="A syntax error hides a part of the config",
    subject='problem "sst.config.ts"',
    names=(),
    span=span("},\n});"),
    message="`sst.config.ts` could not be read from here on: unexpected `}`.",
    fingerprint="config/syntax-error:sst.config.ts",
    evidence=Evidence("4.17.1", 'kind == "syntax"', ()),
    fixes=(),
)

MIXED = Report(Judgement((PROJECT,), (TOO_SHORT, WARNING, UNKNOWN, EXCUSED)), Places(TREE))
EVALUATED = replace(TOO_SHORT, gates=False, fixes=())
TRIED = Judge(
    (),
    Settings(
        {
            **Settings.default().decisions,
            "mode": Decision(EVALUATE, SettingSource("organisation", "policy-bot.yml", 3, 7)),
            "ops/logging.mode": Decision(
                Enforcement(date(2027, 3, 1)), SettingSource("repository", ".github/policy-bot.yml", 2, 5)
            ),
        },
        notices=(
            Notice(
                "the waiver of `ops/logging` ended",
                SettingSource("repository", ".github/policy-bot.yml", 4, 5),
                "error",
            ),
        ),
        today=date(2027, 2, 1),
    ),
)
LATER = replace(EVALUATED, policy="ops/logging", span=span("streaming: true"))
ON_TRIAL = Report(Judgement((PROJECT,), (LATER, EVALUATED)), Places(TREE), judge=TRIED)
CLEAN = Report(Judgement((PROJECT,), ()), Places(TREE))
EMPTY = Report(Judgement((), ()), Places(TREE))
BROKEN = Report(Judgement((PROJECT,), (UNREAD,)), Places(TREE))
