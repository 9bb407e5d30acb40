"""Pages of an organisation and its repositories, from the last audit."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import nsmallest

from flask import Blueprint, Response, abort, jsonify, render_template, request

from policy_bot.service.pages import charts
from policy_bot.service.pages.access import Access
from policy_bot.service.spreadsheet import cell
from policy_bot.service.store import audits, standings
from policy_bot.service.store.audits import AuditedFinding, AuditedFunction
from policy_bot.service.store.standings import KINDS, VERDICTS, Found, Standing
from policy_bot.service.store.store import Store

PAGE = 100
"""Repositories on one page."""
_KIND_RANK = {"error": 0, "cannot tell": 1, "warning": 2, "notice": 3, "excused": 4}
_RANK = {verdict: rank for rank, verdict in enumerate(VERDICTS)}
WORDS = {"fail": "blocks merging", "unknown": "cannot tell", "pass": "passes", "none": "no SST"}


@dataclass(frozen=True)
class ShownFindings:
    """An organisation as a visitor may see it. `is_whole`: they may see all of it."""

    owner: str
    installation: int
    repositories: Sequence[Standing]
    is_whole: bool


@dataclass(frozen=True)
class Filter:
    """The filter of an organisation's page."""

    verdict: str = ""
    policy: str = ""
    name: str = ""

    @staticmethod
    def of_request() -> Filter:
        """The filter in this request's address; an unknown verdict is ignored."""
        verdict = request.args.get("verdict", "")
        given = request.args.get
        return Filter(
            verdict if verdict in VERDICTS else "", given("policy", "")[:200], given("name", "")[:200]
        )

    def admits(self, each: Standing) -> bool:
        """Whether the repository matches."""
        return (
            (not self.verdict or each.verdict == self.verdict)
            and (not self.policy or self.policy in each.found.by_policy)
            and self.name.lower() in each.name.lower()
        )


def blueprint(access: Access) -> Blueprint:
    """`/`, `/o/<owner>` and `/r/<owner>/<name>`."""
    pages = Blueprint("organisations", __name__, template_folder="templates")

    @pages.get("/")
    def home() -> str:
        visitor = access.visitor()
        owners = access.owners(visitor) if visitor else {}
        return render_template("pages/home.html", owners=owners)

    @pages.get("/o/<owner>")
    def organisation(owner: str) -> str:
        return _organisation(_shown(access, owner), access.store)

    @pages.get("/r/<owner>/<name>")
    def repository(owner: str, name: str) -> str:
        return _repository(access, owner, f"{owner}/{name}")

    _exports(pages, access)
    _charts(pages, access)
    return pages


def _exports(pages: Blueprint, access: Access) -> None:
    @pages.get("/o/<owner>.csv")
    def table(owner: str) -> Response:
        rows = filter(Filter.of_request().admits, _shown(access, owner).repositories)
        return Response("".join(_csv(rows)), content_type="text/csv; charset=utf-8")

    @pages.get("/o/<owner>.json")
    def data(owner: str) -> Response:
        rows = filter(Filter.of_request().admits, _shown(access, owner).repositories)
        return jsonify({"schema": "policy-bot.standing/1", "repositories": [_plain(each) for each in rows]})


def _charts(pages: Blueprint, access: Access) -> None:
    @pages.get("/o/<owner>/trend.svg")
    def trend(owner: str) -> Response:
        return _svg(charts.trend(_days(access.store, _shown(access, owner))))

    @pages.get("/o/<owner>/policies.svg")
    def policies(owner: str) -> Response:
        return _svg(charts.policies(_total(_shown(access, owner)).by_policy))


