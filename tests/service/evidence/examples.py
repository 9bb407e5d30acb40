"""Verdicts of each kind, made by the real reader and policies, for the details page."""

from __future__ import annotations

import difflib
from datetime import date
from functools import cache

from policy_bot.policy import builtin
from policy_bot.policy.changes import SettingChange
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Judgement
from policy_bot.policy.settings import Decision, Enforcement, Settings, SettingSource, Waiver
from policy_bot.policy.yamltext import Mistake, YamlPlace
from policy_bot.record import replace
from policy_bot.review.details import Details
from policy_bot.review.diff import FileDiff, diff, hunks
from policy_bot.review.fixes import with_fixes
from policy_bot.review.lines import HeadLines
from policy_bot.review.links import Links
from policy_bot.review.plan import Plan, plan
from policy_bot.review.policychange import BranchEffect, Effect, PolicyChange, policy_plan
from policy_bot.review.ratchet import ratchet
from policy_bot.review.review import Review
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree

CONFIG = "sst.config.ts"
TODAY = date(2027, 1, 10)
PACKAGE = '{ "dependencies": { "sst": "3.17.14", "hono": "4.6.0" } }\n'
CHAT = """\
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { streamHandle } from "hono/aws-lambda";

const app = new Hono();
app.get("/chat", (c) => streamSSE(c, async (stream) => { await stream.writeSSE({ data: "hi" }); }));
export const handler = streamHandle(app);
"""
PLAIN = CHAT.replace("streamHandle", "handle")
NOTHING = """\
export default $config({
  app: () => ({ name: "shop", home: "aws" }),
  async run() {},
});
"""


def config(*lines: str) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f"""\
export default $config({{
  app: (input) => ({{ name: "shop", home: "aws", removal: input.stage === "dev" ? "remove" : "retain" }}),
  async run() {{
{body}
  }},
}});
"""


def chat(name: str, timeout: str, handler: str = "chat") -> str:
    return (
        f'new sst.aws.Function("{name}", {{ handler: "src/{handler}.handler", url: true, streaming: !$dev, '
        f"timeout: {timeout} }});"
    )


WRONG = config(
    'const timeout = $app.stage === "production" ? "60 seconds" : "30 seconds";',
    chat("Chat", "timeout"),
    *(chat(f"Bot{n}", '"20 seconds"') for n in range(1, 5)),
    chat("Whole", '"300 seconds"', "plain"),
    chat("Env", "process.env.TIMEOUT as any"),
    chat("Old", '"40 seconds"'),
)
BEFORE = config(chat("Old", '"40 seconds"'))
KINDS: dict[str, tuple[str, str, Settings]] = {
    "failing": (BEFORE, WRONG, Settings.default()),
    "clean": (NOTHING, config(chat("Chat", '"300 seconds"')), Settings.default()),
    "older": (BEFORE, f"// a note\n{BEFORE}", Settings.default()),
    "enforced-later": (
        NOTHING,
        BEFORE,
        replace(
            Settings.default(),
            today=TODAY,
            decisions={
                **Settings.default().decisions,
                "mode": Decision(
                    Enforcement(date(2027, 3, 1)), SettingSource("organisation", "policy-bot.yml", 2)
                ),
            },
        ),
    ),
    "excused": (
        NOTHING,
        BEFORE,
        replace(
            Settings.default(),
            today=TODAY,
            waivers=(
                Waiver(
                    "timeout/too-short",
                    CONFIG,
                    "moves to its own service in May",
                    date(2027, 5, 31),
                    "@acme/platform",
                    SettingSource("repository", ".github/policy-bot.yml", 7),
                ),
            ),
        ),
    ),
    "unreadable": (NOTHING, config("const x = = 3;"), Settings.default()),
}
LINKS = Links(
    "https://github.com/acme/shop",
    "a" * 40,
    7,
    "https://bot.example.com/policies",
    frozenset(policy.id for policy in builtin.load()),
)


def tree(text: str) -> MemoryTree:
    files = {CONFIG: text, "package.json": PACKAGE, "src/chat.ts": CHAT, "src/plain.ts": PLAIN}
    return MemoryTree({path: content.encode() for path, content in files.items()})


@cache
def review(kind: str, occasion: str = "change") -> Review:
    before, after, settings = KINDS[kind]
    judge = Judge(builtin.load(), settings)
    judgement = judge([read_project(tree(after), CONFIG)])
    judgement = with_fixes(judgement, tree(after), read_project, judge)
    base = judge([read_project(tree(after if occasion == "branch" else before), CONFIG)])
    patch = "\n".join(list(difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm=""))[2:])
    files = {CONFIG: after.encode(), "src/chat.ts": CHAT.encode(), "src/plain.ts": PLAIN.encode()}
    return Review(
        judgement,
        ratchet(judgement.findings, base.findings),
        diff([FileDiff(CONFIG, "modified", None, hunks(patch))]),
        HeadLines(files, files),
        held_back=kind == "enforced-later",
        basis="Judged: `aaaaaaaaaaaa` merged into `main` at `bbbbbbbbbbbb`.",
        occasion="branch" if occasion == "branch" else "change",
        links=LINKS,
    )


CHANGE = PolicyChange(
    "organisation",
    cases=4,
    changed=(SettingChange("timeout/too-short.least", "300", "600", "tightens"),),
    effects=(Effect("acme/shop#12", "success", "failure"),),
    branches=(BranchEffect("acme/shop", 0, 2), BranchEffect("acme/api", 1, 0)),
    looked_at=9,
    unseen=("2 repositories: acme/x, acme/y",),
)
MISTAKEN = PolicyChange(
    "organisation",
    (Mistake("policy-bot.yml", YamlPlace(3, 5), "there is no setting `mod` here", "Did you mean `mode`?"),),
)


@cache
def plans() -> dict[str, Plan]:
    """A plan of every kind of review."""
    found = {kind: plan(review(kind)) for kind in KINDS}
    found["branch"] = plan(review("older", "branch"))
    return found | {"policy": policy_plan(CHANGE), "policy-mistakes": policy_plan(MISTAKEN)}


@cache
def details() -> dict[str, tuple[str, Details]]:
    """Conclusion and details of every kind of review."""
    found = {}
    for kind in KINDS:
        made = review(kind)
        planned = plan(made)
        title = "Stream the answers of the chat"
        found[kind] = (planned.conclusion, Details(made, planned.title, 7, title))
    nothing = Review(Judgement((), ()))
    for name, change in (("policy", CHANGE), ("policy-mistakes", MISTAKEN)):
        planned = policy_plan(change)
        found[name] = (planned.conclusion, Details(nothing, planned.title, 8, "Ask for more time", change))
    return found
