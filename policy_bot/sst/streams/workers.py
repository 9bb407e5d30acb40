"""Cloudflare Workers with an address: whatever they send streams, and nothing on the way ends it.

Sources: https://developers.cloudflare.com/workers/runtime-apis/streams, C/cloudflare/worker.ts.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.sst.deployment import Subject
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Construction
from policy_bot.sst.recording import RunProgram
from policy_bot.sst.repository.paths import join
from policy_bot.sst.semantics.lambdas import component_name
from policy_bot.sst.semantics.lookup import fact, lookup, to_plain, truth
from policy_bot.sst.semantics.subjects import label
from policy_bot.sst.streams.path import NONE, Search, service_stream
from policy_bot.sst.values import Known

WORKER = "sst.cloudflare.Worker"


def reached_by_url(machine: RunProgram, record: Construction) -> bool:
    """Whether clients may reach a Worker: it has a `url` or `domain`, or it is unknown whether it has."""
    asked = (to_plain(lookup(machine, record.args, key), truth) for key in ("url", "domain"))
    return any(each.value or not each.is_known for each in asked)


def module_of(machine: RunProgram, record: Construction, home: str) -> str | None:
    """The path of a Worker's module in the repository; None if it is unknown or outside."""
    handler = strip(lookup(machine, record.args, "handler"))
    given = handler.data if isinstance(handler, Known) else None
    return join(home, given) if isinstance(given, str) else None


def worker_streams(record: Construction, search: Search) -> Iterator[Subject]:
    """What a Worker sends, or why that is unknown."""
    name = label(component_name(record))
    worker = Subject("service", name, record.type, record.span, {}, record.certain)
    for each in search.shown or ((search.unread,) if search.unread is not None else ()):
        yield service_stream(worker, each, fact(True), fact("worker"), fact(NONE))
