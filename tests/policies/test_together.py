"""What the shipped policies say together of one project: no value may satisfy one and break another."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_bot import check_project

FUNCTION = """new sst.aws.Function("Chat", {
      handler: "chat.handler", url: true, streaming: true, timeout: "%d seconds",
    })"""
SITE = """new sst.aws.Nextjs("Web", { server: { timeout: "%d seconds" } })"""
FILES = {
    "package.json": '{"dependencies": {"sst": "4.17.0"}}',
    "open-next.config.ts": 'export default { default: { override: { wrapper: "aws-lambda-streaming" } } }',
    "app/api/chat/route.ts": "export const POST = async () => answer.toUIMessageStreamResponse()",
}


def found(folder: Path, made: str, profile: str) -> list[tuple[str, str]]:
    """The findings on timeouts in production, as policy and severity."""
    root = "streaming: true,\n  " if profile == "guide" else ""
    files = FILES | {
        "sst.config.ts": f"""export default $config({{
  {root}app() {{ return {{ name: "app", home: "aws" }} }},
  async run() {{
    {made}
  }},
}})
""",
        ".github/policy-bot.yml": f"extends: {profile}\n",
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    judgement = check_project(folder, stages=["production"], select=["timeout"])
    return [(each.policy, each.severity) for each in judgement.findings]


@pytest.mark.parametrize("profile", ["recommended", "guide"])
@pytest.mark.parametrize(
    ("seconds", "policies"),
    [(60, "timeout/stream-cut"), (120, ""), (300, "timeout/cloudfront-read")],
)
def test_a_site_that_streams_has_a_timeout_that_all_admit(
    tmp_path: Path, seconds: int, policies: str, profile: str
) -> None:
    names = {name for name, _ in found(tmp_path, SITE % seconds, profile)} - {"timeout/too-short"}
    assert names == ({policies} if policies else set())


@pytest.mark.parametrize(
    ("profile", "seconds", "severities"),
    [
        ("recommended", 60, ["error"]),
        ("recommended", 120, ["warning"]),
        ("recommended", 300, []),
        ("guide", 120, ["error"]),
        ("guide", 300, []),
    ],
)
def test_a_stated_timeout_of_two_minutes_blocks_only_those_who_follow_the_guide(
    tmp_path: Path, profile: str, seconds: int, severities: list[str]
) -> None:
    assert [how for _, how in found(tmp_path, FUNCTION % seconds, profile)] == severities
