"""`check` for people: each finding with its line, reason and fix, within 80 columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from policy_bot.cli.organisation import owner
from policy_bot.cli.output.excerpt import change, excerpt
from policy_bot.cli.output.inspect_text import steps
from policy_bot.cli.output.style import Style, safe
from policy_bot.cli.report import Report, grouped
from policy_bot.policy.causes import Cause, by_cause
from policy_bot.policy.fact_names import called
from policy_bot.policy.finding import Excuse, Fact, Finding
from policy_bot.policy.message import counted
from policy_bot.policy.settings import Notice
from policy_bot.record import NamedTuple, dataclass

_LOOKS = {"error": "red", "warning": "yellow", "notice": "blue", "cannot tell": "cyan", "excused": "dim"}
_INDENT = " " * 11


MOST_LISTED = 3
"""Maximum number of projects with findings without a table by policy at the end."""


class Detail(NamedTuple):
    """How much is shown: the derivation of every fact (`explain`), only failures (`quiet`), only counts by
    policy (`statistics`). `above` is the organisation's checkout, for the `policy-bot explain` command.
    """

    explain: bool = False
    quiet: bool = False
    statistics: bool = False
    above: str | None = None


def render(report: Report, style: Style, detail: Detail = Detail()) -> str:  # noqa: B008 -- a plain tuple
    """The report: findings by project, notices about settings, and a sentence with the totals."""
    shown = [f for f in report.findings if report.fails(f)] if detail.quiet else report.findings
    projects = {finding.project for finding in shown}
    blocks = list(_blocks(report, style, detail, shown)) if not detail.statistics else []
    if detail.statistics or (len(projects) > MOST_LISTED and not detail.quiet):
        blocks.append(_table(shown, style))
    if not detail.quiet:
        blocks.append(style.wrap(summary(report)))
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _blocks(report: Report, style: Style, detail: Detail, shown: list[Finding]) -> Iterator[list[str]]:
    first = {finding.policy: finding for finding in reversed(shown)}
    writer = _Writer(report, style, detail, frozenset(id(finding) for finding in first.values()))
    yield from (writer.finding(finding) for finding in report.of_no_project() if finding in shown)
    known = {project.path for project in report.judgement.projects}
    by_project = grouped(shown)
    paths = known.intersection(by_project)
    for path in sorted(paths):
        own = by_project[path]
        if len(paths) > 1:
            yield [style(f"{safe(path)} ({_if_any(len(own), 'finding')})", "bold")]
        yield from map(writer.cause, by_cause(own))
    if not detail.quiet:
        yield from map(writer.notice, report.notices)


def _table(findings: list[Finding], style: Style) -> list[str]:
    """Number of findings by policy, the most frequent first."""
    rows = Counter((finding.policy, _word(finding)) for finding in findings)
    if not rows:
        return []
    widest = max(len(policy) for policy, _ in rows)
    projects = {row: len({f.project for f in findings if (f.policy, _word(f)) == row}) for row in rows}
    return [
        style("FINDINGS  PROJECTS  POLICY", "dim"),
        *(
            f"{number:>8}  {projects[policy, word]:>8}  {safe(policy):{widest}}  {style(word, _LOOKS[word])}"
            for (policy, word), number in sorted(rows.items(), key=lambda row: (-row[1], row[0]))
        ),
    ]


def summary(report: Report) -> str:
    """One sentence with the totals."""
    counts = report.counts()
    left_out = _left_out(report)
    if report.old is not None and not counts["projects"]:
        return "No SST project depends on what changed."
    if not counts["projects"] and not counts["problems"]:
        return left_out or "No SST project here (no sst.config.ts in this folder or below)."
    words = [
        _if_any(counts["errors"], "error") + _of_them(_on_trial(report), counts["errors"]),
        _if_any(counts["warnings"], "warning"),
        _if_any(counts["notices"], "notice"),
        f"{counts['unknown']} cannot tell" if counts["unknown"] else "",
        f"{counts['excused']} excused" if counts["excused"] else "",
        f"{report.old} already on the base" if report.old else "",
        f"{len(report.notices)} about settings" if report.notices else "",
    ]
    found = ", ".join(word for word in words if word) or "no findings"
    fixable = sum(bool(finding.fixes) and finding.excuse is None for finding in report.findings)
    least = "At least " if report.judgement.fixes_not_tried else ""
    remedy = f" {least}{fixable} can be fixed by `policy-bot fix`." if fixable or least else ""
    projects = _if_any(counts["projects"], "project") + _releases(report)
    return f"{projects}: {found}.{remedy} {left_out}".rstrip()


def _releases(report: Report) -> str:
    """The SST releases that were assumed; for a single project without one in a lockfile, also why."""
    versions = [project.version for project in report.judgement.projects if project.unreadable is None]
    said = "; ".join(dict.fromkeys(map(str, versions)))
    if len(versions) == 1 and versions[0].low != versions[0].high:
        said += f": {versions[0].evidence}"
    return f" (SST {said})" if said else ""


def _left_out(report: Report) -> str:
    """Number of projects that the settings leave out, and the line that does so."""
    if not report.ignored:
        return ""
    reasons = dict.fromkeys((pattern, source) for _, pattern, source in report.ignored)
    words = ", ".join(f"`{pattern}` of {source}" for pattern, source in reasons)
    return f"{_if_any(len(report.ignored), 'project')} ignored by {words}."


def _if_any(number: int, noun: str) -> str:
    return counted(number, noun) if number else ""


def _on_trial(report: Report) -> int:
    return sum(finding.verdict == "fail" and report.trial(finding) is not None for finding in report.findings)


def _of_them(number: int, whole: int) -> str:
    if not number:
        return ""
    return " (not enforced)" if number == whole else f" ({number} not enforced)"


@dataclass(frozen=True)
class _Writer:
    report: Report
    style: Style
    detail: Detail
    leading: frozenset[int]
    """The first finding of each policy, by identity: only it has the hint to read more."""

    def notice(self, notice: Notice) -> list[str]:
        source = notice.source
        head = self._head(source.path, source.line, source.column, notice.level, "settings")
        return [head, *self.style.wrap(notice.message, "  ")]

    def cause(self, cause: Cause) -> list[str]:
        """The first finding of a cause, and the other places."""
        if not cause.others:
            return self.finding(cause.first)
        number = len(cause.others)
        same = f"the same holds for {number} more: {'; '.join(self._places(cause.others))}"
        return [*self.finding(cause.first), *self._labelled("also", same)]

    def _places(self, findings: Iterable[Finding]) -> Iterator[str]:
        """`infra/api.ts:4 (GET /a), 9 (GET /b)`: the places by file."""
        by_file: dict[str, list[str]] = {}
        for finding in findings:
            place = self.report.places.place(finding.span)
            name = f" ({finding.names[0]})" if finding.names and finding.names[0] else ""
            by_file.setdefault(place.file, []).append(f"{place.line}{name}")
        return (f"{file}:{', '.join(lines)}" for file, lines in by_file.items())

    def finding(self, finding: Finding) -> list[str]:
        place = self.report.places.place(finding.span)
        word = _word(finding)
        trial = self.report.trial(finding) is not None
        policy = f"(not enforced) {finding.policy}" if trial else finding.policy
        lines = [self._head(place.file, place.line, place.column, word, policy)]
        lines += excerpt(self.report.places, finding.span, self.style, _LOOKS[word])
        lines += self.style.wrap(finding.message, "  ")
        lines += list(self._details(finding))
        return lines

    def _head(self, path: str, line: int, column: int, word: str, policy: str) -> str:
        where = self.style(safe(f"{path}:{line}:{column}"), "bold")
        return f"{where} {self.style(word, _LOOKS[word], 'bold')} {safe(policy)}"

    def _details(self, finding: Finding) -> Iterator[str]:
        yield from self._labelled("in", ", ".join(finding.contexts))
        if self.detail.explain:
            yield from self._evidence(finding)
        elif finding.sender is not None:
            yield from self._labelled("code", _way(finding))
        else:
            facts = [_origin(fact, finding) for fact in finding.evidence.facts if fact.decisive]
            yield from self._labelled("origin", "; ".join(dict.fromkeys(filter(None, facts))))
        if finding.excuse is not None:
            yield from self._labelled("excused", _excuse(finding.excuse))
        trial = self.report.trial(finding)
        if trial is not None:
            yield from self._labelled("mode", f"{trial.value} (set by {trial.source})")
        for fix in finding.fixes[:1]:
            yield from self._labelled("fix", fix.title)
            yield from change(self.report.places, fix, self.style)
        yield from self._labelled("fix", self.report.no_fix(finding))
        if not self.detail.explain and id(finding) in self.leading:
            yield from self._labelled("more", self._ask(finding.policy))

    def _ask(self, name: str) -> str:
        """The command that shows the policy's page."""
        policy = next((each for each in self.report.judge.policies if each.id == name), None)
        if policy is None or self.detail.above is None or owner(policy) != "organisation":
            return f"policy-bot explain {name}"
        import shlex

        return f"policy-bot explain {name} --organisation {shlex.quote(self.detail.above)}"

    def _evidence(self, finding: Finding) -> Iterator[str]:
        for number, fact in enumerate(finding.evidence.facts):
            yield from self._labelled("" if number else "because", f"{fact.name} = {fact.value}")
            for line in steps(fact.derivation):
                yield from self.style.wrap(line, _INDENT + "  ", _INDENT + "     ")
        for setting in finding.evidence.settings:
            yield from self._labelled("setting", f"{setting.name} = {setting.value} ({setting.source})")
        yield from self._labelled("rule", finding.evidence.expression)
        yield from self._labelled("SST", finding.evidence.sst_version)

    def _labelled(self, label: str, text: str) -> list[str]:
        if not text:
            return []
        lines = self.style.wrap(text, _INDENT)
        return [f"  {self.style(label.ljust(9), 'dim')}{lines[0].lstrip()}", *lines[1:]]


