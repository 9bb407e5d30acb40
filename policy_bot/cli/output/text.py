"""`check` for people: each finding with its line, why, and how to mend it, within 80 columns."""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.cli.organisation import owner
from policy_bot.cli.output.excerpt import change, excerpt
from policy_bot.cli.output.inspect_text import steps
from policy_bot.cli.output.style import Style, safe, wrap
from policy_bot.cli.report import Report
from policy_bot.policy.finding import Fact, Finding
from policy_bot.policy.settings import Notice
from policy_bot.sst.deployment import Hidden
from policy_bot.sst.record import dataclass

_LOOKS = {"error": "red", "warning": "yellow", "notice": "blue", "cannot tell": "cyan", "excused": "dim"}
_INDENT = " " * 11


def render(report: Report, style: Style, *, explain: bool = False, above: str | None = None) -> str:
    """The report. With `explain`, every fact's derivation, the rule and the settings that took part.

    `above` is the organisation's checkout, which `policy-bot explain` has to be told of.
    """
    findings = report.findings
    first = {finding.policy: finding for finding in reversed(findings)}
    writer = _Writer(report, style, explain, above, frozenset(id(finding) for finding in first.values()))
    blocks = [writer.problem(problem) for problem in report.judgement.problems]
    blocks += [writer.finding(finding) for finding in findings]
    blocks += [writer.notice(notice) for notice in report.notices]
    return "\n\n".join("\n".join(block) for block in [*blocks, wrap(summary(report))])


def summary(report: Report) -> str:
    """One sentence with the figures."""
    counts = report.counts()
    left_out = _left_out(report)
    if not counts["projects"] and not counts["problems"]:
        return left_out or "No SST project here (no sst.config.ts in this folder or below)."
    words = [
        _counted(counts["problems"], "problem"),
        _counted(counts["errors"], "error") + _of_them(_on_trial(report), counts["errors"]),
        _counted(counts["warnings"], "warning"),
        _counted(counts["notices"], "notice"),
        f"{counts['unknown']} cannot tell" if counts["unknown"] else "",
        f"{counts['excused']} excused" if counts["excused"] else "",
        f"{len(report.notices)} about the settings" if report.notices else "",
    ]
    found = ", ".join(word for word in words if word) or "nothing to complain about"
    fixable = sum(bool(finding.fixes) and finding.excuse is None for finding in report.findings)
    least = "At least " if report.judgement.fixes_not_tried else ""
    remedy = f" {least}{fixable} can be fixed by `policy-bot fix`." if fixable or least else ""
    projects = _counted(counts["projects"], "project") + _releases(report)
    return f"{projects}: {found}.{remedy} {left_out}".rstrip()


def _releases(report: Report) -> str:
    """The releases of SST judged by; of a single project that pins none, also how they are known."""
    versions = [project.version for project in report.judgement.projects if project.unreadable is None]
    said = "; ".join(dict.fromkeys(map(str, versions)))
    if len(versions) == 1 and versions[0].low != versions[0].high:
        said += f": {versions[0].evidence}"
    return f" (SST {said})" if said else ""


def _left_out(report: Report) -> str:
    """How many projects the settings leave out, and by which line."""
    if not report.ignored:
        return ""
    reasons = dict.fromkeys(report.ignoring(config) for config in report.ignored)
    words = ", ".join(f"`{pattern}` of {source}" for pattern, source in reasons)
    return f"{_counted(len(report.ignored), 'project')} ignored by {words}."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


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
    explain: bool
    above: str | None
    leading: frozenset[int]
    """The first finding of each policy, by identity: one hint where to read more is enough."""

    def problem(self, problem: Hidden) -> list[str]:
        lines = [
            self._head(problem.span.path, problem.span.line, problem.span.column, "error", "cannot judge")
        ]
        lines += excerpt(self.report.places, problem.span, self.style, "red")
        return [*lines, *wrap(str(problem.reason), "  ")]

    def notice(self, notice: Notice) -> list[str]:
        source = notice.source
        head = self._head(source.path, source.line, source.column, notice.level, "settings")
        return [head, *wrap(notice.message, "  ")]

    def finding(self, finding: Finding) -> list[str]:
        place = self.report.places.place(finding.span)
        word = _word(finding)
        trial = self.report.trial(finding) is not None
        policy = f"(not enforced) {finding.policy}" if trial else finding.policy
        lines = [self._head(place.file, place.line, place.column, word, policy)]
        lines += excerpt(self.report.places, finding.span, self.style, _LOOKS[word])
        lines += wrap(finding.message, "  ")
        lines += list(self._details(finding))
        return lines

    def _head(self, path: str, line: int, column: int, word: str, policy: str) -> str:
        where = self.style(safe(f"{path}:{line}:{column}"), "bold")
        return f"{where} {self.style(word, _LOOKS[word], 'bold')} {safe(policy)}"

    def _details(self, finding: Finding) -> Iterator[str]:
        yield from self._labelled("in", ", ".join(finding.contexts))
        if self.explain:
            yield from self._evidence(finding)
        else:
            facts = [_brief(fact, finding) for fact in finding.evidence.facts if fact.decisive]
            yield from self._labelled("because", "; ".join(facts))
        if finding.excuse is not None:
            excuse = finding.excuse
            text = f"{excuse.reason} (until {excuse.expires}, {excuse.approved_by}; {excuse.source})"
            yield from self._labelled("excused", text)
        trial = self.report.trial(finding)
        if trial is not None:
            yield from self._labelled("mode", f"{trial.value} (set by {trial.source})")
        for fix in finding.fixes[:1]:
            yield from self._labelled("fix", fix.title)
            yield from change(self.report.places, fix, self.style)
        if not self.explain and id(finding) in self.leading:
            yield from self._labelled("more", self._ask(finding.policy))

    def _ask(self, name: str) -> str:
        """The command that shows the policy's page."""
        policy = next((each for each in self.report.judge.policies if each.id == name), None)
        if policy is None or self.above is None or owner(policy) != "organisation":
            return f"policy-bot explain {name}"
        import shlex

        return f"policy-bot explain {name} --organisation {shlex.quote(self.above)}"

    def _evidence(self, finding: Finding) -> Iterator[str]:
        for number, fact in enumerate(finding.evidence.facts):
            yield from self._labelled("" if number else "because", f"{fact.name} = {fact.value}")
            for line in steps(fact.derivation):
                yield from wrap(line, _INDENT + "  ", _INDENT + "     ")
        for setting in finding.evidence.settings:
            yield from self._labelled("setting", f"{setting.name} = {setting.value} ({setting.source})")
        yield from self._labelled("rule", finding.evidence.expression)
        yield from self._labelled("SST", finding.evidence.sst_version)

    def _labelled(self, label: str, text: str) -> list[str]:
        if not text:
            return []
        lines = wrap(text, _INDENT)
        return [f"  {self.style(label.ljust(9), 'dim')}{lines[0].lstrip()}", *lines[1:]]


def _word(finding: Finding) -> str:
    if finding.excuse is not None:
        return "excused"
    return finding.severity if finding.verdict == "fail" else "cannot tell"


def _brief(fact: Fact, finding: Finding) -> str:
    """The fact with its source, where that is not the line that is shown anyway."""
    place = next((step.span for step in fact.derivation if step.span is not None), None)
    if place is None:
        source = f" ({fact.derivation[0].note})" if fact.derivation else ""
    else:
        same = (place.path, place.line) == (finding.span.path, finding.span.line)
        source = "" if same else f" ({place.path}:{place.line})"
    return f"{fact.name} = {fact.value}{source}"
