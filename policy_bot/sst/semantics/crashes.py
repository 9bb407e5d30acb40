"""Finds everything that SST would refuse, in SST's own words, from the recording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policy_bot.record import replace
from policy_bot.regex import regex
from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.catalog import contract, durations
from policy_bot.sst.catalog import sites as site_catalog
from policy_bot.sst.catalog.lambdas import CONSTRUCTOR
from policy_bot.sst.deployment import Crash, Value, Version
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Arr, Closure, Construction, Obj
from policy_bot.sst.places import place_of
from policy_bot.sst.ranges import OLDEST_ION, at_least, contains, npm, number, within
from policy_bot.sst.recording import Recording
from policy_bot.sst.semantics.functions import LambdaFacts
from policy_bot.sst.semantics.lambdas import Record, argument_at
from policy_bot.sst.semantics.lookup import is_nothing, lookup, to_plain
from policy_bot.sst.semantics.program import Program
from policy_bot.sst.semantics.queues import Queue
from policy_bot.sst.semantics.refusals import find_refusals
from policy_bot.sst.semantics.servers import Server
from policy_bot.sst.semantics.timeouts import duration
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known

_DECLARE = "Declare or import the name, or correct its spelling."
_NAME = regex(r"[a-zA-Z][a-zA-Z0-9-]*\Z")


def find_crashes(
    recording: Recording, version: Version, program: Program, sites: list[Server]
) -> tuple[Crash, ...]:
    """Everything that stops SST in this context, first what happens while the config is evaluated."""
    release = catalog_version(version)
    made = program.made
    early = [*_form(recording, version), *_globals(recording), *_imports(recording, release)]
    if recording.form == "v2":
        from policy_bot.sst.semantics import v2

        schedules = (each for each in find_refusals(recording, [], []) if each.code == "aws-schedule")
        return (*early, *_durations(made), *v2.crashes(sites), *schedules)
    app = list(_app(recording, release))
    later = (*_durations(made), *_server_limits(sites, release), *_others(sites, program.queues))
    refused = find_refusals(recording, made, program.routes)
    found = (*early, *app, *later, *_elsewhere(recording, release), *refused)
    return tuple(_dated(found, release, version))


def _dated(crashes: Iterable[Crash], release: str, version: Version) -> Iterator[Crash]:
    """The crashes of this release; uncertain if only some of the project's possible releases refuse it.

    A crash without a first release is refused from 3.0.0 on.
    """
    for each in dict.fromkeys(crashes):
        if within(release, each.since or "0.0.0", each.before):
            certain = not version.assumed or within(version.low, each.since or OLDEST_ION, each.before)
            yield each if certain else replace(each, certain=False)


def catalog_version(version: Version) -> str:
    """The release used for the catalog: the newest possible one; 3.0.0 for 0.x, the early releases of v3."""
    return version.high if number(version.high) >= (2, 0, 0) else "3.0.0"


def _form(recording: Recording, version: Version) -> Iterator[Crash]:
    where = Span.of_file(recording.path)
    if recording.form == "v2" and version.major >= 3:
        place = place_of_root(recording, "config") or place_of_root(recording, "stacks")
        yield Crash(contract.V2_CONFIG, place or where, "config-form")
    if recording.form == "v3" and version.major == 2:
        yield Crash(contract.V3_CONFIG, place_of_root(recording, "app") or where, "config-form")


def place_of_root(recording: Recording, key: str) -> Span | None:
    """Position of a key of the root object."""
    root = strip(recording.root)
    place = place_of(root.data, key) if isinstance(root, Known) and isinstance(root.data, Obj) else None
    return place.pair if place else None


def _globals(recording: Recording) -> Iterator[Crash]:
    for missing in recording.missing_globals:
        if missing.undeclared:
            yield Crash(missing.message, missing.span, "undeclared", _DECLARE)
        else:
            yield Crash(missing.message, missing.span, "dev-global")


def _imports(recording: Recording, release: str) -> Iterator[Crash]:
    if recording.form == "v3" and at_least(release, contract.TOP_LEVEL_IMPORTS_SINCE):
        if recording.path.rpartition("/")[2] != "sst.config.ts":
            return  # SST reads only this name
        for each in recording.imports:
            if each.used:
                since = contract.TOP_LEVEL_IMPORTS_SINCE
                yield Crash(contract.TOP_LEVEL_IMPORT, each.span, "top-level-import", since=since)


def _app(recording: Recording, release: str) -> Iterator[Crash]:
    app = strip(recording.app)
    root = strip(recording.root)
    where = place_of_root(recording, "app") or Span.of_file(recording.path)
    if (
        isinstance(root, Known)
        and isinstance(root.data, Obj)
        and root.data.rest is None
        and "app" not in root.data.props
    ):
        yield Crash(contract.APP_MISSING, where, "app-missing")
        return
    written = lookup(recording.machine, root, "app")
    if isinstance(written, Known) and isinstance(written.data, Closure) and written.data.node.asynchronous:
        before, remedy = contract.ASYNC_APP
        yield Crash(contract.NAME_REQUIRED, where, "app-name", remedy, before=before)
    if not (isinstance(app, Known) and isinstance(app.data, Obj)):
        return
    checker = _App(recording, app.data, where, release)
    yield from checker.types()
    yield from checker.providers()
    yield from checker.name_and_home()
    yield from checker.removal()


class _App:
    """Checks that Go's side makes of the object that `app()` returned (`pkg/project/project.go`)."""

    def __init__(self, recording: Recording, app: Obj, where: Span, release: str) -> None:
        self.machine, self.app, self.given = recording.machine, app, Known(app)
        self.where, self.release = where, release

    def datum(self, key: str) -> object:
        """The datum of a key; UNDEFINED if it is missing, `...` if it is uncertain."""
        value = lookup(self.machine, self.given, key)
        return value.data if isinstance(value, Known) else ...

    def at(self, key: str) -> Span:
        place = place_of(self.app, key)
        return place.pair if place else self.where

    def types(self) -> Iterator[Crash]:
        for key, (want, fits) in contract.KEY_TYPES.items():
            if key not in self.app.props and self.app.rest is None:
                continue
            data = self.datum(key)
            got = "" if isinstance(data, fits) else _go_kind(data)
            if got and at_least(self.release, contract.APP_KEYS[key]):
                yield Crash(contract.WRONG_TYPE.format(got=got, key=key, want=want), self.at(key), "app-type")

    def providers(self) -> Iterator[Crash]:
        providers = lookup(self.machine, self.given, "providers")
        if not (isinstance(providers, Known) and isinstance(providers.data, Obj)):
            return
        for key, value in providers.data.props.items():
            abstract = strip(value)
            place = place_of(providers.data, key)
            span = place.pair if place else self.at("providers")
            if isinstance(abstract, Known) and isinstance(abstract.data, bool):
                if at_least(self.release, contract.PROVIDERS_TRUE_SINCE):
                    text = contract.PROVIDER_TRUE.format(name=key)
                    yield Crash(text, span, "providers-true", since=contract.PROVIDERS_TRUE_SINCE)
            elif (
                isinstance(abstract, Known)
                and isinstance(abstract.data, Obj)
                and key not in ("aws", "cloudflare")
            ):
                bare = abstract.data.rest is None and "version" not in abstract.data.props
                if bare and at_least(self.release, contract.PROVIDERS_TRUE_SINCE):
                    text = contract.PROVIDER_WITHOUT_VERSION.format(name=key)
                    yield Crash(text, span, "provider-version", since=contract.PROVIDERS_TRUE_SINCE)

    def name_and_home(self) -> Iterator[Crash]:
        name, home = self.datum("name"), self.datum("home")
        if name in ("", None, UNDEFINED):
            yield Crash(contract.NAME_REQUIRED, self.at("name"), "app-name")
        elif isinstance(name, str) and not _NAME.match(name):
            yield Crash(contract.NAME_INVALID, self.at("name"), "app-name")
        if home in ("", None, UNDEFINED):
            yield Crash(contract.HOME_REQUIRED, self.at("home"), "app-home")

    def removal(self) -> Iterator[Crash]:
        if isinstance(self.datum("removalPolicy"), str):
            yield Crash(contract.REMOVAL_POLICY, self.at("removalPolicy"), "removal")
        removal = self.datum("removal")
        if isinstance(removal, str) and removal not in (*contract.REMOVALS, ""):
            yield Crash(contract.REMOVAL_INVALID, self.at("removal"), "removal")


