"""Runs the cases of a policy file: reads the small project, judges it, compares with the marks and the fixed
text.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from policy_bot.policy.cases import CONFIG, CaseMark, PolicyCase, misspelt, without_marks
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Edit, Finding, Judgement
from policy_bot.policy.policy import Policy
from policy_bot.policy.settings import BUILT_IN, Decision, Profile, Settings
from policy_bot.policy.yamltext import Mistake, YamlPlace
from policy_bot.record import dataclass, replace
from policy_bot.review.fixes import Read, with_fixes
from policy_bot.review.fixes_text import apply
from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.ranges import LATEST
from policy_bot.sst.source import MemoryTree, Unreadable

_INTEGER = re.compile(r"-?[0-9]{1,18}")  # fits the 64 bits of integers in expressions


@dataclass(frozen=True)
class CaseOutcome:
    """The result of one case: marks without a finding, findings without a mark, and wrong results of
    fixes.
    """

    case: PolicyCase
    missing: tuple[CaseMark, ...] = ()
    unexpected: tuple[Finding, ...] = ()
    fixes: tuple[str, ...] = ()
    problem: str = ""

    @property
    def passed(self) -> bool:
        """Whether the result is exactly as expected."""
        return not (self.missing or self.unexpected or self.fixes or self.problem)


def rehearse(policy: Policy, case: PolicyCase, read: Read, others: Sequence[Policy] = ()) -> CaseOutcome:
    """Runs one case. `others` also judge when a fix is proved: it must not violate them.

    Mistakes in the case, and what `read` refuses to read, are problems of its outcome.
    """
    try:
        return _ran(policy, case, read, others)
    except (_Mistyped, Unreadable) as why:
        return CaseOutcome(case, problem=str(why))


PACKAGE = "package.json"


def failures(policy: Policy, outcome: CaseOutcome) -> Iterator[Mistake]:
    """The failures of a case, at the lines of the policy file."""
    case = outcome.case
    if outcome.problem:
        yield Mistake(policy.path, YamlPlace(case.line, 1), f"{case.name}: {outcome.problem}")
    for mark in outcome.missing:
        line = case.line_in_policy(mark.path, mark.line)
        yield Mistake(
            policy.path,
            YamlPlace(line, 1),
            f"expected but not found: {mark.verdict} {mark.message}".rstrip(),
        )
    for finding in outcome.unexpected:
        line = case.line_in_policy(finding.span.path, finding.span.line)
        yield Mistake(
            policy.path, YamlPlace(line, 1), f"found but not expected: {finding.verdict}: {finding.message}"
        )
    if outcome.fixes:
        what = f"{case.name}: the fix does not give the text of the `fixed` block"
        yield Mistake(policy.path, YamlPlace(case.line, 1), what)


class _Mistyped(Exception):
    """A parameter of a case that has the wrong type."""


def _ran(policy: Policy, case: PolicyCase, read: Read, others: Sequence[Policy]) -> CaseOutcome:
    tree = MemoryTree({path: text.encode() for path, text in _files(case).items()})
    if CONFIG not in case.files:
        return CaseOutcome(case, problem=f"the case has no {CONFIG}: give one block no file name")
    project = _read(case, tree, read)
    if void := next(_void_marks(policy, case, project), ""):
        return CaseOutcome(case, problem=void)
    settings = _settings(policy, case)
    visible = replace(policy, unknown="neutral")
    judgement = Judge((visible,), settings)([project])
    if judgement.problems:
        problem = judgement.problems[0]
        line = case.line_in_policy(problem.span.path, problem.span.line)
        return CaseOutcome(case, problem=f"line {line}: {problem.reason}")
    missing, unexpected = _compare(case, judgement.findings, project)
    fixes: tuple[str, ...] = ()
    if case.fixed and not missing and not unexpected:
        judge = Judge((visible, *(other for other in others if other.id != policy.id)), settings)
        fixes = _fixes(case, with_fixes(judge([project]), tree, read, judge), policy)
    return CaseOutcome(case, missing, unexpected, fixes)


def _files(case: PolicyCase) -> Mapping[str, str]:
    """The files of a case. One that names no release uses the newest."""
    if PACKAGE in case.files or "stacks(" in case.files.get(CONFIG, ""):
        return case.files
    return {PACKAGE: json.dumps({"dependencies": {"sst": LATEST}}), **case.files}


def _void_marks(policy: Policy, case: PolicyCase, project: Project) -> Iterator[str]:
    """Marks that would expect nothing: a misspelt word, a context that is not judged."""
    for name in case.parameters:
        if name not in policy.parameters and name != "profile":
            known = ", ".join((*policy.parameters, "stages", "profile"))
            yield f"the policy has no parameter `{name}`; a case may set {known}"
    for path, number, word in misspelt(case):
        yield f"line {case.line_in_policy(path, number)}: `{word}` is not a mark: use `fail` or `unknown`"
    judged = sorted({deployment.context.stage for deployment in project.contexts})
    for mark in case.marks:
        for stage in sorted({*mark.contexts} - {*judged}):
            where = case.line_in_policy(mark.path, mark.line)
            judges = ", ".join(judged)
            yield f"line {where}: `{stage}` is not judged here, only {judges}: add `stages={stage}`"


def _read(case: PolicyCase, tree: MemoryTree, read: Read) -> Project:
    project = read(tree, CONFIG, None)
    found = [deployment.context for deployment in project.contexts]
    more = [Context(stage) for stage in case.stages if Context(stage) not in found]
    return read(tree, CONFIG, found + more) if more else project


def _settings(policy: Policy, case: PolicyCase) -> Settings:
    decisions = dict(Settings.default().decisions)
    own: Profile = "recommended" if policy.severity_in("recommended") else "guide"
    decisions["extends"] = Decision(cast(Profile, case.parameters.get("profile", own)), BUILT_IN)
    if policy.severity_in(own) is None:  # policies that are on by name only
        decisions[f"{policy.id}.severity"] = Decision(policy.severity, BUILT_IN)
    for name, text in case.parameters.items():
        if name in policy.parameters:
            decisions[f"{policy.id}.{name}"] = Decision(_typed(policy, name, text), BUILT_IN)
    return Settings(decisions)


def _typed(policy: Policy, name: str, text: str) -> object:
    kind = policy.parameters[name].type
    if kind == "int":
        if not _INTEGER.fullmatch(text):
            raise _Mistyped(f"`{name}` must be a whole number of at most 18 digits")
        return int(text)
    if kind == "list":
        return text.split(",") if text else []
    return text == "true" if kind == "bool" else text


def _compare(
    case: PolicyCase, findings: Sequence[Finding], project: Project
) -> tuple[tuple[CaseMark, ...], tuple[Finding, ...]]:
    everywhere = frozenset(deployment.context.stage for deployment in project.contexts)
    unexpected = [f for f in findings if not any(_meets(mark, f, everywhere) for mark in case.marks)]
    missing = [mark for mark in case.marks if not any(_meets(mark, f, everywhere) for f in findings)]
    return tuple(missing), tuple(unexpected)


def _meets(mark: CaseMark, finding: Finding, everywhere: frozenset[str]) -> bool:
    contexts = set(map(stage_of, finding.contexts))
    return (
        (mark.path, mark.line, mark.verdict) == (finding.span.path, finding.span.line, finding.verdict)
        and contexts == (set(mark.contexts) or everywhere)
        and mark.message in finding.message
    )


def stage_of(context: str) -> str:
    """The name of a context's stage: marks name only stages."""
    return "dev" if context == "sst dev" else context.removesuffix(" (sst dev)")


def _fixes(case: PolicyCase, judgement: Judgement, policy: Policy) -> tuple[str, ...]:
    """Differences between the results of the first fix of each finding and those that the case expects."""
    edits: list[Edit] = []
    for finding in judgement.findings:
        if finding.policy == policy.id:
            edits += [edit for fix in finding.fixes[:1] for edit in fix.edits if edit not in edits]
    wrong = []
    for path, wanted in case.fixed.items():
        mine = [edit for edit in edits if edit.path == path]
        if not mine:
            wrong.append(f"no fix for {path} was offered")
            continue
        result = apply(case.files.get(path, "").encode(), mine)
        made = result.decode() if result is not None else "(the fixes overlap)"
        if without_marks(made) != without_marks(wanted):
            wrong.append(_difference(path, without_marks(wanted), without_marks(made)))
    return tuple(wrong)


def _difference(path: str, wanted: str, made: str) -> str:
    lines = difflib.unified_diff(
        wanted.split("\n"), made.split("\n"), f"{path} expected", f"{path} fixed", lineterm="", n=1
    )
    return "\n".join(lines)
