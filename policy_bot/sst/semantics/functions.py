"""Every Lambda with its effective facts: definition, transforms, and entries."""

from __future__ import annotations

from policy_bot.record import dataclass, field
from policy_bot.sst.catalog import lambdas as catalog
from policy_bot.sst.catalog.http import REST_DEFINITION_STREAMING
from policy_bot.sst.deployment import Place, Value
from policy_bot.sst.durations import read
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Instance, Obj
from policy_bot.sst.places import place_of
from policy_bot.sst.ranges import at_least
from policy_bot.sst.reasons import CONDITION
from policy_bot.sst.recording import Recording
from policy_bot.sst.semantics import access, effects, sizes, timeouts, transforms
from policy_bot.sst.semantics.effects import NO, UNSET, Effects, Facts
from policy_bot.sst.semantics.lambdas import ALWAYS, Lambda, argument_at, referred, written
from policy_bot.sst.semantics.lookup import (
    fact,
    known_objects,
    located,
    lookup,
    or_else,
    output,
    to_plain,
)
from policy_bot.sst.span import Span
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OneOf, Unknown, is_nullish

WRITABLE = (
    "timeout", "streaming", "url", "runtime", "logging", "logging.retention", "dev", "retries", "handler",
    "timeout.invocation", "url.streaming", "url.invokeMode", "url.router", "url.router.readTimeout",
    "url.route", "live", "durable", "durable.timeout", "experimental.streaming",
    "transform.function.timeout", "memory", "architecture", "url.authorization", "vpc", "environment", "link",
    "permissions", "layers", "concurrency.reserved",
)  # fmt: skip


_NOT_TRANSFORMED = fact("none")


@dataclass(slots=True, eq=False)
class LambdaFacts:
    """A Lambda with its facts so far; `uses` are the routes, subscribers and crons that refer to it."""

    source: Lambda
    facts: Facts
    places: dict[str, Place] = field(default_factory=dict)
    literals: dict[str, Span] = field(default_factory=dict)
    uses: list[Lambda] = field(default_factory=list)
    name: Value = UNSET

    @property
    def label(self) -> str:
        """Its name as text, `?` if it is unknown."""
        return str(self.name.value) if self.name.is_known else "?"


