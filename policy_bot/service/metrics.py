"""`/metrics` in Prometheus' format: the counters of all processes, and the depth of the queue."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from contextlib import suppress

from flask import Blueprint, Response, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from policy_bot import __version__
from policy_bot.service.counting import BOUNDS, Counting
from policy_bot.service.oneline import line
from policy_bot.service.store import overview, standings, tallies
from policy_bot.service.store.standings import VERDICTS, Overall
from policy_bot.service.store.store import Store
from policy_bot.service.store.tallies import Series
from policy_bot.service.store.writer import Overloaded

_COUNTERS = {
    "deliveries": ("Webhook deliveries by response status.", ("status",)),
    "evaluations": ("Evaluations by outcome.", ("result",)),
    "github_requests": ("Requests to GitHub.", ("installation", "resource")),
    "redeliveries": ("Failed deliveries requested again from GitHub.", ()),
    "swept": ("Open pull requests found by the sweep without a current verdict.", ()),
}
_HISTOGRAMS = {
    "evaluation_seconds": "Duration of evaluations.",
    "verdict_age_seconds": "Time from the event that made a pull request due to its verdict.",
    "accept_seconds": "Duration of accepting a delivery.",
}
_GAUGES = {
    "github_remaining": "Requests that remain until GitHub resets the limit.",
    "github_limit": "Request limit set by GitHub.",
}


class _Service(Collector):
    """Reads everything in one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterable[Metric]:
        counted, depth, overall = self._store.read(
            lambda connection: (
                tallies.read(connection),
                overview.depth(connection, self._store.now()),
                standings.overall(connection),
            )
        )
        build = GaugeMetricFamily("policy_bot_build_info", "This version.", labels=("version",))
        build.add_metric((__version__,), 1)
        yield build
        yield from _counters(counted)
        yield from _histograms(counted)
        yield from _gauges(counted)
        rows = GaugeMetricFamily("policy_bot_due_rows", "Queued work.", labels=("state", "class"))
        oldest = GaugeMetricFamily(
            "policy_bot_oldest_due_seconds", "Age of the oldest work.", labels=("class",)
        )
        for urgent in (True, False):
            for state in ("waiting", "running", "failed"):
                rows.add_metric((state, _class(urgent)), depth.rows.get((state, urgent), 0))
            oldest.add_metric((_class(urgent),), depth.oldest.get(urgent, 0.0))
        yield rows
        yield oldest
        yield from _audited(overall)
        yield GaugeMetricFamily("policy_bot_held_installations", "Paused installations.", depth.held)


def _audited(overall: Overall) -> Iterator[Metric]:
    """The results of the newest audits."""
    repositories = GaugeMetricFamily(
        "policy_bot_repositories", "Repositories by verdict of their newest audit.", labels=("verdict",)
    )
    for verdict in VERDICTS:
        repositories.add_metric((verdict,), overall.verdicts.get(verdict, 0))
    yield repositories
    findings = GaugeMetricFamily(
        "policy_bot_findings",
        "Findings of default branches; the severity may also be unknown or excused.",
        labels=("policy", "severity"),
    )
    for key, number in sorted(overall.found.numbers.items()):
        findings.add_metric(key, number)
    yield findings


def _class(urgent: bool) -> str:
    return "person" if urgent else "bulk"


def _counters(counted: dict[Series, float]) -> Iterator[Metric]:
    for name, (text, labels) in _COUNTERS.items():
        family = CounterMetricFamily(f"policy_bot_{name}", text, labels=labels)
        for label, value in _labelled(counted, name, len(labels)):
            family.add_metric(label, value)
        yield family


def _gauges(counted: dict[Series, float]) -> Iterator[Metric]:
    for name, text in _GAUGES.items():
        family = GaugeMetricFamily(f"policy_bot_{name}", text, labels=("installation", "resource"))
        for label, value in _labelled(counted, name, 2):
            family.add_metric(label, value)
        yield family


def _labelled(counted: dict[Series, float], name: str, labels: int) -> Iterator[tuple[list[str], float]]:
    for (series, label), value in sorted(counted.items()):
        if series == name:
            yield label.split("/", labels - 1) if labels else [], value


def _histograms(counted: dict[Series, float]) -> Iterator[Metric]:
    for name, text in _HISTOGRAMS.items():
        total, buckets = 0.0, []
        for bound in [*map(str, BOUNDS), "+Inf"]:
            total += counted.get((name, bound), 0.0)
            buckets.append((bound, total))
        family = HistogramMetricFamily(f"policy_bot_{name}", text)
        family.add_metric((), buckets, counted.get((f"{name}_sum", ""), 0.0))
        yield family


def blueprint(store: Store, counting: Counting, token: str) -> Blueprint:
    """The route; if a token is set, it is required as `Authorization: Bearer`."""
    metrics = Blueprint("metrics", __name__)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Service(store))

    @metrics.get("/metrics")
    def show() -> Response:
        given = request.headers.get("Authorization", "").encode()
        if token and not hmac.compare_digest(given, f"Bearer {token}".encode()):
            return line("a token is needed", 401, {"WWW-Authenticate": "Bearer"})
        with suppress(Overloaded, SQLAlchemyError):  # a full disk is when somebody reads the metrics
            counting.flush(store)
        return Response(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")

    return metrics
