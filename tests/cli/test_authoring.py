"""Writing a policy: each stumble is named, and where a policy is tried on real projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_bot.cli.main import main

FRONT = """---
title: Public bucket
severity: error
subject: component
when: type == "sst.aws.Bucket"
require: args.access != "public"
at: args.access
message: "`{name}` is public."
---
"""
CASE = """
```ts
new sst.aws.Bucket("A", {
  access: "public", // fail
})
```
"""
CONFIG = """export default $config({
  app(input) { return { name: "shop", home: "aws" } },
  async run() {
    new sst.aws.Bucket("A", { access: "public" })
    new sst.aws.Bucket("B")
    new sst.aws.Bucket("C", { access: process.env.ACCESS })
  },
})
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sst.config.ts").write_text(CONFIG)
    return tmp_path


def write(folder: Path, text: str) -> Path:
    file = folder / ".github/policies/org/public-bucket.md"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return file


def test_a_new_policy_of_a_project_is_where_check_reads_it(shop: Path) -> None:
    assert main(["new-policy", "org/too-long"]) == 0
    assert (shop / ".github/policies/org/too-long.md").is_file()
    assert main(["test"]) == 0


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("", "the policy has no case: add a `ts` block with `// fail` on the line of the finding"),
        (
            CASE.replace("```ts", "```typescript"),
            ":11: a block of `typescript` is not a case: write ` ```ts `",
        ),
        (CASE.replace("```ts", "```TS"), "a block of `TS` is not a case: write ` ```ts `"),
        (CASE.replace("```ts", "```ts most=3"), "the policy has no parameter `most`"),
    ],
)
def test_what_would_pass_silently_is_named(
    page: str, said: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(shop, FRONT + page)
    assert main(["test"]) == 1
    assert said in capsys.readouterr().out


def test_only_strict_asks_for_a_page(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(shop, FRONT + CASE)
    assert main(["test"]) == 0
    assert main(["test", "--strict"]) == 1
    assert "`since` is missing" in capsys.readouterr().out


def test_a_policy_is_tried_on_projects(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(shop, FRONT + CASE)
    assert main(["test", "--on", "."]) == 0
    out = capsys.readouterr().out
    assert 'sst.config.ts:4 fail component "A" (sst.aws.Bucket)' in out
    assert "args.access = public (sst.config.ts:4)" in out
    assert out.splitlines()[-1] == "1 project: 1 pass, 1 fail, 1 cannot tell"


def test_a_policy_of_a_library_is_switched_on_by_name(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check"])
    assert "library/public-bucket" not in capsys.readouterr().out
    (shop / ".github").mkdir()
    (shop / ".github/policy-bot.yml").write_text("policies:\n  library/public-bucket: error\n")
    assert main(["check"]) == 1
    assert "library/public-bucket" in capsys.readouterr().out
