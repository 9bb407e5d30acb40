"""The boundary is the git root: the same verdict in every current folder, and nothing beyond."""

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from policy_bot.cli.boundary import config_above, target
from policy_bot.cli.folder import FolderTree
from policy_bot.cli.main import main
from policy_bot.cli.problem import Problem
from tests.cli.test_check import CLEAN, write
from tests.cli.test_main import CONFIG

WAIVED = """\
waivers:
  - policy: timeout/too-short
    path: apps/web/sst.config.ts
    reason: moves in Q3
    expires: 2999-01-01
    approved-by: "@acme/platform"
"""
SHARED = CONFIG.replace('"60 seconds"', "shared.timeout").replace(
    "async run() {", 'async run() {\n    const { shared } = await import("../../shared/limits");'
)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "shop"
    (root / ".git").mkdir(parents=True)
    (root / "apps" / "web" / "src").mkdir(parents=True)
    monkeypatch.chdir(root)
    return root


def check(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict]:
    status = main(["check", "--format", "json", *words])
    return status, json.loads(capsys.readouterr().out)


def verdicts(document: dict) -> list[tuple[str, str, tuple[str, ...]]]:
    found = [finding for project in document["projects"] for finding in project["findings"]]
    return sorted((each["policy"], each["verdict"], tuple(each["contexts"])) for each in found)


