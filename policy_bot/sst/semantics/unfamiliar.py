"""Components and methods of SST that the catalog lacks: misspelt, or newer. They become blind spots."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from policy_bot.sst.catalog import arguments as catalog
from policy_bot.sst.catalog import lambdas, sites
from policy_bot.sst.deployment import BlindSpot
from policy_bot.sst.reasons import Why
from policy_bot.sst.recording import Recording
from policy_bot.sst.semantics.lambdas import is_definition


def unfamiliar(recording: Recording) -> Iterator[BlindSpot]:
    """The places where the program constructs or calls what the catalog lacks.

    The catalog has all methods with parameters; any other makes a Lambda only if it receives a definition.
    """
    if recording.form != "v3":
        return
    names = _known()
    for made in recording.constructions:
        if _is_of_sst(made.type) and made.type not in names:
            yield BlindSpot(Why.UNKNOWN_COMPONENT(made.type, _meant(made.type, names)), made.span)
    for call in recording.calls:
        if not _is_of_sst(call.type):
            continue
        if call.type not in names:
            if call.receiver is None:
                yield BlindSpot(Why.UNKNOWN_COMPONENT(call.type, _meant(call.type, names)), call.span)
        elif call.method not in (known := catalog.methods(call.type) | lambdas.PLAIN_METHODS) and any(
            map(is_definition, call.arguments)
        ):
            called = f"{call.type}.{call.method}"
            yield BlindSpot(Why.UNKNOWN_METHOD(called, _meant(call.method, known)), call.span)


@cache
def _known() -> frozenset[str]:
    """Names of all components in the catalog."""
    return frozenset((*catalog.components(), *lambdas.COMPONENTS, *lambdas.WORKERS, *sites.SITES))


def _is_of_sst(name: str) -> bool:
    return name.startswith("sst.")


def _meant(name: str, names: set[str] | frozenset[str]) -> str:
    """The name that was probably meant, as the end of a sentence."""
    from difflib import get_close_matches

    parent, _, last = name.rpartition(".")
    exact = {each.rpartition(".")[2].lower(): each for each in names if each.rpartition(".")[0] == parent}
    near = get_close_matches(last.lower(), sorted(exact), 1, 0.7)
    return f"; did you mean `{exact[near[0]]}`?" if near else ""
