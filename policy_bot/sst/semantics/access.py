"""Access facts of a function: URL authorization, VPC, environment, links, permissions.

Keys as in `aws/function.ts` of SST from 3.0.0 to 4.17.0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from policy_bot.sst.catalog.refusals import VPC
from policy_bot.sst.deployment import Place, Reference, Value
from policy_bot.sst.freeze import freeze
from policy_bot.sst.heap import Data, Instance, Obj, Property
from policy_bot.sst.reasons import Why
from policy_bot.sst.recording import Recording, RunProgram
from policy_bot.sst.semantics.lookup import (
    Unclear,
    combine,
    fact,
    integer,
    is_set,
    located,
    lookup,
    text,
    to_plain,
    truth,
)
from policy_bot.sst.semantics.names import named
from policy_bot.sst.values import NOTHING, AbstractValue, Known


def facts(machine: RunProgram, args: Obj, places: Mapping[str, Place]) -> dict[str, Value]:
    """The access facts of a function's definition."""
    get = partial(lookup, machine, Known(args))
    given = _READ if args.rest is not None else [row for row in _READ if row[0] in args.props]
    return {**_UNSET, **{name: located(read(get), places.get(path)) for _, path, name, _, read in given}}


_Get = Callable[[str], AbstractValue]


def _authorization(get: _Get) -> Value:
    url = to_plain(get("url"), truth)
    asked = to_plain(get("url.authorization"), lambda data: text(data) or "none")
    if url.is_known and not url.value:
        return fact("")
    return combine(lambda has, mode: mode if has else "", url, asked)


def raw_facts(machine: RunProgram, args: Obj) -> dict[str, Value]:
    """The access facts of Pulumi's `aws.lambda.Function`, whose arguments have other names."""
    value = Known(args)
    return {
        "vpc": to_plain(lookup(machine, value, "vpcConfig"), is_set),
        "environment": _names(freeze(lookup(machine, value, "environment.variables"))),
        "concurrency": to_plain(lookup(machine, value, "reservedConcurrentExecutions"), integer(-1)),
        "authorization": fact(""),
    }


_NO_VPC = fact("")
_WAYS_OUT = ("aws.ec2.NatGateway", "aws.ec2.EgressOnlyInternetGateway", "aws.ec2.Route")


def isolated_vpc(recording: Recording, args: AbstractValue, place: Place | None) -> Value:
    """The VPC of this project without a NAT that a function runs in. C/aws/function.ts v4.17.0:2033-2055: SST
    takes the private subnets of the component, and warns if it has neither NAT gateways nor instances.
    """
    if any(each.type in _WAYS_OUT for each in recording.constructions):
        return located(Value.unknown(Why.OWN_ROUTES()), place)
    machine = recording.machine
    vpc_given = lookup(machine, args, "vpc")
    if vpc_given is NOTHING and place is None:
        return _NO_VPC

    def name(data: Data) -> str:
        subnets = lookup(machine, Known(data), "privateSubnets") if isinstance(data, Obj) else Known(data)
        found = subnets.data if isinstance(subnets, Known) else None
        vpc = found.instance if isinstance(found, Property) and found.path == "privateSubnets" else found
        made = vpc.construction if isinstance(vpc, Instance) else None
        if made is None or made.type != VPC or made.reference:
            return ""
        nat = lookup(machine, made.args, "nat")
        if not isinstance(nat, Known):
            raise Unclear(nat.reason)
        return "" if truth(nat.data) else named(made)

    return located(to_plain(vpc_given, name), place)


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
"""Facts that are not derived for SST v2's constructs."""


_EMPTY = Value([])


def _content(value: Value) -> object:
    return value.value if value.is_known else value


def _unknown(value: Value) -> Value:
    return Value.unknown(value.reason or Why.ONLY_AT_DEPLOYMENT(), value.span)


def _names(value: Value) -> Value:
    """The keys of an object, one of them unknown if an unknown value was spread into it."""
    content = _content(value)
    if content is None:
        return _EMPTY
    if not isinstance(content, dict):
        return _unknown(value)
    names: list[Value] = [Value(key) for key in content if key != "..."]
    return Value([*names, content["..."]] if "..." in content else names)


def _links(value: Value) -> Value:
    content = _content(value)
    if content is None:
        return _EMPTY
    if not isinstance(content, list):
        return _unknown(value)
    return Value([_link(each) for each in content])


def _link(value: Value) -> Value:
    content = _content(value)
    if isinstance(content, Reference):
        return Value(f"{content.type}/{content.name}")
    return _unknown(value)


def _actions(value: Value) -> Value:
    """All actions of all permissions."""
    content = _content(value)
    if content is None:
        return _EMPTY
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
    return Value(found)


def _number(value: Value) -> Value:
    """The number of elements of a list; 0 for nothing."""
    content = _content(value)
    if content is None:
        return fact(0)
    if isinstance(content, list) and all(each.is_known for each in content):
        return fact(len(content))
    return _unknown(value)


_READ: tuple[tuple[str, str, str, Value, Callable[[_Get], Value]], ...] = (
    ("url", "url.authorization", "authorization", fact(""), _authorization),
    ("vpc", "vpc", "vpc", fact(False), lambda get: to_plain(get("vpc"), is_set)),
    ("environment", "environment", "environment", _EMPTY, lambda get: _names(freeze(get("environment")))),
    ("link", "link", "linked", _EMPTY, lambda get: _links(freeze(get("link")))),
    ("permissions", "permissions", "permissions", _EMPTY, lambda get: _actions(freeze(get("permissions")))),
    ("layers", "layers", "layers", fact(0), lambda get: _number(freeze(get("layers")))),
    (
        *("concurrency", "concurrency.reserved", "concurrency", fact(-1)),
        lambda get: to_plain(get("concurrency.reserved"), integer(-1)),
    ),
)
"""The argument, the path that a finding points at, the fact, its value if the argument is not set, and
otherwise how to read it.
"""
_UNSET = {name: unset for _, _, name, unset, _ in _READ}
