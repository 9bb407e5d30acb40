"""JSON, SARIF, workflow commands and JUnit say the same as the text, each in its own words."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from policy_bot.cli.output import github, junit, sarif
from policy_bot.cli.output import json as json_format
from policy_bot.cli.report import Report
from policy_bot.policy import builtin
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Judgement
from policy_bot.policy.pages import purpose
from policy_bot.policy.policy import Policy
from policy_bot.policy.settings import Notice, Settings, SettingSource
from tests.cli.examples import (
    BROKEN,
    CLEAN,
    EMPTY,
    MIXED,
    ON_TRIAL,
    PROJECT,
    TOO_SHORT,
    TREE,
    UNREAD,
    Places,
)

EXCUSE = "excused until 2027-01-31: moves in Q3 (@acme/platform; .github/policy-bot.yml:4)"


def test_json_keeps_to_its_schema() -> None:
    document = json.loads(json_format.render(MIXED))
    assert document["schema"] == "policy-bot.check/1"
    [project] = document["projects"]
    assert project["path"] == "sst.config.ts"
    assert project["sst"] == {"version": "4.17.1", "evidence": "package-lock.json"}
    found = {(finding["policy"], finding["verdict"]): finding for finding in project["findings"]}
    error = found["timeout/too-short", "fail"]
    # columns count characters: the `ä` before is one, not two
    assert (error["file"], error["line"], error["column"], error["end_column"]) == (
        "sst.config.ts",
        5,
        89,
        101,
    )
    assert error["contexts"] == ["production", "sst dev"]
    [edit] = error["fix"]["edits"]
    content = TREE.read(edit["file"])
    assert content is not None
    assert content[edit["start"] : edit["end"]] == b'"60 seconds"'
    assert "fix" not in found["timeout/too-short", "unknown"]
    assert document["summary"] == {
        "projects": 1,
        "ignored": 0,
        "errors": 1,
        "warnings": 1,
        "notices": 0,
        "unknown": 1,
        "excused": 1,
        "not_enforced": 0,
        "problems": 0,
        "fixes_not_tried": 0,
        "failing": 1,
    }


def test_json_says_why_a_finding_does_not_weigh() -> None:
    [project] = json.loads(json_format.render(MIXED))["projects"]
    [excuse] = [finding["excuse"] for finding in project["findings"] if "excuse" in finding]
    assert excuse == {
        "kind": "waiver",
        "reason": "moves in Q3",
        "expires": "2027-01-31",
        "approved_by": "@acme/platform",
        "source": ".github/policy-bot.yml:4",
    }
    document = json.loads(json_format.render(ON_TRIAL))
    later, evaluated = document["projects"][0]["findings"]
    assert later["not_enforced"]["mode"] == "enforce from 2027-03-01"
    assert evaluated["not_enforced"] == {"mode": "evaluate", "source": "policy-bot.yml:3 (organisation)"}
    assert document["summary"]["not_enforced"] == 2


def test_every_format_says_what_is_not_enforced_and_what_is_wrong_with_the_settings() -> None:
    for form in (github, junit, sarif):
        said = form.render(ON_TRIAL)
        assert "not enforced: mode evaluate, set by policy-bot.yml:3 (organisation)" in said
        assert "not enforced: mode enforce from 2027-03-01, set by .github/policy-bot.yml:2" in said
        assert "the waiver of `ops/logging` ended" in said
    [notice] = json.loads(json_format.render(ON_TRIAL))["settings"]
    assert notice == {
        "level": "error",
        "file": ".github/policy-bot.yml",
        "line": 4,
        "message": "the waiver of `ops/logging` ended",
    }


def test_junit_of_no_project_has_a_skipped_case() -> None:
    [case] = ElementTree.fromstring(junit.render(EMPTY)).findall(".//testcase")
    assert [child.get("message") for child in case] == ["there is no SST project"]


def test_junit_never_shows_as_passed_what_is_not_enforced() -> None:
    cases = ElementTree.fromstring(junit.render(ON_TRIAL)).findall(".//testcase")
    assert [[child.tag for child in case] for case in cases] == [["skipped"]] * 3


def test_json_says_what_could_not_be_judged() -> None:
    document = json.loads(json_format.render(BROKEN))
    [problem] = document["problems"]
    assert document["projects"][0]["findings"] == [problem]
    assert problem["policy"] == "config/syntax-error"
    assert (problem["file"], problem["line"], problem["column"]) == ("sst.config.ts", 7, 3)
    assert problem["message"] == "`sst.config.ts` could not be read from here on: unexpected `}`."


def test_sarif_has_a_rule_for_each_policy_and_points_at_it() -> None:
    [run] = json.loads(sarif.render(MIXED))["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    by_level = {(result["ruleId"], result["level"]) for result in run["results"]}
    assert by_level == {
        ("ops/logging", "warning"),
        ("streaming/excused", "note"),
        ("timeout/too-short", "error"),
        ("timeout/too-short", "note"),
    }


def test_sarif_says_a_cannot_tell_a_waiver_and_a_fix_in_its_own_words() -> None:
    [run] = json.loads(sarif.render(MIXED))["runs"]
    unknown = next(result for result in run["results"] if result["properties"]["verdict"] == "unknown")
    assert (unknown["kind"], unknown["level"]) == ("fail", "note")
    assert unknown["message"]["text"].startswith("Cannot tell")
    excused = next(result for result in run["results"] if result["ruleId"] == "streaming/excused")
    assert excused["suppressions"] == [{"kind": "external", "justification": EXCUSE}]
    [fix] = next(result["fixes"] for result in run["results"] if "fixes" in result)
    [replacement] = fix["artifactChanges"][0]["replacements"]
    assert replacement == {
        "deletedRegion": {"startLine": 5, "startColumn": 89, "endLine": 5, "endColumn": 101},
        "insertedContent": {"text": '"300 seconds"'},
    }


def test_sarif_has_an_alert_for_what_could_not_be_judged() -> None:
    [run] = json.loads(sarif.render(BROKEN))["runs"]
    [rule] = run["tool"]["driver"]["rules"]
    [result] = run["results"]
    assert (rule["id"], result["ruleId"], result["level"]) == (*["config/syntax-error"] * 2, "error")
    assert not run["invocations"][0]["executionSuccessful"]
    region = {"startLine": 7, "startColumn": 3, "endLine": 7, "endColumn": 9}
    assert result["locations"][0]["physicalLocation"]["region"] == region


def test_sarif_brings_the_page_of_each_policy() -> None:
    judge = Judge(builtin.load(), Settings.default())
    [run] = json.loads(sarif.render(replace(MIXED, judge=judge)))["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    rule = rules["timeout/too-short"]
    assert rule["fullDescription"]["text"].startswith("Requires a long timeout for every function")
    assert (rule["name"], rule["helpUri"].endswith("/docs/policies/timeout/too-short.md")) == (
        "TimeoutTooShort",
        True,
    )
    assert rule["help"]["markdown"].startswith("# timeout/too-short")
    assert "## Why it is bad" in rule["help"]["text"]
    assert rule["properties"] == {"precision": "high", "tags": ["sst", "timeout"]}
    assert "help" not in rules["streaming/excused"]  # no policy of this name is in force


@pytest.mark.parametrize("policy", builtin.load(), ids=lambda policy: policy.id)
def test_each_policy_says_in_a_sentence_what_it_does(policy: Policy) -> None:
    text = purpose(policy)
    assert 20 < len(text) < 1000
    assert not set(text) & set("#`|\n")


def test_a_remark_on_the_organisations_settings_has_no_line_in_this_repository() -> None:
    notice = Notice("ended", SettingSource("organisation", "policy-bot.yml", 4, 5), "error")
    judge = Judge((), replace(Settings.default(), notices=(notice,)))
    report = replace(CLEAN, judge=judge)
    assert github.render(report).startswith("::error title=policy-bot settings::policy-bot.yml:4: ended\n")
    [run] = json.loads(sarif.render(report))["runs"]
    [said] = run["invocations"][0]["toolConfigurationNotifications"]
    assert said == {"level": "error", "message": {"text": "policy-bot.yml:4: ended"}}


def test_sarif_does_not_call_a_run_successful_that_could_not_see() -> None:
    [run] = json.loads(sarif.render(BROKEN))["runs"]
    [invocation] = run["invocations"]
    assert not invocation["executionSuccessful"]
    assert len(invocation["toolExecutionNotifications"]) == 1


def test_workflow_commands_are_on_their_lines() -> None:
    assert github.render(MIXED).splitlines() == [
        "::warning file=sst.config.ts,line=5,endLine=5,title=ops/logging,col=52,endColumn=67"
        "::A warning. (production, sst dev)",
        "::notice file=sst.config.ts,line=5,endLine=5,title=streaming/excused,col=69,endColumn=78"
        "::`Chät` streams its answer and is cut off after 60 seconds; at least 300 seconds are asked for."
        f" (production, sst dev)%0A{EXCUSE}",
        "::error file=sst.config.ts,line=5,endLine=5,title=timeout/too-short,col=89,endColumn=101"
        "::`Chät` streams its answer and is cut off after 60 seconds; at least 300 seconds are asked for."
        " (production, sst dev)",
        "::notice file=sst.config.ts,line=6,endLine=6,title=timeout/too-short,col=61,endColumn=74"
        "::Cannot tell: `timeout` is unknown: process.env is not known. (production, sst dev)",
        "policy-bot: findings: 1 failing of 4",
    ]


@pytest.mark.parametrize(
    "hostile", ["x\n::set-output name=a::b", "x\r\n::error::y", "100%0A::stop-commands::z"]
)
def test_a_message_cannot_become_a_command_of_its_own(hostile: str) -> None:
    finding = replace(TOO_SHORT, message=hostile, policy="a,line=1::b")
    report = Report(Judgement((PROJECT,), (finding,)), Places(TREE))
    first, _ = github.render(report).splitlines()
    assert first.startswith("::error ")
    assert "title=a%2Cline=1%3A%3Ab" in first


def test_junit_counts_failures_and_skips_what_is_unknown() -> None:
    root = ElementTree.fromstring(junit.render(MIXED))
    [suite] = root
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "1", "2")
    assert len(root.findall(".//failure")) == 1
    assert len(root.findall(".//skipped")) == 2  # what is excused has not passed, either
    assert root.get("failures") == "1"


def test_junit_of_a_clean_project_has_one_passed_case_and_of_a_broken_one_an_error() -> None:
    [case] = ElementTree.fromstring(junit.render(CLEAN)).findall(".//testcase")
    assert list(case) == []
    [suite] = ElementTree.fromstring(junit.render(BROKEN))
    [case] = suite
    assert (suite.get("name"), suite.get("tests"), suite.get("errors")) == ("sst.config.ts", "1", "1")
    name = 'problem "sst.config.ts" in sst.config.ts'
    assert (case.get("name"), [child.tag for child in case]) == (name, ["error"])


def test_junit_has_what_belongs_to_no_project_in_a_suite_of_its_own() -> None:
    elsewhere = replace(UNREAD, project="data", span=UNREAD.span._replace(path="data"))
    root = ElementTree.fromstring(junit.render(Report(Judgement((PROJECT,), (elsewhere,)), Places(TREE))))
    assert [(suite.get("name"), suite.get("errors")) for suite in root] == [
        ("sst.config.ts", "0"),
        ("of no project", "1"),
    ]
    assert (root.get("tests"), root.get("errors")) == ("2", "1")


def test_a_name_in_junit_stays_when_lines_move_and_is_the_only_one() -> None:
    twin = replace(TOO_SHORT, span=TOO_SHORT.span._replace(line=9))
    report = Report(Judgement((PROJECT,), (TOO_SHORT, twin)), Places(TREE))
    cases = ElementTree.fromstring(junit.render(report)).findall(".//testcase")
    name = 'function "Chät" in sst.config.ts'
    assert [case.get("name") for case in cases] == [name, f"{name} #2"]


def test_junit_is_xml_whatever_a_message_holds() -> None:
    finding = replace(TOO_SHORT, message="]]> <b> \x00 & \ud800 \"'", subject="<&\x01>")
    ElementTree.fromstring(junit.render(Report(Judgement((PROJECT,), (finding,)), Places(TREE))))
