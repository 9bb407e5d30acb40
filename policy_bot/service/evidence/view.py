"""Prepares a stored verdict for its page, whatever version of the program stored it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policy_bot.policy.fact_names import called
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
        finding["table"] = _table(finding, contexts.get(finding["project"], []))
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
        "compared": [],
        "new": True,
        "cause": number,
        **stored,
    }
    # the first version also set `gates` on findings that the base already has
    finding["gates"] = stored["gates"] and conclusion == "failure" and finding["new"]
    finding["fixes"] = [
        {"title": each, "hunks": []} if isinstance(each, str) else each for each in stored["fixes"]
    ]
    finding["standing"] = _effect(finding)
    return finding


def _section(finding: dict[str, Any], judgement: dict[str, Any]) -> str:
    if finding["excuse"]:
        return "excused"
    if not finding["new"] and judgement["occasion"] == "change":
        return "older"
    if finding["gates"]:
        return "blocking"
    return "unknown" if finding["verdict"] == "unknown" else "open"


def _effect(finding: dict[str, Any]) -> str:
    """The finding's effect on merging, in words."""
    excuse = finding["excuse"]
    if excuse:
        return f"excused until {wording.day(excuse['expires'])}" if excuse["expires"] else "excused"
    if finding["gates"]:
        return "blocks merging"
    if not finding["new"]:
        return "existed before, does not block merging"
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


def _table(finding: dict[str, Any], contexts: list[str]) -> dict[str, Any] | None:
    """Values by subject and stage; None if there is nothing to compare.

    Each deciding value has a row; other values that the rule uses only if they differ. Verdicts that were
    stored without the values of passing stages say "no finding" there.
    """
    deciding = {(each["subject"], name) for each in finding["stages"] for name, _ in each["values"]}
    found = {(each["subject"], each["stage"]) for each in finding["stages"]}
    listed = [*finding["compared"], *finding["stages"]]
    columns = list(dict.fromkeys((*contexts, *(each["stage"] for each in listed))))
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for each in listed:
        for name, value in each["values"]:
            rows.setdefault((each["subject"], name), {})[each["stage"]] = wording.quantity(name, value)
    empty = "not deployed" if finding["compared"] else "no finding"
    shown = {  # as keys: several facts may have the same words
        (subject, called(name), tuple(cells.get(stage, empty) for stage in columns)): None
        for (subject, name), cells in sorted(rows.items(), key=lambda row: row[0][0])
        if (subject, name) in deciding or len(set(cells.values())) > 1
    }
    if not shown or (len(columns) < 2 and len(shown) < 2):
        return None
    return {
        "columns": columns,
        "rows": [
            {
                "subject": subject,
                "fact": fact,
                "cells": [
                    (cell, (subject, stage) in found) for cell, stage in zip(cells, columns, strict=True)
                ],
                "differs": len(set(cells)) > 1,
            }
            for subject, fact, cells in shown
        ],
    }
