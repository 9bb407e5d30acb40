"""Ignore comments: comments in the source that excuse a policy's findings on their line, with a reason.

    timeout: "20 seconds", // policy-bot: ignore timeout/too-short -- the upstream closes after 20 s

A comment next to code applies to its own line. A comment alone on its line applies to the next line with
code; so do several such comments in a row. The settings decide whether comments count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from policy_bot.policy.finding import Excuse, Finding, Ignore
from policy_bot.policy.policy import Policy
from policy_bot.policy.settings import Decision, Notice, Settings, SettingSource
from policy_bot.policy.spelling import did_you_mean
from policy_bot.record import dataclass, replace
from policy_bot.sst.deployment import Directive, Project

VERB = "ignore"
FORM = "`// policy-bot: ignore POLICY -- reason`"
MOST = 500
"""How many directives of one project are considered; any more are a mistake and do not count."""
MOST_NAMES = 20
"""Policies that one comment may name."""

Place = tuple[str, int]
"""A file and a line."""


@dataclass(frozen=True, slots=True)
class Ignores:
    """The ignores of one project: all of them, and those that count by the place that they apply to."""

    found: tuple[Ignore, ...] = ()
    by_place: Mapping[Place, tuple[Ignore, ...]] = {}

    def excuse(self, finding: Finding) -> Excuse | None:
        """The ignore that excuses a finding, or None."""
        for ignore in self.by_place.get(finding.span[:2], ()):
            if finding.policy in ignore.policies:
                return Excuse(ignore.reason, "", "", f"{ignore.span.path}:{ignore.span.line}", ignore.span)
        return None

    def reported(self, findings: Iterable[Finding]) -> tuple[Ignore, ...]:
        """All ignores of the project, each with the policies that have no finding at its place."""
        if not self.found:
            return ()
        there = {(finding.policy, *finding.span[:2]) for finding in findings}
        used = {
            (ignore.span, policy)
            for (path, line), ignores in self.by_place.items()
            for ignore in ignores
            for policy in ignore.policies
            if (policy, path, line) in there
        }
        return tuple(
            replace(each, idle=tuple(name for name in each.policies if (each.span, name) not in used))
            for each in self.found
        )


NONE = Ignores()


def of_project(project: Project, policies: Sequence[Policy], settings: Settings) -> Ignores:
    """Collects the ignores in a project's comments, as far as the settings let them count."""
    if not project.directives:
        return NONE
    known = {policy.id: policy for policy in policies}
    directives = project.directives[:MOST]
    found = [_ignore(directive, known, settings) for directive in directives]
    if len(project.directives) > MOST:
        last = project.directives[MOST]
        found.append(Ignore(last.span, mistakes=(f"only the first {MOST} ignores of a project count",)))
    by_place: dict[Place, tuple[Ignore, ...]] = {}
    for place, ignore in _placed(directives, found):
        by_place[place] = (*by_place.get(place, ()), ignore)
    return Ignores(tuple(found), by_place)


def merged(ignores: Iterable[Ignore]) -> tuple[Ignore, ...]:
    """Merges the ignores of several projects; in a shared file, one is idle if it is idle in all of them."""
    found: dict[tuple[object, ...], Ignore] = {}
    for each in ignores:
        before = found.get(each.span)
        idle = each.idle if before is None else tuple(name for name in before.idle if name in each.idle)
        found[each.span] = replace(each, idle=idle)
    return tuple(found[span] for span in sorted(found))


def notices(ignores: Iterable[Ignore]) -> tuple[Notice, ...]:
    """Reports ignores with mistakes, those that do not count, and those without a finding."""
    return tuple(notice for ignore in ignores for notice in _about(ignore))


def _about(ignore: Ignore) -> Iterator[Notice]:
    source = SettingSource("repository", ignore.span.path, ignore.span.line, ignore.span.column)
    for mistake in ignore.mistakes:
        yield Notice(f"this ignore does not count: {mistake}", source, "error")
    for policy, why in ignore.refused:
        yield Notice(f"the ignore of `{policy}` does not count: {why}", source)
    for policy in ignore.idle:
        yield Notice(f"the ignore of `{policy}` excuses nothing: remove it", source)


def _placed(directives: Sequence[Directive], ignores: Sequence[Ignore]) -> Iterator[tuple[Place, Ignore]]:
    """Each ignore with the place that it is about. Several comments that are alone on their lines:

    // policy-bot: ignore a/b -- because    is about the line of `timeout`
    // policy-bot: ignore c/d -- because    is about the line of `timeout`
    timeout: "20 seconds",
    """
    target = {(each.span.path, each.span.line): each.span.end_line + 1 for each in directives if each.alone}
    for directive in reversed(directives):  # from the last one, so that each looks one step ahead
        path, line = directive.span[:2]
        if directive.alone:
            after = target[path, line]
            target[path, line] = target.get((path, after), after)
    for directive, ignore in zip(directives, ignores, strict=False):
        path, line = directive.span[:2]
        yield (path, target.get((path, line), line)), ignore


def _ignore(directive: Directive, known: Mapping[str, Policy], settings: Settings) -> Ignore:
    """Parses a directive; one with any mistake ignores nothing."""
    verb, _, rest = directive.text.partition(" ")
    listed, _, reason = rest.partition("--")
    if verb != VERB:
        hint = did_you_mean(verb, [VERB]) or f"Write {FORM}"
        return Ignore(directive.span, mistakes=(f"`{_short(verb)}` is not understood. {hint}",))
    names = tuple(dict.fromkeys(name.strip() for name in listed.split(",") if name.strip()))
    mistakes = tuple(_mistakes(names, reason.strip(), known))
    if mistakes:
        return Ignore(directive.span, mistakes=mistakes)
    decided = {name: settings.inline_of(name) for name in names}
    return Ignore(
        directive.span,
        tuple(name for name in names if decided[name].value),
        reason.strip(),
        refused=tuple((name, _why(decision)) for name, decision in decided.items() if not decision.value),
    )


def _mistakes(names: Sequence[str], reason: str, known: Mapping[str, Policy]) -> Iterator[str]:
    if not names:
        yield f"it names no policy. Write {FORM}"
    if len(names) > MOST_NAMES:
        yield f"it names more than {MOST_NAMES} policies"
        return
    if not reason:
        yield f"it has no reason. Write {FORM}"
    for name in names:
        policy = known.get(name)
        if policy is None:
            yield f"there is no policy `{_short(name)}`. {did_you_mean(name, known)}".rstrip()
        elif not is_ignorable(policy):
            yield f"`{name}` cannot be ignored. Fix the finding"


def is_ignorable(policy: Policy) -> bool:
    """Whether a comment may excuse findings of the policy: not if it cannot be waived, nor if it reports
    unreadable files, as the comment may be part of the problem.
    """
    return policy.waivable and any(rule.subject != "problem" for rule in policy.rules)


def _why(decision: Decision) -> str:
    if decision.source.layer == "repository":
        return f"`inline: false` forbids it ({decision.source})"
    if decision.source.path:
        return f"the organisation locks it ({decision.source})"
    return "the organisation does not let comments excuse findings (`allow: [inline]` would)"


def _short(word: str) -> str:
    return word if len(word) <= 60 else word[:59] + "…"
