"""The config as a subject: its root, the result of app(), and what SST makes of both."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from policy_bot.sst.catalog import contract
from policy_bot.sst.deployment import Crash, Place, Step, Subject, Value, Version
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Obj
from policy_bot.sst.places import literal_of, place_of
from policy_bot.sst.ranges import at_least, number
from policy_bot.sst.recording import Recording
from policy_bot.sst.semantics import subjects
from policy_bot.sst.semantics.crashes import admitted, catalog_version
from policy_bot.sst.semantics.lookup import fact, known_objects, located, lookup, text, to_plain, truth
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known, Unknown, is_undefined

# Crashes while the config is evaluated, before SST reads anything else.
EARLY = frozenset({"config-form", "dev-global", "top-level-import", "app-missing", "app-type", "app-name",
                   "app-home", "removal", "providers-true", "provider-version"})  # fmt: skip


def config_of(
    recording: Recording,
    version: Version,
    crashes: Sequence[Crash],
    judged: Sequence[Subject],
    uninjected: Sequence[str],
) -> Subject:
    """The config as a subject; `uninjected` are the files without SST's globals."""
    machine, root, app = recording.machine, strip(recording.root), strip(recording.app)
    places, literals = _written(root, app)
    get = partial(lookup, machine)
    keys, wanted = _keys(app), get(app, "version")
    facts: dict[str, Value] = {
        "streaming_at_root": _has(root, "streaming"),
        "streaming_at_root_value": to_plain(get(root, "streaming"), truth),
        "streaming_in_app": _has(app, "streaming"),
        "root_keys": _list(root, _keys(root)),
        "app_keys": _list(app, keys),
        "import_in_app": fact(
            bool(recording.app_imports),
            *(Step("import()", each.span) for each in recording.app_imports),
        ),
        "uninjected_files": fact(list(uninjected), *(_file(path) for path in uninjected)),
        "dependency_major": fact(_dependency_major(version)),
        "version_required": to_plain(wanted, text),
        "version_admitted": to_plain(wanted, lambda data: admitted(data, version)),
        "removal": to_plain(get(app, "removal"), lambda data: text(data) or contract.DEFAULT_REMOVAL),
        "protect": to_plain(get(app, "protect"), truth),
        "streams": _any_streams(judged),
        "crashes": fact(any(crash.certain and crash.code in EARLY for crash in crashes)),
        "early_global": fact(any(not each.undeclared for each in recording.missing_globals)),
        "form": fact(recording.form),
        "home": to_plain(get(app, "home"), text),
    }
    for key in ("removal", "protect", "home", "version_required"):
        path = "app.version" if key == "version_required" else f"app.{key}"
        facts[key] = located(facts[key], places.get(path))
    facts["streaming_at_root"] = located(facts["streaming_at_root"], places.get("streaming"))
    release = catalog_version(version)
    unread = _unread(keys, release)
    later = [key for key in unread if key in contract.APP_KEYS]
    facts["later_app_keys"] = fact([f"{key} from {contract.APP_KEYS[key]}" for key in later])
    where = places.get(f"app.{unread[0]}") if unread else None  # a finding is reported at the first
    facts["unread_app_keys"] = located(fact(unread), where) if unread else _none_of(app)
    facts["streaming_in_app"] = located(facts["streaming_in_app"], places.get("app.streaming"))
    span = literals.get("") or Span.of_file(recording.path)
    return subjects.config_subject(recording.path, facts, span, places, literals)


def _written(root: AbstractValue, app: AbstractValue) -> tuple[dict[str, Place], dict[str, Span]]:
    """Places of every key of the root (`streaming`) and of app()'s result (`app.protect`)."""
    places: dict[str, Place] = {}
    literals: dict[str, Span] = {}
    for name, value in (("", root), ("app", app)):
        if isinstance(value, Known) and isinstance(value.data, Obj):
            for key in _keys(value):
                place = place_of(value.data, key)
                if place is not None:
                    places[f"{name}.{key}" if name else key] = place
            literal = literal_of(value.data)
            if literal is not None:
                literals[name] = literal
    return places, literals


def _keys(abstract: AbstractValue) -> list[str]:
    if isinstance(abstract, Known) and isinstance(abstract.data, Obj):
        return [key for key, value in abstract.data.props.items() if not is_undefined(value)]
    return []


def _has(value: AbstractValue, key: str) -> Value:
    if isinstance(value, Unknown):
        return to_plain(value, truth)
    if isinstance(value, Known) and isinstance(value.data, Obj):
        if key in value.data.props:
            return to_plain(Known(True, value.data.props[key].origin), truth)
        return to_plain(value.data.rest, truth) if value.data.rest else fact(False)
    return fact(False)


def _none_of(value: AbstractValue) -> Value:
    """No keys; unknown if an unknown value may add some."""
    unclear = (
        value
        if isinstance(value, Unknown)
        else next((obj.rest for obj in known_objects(value) if obj.rest), None)
    )
    return fact([]) if unclear is None else to_plain(unclear, truth)


def _file(path: str) -> Step:
    return Step("this file", Span.of_file(path))


def _list(value: AbstractValue, keys: list[str]) -> Value:
    return to_plain(value, truth) if isinstance(value, Unknown) else fact(keys)


def _unread(keys: list[str], release: str) -> list[str]:
    """Keys of app() that SST drops: those that it never read, and those that only a later release reads."""
    latest = [
        key for key in keys if key in contract.APP_KEYS and not at_least(release, contract.APP_KEYS[key])
    ]
    never = [key for key in keys if key not in contract.APP_KEYS and key != "streaming"]
    return never + latest


def _dependency_major(version: Version) -> int:
    said = version.evidence.startswith(("no evidence", "app()")) or "has the form" in version.evidence
    return 0 if said or "exists since" in version.evidence else number(version.high)[0]


def _any_streams(judged: Sequence[Subject]) -> Value:
    values = [subject.facts["streams"] for subject in judged if subject.kind in ("function", "site")]
    if any(value.value for value in values):
        return fact(True)
    return next((value for value in values if not value.is_known), fact(False))
