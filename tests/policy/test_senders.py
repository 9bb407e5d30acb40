"""A finding about a stream knows the line that sends it; other findings have none."""

from __future__ import annotations

from policy_bot.policy import builtin
from policy_bot.policy.engine import Judge
from policy_bot.policy.settings import Settings
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree

FILES = {
    "sst.config.ts": 'export default $config({ app() { return { name: "app", home: "aws" } }, async run() {'
    ' new sst.aws.Nextjs("Web"); new sst.aws.Cron("Nightly", { schedule: "rate(1 fortnight)", job: "a.b" })'
    " } })",
    "app/api/chat/route.ts": "export const POST = () =>\n  answer.toUIMessageStreamResponse()\n",
}


def test_a_finding_about_a_stream_knows_the_line_that_sends_it() -> None:
    tree = MemoryTree({path: text.encode() for path, text in FILES.items()})
    found = Judge(builtin.load(), Settings.default())([read_project(tree, "sst.config.ts")]).findings
    senders = {each.policy: each.sender for each in found}
    sender = senders["streaming/buffered-route"]
    assert sender is not None
    assert (sender.path, sender.line) == ("app/api/chat/route.ts", 2)
    assert any(each is None for each in senders.values())
