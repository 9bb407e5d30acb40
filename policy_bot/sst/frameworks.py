"""Whether a site's framework builds a server that streams: its own config, read by the same interpreter."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Final

from policy_bot.sst.interpreter import evaluate
from policy_bot.sst.limits import Limits
from policy_bot.sst.reasons import Why
from policy_bot.sst.source import SourceTree, Unreadable, readable
from policy_bot.sst.syntax import Parsed
from policy_bot.sst.values import UNDEFINED, Arr, Box, Closure, Known, Native, Obj, OneOf, Unknown, strip

_GLOBALS = re.compile(
    rb"(?<![\w.$\"'`/@-])(?:sst|aws|cloudflare)\.[a-zA-Z]|\$(?:app|dev|transform|interpolate|util|output)\b"
)
CALL = "$call"  # how the interpreter names what an unknown function was called as
STATIC: Final = None  # in place of a truth: a static build, no server at all
ADAPTERS_DEPTH = 4
OPEN_NEXT_WRAPPER = "aws-lambda"
"""OpenNext's default (`plugins/resolve.js`): it collects the body of the response."""
GATEWAY_WRAPPER = "aws-apigw-streaming"
"""Streams through a REST API only, since OpenNext 4.1.0 (opennextjs-aws#1181)."""
STREAMING_WRAPPERS = ("aws-lambda-streaming", GATEWAY_WRAPPER)


class Frameworks:
    """The framework configs below one SST project; each is read once."""

    def __init__(self, tree: SourceTree, config: str, limits: Limits, cache: Parsed) -> None:
        self.tree = tree
        self.home = config.rpartition("/")[0]
        self.limits = limits
        self.cache = cache
        self.files: set[str] = set()
        self._read: dict[tuple[str, str], Box] = {}
        self._evaluated: dict[str, Box] = {}

    def streams(self, kind: str, names: tuple[str, ...], folder: Box) -> Box:
        """Whether the site in `folder` streams by its framework's config: a truth, unknown where it could not
        be seen.
        """
        folder = strip(folder)
        if not (isinstance(folder, Known) and isinstance(folder.data, str)):
            reason = folder.reason if isinstance(folder, (OneOf, Unknown)) else Why.NOT_A_TEXT()
            return Unknown(Why.SITE_FOLDER(reason), getattr(folder, "node", None))
        return self._cached(kind, names, folder.data)

    def wrapper(self, names: tuple[str, ...], folder: str) -> Box:
        """Name of the wrapper that OpenNext gives a site's server; unknown for one of the project's own."""
        found = self._cached("open-next-wrapper", names, folder)
        return Known(OPEN_NEXT_WRAPPER) if isinstance(found, Known) and found.data is False else found

    def split(self, names: tuple[str, ...], folder: str) -> Box:
        """The key `functions` of OpenNext's config: an object, or nothing."""
        found = self._cached("open-next-functions", names, folder)
        return Known(UNDEFINED) if isinstance(found, Known) and found.data is False else found

    def _cached(self, kind: str, names: tuple[str, ...], folder: str) -> Box:
        key = (kind, folder)
        if key not in self._read:
            self._read[key] = self._find(kind, names, folder)
        return self._read[key]

    def uses_globals(self, path: str) -> bool:
        """Whether a file uses what SST injects into the files of a project (`pkg/js/js.go`)."""
        content = readable(self.tree, path)
        return content is not None and _GLOBALS.search(content) is not None

    def _find(self, kind: str, names: tuple[str, ...], folder: str) -> Box:
        base = posixpath.normpath(posixpath.join(self.home, folder))
        base = "" if base == "." else base
        if base.startswith(("..", "/")):
            return Unknown(Why.SITE_FOLDER_OUTSIDE(folder))
        for name in names:
            path = f"{base}/{name}" if base else name
            self.files.add(path)
            try:
                if self.tree.read(path) is not None:
                    return self._of(kind, path)
            except Unreadable as error:
                return Unknown(error.reason)
        return Known(False)  # every framework's default

    def _of(self, kind: str, path: str) -> Box:
        if path not in self._evaluated:
            self._evaluated[path], files = evaluate(self.tree, path, self.limits, self.cache)
            self.files |= files
        return _DECIDERS[kind](strip(self._evaluated[path]), path)


def _open_next(box: Box, path: str) -> Box:
    """OpenNext: SST switches streaming on for wrappers that can stream (`build/generateOutput.js`)."""
    wrapper = _at(box, ("default", "override", "wrapper"))
    if isinstance(wrapper, Known):
        if isinstance(wrapper.data, (Closure, Native)):
            return Unknown(Why.OWN_WRAPPER(path))
        return Known(wrapper.data in STREAMING_WRAPPERS, wrapper.origin)
    return _mapped(wrapper, lambda data: data in STREAMING_WRAPPERS)


