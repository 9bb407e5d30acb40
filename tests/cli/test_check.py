"""The whole of `check` and `inspect` over small folders: what they print and how they end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from policy_bot.cli.check import FORMATS
from policy_bot.cli.main import main
from policy_bot.sst.ranges import LATEST
from tests.cli.test_main import CONFIG

CLEAN = CONFIG.replace('"60 seconds"', '"300 seconds"')


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, **files: str) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def found(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    said = capsys.readouterr()
    assert said.err == ""
    return json.loads(said.out)  # type: ignore[no-any-return]


def test_a_clean_folder_ends_with_0(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{"sst.config.ts": CLEAN})
    assert main(["check"]) == 0
    said = f"1 project (SST 3.0.0 to {LATEST}: sst.config.ts has the form of SST v3 and v4): no\nfindings.\n"
    assert capsys.readouterr() == (said, "")


def test_the_release_of_sst_is_reported_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pinned = f'{{"dependencies": {{"sst": "{LATEST}"}}}}'
    write(here, **{"a/sst.config.ts": CLEAN, "a/package.json": pinned, "b/sst.config.ts": CLEAN})
    write(here, **{"c/sst.config.ts": CLEAN})
    assert main(["check", "a"]) == 0
    assert capsys.readouterr().out == f"1 project (SST {LATEST}): no findings.\n"
    assert main(["check"]) == 0
    assert capsys.readouterr().out.startswith(f"3 projects (SST {LATEST}; 3.0.0 to {LATEST}): ")


def test_a_finding_ends_with_1_and_is_on_its_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{"sst.config.ts": CONFIG})
    assert main(["check", "--format", "json"]) == 1
    [project] = found(capsys)["projects"]  # type: ignore[misc]
    [finding] = project["findings"]
    assert (finding["policy"], finding["file"], finding["line"]) == ("timeout/too-short", "sst.config.ts", 9)
    assert finding["contexts"] == ["production", "sst dev"]


def test_every_format_ends_alike(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{"sst.config.ts": CONFIG})
    for form in FORMATS:
        assert main(["check", "--format", form]) == 1
        assert "timeout/too-short" in capsys.readouterr().out


def test_a_folder_without_a_project_does_not_pass_unless_that_is_allowed(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--allow-no-project"]) == 0
    assert capsys.readouterr().out.startswith("No SST project here")
    assert main(["check"]) == 2
    said = "no SST project here (no sst.config.ts): nothing was checked; --allow-no-project accepts that\n"
    assert capsys.readouterr().err == f"policy-bot: {said}"


def test_a_step_of_github_actions_gets_every_finding_on_its_page(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(here, **{"sst.config.ts": CONFIG, "page.md": "before\n"})
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(here / "page.md"))
    assert main(["check"]) == 1
    assert (here / "page.md").read_text() == "before\n"
    assert main(["check", "--format", "github"]) == 1
    text = (here / "page.md").read_text()
    assert text.startswith("before\n## policy-bot: 1 error in 1 project\n")
    assert "### Blocks merging (1)\n\n**Error: Streams, but stops too early** · `timeout/too-short`" in text
    assert "- `sst.config.ts:9`: " in text
    capsys.readouterr()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(here / "nowhere" / "page.md"))
    assert main(["check", "--format", "github"]) == 1
    assert capsys.readouterr().err == "policy-bot: GITHUB_STEP_SUMMARY: No such file or directory\n"


def test_every_format_is_a_document_if_there_is_no_project(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, **{"apps/readme.md": "", "sst.config.ts": CLEAN})
    (here / "sst.config.ts").unlink()
    said = "policy-bot: no SST project below apps (no sst.config.ts): nothing was checked"
    for form in FORMATS:
        assert main(["check", "apps", "--format", form]) == 2
        output = capsys.readouterr()
        assert output.err == f"{said}; --allow-no-project accepts that\n"
        assert output.out
        assert main(["check", "apps", "--format", form, "--allow-no-project"]) == 0
        assert capsys.readouterr().err == ("" if form == "text" else f"{said}\n")


def test_ignored_projects_are_reported_and_are_projects(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = 'paths: { ignore: ["apps/**"] }\n'
    write(here, **{".github/policy-bot.yml": settings, "apps/a/sst.config.ts": CONFIG, "apps/b.md": ""})
    assert main(["check"]) == 0
    said = "1 project ignored by `apps/**` of .github/policy-bot.yml:1 (repository).\n"
    assert capsys.readouterr() == (said, "")
    assert main(["check", "--format", "json"]) == 0
    document = found(capsys)
    assert document["ignored"] == [
        {
            "path": "apps/a/sst.config.ts",
            "pattern": "apps/**",
            "source": ".github/policy-bot.yml:1 (repository)",
        }
    ]
    assert document["summary"]["ignored"] == 1  # type: ignore[index]
    for form in ("github", "junit"):
        assert main(["check", "--format", form]) == 0
        assert "ignored" in capsys.readouterr().out
    write(here, **{"sst.config.ts": CLEAN})
    assert main(["check"]) == 0
    assert capsys.readouterr().out.replace("\n", " ").endswith(f" {said.strip()} ")


def test_a_link_to_a_folder_outside_is_reported(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inside, outside = here / "inside", here / "outside"
    write(inside, **{"sst.config.ts": CLEAN, "apps/readme.md": ""})
    write(outside, **{"sst.config.ts": CONFIG})
    (inside / "apps" / "web").symlink_to(outside)
    (inside / "same").symlink_to("apps")
    os.chdir(inside)
    assert main(["check"]) == 0
    said = "policy-bot: links that leave the checkout are not followed: apps/web\n"
    assert capsys.readouterr().err == said


def test_what_does_not_parse_is_not_clean(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{"sst.config.ts": "export default $config({ app: ( });\n"})
    assert main(["check", "--format", "json"]) == 1
    [problem] = found(capsys)["problems"]  # type: ignore[misc]
    assert (problem["file"], problem["line"]) == ("sst.config.ts", 1)


def test_a_path_may_be_a_folder_or_a_config_and_stays_relative(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, **{"apps/a/sst.config.ts": CONFIG, "apps/b/sst.config.ts": CONFIG})
    for path, projects in (
        ("apps", ["apps/a/sst.config.ts", "apps/b/sst.config.ts"]),
        ("apps/b", ["apps/b/sst.config.ts"]),
        ("apps/a/sst.config.ts", ["apps/a/sst.config.ts"]),
    ):
        assert main(["check", path, "--format", "json"]) == 1
        assert [project["path"] for project in found(capsys)["projects"]] == projects  # type: ignore[attr-defined]


def test_a_file_that_is_no_source_is_no_config(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{"sst.config.ts": CLEAN, "package.json": "{}", "infra/other.config.ts": CLEAN})
    assert main(["check", "package.json"]) == 2
    said = "policy-bot: package.json: not an SST config; give the sst.config.ts or its folder\n"
    assert capsys.readouterr() == ("", said)
    assert main(["check", "infra/other.config.ts"]) == 0


def test_a_stage_may_be_chosen(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    staged = CONFIG.replace('"60 seconds"', '$app.stage === "qa" ? "60 seconds" : "300 seconds"')
    write(here, **{"sst.config.ts": staged})
    assert main(["check", "--stage", "production"]) == 0
    assert main(["check", "--stage", "qa"]) == 1
    assert main(["check"]) == 1  # the code names it
    capsys.readouterr()
    assert main(["inspect", "--stage", "qa", "--stage", "x", "--dev", "--format", "json"]) == 0
    contexts = found(capsys)["projects"][0]["contexts"]  # type: ignore[index]
    assert [(context["stage"], context["dev"]) for context in contexts] == [("qa", True), ("x", True)]


@pytest.mark.parametrize("stage", ["", "my stage!", "-x", "a" * 65])
@pytest.mark.parametrize("command", ["check", "inspect", "fix"])
def test_a_stage_that_sst_would_refuse_is_wrong_usage(
    here: Path, capsys: pytest.CaptureFixture[str], command: str, stage: str
) -> None:
    write(here, **{"sst.config.ts": CLEAN})
    with pytest.raises(SystemExit) as ended:
        main([command, f"--stage={stage}"])
    assert ended.value.code == 2
    assert "is not a valid stage name: use letters, digits and dashes" in capsys.readouterr().err


def test_settings_of_the_folder_are_in_force(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        here, **{"sst.config.ts": CONFIG, ".github/policy-bot.yml": "policies:\n  timeout/too-short: off\n"}
    )
    assert main(["check"]) == 0
    write(here, **{".github/policy-bot.yml": "policies:\n  timeout/too-short: {parameters: {least: 30}}\n"})
    assert main(["check"]) == 0
    write(here, **{".github/policy-bot.yml": "policies:\n  timeout/too-short: warning\n"})
    assert main(["check"]) == 0
    assert main(["check", "--fail-on", "warning"]) == 1
    capsys.readouterr()


def test_settings_in_error_end_with_2_and_name_the_line(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, **{"sst.config.ts": CONFIG, ".github/policy-bot.yml": "mode: enforce\npolices: {}\n"})
    assert main(["check"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert ".github/policy-bot.yml:2" in said.err


def test_a_policy_of_the_folder_judges_as_well(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{"sst.config.ts": CONFIG})
    main(["new-policy", "acme/too-slow", "--dir", ".github/policies"])
    main(["check"])
    assert "acme/too-slow" in capsys.readouterr().out


def test_inspect_shows_a_table_and_explains_a_function(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, **{"sst.config.ts": CONFIG})
    assert main(["inspect"]) == 0
    table = capsys.readouterr().out
    assert "FUNCTION  TIMEOUT  STREAMING  URL  WHERE" in table
    assert "Chat      60 s     yes" in table
    assert main(["inspect", "--explain", "Chat"]) == 0
    assert "timeout_seconds = 60" in capsys.readouterr().out


def test_inspect_names_the_functions_for_an_unknown_name(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, **{"sst.config.ts": CONFIG})
    assert main(["inspect", "--explain", "Nope"]) == 2
    said = "policy-bot: no function is named Nope; functions: Chat\n"
    assert capsys.readouterr() == ("", said)
    write(here, **{"sst.config.ts": "export default $config({ app() {}, run() {} });"})
    assert main(["inspect", "--explain", "Nope"]) == 2
    assert capsys.readouterr().err.endswith("there are none\n")


def test_the_same_folder_gives_the_same_bytes(here: Path) -> None:
    infra = "".join(f'new sst.aws.Function("F{n}", {{ handler: "a.b", timeout: {n} }});\n' for n in range(9))
    write(
        here, **{"sst.config.ts": CONFIG.replace("async run() {", 'async run() { await import("./infra");')}
    )
    write(here, **{"infra.ts": infra, "b/sst.config.ts": CONFIG, "a/sst.config.ts": CONFIG})
    command = [str(Path(sys.executable).with_name("policy-bot"))]
    for words in (["check", "--format", "json"], ["check", "--explain"], ["inspect", "--format", "json"]):
        outputs = {
            subprocess.run(
                [*command, *words], env={"PYTHONHASHSEED": seed}, capture_output=True, check=False
            ).stdout
            for seed in ("1", "2", "3")
        }
        assert len(outputs) == 1
        assert b"F8" in outputs.pop()


def test_a_finding_says_why_no_fix_is_offered(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    by_stage = 'timeout: $app.stage === "production" ? "60 seconds" : "600 seconds"'
    (here / "sst.config.ts").write_text(CONFIG.replace('timeout: "60 seconds"', by_stage))
    main(["check"])
    said = " ".join(capsys.readouterr().out.split())
    assert "fix none offered: it would change something else too, or not remove the finding" in said
    main(["check", "--format", "json"])
    [finding] = [
        each
        for each in json.loads(capsys.readouterr().out)["projects"][0]["findings"]
        if each["policy"] == "timeout/too-short"
    ]
    assert finding["no_fix"]["reason"] == "unproved"
