"""What a project means in one context: everything of `meaning` put together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from policy_bot.sst import deployment as plain
from policy_bot.sst.catalog import contract
from policy_bot.sst.deployment import Component, Deployment, Function, Hidden, Place, Subject, Value
from policy_bot.sst.freeze import freeze
from policy_bot.sst.meaning import subjects
from policy_bot.sst.meaning.crashes import admitted, catalog_version, find_crashes
from policy_bot.sst.meaning.entries import Entries
from policy_bot.sst.meaning.functions import Functions, Made
from policy_bot.sst.meaning.lambdas import component_name, find_lambdas, written
from policy_bot.sst.meaning.look import fact, located, look, text, to_plain, truth
from policy_bot.sst.meaning.queues import Queue, find_queues
from policy_bot.sst.meaning.servers import Server, Sites, Streams
from policy_bot.sst.meaning.v2 import V2
from policy_bot.sst.recording import Recording
from policy_bot.sst.span import Span
from policy_bot.sst.values import UNDEFINED, Box, Known, Obj, Unknown, strip
from policy_bot.sst.versions import number

# Crashes while the config is evaluated, before SST looks at anything else.
EARLY = frozenset({"config-form", "dev-global", "top-level-import", "app-missing", "app-type", "app-name",
                   "app-home", "removal", "providers-true", "provider-version"})  # fmt: skip


def deployment_of(recording: Recording, version: plain.Version, streams: Streams) -> Deployment:
    """The deployment of one recording; `streams` reads the frameworks' own configs."""
    release = catalog_version(version)
    made, queues, sites = _made(recording, release, streams)
    crashes = find_crashes(recording, version, made, sites, queues)
    judged: list[Subject] = [subjects.function_subject(each) for each in made]
    judged += [subjects.site_subject(each) for each in sites]
    judged += [subjects.queue_subject(each) for each in queues]
    judged += [subjects.crash_subject(each) for each in crashes]
    config = _config(recording, version, crashes, judged)
    return Deployment(
        recording.context,
        _frozen(recording.root),
        _frozen(recording.app),
        crashes,
        tuple(_components(recording)),
        (*map(_function, made), *(each for site in sites for each in _servers(site))),
        (config, *judged),
        _unknown(recording, made),
    )


def _made(
    recording: Recording, release: str, streams: Streams
) -> tuple[list[Made], list[Queue], list[Server]]:
    """Functions, queues and sites; of a v2 project functions and sites."""
    if recording.form == "v2":
        old = V2(recording, release, streams)
        return old.functions(), [], old.sites()
    functions = Functions(recording, release)
    made = functions.all(find_lambdas(recording))
    queues = find_queues(recording, functions.transforms, made)
    entries = Entries(recording, release, functions, queues)
    for each in made:
        entries.add(each)
    return made, queues, Sites(recording, release, functions.transforms, streams).all()


def _frozen(box: Box) -> Mapping[str, Value]:
    value = freeze(box)
    if isinstance(value, plain.Known) and isinstance(value.value, dict):
        return value.value
    return {} if isinstance(value, plain.Known) else {"...": value}


def _components(recording: Recording) -> list[Component]:
    """What certainly exists; the rest is among the unknown, with the condition that hides it."""
    return [
        Component(each.type, to_plain(component_name(each), text), each.span, freeze(each.args))
        for each in recording.constructions
        if each.certain
    ]


def _function(made: Made) -> Function:
    source = made.source
    maker = source.owner.construction if source.owner is not None else None
    owner = to_plain(component_name(maker), text) if maker is not None else fact("")
    effective = {
        "timeout_seconds": made.facts["timeout"],
        "streaming": made.facts["streaming"],
        "url": made.facts["url"],
    }
    name = subjects.name_of(source)
    return Function(source.via, source.owner_type, owner, name, source.span, effective, source.certain)


def _servers(site: Server) -> list[Function]:
    record = site.record
    name = to_plain(component_name(record), text)
    deployed = site.facts["deployed"]
    server = {
        "timeout_seconds": site.facts["server_timeout"],
        "streaming": site.facts["streams"],
        "url": deployed,
    }
    if site.facts["server"] == plain.Known(False, site.facts["server"].origin):
        return []
    made = [Function("server", record.type, name, name, record.span, server, record.certain)]
    for side in site.sides:
        effective = {"timeout_seconds": side.timeout, "streaming": side.streaming, "url": side.url}
        made.append(
            Function(side.name, record.type, name, fact(side.name), record.span, effective, record.certain)
        )
    return made


