"""Sites: the Lambda of a site's server, its auxiliary functions, and whether it streams."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from policy_bot.record import dataclass, field
from policy_bot.sst.catalog import sites as catalog
from policy_bot.sst.catalog.combinations import ROUTED_PROTECTION
from policy_bot.sst.catalog.http import CLOUDFRONT_SECONDS, SITE_ROUTERS
from policy_bot.sst.catalog.lambdas import DEFAULT_TIMEOUT
from policy_bot.sst.deployment import Place, Step, Value
from policy_bot.sst.fields import strip
from policy_bot.sst.freeze import steps
from policy_bot.sst.heap import Construction, Obj
from policy_bot.sst.ranges import at_least, within
from policy_bot.sst.reasons import Why
from policy_bot.sst.recording import Recording
from policy_bot.sst.semantics.access import isolated_vpc
from policy_bot.sst.semantics.auxiliaries import Auxiliaries, AuxiliaryLambda
from policy_bot.sst.semantics.cdn import Distributions
from policy_bot.sst.semantics.effects import NO, Effects, Facts
from policy_bot.sst.semantics.lambdas import written
from policy_bot.sst.semantics.lookup import (
    both,
    combine,
    either,
    fact,
    integer,
    is_set,
    known_objects,
    located,
    lookup,
    may_be_set,
    or_else,
    output,
    text,
    to_plain,
    truth,
)
from policy_bot.sst.semantics.timeouts import seconds, seconds_value
from policy_bot.sst.semantics.transforms import RAW_FUNCTION, Transforms
from policy_bot.sst.span import Span
from policy_bot.sst.values import NOTHING, AbstractValue, Known, Origin, Unknown, is_nullish

if TYPE_CHECKING:
    from policy_bot.sst.frameworks.open_next import SplitServers


class FrameworkReader(Protocol):
    """The framework configs of the project's sites: `policy_bot.sst.frameworks.Frameworks`."""

    def streams(
        self, kind: str, names: tuple[str, ...], folder: AbstractValue, fallbacks: tuple[str, ...] = ()
    ) -> AbstractValue:
        """Whether the server of the site in `folder` streams: a boolean, None for a static build."""

    def preset(
        self, names: tuple[str, ...], folder: AbstractValue, fallbacks: tuple[str, ...]
    ) -> AbstractValue:
        """Nitro's preset of the site in `folder`; `undefined` if none is set."""

    def servers(self, folder: AbstractValue) -> SplitServers:
        """The servers that OpenNext builds besides its default one."""


class Surroundings(Protocol):
    """The repository around a program."""

    @property
    def frameworks(self) -> FrameworkReader:
        """The reader of framework configs, which few projects have."""

    def uses_globals(self, path: str) -> bool:
        """Whether a file uses the globals that SST injects."""


