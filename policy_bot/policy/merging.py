"""Merges the layers: the organisation's settings, and which of a repository's requests are granted.

Without an organisation file, the repository's requests are granted. With one, a repository may always
tighten; it may loosen only what `allow` names and `lock` does not. Other requests are refused with a notice,
and the rest of its file applies. A general request (`mode`, `unknown`, `extends`) never affects a policy that
it may not loosen: that policy keeps the organisation's value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import cast

from policy_bot.policy.layers import AllowRule, Layer, RepositoryTraits, SettingRequest
from policy_bot.policy.policy import Policy
from policy_bot.policy.selection import name_matches
from policy_bot.policy.settings import BUILT_IN, Decision, Notice, Profile, Settings, SettingSource, Waiver
from policy_bot.policy.strength import weaker
from policy_bot.policy.vocabulary import approved
from policy_bot.record import dataclass, field

_COLLECTED = frozenset({"stages", "paths.ignore", "release-branches"})
_FOR_ALL = ("mode", "unknown", "extends")


def resolve(
    organisation: Layer | None,
    repository: Layer | None,
    about: RepositoryTraits,
    policies: Mapping[str, Policy],
    today: date,
) -> Settings:
    """Determines the settings of a repository. `policies` are those of the layers above it: built in and the
    organisation's.
    """
    merging = _Merging(policies, dict(Settings.default().decisions))
    if organisation:
        merging.take_all(organisation, about)
        merging.decide_inline()
    merging.before = dict(merging.decisions)
    if repository:
        merging.grant(repository, everything=organisation is None)
    waivers = tuple(merging.waivers(organisation, repository, about))
    return Settings(MappingProxyType(merging.decisions), waivers, tuple(merging.notices), today)


@dataclass(slots=True)
class _Merging:
    policies: Mapping[str, Policy]
    decisions: dict[str, Decision]
    before: dict[str, Decision] = field(default_factory=dict)
    allow: list[AllowRule] = field(default_factory=list)
    lock: list[AllowRule] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def take_all(self, layer: Layer, about: RepositoryTraits) -> None:
        for part in layer.parts:
            if part.where.takes(about):
                for request in part.requests:
                    self._set(request)
                self.allow += part.allow
                self.lock += part.lock

    def grant(self, layer: Layer, everything: bool) -> None:
        if everything:
            self.allow.append(AllowRule("*", BUILT_IN))
        for request in (request for part in layer.parts for request in part.requests):
            if request.address in _FOR_ALL:
                self._grant_for_all(request)
            elif request.address == "inline":
                self._grant_inline(request)
            elif not self._weakens(request) or self._open(request.address):
                self._set(request)
            else:
                self._refuse(request)

    def _grant_for_all(self, request: SettingRequest) -> None:
        granted = self._open(request.address)
        if not granted and self._weakens(request):
            self._refuse(request)
            return
        self._set(request)
        for policy in self.policies.values():
            address = f"{policy.id}.{request.address}"
            mine = self._base(address)
            may = granted and self._lock(address) is None
            if address not in self.before and not may and weaker(request.address, request.value, mine.value):
                self.decisions.setdefault(address, mine)

    def decide_inline(self) -> None:
        """Decides whether comments in the source may excuse findings: only if the organisation names that.
        Wider entries of `allow` apply to the repository's own file, which is reviewed on the default
        branch; a comment arrives with the pull request that it excuses.
        """
        general = self.decisions["inline"] = self._inline("inline")
        for identity in self.policies:
            mine = self._inline(f"{identity}.inline")
            if mine.value != general.value:
                self.decisions[f"{identity}.inline"] = mine

    def _inline(self, address: str) -> Decision:
        lock = self._lock(address)
        if lock is not None:
            return Decision(False, lock.source)
        named = next((rule for rule in self.allow if rule.pattern in {"inline", address}), None)
        return Decision(named is not None, named.source if named else SettingSource("organisation"))

    def _grant_inline(self, request: SettingRequest) -> None:
        """A repository may forbid all ignore comments; otherwise the decision above it stays."""
        if self._weakens(request):
            self._refuse(request)
            return
        self._set(request)
        if not request.value:
            for address in [each for each in self.decisions if each.endswith(".inline")]:
                del self.decisions[address]

    def _open(self, address: str) -> bool:
        allowed = any(rule.covers(address) for rule in self.allow)
        return allowed and self._lock(address) is None

    def _lock(self, address: str) -> AllowRule | None:
        """The entry of `lock` that closes an address."""
        of_all = address in (
            "paths.ignore",
            "release-branches",
        )  # both can remove any policy, locked ones too
        return next((rule for rule in self.lock if of_all or rule.covers(address)), None)

    def _weakens(self, request: SettingRequest) -> bool:
        identity, _, name = request.address.rpartition(".")
        policy = self.policies.get(identity)
        if request.address == "stages" or ("/" in identity and policy is None):
            return (
                False  # stages can only be added; no layer above has a value for the repository's own policy
            )
        parameter = policy.parameters.get(name) if policy else None
        direction = parameter.tighter if parameter else None
        return weaker(name, request.value, self._base(request.address).value, direction)

    def _base(self, address: str) -> Decision:
        """The value at an address before the repository's requests, including the policies' own defaults."""
        if address in self.before:
            return self.before[address]
        identity, _, name = address.rpartition(".")
        policy = self.policies.get(identity)
        if policy is None:
            return Decision(
                "neutral", BUILT_IN
            )  # `unknown`, the only general setting without a built-in value
        if name in _FOR_ALL and name in self.before:
            return self.before[name]
        return Decision(own(policy, name, self._profile_of(policy, self.before)), BUILT_IN)

    def _set(self, request: SettingRequest) -> None:
        value = request.value
        before = self.decisions.get(request.address) or self._built_in(request.address)
        if request.address in _COLLECTED and before:
            value = tuple(dict.fromkeys((*_texts(before.value), *_texts(value))))
        made = before.replaced_by(value, request.source) if before else Decision(value, request.source)
        self.decisions[request.address] = made

    def _built_in(self, address: str) -> Decision | None:
        identity, _, name = address.rpartition(".")
        policy = self.policies.get(identity)
        if policy is None or name in {"mode", "extends"}:
            return None
        return Decision(own(policy, name, self._profile_of(policy, self.decisions)), BUILT_IN)

    def _profile_of(self, policy: Policy, decisions: Mapping[str, Decision]) -> Profile:
        return cast(Profile, (decisions.get(f"{policy.id}.extends") or decisions["extends"]).value)

    def _refuse(self, request: SettingRequest) -> None:
        base = self._base(request.address)
        why = f"it would loosen `{shown(base.value)}` ({base.source})"
        lock = self._lock(request.address)
        opens = f"The organisation can open it: `allow: [{request.address.removesuffix('.ignore')}]`"
        self.notices.append(
            Notice(
                f"`{request.address}: {shown(request.value)}` is refused: {why}."
                f" {opens if lock is None else f'`lock` closes it ({lock.source})'}",
                request.source,
                about=request.address,
            )
        )

    def waivers(
        self, organisation: Layer | None, repository: Layer | None, about: RepositoryTraits
    ) -> Iterable[Waiver]:
        if organisation:
            yield from (each for each in organisation.waivers if name_matches(each.repository, about.name))
        approvers = organisation.approvers if organisation else None
        for waiver in repository.waivers if repository else ():
            if waiver.policy in self.policies and not self._open(f"{waiver.policy}.waivers"):
                why = f"the organisation does not let repositories waive `{waiver.policy}`"
                why += ". A waiver in its own settings counts"
                self.notices.append(Notice(f"a waiver is refused: {why}", waiver.source))
            elif not approved(waiver, approvers):
                why = f"`{waiver.approved_by}` is not one of the organisation's `approvers`"
                self.notices.append(Notice(f"a waiver is refused: {why}", waiver.source))
            else:
                yield waiver


def shown(value: object) -> str:
    """A setting's value as it is written in a file."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"[{', '.join(value)}]" if type(value) is tuple else str(value)


def own(policy: Policy, name: str, profile: Profile) -> object:
    """The policy's own value: the severity of its strictest rule, its weight, or a parameter's default."""
    if name == "severity":
        severities = [policy.rule_severity(rule, profile) for rule in policy.rules]
        found = [each for each in ("error", "warning", "notice") if each in severities]
        return found[0] if found else "off"
    if name == "unknown":
        return policy.unknown
    parameter = policy.parameters.get(name)
    default = parameter.default if parameter else None
    return tuple(default) if isinstance(default, list) else default


def _texts(value: object) -> tuple[str, ...]:
    return cast("tuple[str, ...]", value)
