"""Checks whether the names in a settings file exist: policies, their parameters, approvers.

Separate from the form of the file, because an organisation's and a repository's own policies are names too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from policy_bot.policy.layers import AllowRule, Layer, SettingRequest
from policy_bot.policy.policy import Policy
from policy_bot.policy.settings import RESERVED, SettingSource, Waiver
from policy_bot.policy.spelling import did_you_mean
from policy_bot.policy.yamltext import Mistake, YamlPlace

Policies = Mapping[str, Policy]


def unknown_names(layer: Layer, policies: Policies) -> list[Mistake]:
    """Every name in a valid file that does not exist, or cannot be used there."""
    problems: list[Mistake] = []
    for part in layer.parts:
        for request in part.requests:
            problems.extend(_in_request(request, policies))
        for rule in (*part.allow, *part.lock):
            problems.extend(_in_rule(rule, policies))
    for waiver in layer.waivers:
        problems.extend(_in_waiver(waiver, layer, policies))
    return problems


def _in_request(request: SettingRequest, policies: Policies) -> Iterable[Mistake]:
    identity, _, name = request.address.partition(".")
    if "/" not in identity:
        return
    yield from _missing(identity, policies, request.source)
    if identity in policies and name not in RESERVED:
        yield from _in_parameter(policies[identity], name, request)


def _in_parameter(policy: Policy, name: str, request: SettingRequest) -> Iterable[Mistake]:
    parameter = policy.parameters.get(name)
    if parameter is None:
        hint = did_you_mean(name, policy.parameters) or _listed(policy.parameters, "It has no parameters")
        yield _problem(request.source, f"`{policy.id}` has no parameter `{name}`", hint)
    elif not _fits(parameter.type, request.value):
        wanted = {
            "int": "a whole number",
            "string": "text",
            "bool": "`true` or `false`",
            "list": "a list of texts",
        }
        yield _problem(request.source, f"`{name}` of `{policy.id}` wants {wanted[parameter.type]}")


def _in_rule(rule: AllowRule, policies: Policies) -> Iterable[Mistake]:
    identity, _, name = rule.pattern.partition(".")
    if "/" not in identity:
        return
    if identity.endswith("/*"):
        if not any(known.startswith(identity[:-1]) for known in policies):
            yield _problem(rule.source, f"no policy is called `{identity}`")
        return
    yield from _missing(identity, policies, rule.source)
    if name and identity in policies and name not in {*RESERVED, *policies[identity].parameters}:
        hint = did_you_mean(name, {*RESERVED, *policies[identity].parameters})
        yield _problem(rule.source, f"`{identity}` has no parameter `{name}`", hint)


def _in_waiver(waiver: Waiver, layer: Layer, policies: Policies) -> Iterable[Mistake]:
    yield from _missing(waiver.policy, policies, waiver.source)
    if waiver.policy in policies and not policies[waiver.policy].waivable:
        yield _problem(waiver.source, f"`{waiver.policy}` cannot be waived", "Fix the finding")
    if not approved(waiver, layer.approvers):
        yield _problem(
            waiver.source,
            f"`{waiver.approved_by}` is not one of the `approvers`",
            _listed(layer.approvers or (), "There are none"),
        )


def approved(waiver: Waiver, approvers: frozenset[str] | None) -> bool:
    """Whether the approver is permitted; GitHub's names ignore case. Anyone is, if no approvers are named."""
    return approvers is None or waiver.approved_by.casefold() in {name.casefold() for name in approvers}


def _missing(identity: str, policies: Policies, source: SettingSource) -> Sequence[Mistake]:
    if identity in policies:
        return ()
    return (_problem(source, f"there is no policy `{identity}`", did_you_mean(identity, policies)),)


def _fits(kind: str, value: object) -> bool:
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, {"string": str, "bool": bool, "list": tuple}[kind])


def _listed(names: Iterable[str], none: str) -> str:
    return f"There are: {', '.join(sorted(names))}" if names else none


def _problem(source: SettingSource, what: str, hint: str = "") -> Mistake:
    return Mistake(source.path, YamlPlace(source.line, source.column), what, hint)
