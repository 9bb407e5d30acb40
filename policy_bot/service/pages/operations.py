"""The page for operators: due and failed work, and the limits in force."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from policy_bot.service.pages.access import Access
from policy_bot.service.store import overview, tallies

MOST_JOBS = 100


def blueprint(access: Access) -> Blueprint:
    """`/operations`."""
    pages = Blueprint("operations", __name__, template_folder="templates")

    @pages.get("/operations")
    def operations() -> str:
        if not access.required().is_operator:
            abort(403)
        store, now = access.store, access.store.now()
        depth, jobs, counted = store.read(
            lambda connection: (
                overview.depth(connection, now),
                overview.jobs(connection, now, MOST_JOBS),
                tallies.read(connection),
            )
        )
        return render_template("pages/operations.html", depth=depth, jobs=jobs, counted=_shown(counted))

    return pages


def _shown(counted: dict[tuple[str, str], float]) -> dict[str, dict[str, int]]:
    """The counters to show, with their labels and values."""
    groups: dict[str, dict[str, int]] = {}
    for (series, label), value in sorted(counted.items()):
        if series in ("deliveries", "evaluations", "redeliveries", "swept", "github_remaining"):
            groups.setdefault(series, {})[label] = int(value)
    return groups
