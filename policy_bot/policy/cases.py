"""The tests inside a policy file: its `ts` blocks, with the expected finding marked on the line.

    timeout: 300, // fail
    timeout: process.env.T, // unknown
    timeout: $dev ? "5 minutes" : "1 minute", // fail in production: 1 minute

A section's blocks are one case. A block names its file after the language (` ```ts infra/api.ts `); without a
name it is `sst.config.ts`, and where it holds no `$config(` and no `export default` it is the body of
`run()`. Words with `=` set a parameter for the case (`least=60`), `stages=pr-12` adds stages; `fixed` marks
what the offered fix must make of a file.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from policy_bot.policy.page import PageLine, heading, lines
from policy_bot.record import NamedTuple
from policy_bot.regex import regex

CONFIG = "sst.config.ts"
BEFORE = """\
export default $config({
  app(input) { return { name: "example", home: "aws" } },
  async run() {
"""
AFTER = "  },\n})\n"

VERDICTS = ("fail", "unknown")
# Each pattern matches only where a comment begins, and its first word; `_tail` reads the rest. A pattern for
# the whole line would take quadratic time on a line that a stranger wrote. `++` does not backtrack.
_MARK = regex(r"(?://|/\*|#)\s*+(fail|unknown)\b")
_LIKE_A_MARK = regex(r"(?://|/\*)\s*+(?!(?:fail|unknown)\b)([A-Za-z]++)")
_CONTEXTS = regex(r"[\w (),-]++")
_ANY_CONTEXTS = regex(r"[^/:]++")
_INFO = regex(r"(```++|~~~++)\s*+(\w*+)\s*+(.*)$")
_LANGUAGES = frozenset({"ts", "tsx", "js", "mjs", "json", "py", "yaml"})


@dataclass(frozen=True, order=True)
class CaseMark:
    """An expected finding: its line, its verdict, its contexts (() for all) and a part of its message."""

    path: str
    line: int
    verdict: str
    contexts: tuple[str, ...] = ()
    message: str = ""


@dataclass
class PolicyCase:
    """One case: a small project, its expected findings, and the result of its fixes."""

    name: str
    line: int
    files: dict[str, str] = field(default_factory=dict)
    marks: list[CaseMark] = field(default_factory=list)
    fixed: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    stages: tuple[str, ...] = ()
    shifts: dict[str, int] = field(default_factory=dict)

    def line_in_policy(self, path: str, line: int) -> int:
        """Maps a line of one of the case's files to the line of the policy file."""
        return line + self.shifts.get(path, 0)


@dataclass
class _Block:
    language: str
    words: list[str]
    line: int
    text: str


def read(text: str) -> list[PolicyCase]:
    """Reads all cases of a policy file, in order."""
    cases: list[PolicyCase] = []
    for name, block in _blocks(text):
        if block.language not in _LANGUAGES:
            continue
        path = next((word for word in block.words if "=" not in word and word != "fixed"), CONFIG)
        is_fixed = "fixed" in block.words
        case = cases[-1] if cases and cases[-1].name == name else None
        if case is None or path in (case.fixed if is_fixed else case.files):
            case = PolicyCase(name, block.line)
            cases.append(case)
        _add(case, block, path, is_fixed)
    return cases


_MEANT = {"typescript": "ts", "javascript": "js", "yml": "yaml", "mts": "ts", "cts": "ts", "jsx": "tsx"}


def foreign(text: str) -> Iterator[tuple[int, str, str]]:
    """Finds blocks whose language resembles that of a case: line, the language, the intended one."""
    for _, block in _blocks(text):
        meant = _MEANT.get(block.language.lower(), block.language.lower())
        if block.language not in _LANGUAGES and meant in _LANGUAGES:
            yield block.line, block.language, meant


def _add(case: PolicyCase, block: _Block, path: str, is_fixed: bool) -> None:
    body, before = wrapped(block.text, path)
    if is_fixed:
        case.fixed[path] = body
        return
    case.files[path] = body
    case.shifts[path] = block.line - before
    case.marks += [
        mark for number, line in enumerate(body.split("\n"), 1) if (mark := _mark(path, number, line))
    ]
    for word in block.words:
        key, equals, value = word.partition("=")
        if key == "stages":
            case.stages = tuple(value.split(","))
        elif equals:
            case.parameters[key] = value


def wrapped(text: str, path: str) -> tuple[str, int]:
    """Returns the file's text, and how many lines were added before the written ones."""
    if path != CONFIG or "$config(" in text or "export default" in text:
        return text, 0
    return BEFORE + text + AFTER, BEFORE.count("\n")


def misspelt(case: PolicyCase) -> Iterator[tuple[str, int, str]]:
    """Finds comments that resemble a mark but are not one: file, line, and the misspelt word."""
    for path, text in case.files.items():
        for number, line in enumerate(text.split("\n"), 1):
            comment = _comment(_LIKE_A_MARK, _ANY_CONTEXTS, line)
            if comment and difflib.get_close_matches(comment.word.lower(), VERDICTS, n=1, cutoff=0.7):
                yield path, number, comment.word


def without_marks(text: str) -> str:
    """Removes marks and trailing blanks, to compare the results of fixes."""
    return "\n".join(_without_mark(line) for line in text.split("\n"))


def _without_mark(line: str) -> str:
    comment = _comment(_MARK, _CONTEXTS, line)
    return (line[: comment.start] if comment else line).rstrip()


def _mark(path: str, number: int, line: str) -> CaseMark | None:
    comment = _comment(_MARK, _CONTEXTS, line)
    if comment is None:
        return None
    contexts = tuple(part.strip() for part in comment.contexts.split(",")) if comment.contexts else ()
    return CaseMark(path, number, comment.word, contexts, comment.message)


class _Comment(NamedTuple):
    """A comment in the form of a mark: its position and its parts."""

    start: int
    word: str
    contexts: str
    message: str


def _comment(opening: re.Pattern[str], contexts: re.Pattern[str], line: str) -> _Comment | None:
    """Finds the first comment of a line that has the form `// word in contexts: message` up to the line's
    end.

    Linear in the line's length: at most one candidate examines each character, because a candidate's contexts
    end where the next comment can begin.
    """
    end = len(line.rstrip())
    if line.endswith("*/", 0, end):
        end = len(line[: end - 2].rstrip())
    for found in opening.finditer(line):
        tail = _tail(contexts, line, found.end(), end)
        if tail is not None:
            return _Comment(found.start(), found[1], *tail)
    return None


def _tail(contexts: re.Pattern[str], line: str, at: int, end: int) -> tuple[str, str] | None:
    """Parses the contexts and the message after a mark's word; None if something else follows.

    `// fail in production: 1 minute` has, after `fail`, the tail (`production`, `1 minute`).
    """
    where = ""
    if line.startswith(" in ", at, end) and (found := contexts.match(line, at + 4, end)):
        where, at = found[0], found.end()
    if at >= end:
        return where, ""
    return (where, line[at + 2 : end]) if line.startswith(": ", at, end) else None


def _blocks(text: str) -> Iterator[tuple[str, _Block]]:
    """Yields every code block with the text of its heading."""
    title, block, fence = "", None, ""
    for line in lines(text):
        if block is None:
            found = None if line.in_code else heading(line.text)
            title = found[1] if found and found[0] > 1 else title
            if line.in_code:
                fence, block = _opened(line)
        elif line.text.strip() == fence:
            yield title, block
            block = None
        else:
            block.text += line.text + "\n"


def _opened(line: PageLine) -> tuple[str, _Block]:
    match = _INFO.match(line.text)
    assert match is not None  # `lines` has identified it as a fence
    return match[1], _Block(match[2], match[3].split(), line.number, "")
