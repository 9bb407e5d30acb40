"""Converts findings, problems and mistakes in settings to diagnostics by file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol.types import (
    CodeDescription,
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    Location,
    Position,
    Range,
)

from policy_bot.cli.editor.positions import Text
from policy_bot.cli.editor.session import Session
from policy_bot.policy import builtin
from policy_bot.policy.finding import Finding
from policy_bot.policy.inforce import understand
from policy_bot.policy.revision import FILE_NAME, REPOSITORY_FOLDER, Revision
from policy_bot.policy.settings import LayerName, Notice
from policy_bot.policy.yamltext import FileError, Mistake
from policy_bot.sst.source import Unreadable
from policy_bot.sst.span import Span

SOURCE = "policy-bot"
_SEVERITIES = {
    "error": DiagnosticSeverity.Error,
    "warning": DiagnosticSeverity.Warning,
    "notice": DiagnosticSeverity.Information,
}


def by_file(session: Session) -> dict[str, list[Diagnostic]]:
    """All diagnostics of the folder by path. An open file without any has an empty list."""
    found: dict[str, list[Diagnostic]] = {path: [] for path in session.open}
    for path, diagnostic in (*_of_projects(session), *_of_policy_files(session)):
        found.setdefault(path, []).append(diagnostic)
    return found


def _of_projects(session: Session) -> Iterator[tuple[str, Diagnostic]]:
    for config, judged in session.judged.items():
        if session.trouble:
            yield config, _of_trouble(session)
        for finding in judged.judgement.findings:
            if finding.excuse is None:
                yield finding.span.path, _of_finding(finding, session)
    yield from map(_of_notice, session.notices())


def _of_trouble(session: Session) -> Diagnostic:
    """Says at the top of a config that it is not judged by the settings as they are written."""
    text = f"Settings or policies with mistakes do not count, so the last valid ones do.\n{session.trouble}"
    return _to_line_end(1, 1, text, DiagnosticSeverity.Warning)


def _of_notice(notice: Notice) -> tuple[str, Diagnostic]:
    """A mistake in an ignore comment, from its start to the end of the line."""
    severity = DiagnosticSeverity.Error if notice.level == "error" else DiagnosticSeverity.Warning
    source = notice.source
    return source.path, _to_line_end(source.line, source.column, notice.message, severity)


def _to_line_end(line: int, column: int, message: str, severity: DiagnosticSeverity) -> Diagnostic:
    """A diagnostic from a place, counted from 1 (0: unknown), to the end of its line."""
    start = Position(max(line - 1, 0), max(column - 1, 0))
    return Diagnostic(Range(start, Position(start.line + 1, 0)), message, severity, source=SOURCE)


def _of_finding(finding: Finding, session: Session) -> Diagnostic:
    unknown = finding.verdict == "unknown"
    severity = DiagnosticSeverity.Information if unknown else _SEVERITIES[finding.severity]
    related = [
        DiagnosticRelatedInformation(_location(step.span, session), step.note)
        for step in finding.related
        if step.span is not None
    ]
    return Diagnostic(
        Text(session.text(finding.span.path)).range(finding.span),
        f"{finding.message}\nIn {', '.join(finding.contexts)}.",
        severity,
        finding.policy,
        CodeDescription(finding.page) if finding.page.startswith("https://") else None,
        SOURCE,
        related_information=related or None,
        data=finding.fingerprint,
    )


def _location(span: Span, session: Session) -> Location:
    return Location((session.root / span.path).as_uri(), Text(session.text(span.path)).range(span))


def _of_policy_files(session: Session) -> Iterator[tuple[str, Diagnostic]]:
    """Mistakes in the settings and policies of the folder (a repository or an organisation's checkout)."""
    for mistake in _mistakes(session):
        message, place = f"{mistake.what}. {mistake.hint}".rstrip(), mistake.place
        yield mistake.path, _to_line_end(place.line, place.column, message, DiagnosticSeverity.Error)


def _mistakes(session: Session) -> Iterable[Mistake]:
    layers: tuple[tuple[LayerName, str], ...] = (("organisation", ""), ("repository", REPOSITORY_FOLDER))
    for name, folder in layers:
        if not folder and session.tree.read(FILE_NAME) is None:
            continue
        try:
            revision = Revision.read(session.tree, folder)
            if revision:
                understand(revision, name, builtin.load())
        except Unreadable:
            continue
        except FileError as error:
            yield from error.problems
