"""Auxiliary functions: the Lambdas of SST's own code that a component brings along."""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.record import dataclass
from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.catalog import sites as catalog
from policy_bot.sst.catalog.lambdas import DEFAULT_TIMEOUT
from policy_bot.sst.deployment import Value
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Construction, Obj
from policy_bot.sst.ranges import at_least, within
from policy_bot.sst.reasons import Why
from policy_bot.sst.recording import Recording
from policy_bot.sst.semantics.effects import NO, Effects
from policy_bot.sst.semantics.lookup import Unclear, is_nothing, lookup, to_plain, truth
from policy_bot.sst.semantics.timeouts import lambda_seconds, seconds_value
from policy_bot.sst.semantics.transforms import Transforms
from policy_bot.sst.values import NOTHING, AbstractValue, Known, Unknown


@dataclass(slots=True, eq=False)
class AuxiliaryLambda:
    """An auxiliary function with its `effective` facts."""

    name: str
    timeout: Value
    streaming: Value
    url: Value
    certain: bool = True


class Auxiliaries:
    """Derives the auxiliary functions of one recording for one SST version."""

    def __init__(self, recording: Recording, version: str, transforms: Transforms) -> None:
        self.recording = recording
        self.machine = recording.machine
        self.version = version
        self.transforms = transforms
        self.effects = Effects(recording.machine, version)

    def of(
        self, record: Construction, auxiliaries: tuple[catalog.AuxiliaryFunction, ...]
    ) -> list[AuxiliaryLambda]:
        """The catalog's auxiliary functions of a component, after its transform and
        `$transform(sst.aws.Function)`.
        """
        return [self._one(record, auxiliary) for auxiliary in auxiliaries]

    def outside_sites(self) -> Iterator[tuple[Construction, list[AuxiliaryLambda]]]:
        """Those of components that are not sites."""
        for record in self.recording.constructions:
            auxiliaries = self.of(record, catalog.AUXILIARIES.get(record.type, ()))
            if record.type == catalog.ROUTER and not record.reference and not self._has_inline_routes(record):
                auxiliaries = self.signers(record, catalog.ROUTER_SIGNER_SINCE)
            if auxiliaries:
                yield record, auxiliaries

    def signers(self, record: Construction, since: str) -> list[AuxiliaryLambda]:
        """The function that signs requests at CloudFront's edge, if there is or may be one."""
        if not at_least(self.version, since):
            return []
        there = to_plain(lookup(self.machine, record.args, "protection"), self._signs)
        if there.is_known and not there.value:
            return []
        return [AuxiliaryLambda(catalog.SIGNER, self._signing(record), NO, NO, there.is_known)]

    def _signs(self, data: object) -> bool:
        """Whether a value of `protection` includes a signer of SST's own."""
        if isinstance(data, str):
            return data == catalog.SIGNER_MODE
        mode = lookup(self.machine, Known(data), "mode") if isinstance(data, Obj) else NOTHING
        arn = lookup(self.machine, Known(data), "edgeFunction.arn") if isinstance(data, Obj) else NOTHING
        if not (isinstance(mode, Known) and isinstance(arn, Known)):
            raise Unclear(Why.PROTECTION())
        return mode.data == catalog.SIGNER_MODE and is_nothing(arn.data)

    def _signing(self, record: Construction) -> Value:
        """The signer's timeout, as passed to the raw Lambda."""
        written = lookup(self.machine, record.args, "protection.edgeFunction.timeout")
        given = Obj({"timeout": seconds_value(written, catalog.SIGNER_SECONDS)})
        final = self.transforms.raw(given, record, _named(record, catalog.SIGNER))
        return lambda_seconds(lookup(self.machine, Known(final), "timeout"), "")

    def transform_key(self, auxiliary: catalog.AuxiliaryFunction) -> str:
        """The key of the component's `transform` that reaches a Lambda in this release; "" for none."""
        return next((key for key, *released in auxiliary.transforms if within(self.version, *released)), "")

    def _has_inline_routes(self, record: Construction) -> bool:
        routes = lookup(self.machine, record.args, "routes")
        return isinstance(routes, Known) and routes.data is not UNDEFINED

    def _one(self, record: Construction, auxiliary: catalog.AuxiliaryFunction) -> AuxiliaryLambda:
        own = Obj(
            {
                "timeout": Known(f"{auxiliary.seconds} seconds"),
                "streaming": Known(False),
                "url": Known(auxiliary.url),
            }
        )
        name = record.name if auxiliary.transforms else _named(record, auxiliary.name)
        key = self.transform_key(auxiliary)
        if key:
            transform = lookup(self.machine, record.args, f"transform.{key}")
            own = self.transforms.component(transform, own, name)
        final = self.transforms.function(own, record, name, auxiliary.immediate)
        timing = self.effects.timing(final, DEFAULT_TIMEOUT, {})
        return AuxiliaryLambda(
            auxiliary.name,
            timing["timeout"],
            to_plain(lookup(self.machine, Known(final), "streaming"), truth),
            to_plain(lookup(self.machine, Known(final), "url"), truth),
        )


def _named(record: Construction, suffix: str) -> AbstractValue:
    """The name that a transform receives."""
    name = strip(record.name)
    if isinstance(name, Known) and isinstance(name.data, str):
        return Known(f"{name.data}{suffix}")
    return Unknown(Why.COMPONENT_NAME(), record.node)
