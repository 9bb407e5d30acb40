"""Evidence in a project's own source for the SST version that it is written for."""

from __future__ import annotations

from policy_bot.sst.catalog import contract
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Obj
from policy_bot.sst.places import place_of
from policy_bot.sst.ranges import LATEST, NEWEST, OLDEST_ION, number
from policy_bot.sst.recording import Recording
from policy_bot.sst.repository.versions import Clue, VersionBound, bounds
from policy_bot.sst.semantics.crashes import place_of_root
from policy_bot.sst.semantics.lookup import lookup
from policy_bot.sst.values import Known


def clues_of(recording: Recording) -> tuple[Clue, ...]:
    """The evidence in the config and its modules, strongest first."""
    if recording.form == "v2":
        place = place_of_root(recording, "stacks") or place_of_root(recording, "config")
        return (
            Clue(
                VersionBound("2.0.0", NEWEST[2]), f"{recording.path} has the form of an SST v2 config", place
            ),
        )
    return (*_required(recording), *_components(recording), *_form(recording))


def _required(recording: Recording) -> tuple[Clue, ...]:
    value = lookup(recording.machine, recording.app, "version")
    if not (isinstance(value, Known) and isinstance(value.data, str)):
        return ()
    bound = bounds(value.data)
    app = strip(recording.app)
    place = place_of(app.data, "version") if isinstance(app, Known) and isinstance(app.data, Obj) else None
    return (
        (Clue(bound, f'app() requires version "{value.data}"', place.pair if place else None),)
        if bound
        else ()
    )


def _components(recording: Recording) -> tuple[Clue, ...]:
    newest = max(
        (each for each in recording.constructions if each.type in contract.SINCE),
        key=lambda each: number(contract.SINCE[each.type]),
        default=None,
    )
    if newest is None:
        return ()
    since = contract.SINCE[newest.type]
    return (Clue(VersionBound(since, LATEST), f"{newest.type} exists since {since}", newest.span),)


def _form(recording: Recording) -> tuple[Clue, ...]:
    place = place_of_root(recording, "app") or place_of_root(recording, "run")
    return (
        (Clue(VersionBound(OLDEST_ION, LATEST), f"{recording.path} has the form of SST v3 and v4", place),)
        if place
        else ()
    )
