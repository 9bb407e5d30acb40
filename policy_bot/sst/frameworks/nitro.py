"""Nitro (Nuxt, SolidStart, TanStack Start, Analog): whether its server streams, and its preset.

Each framework keeps Nitro's settings at another place: `nitro` of Nuxt, `server` of SolidStart, `nitro` or a
plugin's arguments in a Vite config, the root of `nitro.config`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.fields import strip
from policy_bot.sst.frameworks.values import DEPTH, at, mapped, settings
from policy_bot.sst.heap import Arr, Obj
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import AbstractValue, Known, Unknown, is_nullish, value_of

_PLACES = (("nitro",), ("server",), ())
_LAYERS = (("$production",), ("$env", "production"), ())
"""Parts of a config that win in a production build (https://github.com/unjs/c12#environment-specific-configuration)."""
_IN_PLUGINS = ((), ("config",), ("nitro",), ("server",))
STREAMING_PRESET = "aws-lambda-streaming"


def streams(value: AbstractValue, path: str) -> AbstractValue:
    """Whether `awsLambda.streaming` is on; `undefined` if it is not set."""
    found = _setting(value, ("awsLambda", "streaming"))
    return found if is_nullish(found) else mapped(found, bool)


def preset(value: AbstractValue, path: str) -> AbstractValue:
    """The preset; `undefined` if none is set. TanStack Start's plugin calls it `target`."""
    found = _setting(value, ("preset",))
    if is_nullish(found):
        found = next(_in_plugins(at(settings(value), ("plugins",)), ("target",), DEPTH), Known(UNDEFINED))
    return found


def preset_streams(value: AbstractValue, path: str) -> AbstractValue:
    """Whether the preset is the streaming one, by which SST decided before Nitro had a setting."""
    found = _setting(value, ("preset",))
    return found if is_nullish(found) else mapped(found, lambda data: data == STREAMING_PRESET)


def layers(value: AbstractValue) -> Iterator[str | Unknown]:
    """The folders that a Nuxt config extends; unknown for a package."""
    given = at(settings(value), ("extends",))
    items = given.data.items if isinstance(given, Known) and isinstance(given.data, Arr) else [given]
    for item in map(strip, map(value_of, items)):
        if isinstance(item, Known) and isinstance(item.data, str):
            local = item.data.startswith(".")
            yield item.data if local else Unknown(Why.PACKAGE_NOT_READ(item.data))
        elif not is_nullish(item):
            yield item if isinstance(item, Unknown) else Unknown(Why.NOT_A_STRING())


def _setting(value: AbstractValue, key: tuple[str, ...]) -> AbstractValue:
    config = settings(value)
    given = config.data.props if isinstance(config, Known) and isinstance(config.data, Obj) else {}
    layers = [layer for layer in _LAYERS if not layer or layer[0] in given]
    for layer, place in product(layers, _PLACES):
        found = at(config, (*layer, *place, *key))
        if not is_nullish(found):
            return found
    return next(_in_plugins(at(config, ("plugins",)), key, DEPTH), Known(UNDEFINED))


def _in_plugins(plugins: AbstractValue, key: tuple[str, ...], depth: int) -> Iterator[AbstractValue]:
    """A setting in the arguments of Vite plugins: `nitro({ awsLambda })`, `tanstackStart({ ... })`."""
    plugins = strip(plugins)
    if not (isinstance(plugins, Known) and isinstance(plugins.data, Arr)) or depth == 0:
        return
    for item in plugins.data.items:
        value = strip(value_of(item))
        for inside in _IN_PLUGINS:
            found = at(value, ("0", *inside, *key))
            if not is_nullish(found):
                yield found
        yield from _in_plugins(value, key, depth - 1)
