"""`audit` for people: totals, a table by policy, what was not judged, and each finding with --list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from policy_bot.cli.output.style import Style, safe
from policy_bot.policy.message import counted
from policy_bot.record import NamedTuple
from policy_bot.review import wording
from policy_bot.service.audit import AuditedRepository
from policy_bot.service.store.audits import AuditedFinding

_LOOKS = {"error": "red", "warning": "yellow", "notice": "blue", "cannot tell": "cyan", "excused": "dim"}


class _Row(NamedTuple):
    """A finding and its repository."""

    repository: str
    found: AuditedFinding


def render(
    organisation: str, seen: Sequence[AuditedRepository], today: date, style: Style, every: bool = False
) -> str:
    """The audit of an organisation. `every` adds each finding with its line and message."""
    rows = [_Row(each.name, found) for each in seen if each.audited for found in each.audited.findings]
    blocks = [
        _totals(organisation, seen, rows, style),
        _table(rows, style),
        *(_listed(rows, today, style) if every else ()),
        _remarks("Could not be read", _problems(seen), style),
        _remarks("About the settings", _notices(seen), style),
        _remarks("Not examined", [f"{each.name}: {each.why}" for each in seen if not each.audited], style),
    ]
    if rows and not every:
        hint = f"`policy-bot audit --org {organisation} --list` shows each finding with its line and message."
        blocks.append(style.wrap(hint))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _totals(
    organisation: str, seen: Sequence[AuditedRepository], rows: Sequence[_Row], style: Style
) -> list[str]:
    judged = sum(bool(each.audited and each.audited.projects) for each in seen)
    blocking = [row for row in rows if row.found.gates]
    words = Counter(_word(row.found) for row in rows if not row.found.gates)
    others = ", ".join(_number(word, words[word]) for word in _LOOKS if words[word])
    fine = "Nothing would block merging." if judged else ""
    within = f"{counted(len(blocking), 'finding')} would block merging, in {_repositories(blocking)}."
    sentences = [
        f"{organisation}: {counted(len(seen), 'repository', 'repositories')}, {judged} with SST.",
        within if blocking else fine,
        f"Findings that would not: {others}." if others else "",
    ]
    return [line for sentence in sentences if sentence for line in style.wrap(sentence)]


def _table(rows: Sequence[_Row], style: Style) -> list[str]:
    """By policy: number of findings that block merging and that do not, and number of repositories."""
    if not rows:
        return []
    blocking = Counter(row.found.policy for row in rows if row.found.gates)
    all_ = Counter(row.found.policy for row in rows)
    where = {policy: len({row.repository for row in rows if row.found.policy == policy}) for policy in all_}
    order = sorted(all_.items(), key=lambda each: (-blocking[each[0]], -each[1], each[0]))
    return [
        style("BLOCKING  OTHERS  REPOSITORIES  POLICY", "dim"),
        *(
            f"{blocking[policy]:>8}  {number - blocking[policy]:>6}  {where[policy]:>12}  {safe(policy)}"
            for policy, number in order
        ),
    ]


def _listed(rows: Sequence[_Row], today: date, style: Style) -> Iterator[list[str]]:
    """Every finding by policy and repository, those that block merging first."""
    for policy in sorted({row.found.policy for row in rows}):
        own = [row for row in rows if row.found.policy == policy]
        own.sort(key=lambda row: (row.repository, not row.found.gates, row.found.path, row.found.line))
        title = f"{safe(policy)}: {safe(own[0].found.title.replace('`', ''))}"
        lines, repository = [style(title, "bold")], ""
        for row in own:
            if row.repository != repository:
                repository = row.repository
                lines.append(f"  {safe(repository)}")
            lines += _finding(row.found, today, style)
        yield lines


def _finding(found: AuditedFinding, today: date, style: Style) -> Iterator[str]:
    word = _word(found)
    standing = "would block merging" if found.gates else _excuse(found)
    about = ", ".join(part for part in (style(word, _LOOKS[word]), standing, _age(found, today)) if part)
    yield f"    {safe(found.path)}:{found.line}:{found.column}  {about}"
    yield from style.wrap(f"{found.subject}: {found.message}".replace("`", ""), "      ")


def _excuse(found: AuditedFinding) -> str:
    until = f"until {wording.day(found.excused_until)}" if found.excused_until else ""
    reason = f"({safe(found.excused)})" if found.excused else ""
    return " ".join(part for part in (until, reason) if part)


def _age(found: AuditedFinding, today: date) -> str:
    days = (today - date.fromisoformat(found.since)).days
    return "new" if days == 0 else f"known for {counted(days, 'day')}"


def _word(found: AuditedFinding) -> str:
    return "cannot tell" if found.kind == "unknown" else found.kind


def _remarks(title: str, remarks: Iterable[str], style: Style) -> list[str]:
    lines = [line for remark in remarks for line in style.wrap(remark, "  ", "    ")]
    return [style(title, "bold"), *lines] if lines else []


def _problems(seen: Sequence[AuditedRepository]) -> list[str]:
    return [f"{each.name}: {problem}" for each in seen if each.audited for problem in each.audited.problems]


def _notices(seen: Sequence[AuditedRepository]) -> list[str]:
    return [f"{each.name}: {notice}" for each in seen if each.audited for notice in each.audited.notices]


def _repositories(rows: Sequence[_Row]) -> str:
    return counted(len({row.repository for row in rows}), "repository", "repositories")


def _number(word: str, number: int) -> str:
    return f"{number} {word}" if word in {"cannot tell", "excused"} else counted(number, word)
