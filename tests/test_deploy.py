"""Alerts, dashboard and proxy configs that operators copy name only what exists."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry

from policy_bot.service.metrics import _Service
from policy_bot.service.store import schema
from policy_bot.service.store.store import Store

DEPLOY = Path(__file__).parents[1] / "deploy"
RULES = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"][0]["rules"]
NAME = re.compile(r"policy_bot_[a-z_]+")


@pytest.fixture(scope="module")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every series that the service shows, with the endings of counters and histograms."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('state')}/policy-bot.sqlite3")
    schema.migrate(store.engine)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Service(store))
    names = {
        name
        for metric in registry.collect()
        for name in (
            metric.name,
            f"{metric.name}_total" if metric.type == "counter" else f"{metric.name}_bucket",
        )
    }
    store.close()
    return names


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_asks_for_metrics_that_exist(rule: dict[str, str], metrics: set[str]) -> None:
    asked = set(NAME.findall(rule["expr"]))
    assert asked
    assert asked <= metrics


def test_the_dashboard_asks_for_metrics_that_exist(metrics: set[str]) -> None:
    text = (DEPLOY / "dashboard.json").read_text()
    assert set(NAME.findall(text)) <= metrics


def test_the_dashboard_is_fresh() -> None:
    made = runpy.run_path(str(DEPLOY / "dashboard.py"))["dashboard"]()
    assert json.loads((DEPLOY / "dashboard.json").read_text()) == made


def test_no_panel_covers_another() -> None:
    places = [panel["gridPos"] for panel in json.loads((DEPLOY / "dashboard.json").read_text())["panels"]]
    cells = [(x, place["y"]) for place in places for x in range(place["x"], place["x"] + place["w"])]
    assert len(cells) == len(set(cells))


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_a_proxy_takes_what_github_sends_and_hides_the_probes(name: str) -> None:
    text = (DEPLOY / name).read_text()
    assert re.search(r"25\s?M", text, re.IGNORECASE)
    for path in ("healthz", "readyz", "metrics"):
        assert path in text
