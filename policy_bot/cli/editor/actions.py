"""Quick fixes: proved fixes, and comments that ignore a finding."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol.types import (
    CodeAction,
    CodeActionKind,
    CreateFile,
    CreateFileOptions,
    Diagnostic,
    OptionalVersionedTextDocumentIdentifier,
    Range,
    TextDocumentEdit,
    TextEdit,
    WorkspaceEdit,
)

from policy_bot.cli.editor.positions import Text
from policy_bot.cli.editor.session import Session
from policy_bot.policy.finding import Finding, Fix
from policy_bot.policy.inline import VERB
from policy_bot.sst.deployment import MARK
from policy_bot.sst.span import Span


def of_range(session: Session, path: str, wanted: Range, shown: list[Diagnostic]) -> list[CodeAction]:
    """Fixes of the findings in a range of a file; `shown` are the editor's diagnostics there."""
    text = Text(session.text(path))
    start, end = text.offset(wanted.start), text.offset(wanted.end)
    actions: list[CodeAction] = []
    for config, judged in list(session.judged.items()):
        here = [f for f in judged.judgement.findings if _touches(f, path, start, end) and f.excuse is None]
        for finding in session.fixed(config, here) if here else ():
            about = [each for each in shown if each.data == finding.fingerprint]
            actions += [_action(session, fix, about) for fix in finding.fixes]
    return actions + list(_ignores(session, path, (start, end), shown))


def _ignores(
    session: Session, path: str, wanted: tuple[int, int], shown: list[Diagnostic]
) -> Iterator[CodeAction]:
    """A comment above each finding that a comment may excuse. The author adds the reason; without one the
    comment itself is reported as a mistake.
    """
    text = session.text(path)
    for policy, span in session.ignorable(path):
        if span.start <= wanted[1] and wanted[0] <= span.end:
            about = [each for each in shown if each.code == policy and each.range == Text(text).range(span)]
            uri = (session.root / path).as_uri()
            edit = WorkspaceEdit(changes={uri: [_comment(text, span, policy)]})
            yield CodeAction(f"Ignore {policy} here", CodeActionKind.QuickFix, about, edit=edit)


def _comment(text: bytes, span: Span, policy: str) -> TextEdit:
    """A comment on a line of its own above a place, with the same indentation."""
    begin = text.rfind(b"\n", 0, span.start) + 1
    line = text[begin : span.start]
    indent = line[: len(line) - len(line.lstrip())].decode()
    end = "\r\n" if b"\r\n" in text else "\n"
    return TextEdit(Text(text).range_of(begin, begin), f"{indent}// {MARK} {VERB} {policy} -- {end}")


def _touches(finding: Finding, path: str, start: int, end: int) -> bool:
    span = finding.span
    return span.path == path and span.start <= end and start <= span.end and finding.verdict == "fail"


def _action(session: Session, fix: Fix, about: list[Diagnostic]) -> CodeAction:
    changes: dict[str, list[TextEdit]] = {}
    for path, edit in _edits(session, fix):
        changes.setdefault((session.root / path).as_uri(), []).append(edit)
    new = [path for path in dict.fromkeys(edit.path for edit in fix.edits) if not session.text(path)]
    whole = _creating(session, new, changes) if new else WorkspaceEdit(changes=changes)
    return CodeAction(fix.title, CodeActionKind.QuickFix, about, is_preferred=True, edit=whole)


def _creating(session: Session, new: list[str], changes: dict[str, list[TextEdit]]) -> WorkspaceEdit:
    """The edits, preceded by the creation of missing files."""
    made = [
        CreateFile((session.root / path).as_uri(), options=CreateFileOptions(ignore_if_exists=True))
        for path in new
    ]
    edited = [
        TextDocumentEdit(OptionalVersionedTextDocumentIdentifier(uri), list(edits))
        for uri, edits in changes.items()
    ]
    return WorkspaceEdit(document_changes=[*made, *edited])


def _edits(session: Session, fix: Fix) -> Iterator[tuple[str, TextEdit]]:
    for edit in fix.edits:
        where = Text(session.text(edit.path)).range_of(edit.start, edit.end)
        yield edit.path, TextEdit(where, edit.text)