def _go_kind(data: object) -> str:
    """The name of a datum's type in Go's JSON reader; "" for nothing and for an unknown datum."""
    if data is ... or data is None or data is UNDEFINED:
        return ""
    if isinstance(data, bool):
        return "bool"
    if isinstance(data, str):
        return "string"
    if isinstance(data, (int, float)):
        return "number"
    return "object" if isinstance(data, Obj) else "array" if isinstance(data, Arr) else ""


def _durations(made: list[LambdaFacts]) -> Iterator[Crash]:
    for each in made:
        error = each.facts["timeout_error"]
        place = each.places.get("timeout")
        yield from _thrown(error, place.value if place else each.source.span)
        if each.source.via == "component" and _is_text(each.source.definition):
            yield Crash(contract.FUNCTION_TEXT, each.source.span, "function-text")


def _is_text(value: AbstractValue) -> bool:
    value = strip(value)
    return isinstance(value, Known) and isinstance(value.data, str)


def _thrown(error: Value, span: Span) -> Iterator[Crash]:
    """The crash caused by a duration that is certainly invalid."""
    if error.value:
        yield Crash(str(error.value), span, "invalid-duration")


def _server_limits(sites: list[Server], release: str) -> Iterator[Crash]:
    low, high = site_catalog.SERVER_TIMEOUT_60
    for site in sites:
        seconds = site.facts["server_timeout"]
        set_ = site.facts["server_timeout_set"]
        over = isinstance(seconds.value, int) and seconds.value > 60
        if over and set_ == Value(True, set_.origin) and number(low) <= number(release) <= number(high):
            name = strip(site.record.name)
            text = name.data if isinstance(name, Known) else "?"
            place = site.places.get("server.timeout")
            message = contract.SERVER_OVER_60.format(name=text)
            span = place.pair if place else site.record.span
            remedy = "Write 60 seconds at most, or upgrade to 3.14.17 or later."
            yield Crash(message, span, "server-timeout", remedy, since=low, before="3.14.17")


