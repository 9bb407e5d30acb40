"""Compares two states of a layer's policy files key by key, and tells which changes loosen policy.

Loosening changes come first, because a reviewer must see them. If values have no order (a profile, the text
of a policy), the change may loosen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from policy_bot.policy.layers import AllowRule, Layer, Part
from policy_bot.policy.merging import own, shown
from policy_bot.policy.policy import Policy
from policy_bot.policy.settings import Settings, Waiver
from policy_bot.policy.settingsreport import rows
from policy_bot.policy.strength import weaker
from policy_bot.record import dataclass

Effect = Literal["loosens", "may loosen", "", "tightens"]
_ORDER: tuple[Effect, ...] = ("loosens", "may loosen", "", "tightens")
_FOR_ALL = ("extends", "mode", "unknown")


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One key whose value changed, as text."""

    setting: str
    now: str
    then: str
    effect: Effect = ""


@dataclass(frozen=True, slots=True)
class LayerState:
    """A layer's files at one moment: the settings in force, their content, and the text of their policies.

    `layer` is None if there are no files. `policies` are all policies in force, `texts` those of this layer
    by id.
    """

    settings: Settings
    policies: Sequence[Policy]
    layer: Layer | None
    texts: Mapping[str, str]
    file: str = ""
    """Path of the settings file, "" if there is none."""

    def policy(self, identity: str) -> Policy | None:
        """Returns the policy with this id."""
        return next((each for each in self.policies if each.id == identity), None)

    def value(self, address: str) -> object:
        """Returns the value in force at an address in a repository that no selection matches."""
        if address in self.settings.decisions:
            return self.settings.decisions[address].value
        identity, _, name = address.rpartition(".")
        policy = self.policy(identity)
        if policy and name == "unknown" and "unknown" not in self.settings.decisions:
            return policy.unknown
        if name in _FOR_ALL:
            return self.settings.decisions[name].value if name in self.settings.decisions else "neutral"
        return own(policy, name, self.settings.profile_of(identity)) if policy else None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the file by selection; "" is the top level."""
        return self.layer.parts if self.layer else ()


def changes(now: LayerState, then: LayerState) -> tuple[SettingChange, ...]:
    """Lists every changed key, loosening changes first."""
    found = [
        *_file(now, then),
        *_in_force(now, then),
        *_rules("", _first(now), _first(then)),
        *_approvers(now, then),
        *_waivers(now, then),
        *_selections(now, then),
        *_policies(now, then),
    ]
    return tuple(sorted(found, key=lambda each: _ORDER.index(each.effect)))


def _file(now: LayerState, then: LayerState) -> Iterator[SettingChange]:
    """Compares the settings file itself in the organisation: without any file, each repository's settings
    apply alone.
    """
    organisation = "organisation" in {each.layer.name for each in (now, then) if each.layer}
    if not organisation or bool(now.file) == bool(then.file):
        return
    name = now.file or then.file
    alone = "from now on each repository's own settings apply alone"
    if not then.file:
        rest = f"deleted: {alone}" if then.layer is None else "deleted: repositories may only tighten"
        yield SettingChange(name, "in force", rest, "loosens" if then.layer is None else "may loosen")
    else:
        before = "none: each repository's own settings apply alone" if now.layer is None else "none"
        yield SettingChange(name, before, "in force", "tightens")


def _in_force(now: LayerState, then: LayerState) -> Iterator[SettingChange]:
    before = {row.address: row.value for row in rows(now.settings, now.policies)}
    after = {row.address: row.value for row in rows(then.settings, then.policies)}
    for address in sorted(before.keys() | after.keys()):
        identity = address.rpartition(".")[0]
        both = "/" not in identity or (now.policy(identity) and then.policy(identity))
        if both and before.get(address) != after.get(address):
            effect = _effect(then, address, now.value(address), then.value(address))
            yield SettingChange(
                address, before.get(address, "not set"), after.get(address, "not set"), effect
            )


def _effect(state: LayerState, address: str, now: object, then: object) -> Effect:
    identity, _, name = address.rpartition(".")
    policy = state.policy(identity)
    parameter = policy.parameters.get(name) if policy else None
    tighter = parameter.tighter if parameter else None
    if now == then:
        return ""
    if now is None or then is None:
        return "may loosen"
    down, up = weaker(name, then, now, tighter), weaker(name, now, then, tighter)
    if down:
        return "may loosen" if up else "loosens"
    return "tightens"


def _first(state: LayerState) -> Part:
    return next((part for part in state.parts if part.source is None), Part())


def _rules(prefix: str, now: Part, then: Part) -> Iterator[SettingChange]:
    """Compares entries of `allow` and `lock`: repositories may loosen what is allowed."""
    yield from _entries(f"{prefix}allow", now.allow, then.allow, "loosens", "tightens")
    yield from _entries(f"{prefix}lock", now.lock, then.lock, "tightens", "loosens")


def _entries(
    key: str, now: Sequence[AllowRule], then: Sequence[AllowRule], added: Effect, removed: Effect
) -> Iterator[SettingChange]:
    before, after = (Counter(rule.pattern for rule in each) for each in (now, then))
    for pattern in sorted(after.keys() - before.keys()):
        yield SettingChange(key, "", pattern, added)
    for pattern in sorted(before.keys() - after.keys()):
        yield SettingChange(key, pattern, "", removed)


def _approvers(now: LayerState, then: LayerState) -> Iterator[SettingChange]:
    before, after = (each.layer.approvers if each.layer else None for each in (now, then))
    if before == after:
        return
    if after is None:
        effect: Effect = "loosens"
    elif before is None or after < before:
        effect = "tightens"
    else:
        effect = "loosens"
    yield SettingChange("approvers", _people(before), _people(after), effect)


def _people(named: frozenset[str] | None) -> str:
    return "anyone" if named is None else ", ".join(sorted(named)) or "nobody"


def _waivers(now: LayerState, then: LayerState) -> Iterator[SettingChange]:
    before, after = ({_place(each): each for each in _waived(state)} for state in (now, then))
    for place in sorted(before.keys() | after.keys()):
        old, new = before.get(place), after.get(place)
        if old is None or new is None:
            yield SettingChange(place, _excuse(old), _excuse(new), "tightens" if new is None else "loosens")
        elif _excuse(old) != _excuse(new):
            longer = new.expires > old.expires
            effect: Effect = "loosens" if longer else "tightens" if new.expires < old.expires else ""
            yield SettingChange(place, _excuse(old), _excuse(new), effect)


def _waived(state: LayerState) -> Iterable[Waiver]:
    return state.layer.waivers if state.layer else ()


def _place(waiver: Waiver) -> str:
    where = f" in {waiver.repository}" if waiver.repository else ""
    whom = f" for {waiver.subject}" if waiver.subject else ""
    return f"waiver of {waiver.policy} at {waiver.path}{where}{whom}"


def _excuse(waiver: Waiver | None) -> str:
    return f"until {waiver.expires}, {waiver.approved_by}: {waiver.reason}" if waiver else ""


def _selections(now: LayerState, then: LayerState) -> Iterator[SettingChange]:
    before, after = _named(now), _named(then)
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name, Part()), after.get(name, Part())
        yield from _requests(name, (now, old), (then, new))
        yield from _rules(f"{name}: ", old, new)
        if (name in before) != (name in after) and not (*old.requests, *new.requests, *old.allow, *new.allow):
            yield SettingChange(name, *(("", "added") if name in after else ("in force", "removed")))
    common = [name for name in before if name in after]
    if common != [name for name in after if name in before]:
        yield SettingChange("select", "in this order", "in a different order: later ones win", "may loosen")


def _named(state: LayerState) -> dict[str, Part]:
    """Names the selections by their conditions; equal ones are numbered."""
    found: dict[str, Part] = {}
    for part in (part for part in state.parts if part.source):
        name, number = f"select {part.where}", 2
        while name in found:
            name, number = f"select {part.where} ({number})", number + 1
        found[name] = part
    return found


def _requests(
    name: str, now: tuple[LayerState, Part], then: tuple[LayerState, Part]
) -> Iterator[SettingChange]:
    """Returns the requests of a selection; whatever it does not set comes from elsewhere."""
    (state_now, old), (state_then, new) = now, then
    before, after = ({request.address: request.value for request in part.requests} for part in (old, new))
    for address in sorted(before.keys() | after.keys()):
        values = (
            before.get(address, state_now.value(address)),
            after.get(address, state_then.value(address)),
        )
        if address not in before or address not in after or values[0] != values[1]:
            was, will = (
                shown(value) if address in given else f"as elsewhere ({shown(value)})"
                for value, given in zip(values, (before, after), strict=True)
            )
            yield SettingChange(f"{name}: {address}", was, will, _effect(state_then, address, *values))


def _policies(now: LayerState, then: LayerState) -> Iterator[SettingChange]:
    for identity in sorted(now.texts.keys() | then.texts.keys()):
        old, new = now.policy(identity), then.policy(identity)
        if identity not in now.texts:
            yield SettingChange(f"policy {identity}", "", _demand(new), "tightens")
        elif identity not in then.texts:
            yield SettingChange(f"policy {identity}", _demand(old), "removed", "loosens")
        elif now.texts[identity] != then.texts[identity]:
            weight = weaker("severity", new.severity, old.severity) if old and new else False
            same = old is not None and new is not None and _meaning(old) == _meaning(new)
            effect: Effect = "loosens" if weight else "" if same else "may loosen"
            then_text = "reworded, same requirement" if same else f"changed: {_demand(new)}"
            yield SettingChange(f"policy {identity}", _demand(old), then_text, effect)


def _demand(policy: Policy | None) -> str:
    return f"{policy.severity}: {policy.title}" if policy else "added"


def _meaning(policy: Policy) -> tuple[object, ...]:
    """Returns every part of a policy that affects verdicts."""
    return (
        policy.severity, policy.sst, repr(policy.rules), repr(policy.parameters), policy.unknown,
        policy.waivable, repr(policy.profiles),
    )  # fmt: skip
