"""Single elements of lists that SST refuses: links, regions, lifecycle rules and others."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from policy_bot.sst.catalog import refusals as catalog
from policy_bot.sst.catalog.sites import SITES
from policy_bot.sst.deployment import Crash
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Construction
from policy_bot.sst.recording import MethodCall, RunProgram
from policy_bot.sst.semantics.given import items, length, missing, written_at
from policy_bot.sst.semantics.lambdas import argument_at
from policy_bot.sst.semantics.lookup import is_nothing, known_objects, known_text, lookup
from policy_bot.sst.semantics.names import named
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known, is_nullish


def element_refusals(machine: RunProgram, record: Construction, args: AbstractValue) -> Iterator[Crash]:
    """The refusals of one component."""
    yield from link_refusals(machine, args, record.span)
    if record.type in SITES:
        yield from _regions(machine, args, record.span)
    elif record.type == "sst.aws.Bucket":
        yield from _lifecycle(machine, args, record)
    elif record.type == catalog.VPC:
        yield from _addresses(machine, args, record.span)
    elif record.type == "sst.aws.Function":
        yield from _copied(machine, args, record.span)


def link_refusals(machine: RunProgram, args: AbstractValue, span: Span) -> Iterator[Crash]:
    """An element of `link` that is certainly nothing: `link: [$dev && bucket]` where `$dev` is false."""
    since, message = catalog.LINK_MISSING
    for each in items(lookup(machine, args, "link")):
        if isinstance(each, Known) and (is_nothing(each.data) or each.data is False or each.data == ""):
            yield Crash(message, written_at(machine, args, "link", span), "combination", _LINK_REMEDY, since)
            return


def notification_refusals(machine: RunProgram, call: MethodCall) -> Iterator[Crash]:
    """A notification of a bucket with no target, or with several."""
    since, none, several = catalog.NOTIFICATION
    for each in items(lookup(machine, argument_at(call, 0), "notifications")):
        targets = [strip(lookup(machine, each, key)) for key in ("function", "queue", "topic")]
        if not known_objects(each) or not all(isinstance(target, Known) for target in targets):
            continue
        count = sum(not is_nullish(target) for target in targets)
        if count != 1:
            text = (several if count else none).format(name=known_text(lookup(machine, each, "name")))
            place = written_at(machine, each, "name", call.span)
            yield Crash(text, place, "combination", _NOTIFICATION_REMEDY, since)


def _regions(machine: RunProgram, args: AbstractValue, span: Span) -> Iterator[Crash]:
    since = catalog.REGIONS_SINCE
    regions, place = lookup(machine, args, "regions"), written_at(machine, args, "regions", span)
    if length(regions) == 0:
        yield Crash(catalog.NO_REGIONS, place, "combination", 'Remove "regions", or name one.', since)
    for region in map(known_text, items(regions)):
        if region in catalog.UNSUPPORTED_REGIONS:
            text = catalog.REGION_UNSUPPORTED.format(region=region)
            yield Crash(text, place, "combination", "", since)


def _lifecycle(machine: RunProgram, args: AbstractValue, record: Construction) -> Iterator[Crash]:
    """Ids of lifecycle rules: empty, too long, or given twice."""
    seen: dict[str, int] = {}
    for index, rule in enumerate(items(lookup(machine, args, "lifecycle"))):
        given = lookup(machine, rule, "id")
        if not known_objects(rule) or not isinstance(given, Known):
            continue
        default = f"{named(record)}LifecycleRule{index}"
        own = (given.data if isinstance(given.data, str) else default).strip()
        first = seen.setdefault(own, index)
        text = ""
        if not own:
            text = catalog.LIFECYCLE_EMPTY.format(index=index)
        elif len(own) > catalog.LIFECYCLE_LONGEST:
            text = catalog.LIFECYCLE_LONG.format(index=index, length=len(own))
        elif first != index:
            text = catalog.LIFECYCLE_TWICE.format(id=own, first=first, index=index)
        if text:
            span = written_at(machine, rule, "id", record.span)
            yield Crash(text, span, "combination", "", catalog.LIFECYCLE_SINCE)


def _addresses(machine: RunProgram, args: AbstractValue, span: Span) -> Iterator[Crash]:
    """Elastic IPs of a NAT, one for each zone."""
    since, default, message = catalog.ADDRESSES
    zones = lookup(machine, args, "az")
    number = zones.data if isinstance(zones, Known) else None
    wanted = default if is_nothing(number) else number if isinstance(number, (int, float)) else length(zones)
    given = length(lookup(machine, args, "nat.ip"))
    if all(missing(machine, args, key) for key in ("nat.type", "nat.ec2")):
        return  # refused before
    if given and wanted is not None and given != wanted:
        nat = lookup(machine, args, "nat")
        yield Crash(message, written_at(machine, nat, "ip", span), "combination", "", since)


def _copied(machine: RunProgram, args: AbstractValue, span: Span) -> Iterator[Crash]:
    for each in items(lookup(machine, args, "copyFiles")):
        to = known_text(lookup(machine, each, "to")) or known_text(lookup(machine, each, "from"))
        if posixpath.isabs(to):
            place = written_at(machine, each, "to", span)
            yield Crash(catalog.COPY_ABSOLUTE.format(to=to), place, "combination")


_LINK_REMEDY = "Omit it if there is nothing to link: `link: [a, ...($dev ? [] : [b])]`."
_NOTIFICATION_REMEDY = "Write one notification for each function, queue or topic."