def test_settings_waivers_policies_and_the_lockfile_of_the_root_hold_in_a_folder_below(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = '{"packages": {"node_modules/sst": {\n"version": "3.9.1"}}}'
    write(checkout, **{"apps/web/sst.config.ts": CONFIG, "package-lock.json": lock})
    write(checkout, **{".github/policy-bot.yml": WAIVED})
    main(["new-policy", "acme/too-slow", "--dir", ".github/policies"])
    capsys.readouterr()
    status, at_root = check(capsys)
    monkeypatch.chdir(checkout / "apps" / "web")
    assert check(capsys)[0] == status
    _, below = check(capsys)
    assert verdicts(below) == verdicts(at_root)
    [project] = below["projects"]
    assert project["path"] == "sst.config.ts"
    assert project["sst"] == {"version": "3.9.1", "evidence": "../../package-lock.json locks sst 3.9.1"}
    assert below["summary"]["excused"] == 1
    [excused] = [finding for finding in project["findings"] if "excuse" in finding]
    assert excused["file"] == "sst.config.ts"
    assert excused["excuse"]["source"] == "../../.github/policy-bot.yml:2 (repository)"
    assert {f["fingerprint"] for f in project["findings"]} == {
        f["fingerprint"] for f in at_root["projects"][0]["findings"]
    }


def test_an_import_from_a_sibling_folder_is_followed_up_to_the_root_and_not_beyond(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(checkout, **{"apps/web/sst.config.ts": SHARED})
    write(checkout, **{"shared/limits.ts": 'export const shared = { timeout: "60 seconds" };'})
    monkeypatch.chdir(checkout / "apps" / "web")
    status, document = check(capsys)
    found = {(each["policy"], each["file"]) for each in document["projects"][0]["findings"] if each["fails"]}
    assert (status, found) == (1, {("timeout/too-short", "sst.config.ts")})
    (checkout / ".git").rmdir()  # now the folder itself is the boundary
    status, document = check(capsys)
    assert status == 0
    assert {finding["verdict"] for finding in document["projects"][0]["findings"]} == {"unknown"}


def test_without_a_checkout_a_config_is_read_up_to_the_current_folder(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(checkout, **{"apps/web/sst.config.ts": SHARED})
    write(checkout, **{"shared/limits.ts": 'export const shared = { timeout: "60 seconds" };'})
    (checkout / ".git").rmdir()
    assert check(capsys, "apps/web/sst.config.ts")[0] == 1
    monkeypatch.chdir(checkout / "shared")
    status, document = check(capsys, "../apps/web/sst.config.ts")
    assert status == 0
    assert {finding["verdict"] for finding in document["projects"][0]["findings"]} == {"unknown"}


def test_inside_a_project_the_config_above_is_found(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(checkout, **{"sst.config.ts": CLEAN, "apps/web/sst.config.ts": CONFIG})
    monkeypatch.chdir(checkout / "apps" / "web" / "src")
    status, document = check(capsys)
    assert (status, [project["path"] for project in document["projects"]]) == (1, ["../sst.config.ts"])
    assert main(["inspect", "--format", "json"]) == 0
    [project] = json.loads(capsys.readouterr().out)["projects"]
    assert project["contexts"][0]["functions"][0]["file"] == "../sst.config.ts"


def test_several_paths_absolute_ones_and_those_above_work_inside_the_boundary(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(checkout, **{f"apps/{name}/sst.config.ts": CONFIG for name in ("a", "b", "web")})
    monkeypatch.chdir(checkout / "apps" / "web")
    for words in (["../a", "../b/sst.config.ts"], [str(checkout / "apps" / "a"), "../b"]):
        _, document = check(capsys, *words)
        paths = [project["path"] for project in document["projects"]]
        assert paths == ["../a/sst.config.ts", "../b/sst.config.ts"]
    _, document = check(capsys, "..")
    assert len(document["projects"]) == 3


def test_one_works_anywhere(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        checkout, **{"sst.config.ts": CONFIG, ".github/policy-bot.yml": "policies: {timeout/too-short: off}"}
    )
    monkeypatch.chdir(checkout.parent)
    status, document = check(capsys, "shop")
    assert (status, document["projects"][0]["path"]) == (0, "shop/sst.config.ts")


def test_paths_of_different_checkouts_are_refused(checkout: Path) -> None:
    (checkout.parent / "other" / ".git").mkdir(parents=True)
    with pytest.raises(Problem, match="not in one git checkout"):
        target([".", "../other"])


def test_a_worktree_and_a_submodule_have_a_file_for_git(checkout: Path) -> None:
    (checkout / "apps" / ".git").write_text("gitdir: elsewhere")
    assert target(["apps/web"]).tree.root == str(checkout / "apps")


@pytest.mark.parametrize("path", ["nowhere", "apps/nowhere/x", "../nowhere"])
def test_an_invalid_path_is_refused_in_one_line(checkout: Path, path: str) -> None:
    with pytest.raises(Problem, match=f"^{path}: no such file or folder$"):
        target([path])


def test_the_search_upwards_ends_at_the_boundary(checkout: Path) -> None:
    write(checkout.parent, **{"sst.config.ts": CLEAN})
    assert config_above(FolderTree(checkout), "apps/web") is None


def test_fix_writes_the_file_that_it_names(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(checkout, **{"apps/web/sst.config.ts": CONFIG})
    monkeypatch.chdir(checkout / "apps" / "web" / "src")
    assert main(["fix"]) == 0
    assert "../sst.config.ts:9 timeout/too-short: " in capsys.readouterr().err
    assert '"300 seconds"' in (checkout / "apps" / "web" / "sst.config.ts").read_text()


def test_waivers_that_excuse_nothing_are_reported_if_everything_was_judged(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(checkout, **{"apps/web/sst.config.ts": CLEAN, ".github/policy-bot.yml": WAIVED})
    _, document = check(capsys)
    [notice] = document["settings"]
    assert (notice["file"], notice["line"]) == (".github/policy-bot.yml", 2)
    assert "excuses nothing" in notice["message"]
    assert check(capsys, "--stage", "production")[1]["settings"] == []
    monkeypatch.chdir(checkout / "apps" / "web")
    assert check(capsys)[1]["settings"] == []


def test_cannot_tell_may_fail_the_check(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(checkout, **{"sst.config.ts": CONFIG.replace('"60 seconds"', "process.env.T")})
    assert check(capsys)[0] == 0
    assert check(capsys, "--fail-on", "warning")[0] == 0
    assert check(capsys, "--fail-on", "unknown")[0] == 1
    assert check(capsys, "--fail-on", "warning,unknown")[0] == 1
    assert check(capsys, "--fail-on", "unknown", "--exit-zero")[0] == 0
    with pytest.raises(SystemExit):
        main(["check", "--fail-on", "everything"])


def test_a_folder_that_may_not_be_read_is_a_named_problem(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Docker volume, say. The administrator may read everything, so the system call is made to refuse."""
    write(checkout, **{"sst.config.ts": CONFIG, "data/postgres/base": ""})
    listed = os.scandir

    def refusing(place: str) -> Iterator[os.DirEntry[str]]:
        if str(place).endswith("data"):
            raise PermissionError(errno.EACCES, "Permission denied", str(place))
        return listed(place)

    monkeypatch.setattr(os, "scandir", refusing)
    status, document = check(capsys)
    assert status == 1
    [problem] = document["problems"]
    assert (problem["file"], "permission denied" in problem["message"]) == ("data", True)
    assert [finding["policy"] for finding in document["projects"][0]["findings"]] == ["timeout/too-short"]
    assert main(["inspect"]) == 0
    assert "data" in capsys.readouterr().err
    assert main(["fix", "--diff"]) == 1
    assert "data:1 left: error config/unreadable" in capsys.readouterr().err
    assert check(capsys, "--exclude", "data")[1]["problems"] == []
    (checkout / ".gitignore").write_text("data/\n")
    assert check(capsys)[1]["problems"] == []


def test_what_git_leaves_out_is_left_out(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(checkout, **{"sst.config.ts": CLEAN, "build/x/sst.config.ts": CONFIG, ".gitignore": "build/\n"})
    write(checkout, **{"apps/.gitignore": "*\n!web\n!web/**\n", "apps/web/sst.config.ts": CLEAN})
    write(checkout, **{"apps/old/sst.config.ts": CONFIG})
    assert [project["path"] for project in check(capsys)[1]["projects"]] == [
        "apps/web/sst.config.ts",
        "sst.config.ts",
    ]
    assert len(check(capsys, "--no-gitignore")[1]["projects"]) == 4
    assert len(check(capsys, "build/x")[1]["projects"]) == 1  # it was named


def test_settings_that_are_not_read_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "apps/web/.github").mkdir(parents=True)
    (tmp_path / "apps/web/sst.config.ts").write_text(CONFIG)
    (tmp_path / "apps/web/.github/policy-bot.yml").write_text("mode: evaluate\n")
    (tmp_path / ".policy-bot.yml").write_text("mode: evaluate\n")
    monkeypatch.chdir(tmp_path / "apps/web")
    assert main(["check"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "policy-bot: ../../.policy-bot.yml is not read: settings are read from ../../.github/policy-bot.yml",
        "policy-bot: .github/policy-bot.yml is not read: settings are read from ../../.github/policy-bot.yml",
    ]
    assert main(["new-policy", "acme/mine"]) == 0
    assert (tmp_path / ".github/policies/acme/mine.md").is_file()
    assert main(["new-policy", "timeout/mine"]) == 0
    assert "such as acme/" in capsys.readouterr().out