def _excuse(excuse: Excuse) -> str:
    if excuse.inline:
        return f"{excuse.reason} (on the line; {excuse.source})"
    return f"{excuse.reason} (until {excuse.expires}, {excuse.approved_by}; {excuse.source})"


def _word(finding: Finding) -> str:
    if finding.excuse is not None:
        return "excused"
    return finding.severity if finding.verdict == "fail" else "cannot tell"


def _way(finding: Finding) -> str:
    """The lines that lead to the one that sends a stream: `route.ts:4 imports "./chat"; chat.ts:7 ...`."""
    longest = max((fact.derivation for fact in finding.evidence.facts if fact.decisive), key=len, default=())
    here = (finding.span.path, finding.span.line)
    return "; ".join(
        f"{step.span.path}:{step.span.line} {step.note}"
        for step in longest
        if step.span is not None and (step.span.path, step.span.line) != here
    )


def _origin(fact: Fact, finding: Finding) -> str:
    """Subject and origin of a fact, unless it is the displayed line."""
    place = next((step.span for step in fact.derivation if step.span is not None), None)
    if place is None:
        return f"{called(fact.name)}: {fact.derivation[0].note}" if fact.derivation else ""
    if (place.path, place.line) == (finding.span.path, finding.span.line):
        return ""
    return f"{called(fact.name)}: {place.path}:{place.line}"
