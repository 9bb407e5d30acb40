"""The audit: judges every repository's default branch by the rules in force.

Resumable: results are stored for each repository and reused while its commit, the rules and the day are the
same. A repository without SST is skipped until its next push. An audit has a budget of requests; the next one
continues with the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from policy_bot import __version__
from policy_bot.github import queries, repositories
from policy_bot.github.client import Client
from policy_bot.github.errors import Absent, Refused
from policy_bot.github.events import CHECK_NAME, PullKey
from policy_bot.isolation.reader import Reader
from policy_bot.policy.finding import Finding
from policy_bot.service.evaluation.commits import CommitEvaluation, Rehearsed
from policy_bot.service.evaluation.memory import Remembered
from policy_bot.service.evaluation.rules import RuleBook
from policy_bot.service.evaluation.steps import EvaluationContext
from policy_bot.service.store import audits
from policy_bot.service.store.audits import Audited, AuditedFinding, AuditedFunction
from policy_bot.service.store.store import Store
from policy_bot.sst.deployment import Context, Function, Project, Value
from policy_bot.sst.span import Span

BUDGET = 4_000
"""Default number of requests of an audit, below the smallest hourly limit of an installation (5,000)."""
RESERVE = 60
"""Maximum number of requests for one repository; the audit ends if fewer are left."""


@dataclass(frozen=True, slots=True)
class AuditedRepository:
    """A repository of an audit. `audited` is None if it was left out; `asked`: it was examined just now."""

    name: str
    audited: Audited | None
    asked: bool
    why: str = ""


@dataclass
class Audit:
    """An audit of an installation's repositories."""

    client: Client
    installation: int
    context: Callable[[PullKey], EvaluationContext]
    store: Store
    today: date
    budget: int = BUDGET
    fresh: bool = False
    _last: int = field(default=0, init=False)

    def run(self, owner: str) -> Iterator[AuditedRepository]:
        """Audits every repository in order of name. Raises `RetryLater`; the next run continues."""
        self._last = self.client.spent + self.budget
        rules = self._rules(owner)
        listed = sorted(repositories.reachable(self.client), key=lambda each: each.name)
        for start in range(0, len(listed), repositories.AT_ONCE):
            batch = listed[start : start + repositories.AT_ONCE]
            heads = repositories.heads(self.client, batch)
            for each in batch:
                yield self._seen(each.id, each.name, heads.get(each.id, ""), rules)

    def _rules(self, owner: str) -> str:
        """Identifies the organisation's rules: version, policy commit and day."""
        asked = queries.commit(owner, ".github", "HEAD", "HEAD", 0, CHECK_NAME)
        organisation = self.client.ask(asked).get("organisation") or {}
        commit = ((organisation.get("defaultBranchRef") or {}).get("target") or {}).get("oid", "none")
        return f"{__version__} {commit} {self.today}"

    def _seen(self, id: int, name: str, head: str, rules: str) -> AuditedRepository:
        if not head:
            return AuditedRepository(name, Audited("", ""), False, "empty")
        before = audits.found(self.store, self.installation, id)
        if before and not self.fresh and _holds(before, head, rules):
            return AuditedRepository(name, before, False)
        if self._last - self.client.spent < min(RESERVE, self.budget):
            return AuditedRepository(name, None, False, "the budget of requests is used up")
        try:
            found = self._judged(id, name)
        except Absent as gone:
            return AuditedRepository(name, Audited("", ""), True, str(gone))
        except Refused as refusal:
            return AuditedRepository(name, None, True, str(refusal))
        audited = self._audited(found, head, rules, before)
        audits.keep(self.store, self.installation, id, name, audited)
        return AuditedRepository(name, audited, True)

    def _judged(self, id: int, name: str) -> Rehearsed:
        context = self.context(PullKey(self.installation, id, name, ref="HEAD"))
        return CommitEvaluation(context).rehearse([context.book])[0]

    def _audited(self, found: Rehearsed, head: str, rules: str, before: Audited | None) -> Audited:
        judgement = found.judgement
        since = {each.fingerprint: each.since for each in before.findings} if before else {}
        return Audited(
            head,
            rules,
            tuple(project.path for project in judgement.projects),
            tuple(
                _found(each, since.get(each.fingerprint) or str(self.today)) for each in judgement.findings
            ),
            tuple(f"{hidden.span}: {hidden.reason}" for hidden in judgement.problems),
            found.notices,
            tuple(_functions(judgement.projects)),
        )


@dataclass(frozen=True)
class StoredRepositories:
    """Results of earlier audits in a store."""

    store: Store

    def without_sst(self, installation: int) -> Mapping[int, str]:
        """The repositories without SST, by id, with the commit that was examined."""
        return audits.without_sst(self.store, installation, __version__)


def context_of(
    client: Client, app_id: int, book: RuleBook, reader: Reader
) -> Callable[[PullKey], EvaluationContext]:
    """Makes the evaluation context of a repository; contexts share no memory."""
    return lambda key: EvaluationContext(
        key=key,
        client=client,
        app_id=app_id,
        reader=reader,
        keys=(),
        book=book,
        remembered=Remembered(),
        superseded=lambda: False,
        details_url="",
        functions=True,
    )


def _holds(before: Audited, head: str, rules: str) -> bool:
    """Whether a result is still valid. Without SST the rules do not matter, but the release may."""
    if before.head != head:
        return False
    if not before.has_sst:
        return before.rules.partition(" ")[0] == rules.partition(" ")[0]
    return before.rules == rules


def _found(finding: Finding, since: str) -> AuditedFinding:
    return AuditedFinding(
        project=finding.project,
        policy=finding.policy,
        title=finding.title,
        verdict=finding.verdict,
        severity=finding.severity,
        subject=finding.subject,
        path=finding.span.path,
        line=finding.span.line,
        column=finding.span.column,
        message=finding.message,
        fingerprint=finding.fingerprint,
        gates=finding.gates,
        excused=finding.excuse.reason if finding.excuse else "",
        since=since,
        excused_until=finding.excuse.expires if finding.excuse else "",
    )


def _functions(projects: Iterable[Project]) -> Iterator[AuditedFunction]:
    """The functions by the place that makes them, with their values in every context."""
    for project in projects:
        made: dict[Span, dict[Context, Function]] = {}
        for deployment in project.contexts:
            for function in deployment.functions:
                made.setdefault(function.span, {}).setdefault(deployment.context, function)
        for span, contexts in made.items():
            first = next(iter(contexts.values()))
            yield AuditedFunction(
                project.path,
                in_words(first.name),
                first.via,
                f"{first.owner_type} {in_words(first.owner_name)}",
                span.path,
                span.line,
                tuple((str(context), *_values(each)) for context, each in contexts.items()),
            )


def _values(function: Function) -> tuple[str, str, str]:
    timeout = in_words(function.effective.get("timeout_seconds"))
    seconds = f"{timeout} s" if timeout.isdigit() else timeout
    return seconds, in_words(function.effective.get("streaming")), in_words(function.effective.get("url"))


def in_words(value: Value | None) -> str:
    """A value in a word or two."""
    if value is None:
        return ""
    if value.is_unknown:
        return "cannot tell"
    return " or ".join(dict.fromkeys(_word(each.value) for each in value.alternatives))


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str | int | float) else ""
