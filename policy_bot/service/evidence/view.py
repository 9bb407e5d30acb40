"""What a page shows of a stored verdict, whichever version of the program stored it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policy_bot.review import wording

SECTIONS = (
    ("blocking", "Blocks merging"),
    ("open", "Does not block merging"),
    ("unknown", "Cannot tell"),
    ("excused", "Excused"),
    ("older", "Already there before"),
)
_ON_BRANCH = {"open": "Found on this branch"}


def view(stored: dict[str, Any], conclusion: str) -> dict[str, Any]:
    """The stored judgement with every key that the page needs, and its findings by section and cause."""
    judgement = {
        "title": "",
        "pull": None,
        "occasion": "change",
        "basis": "",
        "notes": [],
        "policy": None,
        **stored,
    }
    judgement["projects"] = [{"streams": [], **project} for project in stored["projects"]]
    contexts = {project["path"]: project["contexts"] for project in stored["projects"]}
    findings = [_finding(each, number, conclusion) for number, each in enumerate(stored["findings"])]
    for finding in findings:
        finding["table"] = _table(finding["stages"], contexts.get(finding["project"], []))
    names = dict(SECTIONS) | (_ON_BRANCH if judgement["occasion"] == "branch" else {})
    placed = [
        (section, [f for f in findings if _section(f, judgement) == section]) for section, _ in SECTIONS
    ]
    judgement["findings"] = findings
    judgement["sections"] = [
        {"id": section, "name": names[section], "number": len(listed), "causes": list(_causes(listed))}
        for section, listed in placed
        if listed
    ]
    return judgement


def _finding(stored: dict[str, Any], number: int, conclusion: str) -> dict[str, Any]:
    finding = {
        "trial": "",
        "project": "",
        "names": [],
        "excerpt": None,
        "stages": [],
        "new": True,
        "cause": number,
        **stored,
    }
    # the first version stored what a policy weighs, also of what the base has already
    finding["gates"] = stored["gates"] and conclusion == "failure" and finding["new"]
    finding["fixes"] = [
        {"title": each, "hunks": []} if isinstance(each, str) else each for each in stored["fixes"]
    ]
    finding["standing"] = _standing(finding)
    return finding


def _section(finding: dict[str, Any], judgement: dict[str, Any]) -> str:
    if finding["excuse"]:
        return "excused"
    if not finding["new"] and judgement["occasion"] == "change":
        return "older"
    if finding["gates"]:
        return "blocking"
    return "unknown" if finding["verdict"] == "unknown" else "open"


def _standing(finding: dict[str, Any]) -> str:
    """What the finding means for merging, in words."""
    excuse = finding["excuse"]
    if excuse:
        return f"excused until {wording.day(excuse['expires'])}" if excuse["expires"] else "excused"
    if finding["gates"]:
        return "blocks merging"
    if not finding["new"]:
        return "was there before, does not block merging"
    if finding["trial"] and finding["severity"] == "error":
        return (
            "not enforced"
            if finding["trial"] == "evaluate"
            else f"not enforced until {wording.day(finding['trial'])}"
        )
    return "does not block merging"


def _causes(findings: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    groups: dict[int, list[dict[str, Any]]] = {}
    for finding in findings:
        groups.setdefault(finding["cause"], []).append(finding)
    for first, *others in groups.values():
        yield {"first": first, "others": others}


def _table(stages: list[dict[str, Any]], contexts: list[str]) -> dict[str, Any] | None:
    """Subjects and their deciding values against stages, also those without the finding; None if there is
    nothing to compare.
    """
    columns = list(dict.fromkeys((*contexts, *(each["stage"] for each in stages))))
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for each in stages:
        for name, value in each["values"]:
            rows.setdefault((each["subject"], name), {})[each["stage"]] = wording.quantity(name, value)
    if not rows or (len(columns) < 2 and len(rows) < 2):
        return None
    return {
        "columns": columns,
        "rows": [
            {
                "subject": subject,
                "fact": wording.fact_name(name),
                "cells": [cells.get(column, "") for column in columns],
                "differs": len(set(cells.values())) > 1,
            }
            for (subject, name), cells in rows.items()
        ],
    }
