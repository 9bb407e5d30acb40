"""Reports the settings in force: each with its value, its source, and the values that it overrides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policy_bot.policy.layers import Layer, RepositoryTraits
from policy_bot.policy.merging import own, shown
from policy_bot.policy.policy import Policy
from policy_bot.policy.settings import BUILT_IN, Decision, Settings
from policy_bot.record import dataclass

_FOR_ALL = ("extends", "mode", "unknown", "stages", "paths.ignore", "release-branches", "inline")


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting: its address, and its decision with the overridden values."""

    address: str
    decision: Decision

    @property
    def value(self) -> str:
        """The value as it is written in a file."""
        return shown(self.decision.value)

    @property
    def trail(self) -> tuple[Decision, ...]:
        """The sources, nearest first, down to the built-in value."""
        return (self.decision, *self.decision.over)


def rows(settings: Settings, policies: Sequence[Policy]) -> list[SettingRow]:
    """Every setting in force: the general ones, then each policy's severity, weights and parameters."""
    neutral = Decision("neutral", BUILT_IN)  # only `unknown` has no built-in decision
    found = [SettingRow(name, settings.decisions.get(name, neutral)) for name in _FOR_ALL]
    for policy in sorted(policies, key=lambda each: each.id):
        found.extend(_of(policy, settings))
    return found


def limits(layer: Layer | None, about: RepositoryTraits) -> list[SettingRow]:
    """The other entries of the organisation's file, a row for each: the selections, with those that match the
    repository, what it may and may not loosen, and who may approve.
    """
    found = [
        SettingRow(
            "select",
            Decision(
                f"{'applies' if part.where.takes(about) else 'is for others'}: {part.where}", part.source
            ),
        )
        for part in (layer.parts if layer else ())
        if part.source
    ]
    for part in (part for part in (layer.parts if layer else ()) if part.where.takes(about)):
        found += [SettingRow("allow", Decision(rule.pattern, rule.source)) for rule in part.allow]
        found += [SettingRow("lock", Decision(rule.pattern, rule.source)) for rule in part.lock]
    if layer and layer.named_at:
        found.append(SettingRow("approvers", Decision(tuple(sorted(layer.approvers or ())), layer.named_at)))
    return sorted(found, key=lambda row: ("select", "allow", "lock", "approvers").index(row.address))


def _of(policy: Policy, settings: Settings) -> Iterable[SettingRow]:
    optional = ("mode", "unknown", "extends", "inline")
    profile = settings.profile_of(policy.id)
    for name in ("severity", *optional, *policy.parameters):
        address = f"{policy.id}.{name}"
        decision = settings.decisions.get(address)
        if decision is None and name not in optional:
            decision = Decision(own(policy, name, profile), BUILT_IN)
        if decision is not None:
            yield SettingRow(address, decision)
