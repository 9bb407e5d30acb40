"""Compares the deployments of a project before and after a fix: did it do what it claims and nothing else?

Only the declared keys of the declared subjects may differ, in the contexts of the finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from policy_bot.policy.relations import fact_of
from policy_bot.record import dataclass
from policy_bot.sst.deployment import Component, Context, Deployment, Function, Project, Subject, Value
from policy_bot.sst.span import Span

_EFFECTIVE = {"timeout": "timeout_seconds", "wrapper": "streaming", "missing_config": "streaming"}


@dataclass(frozen=True)
class Allowance:
    """What a fix may change: a subject's span before the fix, the key, the contexts."""

    span: Span
    key: str
    contexts: frozenset[Context]


def changes_nothing_else(before: Project, after: Project, allowed: tuple[Allowance, ...]) -> bool:
    """Whether every effective value that may not change is unchanged, in every context."""
    if after.unreadable is not None or len(before.contexts) != len(after.contexts):
        return False
    return all(
        old.context == new.context
        and _same_deployment(old, new, tuple(a for a in allowed if old.context in a.contexts))
        for old, new in zip(before.contexts, after.contexts, strict=True)
    )


def _same_deployment(old: Deployment, new: Deployment, allowed: tuple[Allowance, ...]) -> bool:
    if not _no_new_crash(old, new) or not _cut_short(new) <= _cut_short(old):
        return False
    if old.crashes and not new.crashes and not old.components:
        return True  # nothing was deployed before: everything there now was hidden by the crash
    return (
        _same_keys(old.root, new.root, {a.key for a in allowed})
        and _same_keys(old.app, new.app, {a.key.removeprefix("app.") for a in allowed if "." in a.key})
        and len(old.components) == len(new.components)
        and all(map(_same_component, old.components, new.components, [allowed] * len(old.components)))
        and _same_functions(old.functions, new.functions, allowed)
    )


def _no_new_crash(old: Deployment, new: Deployment) -> bool:
    return {crash.message for crash in new.crashes} <= {crash.message for crash in old.crashes}


def _cut_short(deployment: Deployment) -> Counter[str]:
    """The reasons why code could not be read to its end, e.g. a syntax error that the fix would introduce."""
    return Counter(str(each.reason) for each in deployment.unknown if each.cut_short)


def _same_keys(old: Mapping[str, Value], new: Mapping[str, Value], changing: set[str]) -> bool:
    keys = (old.keys() | new.keys()) - changing
    return all(key in old and key in new and bare(old[key]) == bare(new[key]) for key in keys)


def _same_component(old: Component, new: Component, allowed: tuple[Allowance, ...]) -> bool:
    if (old.type, bare(old.name), old.certain) != (new.type, bare(new.name), new.certain):
        return False
    keys = {a.key for a in allowed if a.span == old.span}
    return all(_is_below(path, keys) for path in differences(bare(old.args), bare(new.args)))


def _same_functions(old: Sequence[Function], new: Sequence[Function], allowed: tuple[Allowance, ...]) -> bool:
    """Compares function by function. One that the edited subject created itself (a warmer) may be gone."""
    spans = {a.span for a in allowed}
    names = Counter(_identity(function) for function in new)
    gone = [f for f in old if not names[_identity(f)] and f.span in spans]
    kept = [f for f in old if f not in gone]
    if any(function.span not in {other.span for other in kept} for function in gone):
        return False
    return len(kept) == len(new) and all(map(_same_function, kept, new, [allowed] * len(kept)))


def _identity(function: Function) -> tuple[str, str, str]:
    return function.via, function.owner_type, repr(bare(function.name))


def _same_function(old: Function, new: Function, allowed: tuple[Allowance, ...]) -> bool:
    if _identity(old) != _identity(new):
        return False
    last = {a.key.rpartition(".")[2] for a in allowed if a.span == old.span}
    keys = {_EFFECTIVE.get(key, key) for key in last}
    return _same_keys(old.effective, new.effective, keys)


def _is_below(path: str, keys: set[str]) -> bool:
    """Whether a differing path is a declared key, is inside one, or contains one that was added with its
    parent.

    A component that makes a function from a definition has the keys deeper: `function.timeout` of a Cron.
    """
    return any(
        f".{key}." in f".{path}." or key.startswith(f"{path}.") or path.endswith(f".{key.partition('.')[0]}")
        for key in keys
    )


def says_the_same(other: Subject, subject: Subject, fact: str) -> bool:
    """Whether the source has the same value for a subject in another context, without a finding there.

    One value written for all stages may be changed for all; a value that differs by stage is intentional. If
    a site is only a stub (`sst dev`), its arguments have no effect.
    """
    return bare(fact_of(other, fact)) == bare(fact_of(subject, fact)) or (
        other.kind == "site" and bare(other.facts["deployed"]) is False
    )


def bare(value: Value) -> object:
    """A value without its derivation, for comparison."""
    if value.is_unknown:
        return ("unknown", str(value.reason))
    if value.choices:
        return ("one of", *(bare(choice) for choice in value.choices))
    return _bare_content(value.value)


def _bare_content(content: object) -> object:
    if isinstance(content, dict):
        return {key: bare(item) if isinstance(item, Value) else item for key, item in content.items()}
    if isinstance(content, (list, tuple)):
        return [bare(item) if isinstance(item, Value) else item for item in content]
    return content


def differences(old: object, new: object, path: str = "") -> Iterator[str]:
    """The dotted paths at which two bare values differ: the deepest that distinguish them."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys(), key=str):
            below = f"{path}.{key}" if path else str(key)
            if key in old and key in new:
                yield from differences(old[key], new[key], below)
            else:
                yield below
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{path}.{number}")
    elif old != new:
        yield path
