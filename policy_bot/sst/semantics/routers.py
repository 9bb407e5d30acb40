"""Routes of `sst.aws.Router`: their targets, and how long CloudFront waits for them.

There are five ways to write one: in the Router's `routes` (CloudFront behaviours, `*` is a wildcard), by
`route()` and `routeBucket()`, in a function's `url.router`, and in a site's `router`. From 3.10.0 on all but
the first are kept in a key-value store, and their path is a literal prefix in which `*` is an ordinary
character.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.record import dataclass, field
from policy_bot.sst.catalog import http
from policy_bot.sst.catalog import sites as sites_catalog
from policy_bot.sst.deployment import Place, Value
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Construction, Instance, Property
from policy_bot.sst.ranges import at_least
from policy_bot.sst.recording import Recording
from policy_bot.sst.semantics.cdn import Distributions
from policy_bot.sst.semantics.effects import Effects
from policy_bot.sst.semantics.lambdas import Lambda, Record, argument_at, written
from policy_bot.sst.semantics.lookup import fact, is_nothing, known_objects, lookup, or_else, to_plain
from policy_bot.sst.semantics.timeouts import seconds
from policy_bot.sst.span import Span
from policy_bot.sst.values import NOTHING, AbstractValue, Known

STATIC_SITE = "sst.aws.StaticSite"


@dataclass(slots=True, eq=False)
class Routing:
    """One route. `form` is the way it is written: `routes`, `route`, `routeBucket`, `url.router`, `url.route`
    (its deprecated spelling) or `router` (of a site). `target` is its destination.
    """

    form: str
    record: Record
    router: AbstractValue
    pattern: AbstractValue
    target: AbstractValue
    wait: Value
    span: Span
    places: dict[str, Place] = field(default_factory=dict)
    literals: dict[str, Span] = field(default_factory=dict)

    @property
    def origin(self) -> Instance | None:
        """The component that the route leads to, if the program names one."""
        return _behind(self.target)


class Routings:
    """Finds the routes of a recording for one SST version."""

    def __init__(self, recording: Recording, distributions: Distributions) -> None:
        self.recording = recording
        self.machine = recording.machine
        self.distributions = distributions
        self.version = distributions.version

    def all(self, found: list[Lambda]) -> list[Routing]:
        """The routes: those of Routers in the order of the program, then of functions, then of sites."""
        return [
            *self._inline(),
            *self._calls(),
            *(route for each in found if each.target is None for route in self._of_function(each)),
            *(route for each in self.recording.constructions for route in self._of_site(each)),
        ]

    def _inline(self) -> Iterator[Routing]:
        for router in self.recording.constructions:
            if router.type != sites_catalog.ROUTER:
                continue
            for routes in known_objects(lookup(self.machine, router.args, "routes")):
                for path, value in routes.props.items():
                    target = strip(value)
                    inner = lookup(self.machine, target, "url") if known_objects(target) else target
                    wait = self.distributions.wait(router, path, [*dict.fromkeys((*routes.props, "/*"))])
                    yield Routing(
                        "routes", router, Known(router.instance), Known(path), inner, wait, router.span
                    )

    def _calls(self) -> Iterator[Routing]:
        for call in self.recording.calls:
            if call.type != sites_catalog.ROUTER or call.method not in http.ROUTE_METHODS:
                continue
            value = lookup(self.machine, argument_at(call, 2), "readTimeout")
            if not at_least(self.version, http.ROUTE_READ_TIMEOUT):
                value = Known(None)
            router = Known(call.receiver) if call.receiver is not None else Known(None)
            wait = to_plain(value, seconds(http.CLOUDFRONT_SECONDS))
            form = http.ROUTE_METHODS[call.method]
            pattern = argument_at(call, 0)
            places = _place_of(pattern)
            yield Routing(form, call, router, pattern, argument_at(call, 1), wait, call.span, places)

    def _of_function(self, source: Lambda) -> Iterator[Routing]:
        value = strip(source.definition)
        if isinstance(value, Known) and isinstance(value.data, str):
            return  # a handler's path
        for form, since in http.URL_ROUTERS:
            routed = lookup(self.machine, value, form) if at_least(self.version, since) else NOTHING
            if not known_objects(routed):
                continue
            router = lookup(self.machine, routed, "instance" if form == "url.router" else "router")
            effects = Effects(self.machine, self.version)
            wait = effects.read_timeout(known_objects(value)[0]) if known_objects(value) else fact(-1)
            places, literals = written(self.machine, value, (f"{form}.path",))
            pattern = lookup(self.machine, routed, "path")
            yield Routing(
                form,
                source.record,
                router,
                pattern,
                Known(source.owner),
                wait,
                source.span,
                _renamed(places),
                literals,
            )
            return

    def _of_site(self, record: Construction) -> Iterator[Routing]:
        if (record.type not in sites_catalog.SITES and record.type != STATIC_SITE) or record.reference:
            return
        for form, since in http.SITE_ROUTERS:
            routed = lookup(self.machine, record.args, form) if at_least(self.version, since) else NOTHING
            if not known_objects(routed):
                continue
            router = lookup(self.machine, routed, "instance" if form == "router" else "router")
            places, literals = written(self.machine, record.args, (f"{form}.path",))
            pattern = lookup(self.machine, routed, "path")
            target = Known(record.instance)
            yield Routing(
                form, record, router, pattern, target, fact(-1), record.span, _renamed(places), literals
            )
            return


def router_of(recording: Recording, value: AbstractValue) -> Construction | None:
    """The construction of a Router; None if the value is unknown or another project's Router."""
    instance = _behind(value)
    made = instance.construction if instance is not None else None
    if made is None or made.type != sites_catalog.ROUTER or made.reference:
        return None
    return made