def _open_next_wrapper(box: Box, path: str) -> Box:
    """The wrapper's name."""
    wrapper = _at(box, ("default", "override", "wrapper"))
    if isinstance(wrapper, Known) and isinstance(wrapper.data, (Closure, Native)):
        return Unknown(Why.OWN_WRAPPER(path))
    return Known(OPEN_NEXT_WRAPPER, wrapper.origin) if _is_nothing(wrapper) else wrapper


def _open_next_functions(box: Box, path: str) -> Box:
    """The functions that OpenNext splits off the default one."""
    return _at(box, ("functions",))


def _astro(box: Box, path: str) -> Box:
    """Astro: an adapter with `responseMode: "stream"`; static output has no server."""
    config = _config(box)
    output = _at(config, ("output",))
    adapter = _at(config, ("adapter",))
    static = isinstance(output, Known) and output.data in ("static", UNDEFINED)
    if static and _is_nothing(adapter):
        return Known(STATIC, output.origin)
    mode = _at(adapter, ("0", "responseMode"))
    return _mapped(mode, lambda data: data == "stream")


def _nitro(box: Box, path: str) -> Box:
    """Nitro (Nuxt, SolidStart, TanStack Start): `awsLambda.streaming` wherever the framework keeps Nitro's
    settings.
    """
    config = _config(box)
    for place in (
        ("nitro", "awsLambda", "streaming"),
        ("server", "awsLambda", "streaming"),
        ("awsLambda", "streaming"),
    ):
        found = _at(config, place)
        if not _is_nothing(found):
            return _mapped(found, bool)
    plugin = next(_plugin_settings(_at(config, ("plugins",)), ADAPTERS_DEPTH), None)
    return Known(False) if plugin is None else _mapped(plugin, bool)


def _nitro_preset(box: Box, path: str) -> Box:
    """Nitro's preset, before it had a setting: "aws-lambda-streaming"."""
    config = _config(box)
    for place in (("server", "preset"), ("nitro", "preset"), ("preset",)):
        found = _at(config, place)
        if not _is_nothing(found):
            return _mapped(found, lambda data: data == "aws-lambda-streaming")
    return Known(False)


def _plugin_settings(plugins: Box, depth: int) -> Iterator[Box]:
    """`awsLambda.streaming` in the arguments of Vite plugins: `nitro({ awsLambda })`, `tanstackStart({ ...
    })`.
    """
    plugins = strip(plugins)
    if not (isinstance(plugins, Known) and isinstance(plugins.data, Arr)) or depth == 0:
        return
    for item in plugins.data.items:
        box = strip(getattr(item, "box", item))
        for inside in ((), ("config",), ("nitro",), ("server",)):
            found = _at(box, ("0", *inside, "awsLambda", "streaming"))
            if not _is_nothing(found):
                yield found
        yield from _plugin_settings(box, depth - 1)


_DECIDERS: dict[str, Callable[[Box, str], Box]] = {
    "open-next": _open_next,
    "open-next-wrapper": _open_next_wrapper,
    "open-next-functions": _open_next_functions,
    "astro": _astro,
    "nitro": _nitro,
    "nitro-preset": _nitro_preset,
}


def _config(box: Box) -> Box:
    """The settings inside `defineConfig(...)` and its like."""
    for _ in range(ADAPTERS_DEPTH):
        if not (isinstance(box, Known) and isinstance(box.data, Obj) and CALL in box.data.props):
            break
        box = strip(box.data.props.get("0", Known(UNDEFINED)))
    return box


def _at(box: Box, path: tuple[str, ...]) -> Box:
    """The value at a path of object keys; what something unseen may hide is unknown."""
    for key in path:
        box = strip(box)
        if isinstance(box, OneOf):
            return Unknown(box.reason)
        if isinstance(box, Unknown):
            return box
        if not isinstance(box.data, Obj):
            return Known(UNDEFINED)
        if key in box.data.props:
            box = box.data.props[key]
        else:
            return box.data.rest or Known(UNDEFINED)
    return strip(box)


def _mapped(box: Box, test: Callable[[object], bool]) -> Box:
    if isinstance(box, Known):
        return Known(box.data is not UNDEFINED and test(box.data), box.origin)
    if isinstance(box, OneOf):
        results = {test(choice.data) for choice in box.choices}
        return (
            Known(results.pop(), box.origin) if len(results) == 1 else Unknown(box.reason, None, box.origin)
        )
    return box


def _is_nothing(box: Box) -> bool:
    return isinstance(box, Known) and (box.data is UNDEFINED or box.data is None)
