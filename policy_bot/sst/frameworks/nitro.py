"""Nitro (Nuxt, SolidStart, TanStack Start, Analog): whether its server streams, and its preset.

Each framework keeps Nitro's settings at another place: `nitro` of Nuxt, `server` of SolidStart, `nitro` or a
plugin's arguments in a Vite config, the root of `nitro.config`.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.sst.frameworks.values import DEPTH, at, is_nothing, mapped, settings
from policy_bot.sst.values import UNDEFINED, Arr, Box, Known, strip

_PLACES = (("nitro",), ("server",), ())
_IN_PLUGINS = ((), ("config",), ("nitro",), ("server",))
STREAMING_PRESET = "aws-lambda-streaming"


def streams(box: Box, path: str) -> Box:
    """Whether `awsLambda.streaming` is on; `undefined` if nothing says so."""
    found = _setting(box, ("awsLambda", "streaming"))
    return found if is_nothing(found) else mapped(found, bool)


def preset(box: Box, path: str) -> Box:
    """The preset; `undefined` if nothing sets one. TanStack Start's plugin calls it `target`."""
    found = _setting(box, ("preset",))
    if is_nothing(found):
        found = next(_in_plugins(at(settings(box), ("plugins",)), ("target",), DEPTH), Known(UNDEFINED))
    return found


def preset_streams(box: Box, path: str) -> Box:
    """Whether the preset is the streaming one, by which SST decided before Nitro had a setting."""
    found = _setting(box, ("preset",))
    return found if is_nothing(found) else mapped(found, lambda data: data == STREAMING_PRESET)


def _setting(box: Box, key: tuple[str, ...]) -> Box:
    config = settings(box)
    for place in _PLACES:
        found = at(config, (*place, *key))
        if not is_nothing(found):
            return found
    return next(_in_plugins(at(config, ("plugins",)), key, DEPTH), Known(UNDEFINED))


def _in_plugins(plugins: Box, key: tuple[str, ...], depth: int) -> Iterator[Box]:
    """A setting in the arguments of Vite plugins: `nitro({ awsLambda })`, `tanstackStart({ ... })`."""
    plugins = strip(plugins)
    if not (isinstance(plugins, Known) and isinstance(plugins.data, Arr)) or depth == 0:
        return
    for item in plugins.data.items:
        box = strip(getattr(item, "box", item))
        for inside in _IN_PLUGINS:
            found = at(box, ("0", *inside, *key))
            if not is_nothing(found):
                yield found
        yield from _in_plugins(box, key, depth - 1)
