"""CloudFront's wait for an origin of a distribution, after the distribution's transforms.

`transform.cdn` receives the distribution's arguments, with its origins in an output:

    transform: { cdn: (args) => { args.origins = $util.output(args.origins).apply((all) => all.map(...)) } }

It is called with such arguments, and the origin is searched in its result.
"""

from __future__ import annotations

from collections.abc import Sequence

from policy_bot.sst.catalog.http import CLOUDFRONT_SECONDS
from policy_bot.sst.deployment import Value
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Arr, Construction, Obj
from policy_bot.sst.reasons import Why
from policy_bot.sst.semantics.lookup import fact, integer, lookup, output, to_plain
from policy_bot.sst.semantics.transforms import Transforms
from policy_bot.sst.values import AbstractValue, Known, OptionalItem, Unknown, is_nullish

DISTRIBUTIONS = ("sst.aws.Cdn", "aws.cloudfront.Distribution")
_WAIT = "customOriginConfig.originReadTimeout"


class Distributions:
    """The distributions of one program, for one SST version."""

    def __init__(self, transforms: Transforms, version: str) -> None:
        self.transforms = transforms
        self.machine = transforms.machine
        self.version = version

    def wait(self, record: Construction, origin: str, origins: Sequence[str]) -> Value:
        """Seconds that CloudFront waits for the origin of this id, one of `origins` of the component.

        The ids of a site are unknown here, so an origin that the transform leaves unchanged may be another
        one.
        """
        transform = strip(lookup(self.machine, record.args, "transform.cdn"))
        if any(each in self.transforms.by_type for each in DISTRIBUTIONS):
            return Value.unknown(Why.DISTRIBUTION_TRANSFORM(), record.span)
        if is_nullish(transform):
            return fact(CLOUDFRONT_SECONDS)
        items: list[AbstractValue | OptionalItem] = [Known(_origin(each)) for each in origins]
        args = Obj({"origins": Known(Arr(items)) if origin else output(Known(Arr(items)))})
        args.rest = Unknown(Why.ONLY_AT_DEPLOYMENT(), None)  # behaviors, the domain ...
        after = self.transforms.component(transform, args, record.name)
        found = self._elements(lookup(self.machine, Known(after), "origins"))
        value = next((each for each in found if self._id(each) == origin), None)
        if value is None:
            return Value.unknown(Why.DISTRIBUTION_TRANSFORM(), record.span)
        wait = to_plain(lookup(self.machine, value, _WAIT), integer(CLOUDFRONT_SECONDS))
        if not origin and wait == Value(CLOUDFRONT_SECONDS, wait.origin):
            return Value.unknown(Why.DISTRIBUTION_TRANSFORM(), record.span)
        return wait

    def _elements(self, value: AbstractValue) -> list[AbstractValue]:
        value = strip(value)
        data = value.data if isinstance(value, Known) else None
        if not isinstance(data, Arr) or data.open is not None:
            return []
        return [strip(item) for item in data.items if not isinstance(item, OptionalItem)]

    def _id(self, value: AbstractValue) -> str:
        found = lookup(self.machine, value, "originId")
        return found.data if isinstance(found, Known) and isinstance(found.data, str) else ""


def _origin(name: str) -> Obj:
    """An origin as SST writes it (C/aws/router.ts v4.17.0:1920-1936, ssr-site.ts v3.6.10:745-756)."""
    config = Obj({
        "httpPort": Known(80), "httpsPort": Known(443), "originProtocolPolicy": Known("https-only"),
        "originReadTimeout": Known(CLOUDFRONT_SECONDS),
        "originSslProtocols": Known(Arr([Known("TLSv1.2")])),
    })  # fmt: skip
    return Obj({
        "originId": Known(name),
        "domainName": Unknown(Why.ONLY_AT_DEPLOYMENT(), None),
        "customOriginConfig": Known(config),
    })  # fmt: skip