def _unknown(recording: Recording, made: list[Made]) -> tuple[Hidden, ...]:
    """Every place that hides something, once, in the order of the program."""
    found = dict.fromkeys(recording.hidden)
    for each in recording.constructions:
        if not each.certain:
            found.setdefault(
                Hidden(f"{each.type}: {each.reason or 'a condition that could not be seen'}", each.span)
            )
    for function in made:
        for value in function.facts.values():
            if isinstance(value, plain.Unknown) and not value.reason.startswith("SST stops here"):
                found.setdefault(Hidden(value.reason, value.span or function.source.span))
    return tuple(found)


# --- the config itself --------------------------------------------------------------------------------------


def _config(
    recording: Recording, version: plain.Version, crashes: tuple[plain.Crash, ...], judged: list[Subject]
) -> Subject:
    machine, root, app = recording.machine, strip(recording.root), strip(recording.app)
    places, literals = _written(recording, root, app)
    get = partial(look, machine)
    keys = _keys(app)
    facts: dict[str, Value] = {
        "streaming_at_root": _has(root, "streaming"),
        "streaming_at_root_value": to_plain(get(root, "streaming"), truth),
        "streaming_in_app": _has(app, "streaming"),
        "root_keys": _list(root),
        "app_keys": _list(app),
        "unread_app_keys": fact([key for key in keys if key not in contract.APP_KEYS and key != "streaming"]),
        "import_in_app": fact(bool(recording.app_imports)),
        "uninjected_files": fact([path for path in recording.loaded if _uninjected(path, recording.path)]),
        "dependency_major": fact(_dependency_major(version)),
        "version_required": to_plain(get(app, "version"), text),
        "version_admitted": fact(admitted(get(app, "version"), version)),
        "removal": to_plain(get(app, "removal"), lambda data: text(data) or contract.DEFAULT_REMOVAL),
        "protect": to_plain(get(app, "protect"), truth),
        "streams": _any_streams(judged),
        "crashes": fact(any(crash.code in EARLY for crash in crashes)),
        "form": fact(recording.form),
        "home": to_plain(get(app, "home"), text),
    }
    for key in ("removal", "protect", "home", "version_required"):
        path = "app.version" if key == "version_required" else f"app.{key}"
        facts[key] = located(facts[key], places.get(path))
    facts["streaming_at_root"] = located(facts["streaming_at_root"], places.get("streaming"))
    facts["streaming_in_app"] = located(facts["streaming_in_app"], places.get("app.streaming"))
    span = literals.get("") or Span(recording.path, 1, 1, 1, 1, 0, 0)
    return subjects.config_subject(recording.path, facts, span, places, literals)


def _written(recording: Recording, root: Box, app: Box) -> tuple[dict[str, Place], dict[str, Span]]:
    """Places of every key of the root (`streaming`) and of app()'s result (`app.protect`)."""
    places, literals = written(recording.machine, root, tuple(_keys(root)))
    inner, inner_literals = written(recording.machine, app, tuple(_keys(app)))
    places |= {f"app.{key}": place for key, place in inner.items()}
    if "" in inner_literals:
        literals["app"] = inner_literals[""]
    return places, literals


def _keys(box: Box) -> list[str]:
    if isinstance(box, Known) and isinstance(box.data, Obj):
        return [key for key, value in box.data.props.items() if not _is_undefined(value)]
    return []


def _is_undefined(box: Box) -> bool:
    return isinstance(box, Known) and box.data is UNDEFINED


def _has(box: Box, key: str) -> Value:
    if isinstance(box, Unknown):
        return to_plain(box, truth)
    if isinstance(box, Known) and isinstance(box.data, Obj):
        if key in box.data.props:
            return to_plain(Known(True, box.data.props[key].origin), truth)
        return to_plain(box.data.rest, truth) if box.data.rest else fact(False)
    return fact(False)


def _list(box: Box) -> Value:
    if isinstance(box, Unknown):
        return to_plain(box, truth)
    return fact(_keys(box))


def _uninjected(path: str, config: str) -> bool:
    return path != config and (".sst" in path or path.endswith((".mts", ".cts")))


def _dependency_major(version: plain.Version) -> int:
    said = version.evidence.startswith(("no evidence", "app()")) or "has the form" in version.evidence
    return 0 if said or "exists since" in version.evidence else number(version.high)[0]


def _any_streams(judged: list[Subject]) -> Value:
    values = [subject.facts["streams"] for subject in judged if subject.kind in ("function", "site")]
    if any(isinstance(value, plain.Known) and value.value for value in values):
        return fact(True)
    return next((value for value in values if not isinstance(value, plain.Known)), fact(False))