WRITABLE = (
    "timeout", "streaming", "server", "server.timeout", "experimental.streaming", "transform.server.timeout",
    "transform.server.streaming", "transform.function.timeout", "transform.function", "router.readTimeout",
    "protection.edgeFunction.timeout", "protection", "warm", "path", "dev", "vpc",
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Server:
    """A site with its facts."""

    record: Construction
    facts: Facts
    auxiliaries: list[AuxiliaryLambda]
    places: dict[str, Place] = field(default_factory=dict)
    literals: dict[str, Span] = field(default_factory=dict)


class Sites:
    """Derives the sites of a recording for one SST version."""

    def __init__(
        self, recording: Recording, version: str, transforms: Transforms, around: Surroundings
    ) -> None:
        self.recording = recording
        self.machine = recording.machine
        self.version = version
        self.transforms = transforms
        self.around = around
        self.effects = Effects(recording.machine, version)
        self.auxiliaries = Auxiliaries(recording, version, transforms)

    def all(self) -> list[Server]:
        """The sites in the order of the program."""
        return [
            self.make(each)
            for each in self.recording.constructions
            if each.type in catalog.SITES and not each.reference
        ]

    def make(self, record: Construction) -> Server:
        """One site: facts, server, and auxiliary functions."""
        site = catalog.SITES[record.type]
        args = strip(record.args)
        places, literals = written(self.machine, args, WRITABLE)
        deployed = self.deployed(args)
        framework = self.framework(record, site)
        facts = self._arguments(args, places)
        facts["ignored_timeout"] = self._ignored(args, site)
        facts["deployed"] = deployed
        facts["framework_streaming"] = to_plain(framework, truth)
        facts["server"] = to_plain(framework, lambda data: data is not None)
        facts |= self._server(record, framework, deployed, places)
        facts |= self._built(record, site)
        facts["isolated_vpc"] = isolated_vpc(self.recording, args, places.get("vpc"))
        facts["router_protection"] = self._routed_protection(args, places)
        facts["missed_default"] = self._missed(record, facts)
        auxiliaries = [
            *self.auxiliaries.of(record, site.auxiliaries),
            *self.auxiliaries.signers(record, catalog.SITE_SIGNER_SINCE),
        ]
        images = (each.streaming for each in auxiliaries if each.name == catalog.IMAGES)
        facts["images_streaming"] = both(deployed, next(images, NO))
        if facts["warm"].value:
            auxiliaries.append(AuxiliaryLambda("warmer", fact(catalog.WARMER_SECONDS), NO, NO))
        whole = deployed.value is True and facts["server"].value is not False
        return Server(record, facts, auxiliaries if whole else [], places, literals)

    def deployed(self, args: AbstractValue) -> Value:
        """Whether the site itself is deployed: in dev a stub replaces it, unless `dev: false`."""
        if not self.recording.context.dev:
            return fact(True)
        return to_plain(lookup(self.machine, args, "dev"), lambda data: data is False)

    def framework(self, record: Construction, site: catalog.Site) -> AbstractValue:
        """Whether the framework's build makes a streaming server."""
        kind = next((kind for since, kind in site.streams if at_least(self.version, since)), "never")
        if not at_least(self.version, site.edge_before):
            edge = strip(lookup(self.machine, record.args, "edge"))
            if isinstance(edge, Known) and edge.data is True:
                return Known(False, edge.origin)
        if kind in ("always", "never"):
            return Known(kind == "always")
        return self.around.frameworks.streams(kind, site.configs, self._folder(record), site.fallbacks)

    def _folder(self, record: Construction) -> AbstractValue:
        return or_else(lookup(self.machine, record.args, "path"), Known("."))

    def _built(self, record: Construction, site: catalog.Site) -> Facts:
        """Other results of the framework's build: Nitro's preset, OpenNext's additional servers."""
        presets = next((names for since, names in site.presets if at_least(self.version, since)), ())
        facts: Facts = {"nitro_presets": fact(list(presets))}
        if presets:
            facts["nitro_preset"] = self._preset(record, site)
        if record.type == catalog.NEXT and at_least(self.version, catalog.SPLIT_DROPPED):
            servers = self.around.frameworks.servers(self._folder(record))
            facts["split_streaming"] = _named(servers.streaming, servers.split_origin, servers.unclear)
            facts["edge_servers"] = _named(servers.edge, servers.edge_origin, servers.unclear)
        return facts

    def _routed_protection(self, args: AbstractValue, places: dict[str, Place]) -> Value:
        """Whether `protection` locks out the site's Router; later releases refuse this combination."""
        if not within(self.version, *ROUTED_PROTECTION):
            return NO
        router = either(*(to_plain(lookup(self.machine, args, path), is_set) for path, _ in SITE_ROUTERS))
        protected = to_plain(
            lookup(self.machine, args, "protection"), lambda data: is_set(data) and data != "none"
        )
        return located(both(router, protected), places.get("protection"))

    def _preset(self, record: Construction, site: catalog.Site) -> Value:
        value = lookup(self.machine, record.args, "environment.NITRO_PRESET")
        if is_nullish(value):
            value = self.around.frameworks.preset(site.configs, self._folder(record), site.fallbacks)
        command = lookup(self.machine, record.args, "buildCommand")
        own_build = not is_nullish(command)
        if is_nullish(value):
            return Value.unknown(Why.NO_PRESET() if not own_build else Why.BUILD_COMMAND(), record.span)
        return to_plain(value, lambda data: text(data).replace("_", "-"))

    def _server(
        self, record: Construction, framework: AbstractValue, deployed: Value, places: dict[str, Place]
    ) -> Facts:
        args = strip(record.args)
        wanted = lookup(self.machine, args, "server.timeout")
        if not at_least(self.version, catalog.SERVER_TIMEOUT):
            wanted = NOTHING
        server = Obj({
            "timeout": output(or_else(wanted, Known(DEFAULT_TIMEOUT, wanted.origin))),
            "streaming": framework,
            "url": Known(True),
        })  # fmt: skip
        transform = lookup(self.machine, args, catalog.SERVER_TRANSFORM)
        own = self.transforms.component(transform, server, record.name)
        final = self.transforms.function(own, record, record.name)
        timing = self.effects.timing(final, DEFAULT_TIMEOUT, {})
        streaming = to_plain(lookup(self.machine, Known(final), "streaming"), truth)
        forced = NO if final.props.get("streaming") is framework else streaming
        stub = fact(20)
        place = places.get("server.timeout")
        wait = to_plain(wanted, seconds(CLOUDFRONT_SECONDS))
        if not at_least(self.version, catalog.CDN_TRANSFORM_BEFORE):
            wait = Distributions(self.transforms, self.version).wait(record, "", [""])
        return {
            "server_timeout": located(
                self._last(record, final, timing["timeout"]) if deployed.value is True else stub, place
            ),
            "server_timeout_set": located(to_plain(wanted, is_set), place),
            "server_timeout_error": timing["timeout_error"],
            "read_timeout": located(wait, place) if deployed.value is True else fact(-1),
            "streams": both(deployed, streaming),
            "transform_streaming": located(forced, places.get("transform.server.streaming")),
            "transform_timeout": located(
                self._sets_timeout(transform), places.get("transform.server.timeout")
            ),
        }

    def _last(self, record: Construction, final: Obj, timeout: Value) -> Value:
        if RAW_FUNCTION not in self.transforms.by_type:
            return timeout
        value = seconds_value(lookup(self.machine, Known(final), "timeout"), 20)
        inputs = self.transforms.raw(Obj({"timeout": value}), record, record.name)
        return to_plain(lookup(self.machine, Known(inputs), "timeout"), integer(20))

    def _sets_timeout(self, transform: AbstractValue) -> Value:
        """Whether `transform.server` sets a timeout."""
        probe = self.transforms.component(transform, Obj(), Known("probe"))
        return to_plain(lookup(self.machine, Known(probe), "timeout"), is_set)

    def _arguments(self, args: AbstractValue, places: dict[str, Place]) -> Facts:
        """The facts from the site's own arguments."""
        get = partial(lookup, self.machine, args)
        edge = get("protection.edgeFunction")
        signer = to_plain(get("protection.edgeFunction.timeout"), seconds(5))
        there = to_plain(edge, is_set)
        facts = {
            "streaming_arg": ("streaming", to_plain(get("streaming"), is_set)),
            "experimental_streaming": (
                "experimental.streaming",
                to_plain(get("experimental.streaming"), truth),
            ),
            "timeout_arg": ("timeout", to_plain(get("timeout"), is_set)),
            "edge_timeout": (
                "protection.edgeFunction.timeout",
                combine(lambda on, wait: wait if on else -1, there, signer),
            ),
            "warm": ("warm", to_plain(get("warm"), integer(0))),
        }
        return {name: located(value, places.get(path)) for name, (path, value) in facts.items()}

    def _ignored(self, args: AbstractValue, site: catalog.Site) -> Value:
        """Other places at which a timeout is written and this release does not read it."""
        read = catalog.TRANSFORMS | {
            self.auxiliaries.transform_key(auxiliary) for auxiliary in site.auxiliaries
        }
        transform = strip(lookup(self.machine, args, "transform"))
        keys = known_objects(transform)[0].props if known_objects(transform) else {}
        wrong = [f"transform.{key}.timeout" for key in keys if key not in read]
        if not at_least(self.version, catalog.SERVER_TIMEOUT):
            wrong.append("server.timeout")
        for path in (*wrong, "router.readTimeout"):
            if may_be_set(lookup(self.machine, args, path)):
                places, _ = written(self.machine, args, (path,))
                named = path.removesuffix(".timeout") if path.startswith("transform.") else path
                return located(fact(named), places.get(path))
        return fact("")

    def _missed(self, record: Construction, facts: Facts) -> Value:
        """The reason why a `$transform` with a default timeout does not reach the server."""
        late = self.transforms.missing(record, immediate=False)
        if late is not None:
            return fact("registered later", Step("$transform", late.span))
        for transform, _, _ in self.transforms.reaching("sst.aws.Function", record, immediate=False):
            sets, overrides = self.transforms.sets_default(transform)
            if sets and not overrides:
                return fact("already set", Step("$transform", transform.span))
        return fact("")


def _named(names: tuple[str, ...], origin: Origin | None, unclear: Unknown | None) -> Value:
    """A list of names as a fact, with its place."""
    if unclear is not None:
        return Value.unknown(unclear.reason, unclear.node.span if unclear.node else None)
    return Value(list(names), steps(origin) if names else ())
