"""What a function may reach and who may reach it: URL authorization, VPC, environment, links, permissions.

Keys as in `aws/function.ts` of SST from 3.0.0 to 4.17.0.
"""

from __future__ import annotations

from collections.abc import Mapping

from policy_bot.sst import deployment as plain
from policy_bot.sst.catalog.refusals import VPC
from policy_bot.sst.deployment import Place, Reference, Value
from policy_bot.sst.freeze import freeze
from policy_bot.sst.heap import Data, Instance, Obj, Property
from policy_bot.sst.reasons import Why
from policy_bot.sst.recording import Recording, RunProgram
from policy_bot.sst.semantics.look import (
    Unclear,
    combine,
    fact,
    integer,
    is_nothing,
    located,
    look,
    text,
    to_plain,
    truth,
)
from policy_bot.sst.semantics.names import named
from policy_bot.sst.values import AbstractValue, Known


def facts(machine: RunProgram, args: Obj, places: Mapping[str, Place]) -> dict[str, Value]:
    """The facts of one definition of a function."""
    abstract = Known(args)
    url = to_plain(look(machine, abstract, "url"), truth)
    asked = to_plain(look(machine, abstract, "url.authorization"), lambda data: text(data) or "none")
    found = {
        "url.authorization": combine(lambda has, mode: mode if has else "", url, asked)
        if not isinstance(url, plain.Known) or url.value
        else fact(""),
        "vpc": to_plain(look(machine, abstract, "vpc"), lambda data: not is_nothing(data)),
        "environment": _names(freeze(look(machine, abstract, "environment"))),
        "link": _links(freeze(look(machine, abstract, "link"))),
        "permissions": _actions(freeze(look(machine, abstract, "permissions"))),
        "layers": _number(freeze(look(machine, abstract, "layers"))),
        "concurrency.reserved": to_plain(look(machine, abstract, "concurrency.reserved"), integer(-1)),
    }
    called = {"url.authorization": "authorization", "link": "linked", "concurrency.reserved": "concurrency"}
    return {called.get(key, key): located(value, places.get(key)) for key, value in found.items()}


def raw_facts(machine: RunProgram, args: Obj) -> dict[str, Value]:
    """The facts of Pulumi's own `aws.lambda.Function`, whose arguments have other names."""
    value = Known(args)
    return {
        "vpc": to_plain(look(machine, value, "vpcConfig"), lambda data: not is_nothing(data)),
        "environment": _names(freeze(look(machine, value, "environment.variables"))),
        "concurrency": to_plain(look(machine, value, "reservedConcurrentExecutions"), integer(-1)),
        "authorization": fact(""),
    }


_WAYS_OUT = ("aws.ec2.NatGateway", "aws.ec2.EgressOnlyInternetGateway", "aws.ec2.Route")


def isolated_vpc(recording: Recording, args: AbstractValue, place: Place | None) -> Value:
    """The VPC of this project without a NAT that a function runs in. C/aws/function.ts v4.17.0:2033-2055: SST
    takes the private subnets of the component, and warns if it has neither NAT gateways nor instances.
    """
    if any(each.type in _WAYS_OUT for each in recording.constructions):
        return located(plain.Unknown(Why.OWN_ROUTES()), place)
    machine = recording.machine

    def name(data: Data) -> str:
        subnets = look(machine, Known(data), "privateSubnets") if isinstance(data, Obj) else Known(data)
        found = subnets.data if isinstance(subnets, Known) else None
        vpc = found.instance if isinstance(found, Property) and found.path == "privateSubnets" else found
        made = vpc.construction if isinstance(vpc, Instance) else None
        if made is None or made.type != VPC or made.reference:
            return ""
        nat = look(machine, made.args, "nat")
        if not isinstance(nat, Known):
            raise Unclear(nat.reason)
        return "" if truth(nat.data) else named(made)

    return located(to_plain(look(machine, args, "vpc"), name), place)


NOT_READ = (
    "authorization",
    "vpc",
    "isolated_vpc",
    "environment",
    "linked",
    "permissions",
    "layers",
    "concurrency",
)
"""The facts that are not read of SST v2's constructs."""


def _list(found: list[str]) -> Value:
    return plain.Known([plain.Known(each) for each in found])


def _content(value: Value) -> object:
    return value.value if isinstance(value, plain.Known) else value


def _unknown(value: Value) -> Value:
    if isinstance(value, plain.Known):
        return plain.Unknown(Why.ONLY_AT_DEPLOY())
    return plain.Unknown(value.reason, value.span if isinstance(value, plain.Unknown) else None)


def _names(value: Value) -> Value:
    """The keys of an object, an unknown one among them where something unknown was spread into it."""
    content = _content(value)
    if content is None:
        return _list([])
    if not isinstance(content, dict):
        return _unknown(value)
    names: list[Value] = [plain.Known(key) for key in content if key != "..."]
    return plain.Known([*names, content["..."]] if "..." in content else names)


def _links(value: Value) -> Value:
    content = _content(value)
    if content is None:
        return _list([])
    if not isinstance(content, list):
        return _unknown(value)
    return plain.Known([_link(each) for each in content])


def _link(value: Value) -> Value:
    content = _content(value)
    if isinstance(content, Reference):
        return plain.Known(f"{content.type}/{content.name}")
    return _unknown(value)


def _actions(value: Value) -> Value:
    """All actions of all permissions."""
    content = _content(value)
    if content is None:
        return _list([])
    if not isinstance(content, list):
        return _unknown(value)
    found: list[Value] = []
    for each in content:
        permission = _content(each)
        given = permission.get("actions") if isinstance(permission, dict) else None
        actions = None if given is None else _content(given)
        if isinstance(actions, list):
            found += actions
        else:
            found.append(_unknown(each))
    return plain.Known(found)


def _number(value: Value) -> Value:
    """The number of items of a list; 0 for nothing."""
    content = _content(value)
    if content is None:
        return fact(0)
    if isinstance(content, list) and all(isinstance(each, plain.Known) for each in content):
        return fact(len(content))
    return _unknown(value)
