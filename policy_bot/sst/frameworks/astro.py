"""Astro: whether the adapter streams, and whether there is a server."""

from __future__ import annotations

from typing import Final

from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.frameworks.values import at, mapped, settings
from policy_bot.sst.values import AbstractValue, Known, is_nullish

STATIC: Final = None  # instead of a boolean: a static build, without a server


def streams(value: AbstractValue, path: str) -> AbstractValue:
    """Whether the adapter has `responseMode: "stream"`; STATIC for a static output without an adapter."""
    config = settings(value)
    output = at(config, ("output",))
    adapter = at(config, ("adapter",))
    if _is_static(output) and is_nullish(adapter):
        return Known(STATIC, output.origin)
    return mapped(at(adapter, ("0", "responseMode")), lambda data: data == "stream")


def is_prerendered(value: AbstractValue, path: str) -> AbstractValue:
    """Whether pages are prerendered by default; `undefined` if only integrations know.

    Astro 5 then writes "static" as the build's output, and SST deploys no server (C/aws/astro.ts
    v3.17.13:469; astro-sst 3.1.4).
    """
    config = settings(value)
    return Known(_is_static(at(config, ("output",))) and is_nullish(at(config, ("integrations",))))


def _is_static(output: AbstractValue) -> bool:
    return isinstance(output, Known) and output.data in ("static", UNDEFINED)
