"""Sites: the Lambda of a site's server and the ones it brings along, and what decides whether it streams."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from policy_bot.sst import deployment as plain
from policy_bot.sst.catalog import sites as catalog
from policy_bot.sst.catalog.http import CLOUDFRONT_SECONDS
from policy_bot.sst.catalog.lambdas import DEFAULT_TIMEOUT
from policy_bot.sst.deployment import Place
from policy_bot.sst.meaning.effects import NO, Effects, Facts, seconds, seconds_box
from policy_bot.sst.meaning.lambdas import written
from policy_bot.sst.meaning.look import (
    NOTHING,
    both,
    combine,
    fact,
    integer,
    is_nothing,
    known_objects,
    located,
    look,
    or_else,
    output,
    to_plain,
    truth,
)
from policy_bot.sst.meaning.sides import SideLambda, Sides
from policy_bot.sst.meaning.transforms import RAW_FUNCTION, Transforms
from policy_bot.sst.record import dataclass, field
from policy_bot.sst.recording import Construction, Recording
from policy_bot.sst.span import Span
from policy_bot.sst.values import Box, Known, Obj, OneOf, strip
from policy_bot.sst.versions import at_least

# Finds out whether the framework's own config streams: (framework, config names, the site's folder) -> a
# truth, as a box.
Streams = Callable[[str, tuple[str, ...], Box], Box]

WRITABLE = (
    "timeout", "streaming", "server", "server.timeout", "experimental.streaming", "transform.server.timeout",
    "transform.server.streaming", "transform.function.timeout", "transform.function", "router.readTimeout",
    "protection.edgeFunction.timeout", "warm", "path", "dev",
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Server:
    """A site with its facts."""

    record: Construction
    facts: Facts
    sides: list[SideLambda]
    places: dict[str, Place] = field(default_factory=dict)
    literals: dict[str, Span] = field(default_factory=dict)


class Sites:
    """Works out the sites of a recording for one SST version."""

    def __init__(self, recording: Recording, version: str, transforms: Transforms, streams: Streams) -> None:
        self.recording = recording
        self.machine = recording.machine
        self.version = version
        self.transforms = transforms
        self.streams = streams
        self.effects = Effects(recording.machine, version)
        self.sides = Sides(recording, version, transforms)

    def all(self) -> list[Server]:
        """The sites in the order of the program."""
        return [
            self.make(each)
            for each in self.recording.constructions
            if each.type in catalog.SITES and not each.reference
        ]

    def make(self, record: Construction) -> Server:
        """One site: facts, server, and the other Lambdas."""
        site = catalog.SITES[record.type]
        args = strip(record.args)
        places, literals = written(self.machine, args, WRITABLE)
        deployed = self.deployed(args)
        framework = self.framework(record, site)
        facts = self._arguments(args, places)
        facts["ignored_timeout"] = self._ignored(args)
        facts["deployed"] = deployed
        facts["framework_streaming"] = to_plain(framework, truth)
        facts["server"] = to_plain(framework, lambda data: data is not None)
        facts |= self._server(record, framework, deployed, places)
        facts["missed_default"] = self._missed(record, facts)
        sides = [*self.sides.of(record, site.sides), *self.sides.signers(record, catalog.SITE_SIGNER_SINCE)]
        if isinstance(facts["warm"], plain.Known) and facts["warm"].value:
            sides.append(SideLambda("warmer", fact(catalog.WARMER_SECONDS), NO, NO))
        whole = _is(deployed, True) and not _is(facts["server"], False)
        return Server(record, facts, sides if whole else [], places, literals)

    def deployed(self, args: Box) -> plain.Value:
        """Whether the site itself is deployed: in dev a stub stands for it, unless `dev: false`."""
        if not self.recording.context.dev:
            return fact(True)
        return to_plain(look(self.machine, args, "dev"), lambda data: data is False)

    def framework(self, record: Construction, site: catalog.Site) -> Box:
        """Whether the framework's build makes a streaming server."""
        kind = next((kind for since, kind in site.streams if at_least(self.version, since)), "never")
        if kind in ("always", "never"):
            return Known(kind == "always")
        folder = or_else(look(self.machine, record.args, "path"), Known("."))
        return self.streams(kind, site.configs, folder)

    def _server(
        self, record: Construction, framework: Box, deployed: plain.Value, places: dict[str, Place]
    ) -> Facts:
        args = strip(record.args)
        wanted = look(self.machine, args, "server.timeout")
        if not at_least(self.version, catalog.SERVER_TIMEOUT):
            wanted = NOTHING
        server = Obj({
            "timeout": output(or_else(wanted, Known(DEFAULT_TIMEOUT, wanted.origin))),
            "streaming": framework,
            "url": Known(True),
        })  # fmt: skip
        transform = look(self.machine, args, catalog.SERVER_TRANSFORM)
        own = self.transforms.component(transform, server, record.name)
        final = self.transforms.function(own, record, record.name)
        timing = self.effects.timing(final, DEFAULT_TIMEOUT, {})
        streaming = to_plain(look(self.machine, Known(final), "streaming"), truth)
        stub = fact(20)
        place = places.get("server.timeout")
        wait = to_plain(wanted, seconds(CLOUDFRONT_SECONDS))
        return {
            "server_timeout": located(
                self._last(record, final, timing["timeout"]) if _is(deployed, True) else stub, place
            ),
            "server_timeout_set": located(to_plain(wanted, lambda data: not is_nothing(data)), place),
            "server_timeout_error": timing["timeout_error"],
            "read_timeout": located(wait, place) if _is(deployed, True) else fact(-1),
            "streams": both(deployed, streaming),
            "transform_streaming": located(
                self._sets(transform, "streaming"), places.get("transform.server.streaming")
            ),
            "transform_timeout": located(
                self._sets(transform, "timeout"), places.get("transform.server.timeout")
            ),
        }

    def _last(self, record: Construction, final: Obj, timeout: plain.Value) -> plain.Value:
        if RAW_FUNCTION not in self.transforms.by_type:
            return timeout
        box = seconds_box(look(self.machine, Known(final), "timeout"), 20)
        inputs = self.transforms.raw(Obj({"timeout": box}), record, record.name)
        return to_plain(look(self.machine, Known(inputs), "timeout"), integer(20))

    def _sets(self, transform: Box, key: str) -> plain.Value:
        """Whether `transform.server` sets a key (streaming: switches it on)."""
        probe = self.transforms.component(transform, Obj(), Known("probe"))
        found = look(self.machine, Known(probe), key)
        return to_plain(found, truth if key == "streaming" else lambda data: not is_nothing(data))

    def _arguments(self, args: Box, places: dict[str, Place]) -> Facts:
        """What stands among the site's own arguments."""
        get = partial(look, self.machine, args)
        edge = get("protection.edgeFunction")
        signer = to_plain(get("protection.edgeFunction.timeout"), seconds(5))
        there = to_plain(edge, lambda data: not is_nothing(data))
        facts = {
            "streaming_arg": ("streaming", to_plain(get("streaming"), lambda data: not is_nothing(data))),
            "experimental_streaming": (
                "experimental.streaming",
                to_plain(get("experimental.streaming"), truth),
            ),
            "timeout_arg": ("timeout", to_plain(get("timeout"), lambda data: not is_nothing(data))),
            "edge_timeout": (
                "protection.edgeFunction.timeout",
                combine(lambda on, wait: wait if on else -1, there, signer),
            ),
            "warm": ("warm", to_plain(get("warm"), integer(0))),
        }
        return {name: located(value, places.get(path)) for name, (path, value) in facts.items()}

    def _ignored(self, args: Box) -> plain.Value:
        """Where else a timeout stands that nothing reads."""
        transform = strip(look(self.machine, args, "transform"))
        keys = known_objects(transform)[0].props if known_objects(transform) else {}
        wrong = [f"transform.{key}" for key in keys if key not in catalog.TRANSFORMS]
        for path in (*wrong, "router"):
            key = "readTimeout" if path == "router" else "timeout"
            if _there(look(self.machine, args, f"{path}.{key}")):
                places, _ = written(self.machine, args, (f"{path}.{key}",))
                named = "router.readTimeout" if path == "router" else path
                return located(fact(named), places.get(f"{path}.{key}"))
        return fact("")

    def _missed(self, record: Construction, facts: Facts) -> plain.Value:
        """Why a `$transform` with a default timeout does not reach the server."""
        late = self.transforms.missing(record, immediate=False)
        if late is not None:
            return fact("registered later", plain.Step("$transform", late.span))
        for transform, _, _ in self.transforms.reaching("sst.aws.Function", record, immediate=False):
            sets, overrides = self.transforms.sets_default(transform)
            if sets and not overrides:
                return fact("already set", plain.Step("$transform", transform.span))
        return fact("")


def _there(box: Box) -> bool:
    return isinstance(box, OneOf) or (isinstance(box, Known) and not is_nothing(box.data))


def _is(value: plain.Value, wanted: object) -> bool:
    return isinstance(value, plain.Known) and value.value is wanted
