"""The framework configs below one SST project, each read once."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from itertools import islice

from policy_bot.regex import regex
from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.fields import strip
from policy_bot.sst.frameworks import astro, nitro, open_next, react_router
from policy_bot.sst.frameworks.open_next import SplitServers
from policy_bot.sst.interpreter import evaluate
from policy_bot.sst.limits import Limits
from policy_bot.sst.reasons import Why
from policy_bot.sst.source import SourceTree, Unreadable, readable
from policy_bot.sst.syntax import Parsed
from policy_bot.sst.values import AbstractValue, Known, OneOf, Unknown, is_nullish, is_undefined

_ON_DEMAND = regex(rb"\bprerender\s{0,8}=\s{0,8}false\b")
_SCRIPT_PRESET = regex(
    rb"(?:\b(?:NITRO_PRESET|SERVER_PRESET)=|\bbuild[^\n\"]{0,200}--preset[= ])[\"']?([A-Za-z0-9_-]{1,60})"
)
MOST_LAYERS = 8
"""Maximum number of layers read of a Nuxt site; half as many of each layer, and so on."""
MOST_PAGES = 400
"""Maximum number of files of an Astro site searched for a page that the server renders."""

_DECIDERS: dict[str, Callable[[AbstractValue, str], AbstractValue]] = {
    "open-next": open_next.streams,
    "astro": astro.streams,
    "nitro": nitro.streams,
    "nitro-preset": nitro.preset_streams,
    "react-router": react_router.streams,
}
_NOTHING = Known(UNDEFINED)


class Frameworks:
    """Settings that the framework configs of one SST project decide."""

    def __init__(self, tree: SourceTree, config: str, limits: Limits, cache: Parsed) -> None:
        self.tree = tree
        self.home = config.rpartition("/")[0]
        self.limits = limits
        self.cache = cache
        self.files: set[str] = set()
        self._read: dict[tuple[tuple[str, ...], str], tuple[str, AbstractValue] | None] = {}

    def streams(
        self, kind: str, names: tuple[str, ...], folder: AbstractValue, fallbacks: tuple[str, ...] = ()
    ) -> AbstractValue:
        """Whether the site in `folder` streams: a boolean, or None for a static build.

        `names` are the possible names of the config, `fallbacks` those of a second one that is also read.
        """
        base = self._folder(folder)
        if isinstance(base, Unknown):
            return base
        found = self._ask(names, base, _DECIDERS[kind])
        if is_nullish(found) and fallbacks:
            found = self._ask(fallbacks, base, _DECIDERS[kind])
        if is_nullish(found) and kind == "nitro":
            found = self._in_layers(names, base, MOST_LAYERS)
        if kind == "astro" and self._is_all_prerendered(names, base):
            return Known(astro.STATIC)
        return Known(kind == "react-router") if is_undefined(found) else found

    def _in_layers(self, names: tuple[str, ...], base: str, most: int) -> AbstractValue:
        """Whether a layer of a Nuxt site streams: one that its config extends, or in its folder `layers`
        (https://nuxt.com/docs/guide/going-further/layers).
        """
        inner = (
            f"layers/{each}" for each in self.tree.list(_join(base, "layers")) or () if each.endswith("/")
        )
        given = nitro.layers(self._ask(names, base, lambda value, path: value))
        for layer in islice([*given, *inner], most):
            if isinstance(layer, Unknown):
                return layer
            folder = posixpath.normpath(_join(base, layer))
            if folder.startswith(".."):
                return Unknown(Why.SITE_FOLDER_OUTSIDE(layer))
            found = self._ask(names, folder, nitro.streams)
            if is_nullish(found):
                found = self._in_layers(names, folder, most // 2)
            if not is_nullish(found):
                return found
        return _NOTHING

    def preset(
        self, names: tuple[str, ...], folder: AbstractValue, fallbacks: tuple[str, ...]
    ) -> AbstractValue:
        """Nitro's preset by the config of the site in `folder` or its build script; `undefined` for none."""
        base = self._folder(folder)
        if isinstance(base, Unknown):
            return base
        for each in (names, fallbacks):
            found = self._ask(each, base, nitro.preset)
            if not is_nullish(found):
                return found
        script = _SCRIPT_PRESET.search(readable(self.tree, _join(base, "package.json")) or b"")
        return Known(script[1].decode()) if script else _NOTHING

    def servers(self, folder: AbstractValue) -> SplitServers:
        """The servers that OpenNext builds for the site in `folder` besides its default one."""
        base = self._folder(folder)
        if isinstance(base, Unknown):
            return SplitServers(unclear=base)
        found = self._config(("open-next.config.ts",), base)
        return SplitServers() if found is None else open_next.servers(found[1], found[0])

    def wrapper(self, names: tuple[str, ...], folder: str) -> AbstractValue:
        """The name of OpenNext's wrapper for a site's server; unknown for one of the project's own."""
        found = self._decided(names, folder, open_next.wrapper_name)
        return Known(open_next.DEFAULT_WRAPPER) if is_nullish(found) else found

    def config(self, names: tuple[str, ...], folder: str) -> AbstractValue:
        """The first of these configs that exists, as an object; `undefined` without any."""
        return self._decided(names, folder, lambda value, path: value)

    def split(self, names: tuple[str, ...], folder: str) -> AbstractValue:
        """The key `functions` of OpenNext's config: an object, or nothing."""
        return self._decided(names, folder, open_next.functions)

    def _decided(
        self, names: tuple[str, ...], folder: str, decide: Callable[[AbstractValue, str], AbstractValue]
    ) -> AbstractValue:
        base = self._folder(Known(folder))
        return base if isinstance(base, Unknown) else self._ask(names, base, decide)

    def _folder(self, folder: AbstractValue) -> str | Unknown:
        folder = strip(folder)
        if not (isinstance(folder, Known) and isinstance(folder.data, str)):
            reason = folder.reason if isinstance(folder, (OneOf, Unknown)) else Why.NOT_A_STRING()
            return Unknown(Why.SITE_FOLDER(reason), getattr(folder, "node", None))
        base = posixpath.normpath(posixpath.join(self.home, folder.data))
        if base.startswith(("..", "/")):
            return Unknown(Why.SITE_FOLDER_OUTSIDE(folder.data))
        return "" if base == "." else base

    def _ask(
        self, names: tuple[str, ...], base: str, decide: Callable[[AbstractValue, str], AbstractValue]
    ) -> AbstractValue:
        """The setting in the first of these files that exists; `undefined` without any."""
        found = self._config(names, base)
        return _NOTHING if found is None else decide(found[1], found[0])

    def _config(self, names: tuple[str, ...], base: str) -> tuple[str, AbstractValue] | None:
        """Path and value of the first of these files that exists."""
        key = (names, base)
        if key not in self._read:
            self._read[key] = self._find(names, base)
        return self._read[key]

    def _find(self, names: tuple[str, ...], base: str) -> tuple[str, AbstractValue] | None:
        for name in names:
            path = _join(base, name)
            self.files.add(path)
            try:
                if self.tree.read(path) is None:
                    continue
            except Unreadable as error:
                return path, Unknown(error.reason)
            value, files = evaluate(self.tree, path, self.limits, self.cache)
            self.files |= files
            return path, strip(value)
        return None

    def _is_all_prerendered(self, names: tuple[str, ...], base: str) -> bool:
        """Whether an Astro site with an adapter is a static build, because no page needs the server."""
        value = self._ask(names, base, astro.is_prerendered)
        if (
            not (isinstance(value, Known) and value.data is True)
            or self.tree.list(_join(base, "src/pages")) is None
        ):
            return False
        pages = list(self._below(_join(base, "src/pages"), MOST_PAGES))
        self.files.update(pages)
        contents = (readable(self.tree, page) for page in pages)
        return len(pages) < MOST_PAGES and not any(
            _ON_DEMAND.search(text or b"prerender = false") for text in contents
        )

    def _below(self, folder: str, most: int) -> Iterator[str]:
        """The files in a folder and its subfolders, up to a limit."""
        open_folders, left = [folder], most
        while open_folders and left > 0:
            place = open_folders.pop()
            for name in self.tree.list(place) or ():
                path = f"{place}/{name.rstrip('/')}"
                if name.endswith("/"):
                    open_folders.append(path)
                elif left > 0:
                    left -= 1
                    yield path


def _join(base: str, name: str) -> str:
    return f"{base}/{name}" if base else name