def _others(sites: list[Server], queues: list[Queue]) -> Iterator[Crash]:
    for site in sites:
        place = site.places.get("server.timeout")
        yield from _thrown(site.facts["server_timeout_error"], place.value if place else site.record.span)
    for queue in queues:
        place = queue.places.get("visibilityTimeout")
        yield from _thrown(queue.facts["visibility_error"], place.value if place else queue.record.span)


def _elsewhere(recording: Recording, release: str) -> Iterator[Crash]:
    """Invalid durations other than a Lambda's own timeout."""
    records: list[Record] = [*recording.constructions, *recording.calls]
    for record in records:
        call = CONSTRUCTOR if isinstance(record, Construction) else record.method
        for since, place in durations.PLACES.get((record.type, call), ()):
            position, _, path = place.partition(".")
            value = lookup(recording.machine, argument_at(record, int(position)), path)
            if at_least(release, since):
                error = to_plain(value, lambda data: duration(data).error)
                spans = (step.span for step in error.origin if step.span is not None)
                yield from _thrown(error, next(spans, record.span))


def admitted(required: object, version: Version) -> bool:
    """Whether the installed version satisfies `app().version`."""
    wanted = None if is_nothing(required) else npm(str(required))
    return wanted is None or contains(wanted, number(version.high))