def router_name(value: AbstractValue) -> str:
    """The name of a Router, "" if it is unknown."""
    instance = _behind(value)
    name = strip(instance.name) if instance is not None else None
    return name.data if isinstance(name, Known) and isinstance(name.data, str) else ""


def path_of(pattern: str, form: str) -> str:
    """The path of a route; in `route()`, a host may precede the first slash, in which `*` is a wildcard.

    `parsePattern` in C/aws/router-base-route.ts: "*.example.com/docs" is the path /docs.
    """
    if form not in ("route", "routeBucket"):
        return pattern
    host, slash, rest = pattern.partition("/")
    return "/" + rest if slash or host else "/"


def prefix_of(pattern: str) -> str:
    """The prefix equivalent to a pattern that ends in `*`; "" if a `*` elsewhere makes it inexpressible.

    "/*" is "/", "/api/*" is "/api", "api.example.com/*" is "api.example.com", "/a/*/b" has none.
    """
    host, _, rest = pattern.partition("/")
    path = rest.removesuffix("*").removesuffix("/")
    if "*" in path:
        return ""
    return f"{host}/{path}" if path or not host else host


def has_inline_routes(recording: Recording, router: Construction) -> bool:
    """Whether a Router certainly has `routes` of its own."""
    routes = or_else(lookup(recording.machine, router.args, "routes"), Known(None))
    return isinstance(routes, Known) and not is_nothing(routes.data)


def _behind(value: AbstractValue) -> Instance | None:
    value = strip(value)
    data = value.data if isinstance(value, Known) else None
    data = data.instance if isinstance(data, Property) else data
    return data if isinstance(data, Instance) else None


def _renamed(places: dict[str, Place]) -> dict[str, Place]:
    """Moves the place of the path to the fact's name."""
    place = next(iter(places.values()), None)
    return {} if place is None else {"path": place}


def _place_of(value: AbstractValue) -> dict[str, Place]:
    """The place of an argument; None if it is computed, because a fix could not change it."""
    origin = value.origin if isinstance(value, Known) else None
    span = origin.node.span if origin is not None and origin.node is not None else None
    return {} if span is None else {"path": Place(span, span)}