def _organisation(shown: ShownFindings, store: Store) -> str:
    asked, every, total = Filter.of_request(), shown.repositories, _total(shown)
    found = [each for each in every if asked.admits(each)] if asked != Filter() else every
    number = min(max(request.args.get("page", 1, type=int), 1), len(found) // PAGE + 1)
    first = nsmallest(number * PAGE, found, key=_worst_first)
    return render_template(
        "pages/organisation.html",
        shown=shown,
        asked=asked,
        found=first[(number - 1) * PAGE :],
        number=number,
        last=max((len(found) + PAGE - 1) // PAGE, 1),
        matching=len(found),
        verdicts=Counter(each.verdict for each in every),
        policies=total.by_policy.most_common(),
        counts=total.by_kind,
        slowest=nsmallest(5, (each for each in every if each.oldest), key=lambda each: each.oldest),
        days=_days(store, shown),
        words=WORDS,
    )


def _repository(access: Access, owner: str, full_name: str) -> str:
    shown = _shown(access, owner)
    one = next((each for each in shown.repositories if each.name == full_name), None)
    if one is None or not access.may_read(access.required(), shown.installation, one.repository, one.name):
        abort(404)
    found = audits.found(access.store, shown.installation, one.repository)
    if found is None:
        abort(404)
    return render_template(
        "pages/repository.html",
        one=one,
        found=found,
        findings=sorted(found.findings, key=_gating_first),
        functions=[FindingRow(each) for each in found.functions],
        web=access.people.web_url,
        made=datetime.fromtimestamp(one.made_at, UTC).strftime("%Y-%m-%d %H:%M UTC"),
        words=WORDS,
        kind=kind,
    )


def _gating_first(finding: AuditedFinding) -> tuple[bool, bool, int, str, int]:
    return (bool(finding.excused), not finding.gates, _KIND_RANK[kind(finding)], finding.path, finding.line)


@dataclass(frozen=True)
class FindingRow:
    """A row of the table of deployed functions."""

    function: AuditedFunction

    @property
    def differs(self) -> bool:
        """Whether the stages differ."""
        return bool(self.differing)

    @property
    def differing(self) -> frozenset[int]:
        """The values (1: timeout, 2: streaming, 3: URL) that differ between stages."""
        columns = zip(*self.function.values, strict=True)
        return frozenset(number for number, column in enumerate(columns) if number and len(set(column)) > 1)


def kind(finding: AuditedFinding) -> str:
    """The displayed kind of a finding."""
    return "cannot tell" if finding.kind == "unknown" else finding.kind


def _shown(access: Access, owner: str) -> ShownFindings:
    """The organisation; aborts with 404 alike if there is none and if the visitor may see none of it."""
    visitor = access.required()
    installation = access.owners(visitor).get(owner.lower())
    if installation is None:
        abort(404)
    mine, is_whole = access.repositories(visitor, installation)
    if not mine:
        abort(404)
    return ShownFindings(mine[0].name.partition("/")[0], installation, mine, is_whole)


def _days(store: Store, shown: ShownFindings) -> Sequence[standings.Day]:
    """The trend, only for visitors who may see everything that its totals count."""
    if not shown.is_whole:
        return ()
    return store.read(lambda connection: standings.days(connection, shown.installation))


def _total(shown: ShownFindings) -> Found:
    return Found.total(each.found for each in shown.repositories)


def _worst_first(each: Standing) -> tuple[int, int, str]:
    return (_RANK[each.verdict], -each.found.open, each.name)


def _csv(rows: Iterator[Standing]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ("repository", "verdict", "errors", "warnings", "notices", "cannot tell", "excused", "oldest")
    )
    for each in rows:
        counts = [each.found.by_kind[kind] for kind in KINDS]
        writer.writerow((cell(each.name), each.verdict, *counts, each.oldest))
    yield out.getvalue()


def _plain(each: Standing) -> dict[str, object]:
    return {
        "name": each.name,
        "verdict": each.verdict,
        "projects": each.projects,
        "counts": dict(each.found.by_kind),
        "policies": dict(each.found.by_policy),
        "oldest": each.oldest,
    }


def _svg(drawn: bytes) -> Response:
    return Response(drawn, content_type="image/svg+xml")
