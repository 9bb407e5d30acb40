"""Output of `policy-bot settings`, as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from policy_bot.cli.output.style import WIDTH, wrap
from policy_bot.policy.merging import shown

if TYPE_CHECKING:
    from policy_bot.policy.settings import Decision, Notice, Settings, SettingSource, Waiver
    from policy_bot.policy.settingsreport import SettingRow

_WIDEST = 50


def table(rows: list[SettingRow], settings: Settings) -> Iterator[str]:
    """A line for each setting, or two for long ones; then the waivers and notices."""
    cells = [("SETTING", "VALUE", "SET BY")]
    cells += [(row.address, row.value, str(row.decision.source)) for row in rows]
    first = min(max(len(address) for address, _, _ in cells), _WIDEST)
    for address, value, source in cells:
        lines = (f"{address:{first}}  {value:11}  {source}", f"{address}  {value}  {source}")
        fits = next((line for line in lines if len(line) <= WIDTH), None)
        yield from [fits] if fits else [address, *wrap(f"{value}  {source}", "    ", "      ")]
    for waiver in settings.waivers:
        yield from wrap(f"waiver: {_covered(waiver)} until {waiver.expires} ({waiver.source})", "", "  ")
    for notice in settings.notices:
        yield from wrap(f"{notice.level}: {notice}", "", "  ")


def trails(rows: Iterable[SettingRow], settings: Settings) -> Iterator[str]:
    """Each setting with the layers that set it, nearest first, and refused requests."""
    for row in rows:
        yield f"{row.address} = {row.value}"
        for step in row.trail:
            yield f"  {shown(step.value)}  set by {step.source}"
        for notice in _refused(row, settings):
            yield from wrap(str(notice), "  ", "    ")


def as_json(rows: Iterable[SettingRow], settings: Settings) -> str:
    """The report as data: the schema `policy-bot.settings/1`."""
    data = {
        "schema": "policy-bot.settings/1",
        "settings": [_row(row, settings) for row in rows],
        "waivers": [_waiver(waiver) for waiver in settings.waivers],
        "notices": [_notice(notice) for notice in settings.notices],
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _refused(row: SettingRow, settings: Settings) -> list[Notice]:
    return [notice for notice in settings.notices if notice.about == row.address]


def _covered(waiver: Waiver) -> str:
    where = f"{waiver.path} {waiver.subject}".strip()
    return f"{waiver.policy} at {where}" + (f" in {waiver.repository}" if waiver.repository else "")


def _row(row: SettingRow, settings: Settings) -> dict[str, object]:
    trail = [_decision(step) for step in row.trail[1:]]
    refused = [_notice(notice) for notice in _refused(row, settings)]
    return {"setting": row.address, **_decision(row.decision), "over": trail, "refused": refused}


def _decision(decision: Decision) -> dict[str, object]:
    plain = type(decision.value) in (str, int, float, bool, tuple)  # a mode is a tuple of another type
    return {"value": decision.value if plain else str(decision.value), **_source(decision.source)}


def _source(source: SettingSource) -> dict[str, object]:
    return {"layer": source.layer} | ({"file": source.path, "line": source.line} if source.path else {})


def _waiver(waiver: Waiver) -> dict[str, object]:
    named = ("policy", "repository", "path", "subject", "reason", "approved_by")
    about = {name: getattr(waiver, name) for name in named}
    return {**about, "expires": waiver.expires.isoformat(), **_source(waiver.source)}


def _notice(notice: Notice) -> dict[str, object]:
    return {"level": notice.level, "message": notice.message, **_source(notice.source)}
