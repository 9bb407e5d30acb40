"""OpenNext: whether the site's server streams, and which other servers it builds.

Source: opennextjs/opennextjs-aws `packages/open-next/src/build/generateOutput.ts` (`canStream`,
`edgeFunctions`, `origins`).
"""

from __future__ import annotations

from policy_bot.record import dataclass
from policy_bot.sst.fields import strip
from policy_bot.sst.frameworks.values import at, mapped
from policy_bot.sst.heap import Closure, Native, Obj
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import AbstractValue, Known, Origin, Unknown, is_nullish

DEFAULT_WRAPPER = "aws-lambda"
"""OpenNext's default (`plugins/resolve.js`), which collects the body of the response."""
GATEWAY_WRAPPER = "aws-apigw-streaming"
"""Streams only through a REST API, since OpenNext 4.1.0 (opennextjs-aws#1181)."""
STREAMING_WRAPPERS = ("aws-lambda-streaming", GATEWAY_WRAPPER)
MIDDLEWARE = "middleware"


@dataclass(frozen=True, slots=True)
class SplitServers:
    """Servers besides the default one: those split off by `functions`, those of them with the streaming
    wrapper, and those for CloudFront's edge (`placement: "global"`, an external middleware). `origin` is
    their place in the config, `unclear` the reason if they are unknown.
    """

    split: tuple[str, ...] = ()
    streaming: tuple[str, ...] = ()
    edge: tuple[str, ...] = ()
    split_origin: Origin | None = None
    edge_origin: Origin | None = None
    unclear: Unknown | None = None


def streams(value: AbstractValue, path: str) -> AbstractValue:
    """Whether the wrapper can stream, for which SST switches streaming on (`build/generateOutput.js`);
    unknown for a wrapper of the project's own.
    """
    wrapper = at(value, ("default", "override", "wrapper"))
    if isinstance(wrapper, Known):
        if isinstance(wrapper.data, (Closure, Native)):
            return Unknown(Why.OWN_WRAPPER(path))
        return Known(wrapper.data in STREAMING_WRAPPERS, wrapper.origin)
    return mapped(wrapper, lambda data: data in STREAMING_WRAPPERS)


def wrapper_name(value: AbstractValue, path: str) -> AbstractValue:
    """The wrapper's name."""
    wrapper = at(value, ("default", "override", "wrapper"))
    if isinstance(wrapper, Known) and isinstance(wrapper.data, (Closure, Native)):
        return Unknown(Why.OWN_WRAPPER(path))
    return Known(DEFAULT_WRAPPER, wrapper.origin) if is_nullish(wrapper) else wrapper


def functions(value: AbstractValue, path: str) -> AbstractValue:
    """The functions that OpenNext splits off the default one: an object, or nothing."""
    return at(value, ("functions",))


def servers(value: AbstractValue, path: str) -> SplitServers:
    """The servers besides the default one."""
    named = functions(value, path)
    if isinstance(named, Unknown):
        return SplitServers(unclear=named)
    held = named.data.props if isinstance(named, Known) and isinstance(named.data, Obj) else {}
    is_edge = {name: _is(at(function, ("placement",)), "global") for name, function in held.items()}
    split = tuple(name for name, edge in is_edge.items() if not edge)
    streaming = tuple(
        name
        for name in split
        if any(_is(at(held[name], ("override", "wrapper")), wrapper) for wrapper in STREAMING_WRAPPERS)
    )
    edge = [name for name, edge in is_edge.items() if edge]
    external = at(value, (MIDDLEWARE, "external"))
    if _is(external, True):
        edge.append(MIDDLEWARE)
    origin = external.origin if MIDDLEWARE in edge else None
    return SplitServers(split, streaming, tuple(edge), named.origin, origin or named.origin)


def _is(value: AbstractValue, wanted: object) -> bool:
    value = strip(value)
    return isinstance(value, Known) and value.data == wanted
