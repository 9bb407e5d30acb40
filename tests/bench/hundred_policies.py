"""Cost of an organisation's hundred policies compared with reading, over two hundred generated projects.

    python -m tests.bench.hundred_policies

Prints CPU milliseconds a project for both. The budget: judging costs less than reading.
"""

from __future__ import annotations

import random
import sys
import time

from policy_bot.policy.engine import Judge
from policy_bot.policy.policyfile import parse
from policy_bot.policy.settings import Settings
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree

PROJECTS, POLICIES = 200, 100
RULES = (
    ("component", 'type == "sst.aws.Bucket"', 'args.access != "public"', "args.access"),
    ("component", 'type.startsWith("sst.aws.")', 'name.matches("^[A-Z]")', "name"),
    ("component", 'type == "sst.aws.Nextjs"', "has(args.server.timeout)", "args.server"),
    ("component", 'type == "sst.aws.Queue"', "has(args.dlq)", "args.dlq"),
    ("function", 'context.stage == "production"', "memory <= 2048", "memory"),
    ("function", "url", 'authorization == "iam" || router_form != ""', "url"),
    ("function", "true", '!environment.exists(n, n.endsWith("_SECRET"))', "environment"),
    ("queue", "true", "visibility_timeout >= 30", "visibility_timeout"),
    ("queue", "true", 'project.components.exists(c, c.type == "sst.aws.Queue")', "name"),
    ("site", "deployed", "server_timeout >= 20", "server_timeout"),
)
PARTS = (
    'new sst.aws.Bucket("Bucket%d", { access: %d %% 9 ? "cloudfront" : "public" })',
    'new sst.aws.Function("Function%d", { handler: "a.handler", timeout: "%d seconds" })',
    'new sst.aws.Queue("Queue%d", { dlq: "arn", visibilityTimeout: "%d minutes" }).subscribe("b.handler")',
    'new sst.aws.Nextjs("Site%d", { server: { timeout: "2%d seconds" } })',
    'new sst.aws.Cron("Cron%d", { schedule: "rate(%d minutes)", job: "c.handler" })',
    'new sst.aws.Dynamo("Table%d", { fields: { id: "string" }, primaryIndex: { hashKey: "id" } }) // %d',
)


CONFIG = """export default $config({
  app() { return { name: "a", home: "aws" } },
  async run() {
%s
  },
})
"""


def policy(number: int) -> str:
    """A policy file with one of the rules, distinguished by its number."""
    subject, when, require, at = RULES[number % len(RULES)]
    return f"""---
title: Policy number {number}
severity: warning
subject: {subject}
when: {when} && name != "N{number}"
require: '{require}'
at: {at}
message: "`{{name}}` breaks rule {number}."
---
"""


def project(seed: int) -> MemoryTree:
    """A project of six to thirty components."""
    chance = random.Random(seed)
    body = "\n".join(
        chance.choice(PARTS) % (number, chance.randint(1, 9)) for number in range(chance.randint(6, 30))
    )
    return MemoryTree({"sst.config.ts": (CONFIG % body).encode()})


def main() -> int:
    """Measure, and say whether the budget is kept."""
    judge = Judge(
        tuple(parse(f"policies/org/number-{number}.md", policy(number)) for number in range(POLICIES)),
        Settings.default(),
    )
    judge([read_project(project(0), "sst.config.ts")])  # compiled once, as in the service
    reading = judging = 0.0
    findings = 0
    for seed in range(PROJECTS):
        start = time.process_time()
        read = read_project(project(seed), "sst.config.ts")
        middle = time.process_time()
        findings += len(judge([read]).findings)
        judging += time.process_time() - middle
        reading += middle - start
    print(f"{PROJECTS} projects, {POLICIES} policies, {findings} findings: reading "
          f"{1000 * reading / PROJECTS:.1f} ms, judging {1000 * judging / PROJECTS:.1f} ms each")  # fmt: skip
    return int(judging > reading)


if __name__ == "__main__":
    sys.exit(main())
