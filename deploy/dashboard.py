"""Writes deploy/dashboard.json, a Grafana dashboard: `python deploy/dashboard.py`. A test keeps it fresh."""

from __future__ import annotations

import json
from pathlib import Path

PANELS = [
    # title, width in 24ths, kind, unit, queries as (expression, legend)
    ("Repositories by verdict", 12, "timeseries", "short", [("policy_bot_repositories", "{{verdict}}")]),
    ("Open findings by policy", 12, "timeseries", "short", [('sum by (policy) (policy_bot_findings{severity!="excused"})', "{{policy}}")]),  # noqa: E501
    ("Event to verdict, 95 %", 8, "timeseries", "s", [("histogram_quantile(0.95, sum by (le) (rate(policy_bot_verdict_age_seconds_bucket[15m])))", "95 %")]),  # noqa: E501
    ("Oldest waiting work", 8, "timeseries", "s", [("max by (class) (policy_bot_oldest_due_seconds)", "{{class}}")]),  # noqa: E501
    ("Queue", 8, "timeseries", "short", [("sum by (state) (policy_bot_due_rows)", "{{state}}")]),
    ("Deliveries a second", 8, "timeseries", "reqps", [("sum by (status) (rate(policy_bot_deliveries_total[5m]))", "{{status}}")]),  # noqa: E501
    ("Evaluations a second", 8, "timeseries", "ops", [("sum by (result) (rate(policy_bot_evaluations_total[5m]))", "{{result}}")]),  # noqa: E501
    ("Remaining GitHub limit", 8, "timeseries", "percentunit", [("policy_bot_github_remaining / policy_bot_github_limit", "{{installation}} {{resource}}")]),  # noqa: E501
    ("Lost events recovered", 8, "timeseries", "short", [("increase(policy_bot_swept_total[1h])", "swept"), ("increase(policy_bot_redeliveries_total[1h])", "redelivered")]),  # noqa: E501
    ("Version", 4, "stat", "short", [("policy_bot_build_info", "{{version}}")]),
]  # fmt: skip
SOURCE = {"type": "prometheus", "uid": "${source}"}
HEIGHT = 8


def dashboard() -> dict[str, object]:
    """The dashboard as Grafana imports it."""
    return {
        "title": "policy-bot",
        "uid": "policy-bot",
        "schemaVersion": 39,
        "time": {"from": "now-7d", "to": "now"},
        "refresh": "1m",
        "templating": {"list": [{"name": "source", "type": "datasource", "query": "prometheus"}]},
        "panels": list(_panels()),
    }


def _panels() -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    x = y = 0
    for number, (title, width, kind, unit, queries) in enumerate(PANELS, 1):
        if x + width > 24:
            x, y = 0, y + HEIGHT
        made.append(
            {
                "id": number,
                "title": title,
                "type": kind,
                "datasource": SOURCE,
                "gridPos": {"x": x, "y": y, "w": width, "h": HEIGHT},
                "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
                "targets": [
                    {
                        "refId": chr(64 + place),
                        "datasource": SOURCE,
                        "expr": expression,
                        "legendFormat": legend,
                    }
                    for place, (expression, legend) in enumerate(queries, 1)
                ],
            }
        )
        x += width
    return made


if __name__ == "__main__":
    Path(__file__).with_suffix(".json").write_text(json.dumps(dashboard(), indent=2) + "\n")