class Functions:
    """Derives all Lambdas of a recording for one SST version."""

    def __init__(self, recording: Recording, version: str) -> None:
        self.recording = recording
        self.machine = recording.machine
        self.version = version
        self.effects = Effects(recording.machine, version)
        self.transforms = transforms.Transforms(recording)

    def all(self, found: list[Lambda]) -> list[LambdaFacts]:
        """The Lambdas that the program makes; a reference to one becomes a use of it."""
        made = [self.make(each) for each in found if each.target is None and not each.foreign]
        attach(made, found)
        return made

    def make(self, source: Lambda) -> LambdaFacts:
        """The facts of one Lambda, merged over all definitions that it may have."""
        value = strip(source.definition)
        reason = value.reason if isinstance(value, OneOf) else CONDITION
        options: list[AbstractValue] = list(value.choices) if isinstance(value, OneOf) else [value]
        finals = [self.final(source, self.arguments(source, option)) for option in options]
        where = [self._written(source, args) for args in finals]
        facts = [self.facts(source, args, places) for args, (places, _) in zip(finals, where, strict=True)]
        return LambdaFacts(source, effects.merged(facts, reason), *where[0])

    def arguments(self, source: Lambda, definition: AbstractValue) -> Obj:
        """The arguments that SST builds from a definition, before any transform."""
        defaults: dict[str, AbstractValue] = {}
        data = definition.data if isinstance(definition, Known) else None
        if isinstance(definition, Unknown):
            args = Obj()
            args.rest = definition
        elif isinstance(data, Obj):
            args = data
        elif isinstance(data, str):
            args = Obj({"handler": definition})
        else:
            args = Obj()
        if source.row.internal_streaming and at_least(self.version, REST_DEFINITION_STREAMING):
            written_streaming = lookup(self.machine, Known(args), "streaming")
            route = lookup(self.machine, argument_at(source.record, 2), "streaming")
            defaults["streaming"] = output(or_else(or_else(route, written_streaming), Known(False)))
        made = transforms.over(defaults, args)
        if source.row.split_before and not at_least(self.version, source.row.split_before):
            self.machine.asked = True  # SST itself reads `$dev`, so the result differs between contexts
            made.props["streaming"] = Known(not self.recording.context.dev)
        return made

    def final(self, source: Lambda, args: Obj) -> Obj:
        """The arguments after the component's transform and `$transform(sst.aws.Function)`."""
        if source.via in ("component", "raw"):
            return args  # the interpreter applied those registered earlier
        if source.via == "workflow":
            return self._workflow(source, args)
        if source.row.transform and at_least(self.version, source.row.transform_since):
            args = self.transforms.component(self._transform(source), args, source.given_name)
        if transforms.FUNCTION in self.transforms.by_type:
            args = self.transforms.function(args, source.record, source.given_name)
        return args

    def _workflow(self, source: Lambda, args: Obj) -> Obj:
        timeout = lookup(self.machine, Known(args), "timeout.invocation")
        inner = {
            "timeout": output(or_else(timeout, Known(catalog.WORKFLOW_TIMEOUT, timeout.origin))),
            "transform": lookup(self.machine, Known(args), "transform.function"),
        }
        args = transforms.over({}, args)
        args.props.update(inner)
        return self.transforms.function(args, source.record, source.given_name, immediate=True)

    def _transform(self, source: Lambda) -> AbstractValue:
        """The component's transform of the function, from the owner's or the call's arguments."""
        position, _, path = source.row.transform.partition(".")
        if position == "this":
            construction = source.owner.construction if source.owner else None
            return lookup(self.machine, construction.args, path) if construction else NOTHING
        return lookup(self.machine, argument_at(source.record, int(position) + source.shift), path)

    def _written(self, source: Lambda, args: Obj) -> tuple[dict[str, Place], dict[str, Span]]:
        """The places of the arguments, in the component's transform if that sets them."""
        places, literals = written(self.machine, Known(args), WRITABLE)
        for transform in known_objects(self._transform(source)) if source.row.transform else ():
            for key in transform.props:
                place = place_of(transform, key)
                if place is not None and key not in (args.assigned or {}):
                    places[key] = place
        return places, literals

    def facts(self, source: Lambda, args: Obj, places: dict[str, Place]) -> Facts:
        """The facts of one definition."""
        default = catalog.WORKFLOW_TIMEOUT if source.via == "workflow" else catalog.DEFAULT_TIMEOUT
        facts: Facts = {
            **self.effects.timing(args, default, places),
            **self.effects.streaming(args, places),
            **self.effects.http_entry(args, source.row.url, places),
            **self.effects.runtime_facts(args, places),
            **self.effects.code(Known(args), places),
            **access.facts(self.machine, args, places),
            "isolated_vpc": access.isolated_vpc(self.recording, Known(args), places.get("vpc")),
            "transform_timeout_form": _NOT_TRANSFORMED,
        }
        if source.via == "workflow":
            facts["streaming"], facts["url"] = NO, NO
        if source.via == "raw":
            return facts | self._raw(args, places)
        self._lambda_level(source, args, facts, default)
        return facts

    def _raw(self, args: Obj, places: dict[str, Place]) -> Facts:
        """A Lambda of Pulumi's own class: its timeout is a number of seconds, and SST adds nothing."""
        value = lookup(self.machine, Known(args), "timeout")
        timeout = timeouts.lambda_seconds(value, "")
        return {
            "timeout": located(timeout, places.get("timeout")),
            "timeout_error": fact(""),
            "timeout_oddity": fact(""),
            "streaming": NO,
            "streaming_set": NO,
            "url": NO,
            **self.effects.raw_size(args),
            **access.raw_facts(self.machine, args),
        }

    def _lambda_level(self, source: Lambda, args: Obj, facts: Facts, default: str) -> None:
        """`args.transform.function`, then `$transform(aws.lambda.Function)`: they have the last word."""
        level = lookup(self.machine, Known(args), "transform.function")
        raw_transforms = transforms.RAW_FUNCTION in self.transforms.by_type
        if is_nullish(level) and not raw_transforms:
            return
        value = lookup(self.machine, Known(args), "timeout")
        before = timeouts.seconds_value(value, read(default).seconds or 0)
        memory = sizes.memory_value(facts["memory"])
        inputs = Obj({"timeout": before, "memorySize": memory})
        inputs, raw = self.transforms.lambda_level(args, "transform.function", inputs, source.given_name)
        if raw is not NOTHING:
            facts["transform_timeout_form"] = to_plain(raw, lambda data: timeouts.duration(data).form)
        if raw_transforms:
            inputs = self.transforms.raw(inputs, source.record, source.given_name)
        after = lookup(self.machine, Known(inputs), "timeout")
        if after is not before:
            facts["timeout"] = timeouts.lambda_seconds(after, "")
            facts["timeout_set"] = fact(True)
        if lookup(self.machine, Known(inputs), "memorySize") is not memory:
            facts["memory"] = self.effects.raw_size(inputs)["memory"]
        if lookup(self.machine, Known(inputs), "architectures") is not NOTHING:
            facts["architecture"] = self.effects.raw_size(inputs)["architecture"]


def attach(made: list[LambdaFacts], found: list[Lambda]) -> None:
    """Gives each Lambda its uses: the calls that refer to it, or else the one that makes it."""
    by_instance = {id(each.source.owner): each for each in made if each.source.via in ALWAYS}
    for use in found:
        target = by_instance.get(id(use.target))
        if target is not None:
            target.uses.append(use)
    for each in made:
        if each.source.via not in ALWAYS:
            each.uses.append(each.source)


def owner_queue(use: Lambda) -> Instance | None:
    """The queue of a subscriber: the receiver, or the one whose ARN the static form receives."""
    if use.owner is not None:
        return use.owner
    return referred(argument_at(use.record, use.row.static or 0))
