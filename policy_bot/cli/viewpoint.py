"""Rewrites paths from the boundary to the current folder, where the user reads them.

Nothing is rewritten if the current folder is the boundary.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from policy_bot.cli.report import Ignored
from policy_bot.policy.finding import Edit, Excuse, Finding, Setting
from policy_bot.policy.settings import SettingSource
from policy_bot.record import dataclass, field, field_names, replace
from policy_bot.regex import regex
from policy_bot.sst.deployment import Project, Version
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.source import SourceTree
from policy_bot.sst.span import Span

T = TypeVar("T")

_WORD = regex(r"[^\s()`\"',;]++")


@dataclass(frozen=True)
class Viewpoint:
    """The current folder (`here`) and the boundary (`root`), both absolute."""

    root: str
    here: str
    _known: set[str] = field(default_factory=set, repr=False, compare=False)
    """Paths of files that texts may name."""

    @property
    def is_root(self) -> bool:
        """Whether no path needs rewriting."""
        return self.root == self.here

    def path(self, path: str) -> str:
        """A path from the boundary, relative to the current folder."""
        if self.is_root:
            return path
        return os.path.relpath(os.path.join(self.root, path), self.here).replace(os.sep, "/")

    def back(self, path: str) -> str:
        """A path relative to the current folder, from the boundary."""
        if self.is_root:
            return path
        return os.path.relpath(os.path.join(self.here, path), self.root).replace(os.sep, "/")

    def tree(self, tree: SourceTree) -> SourceTree:
        """The tree, with paths relative to the current folder."""
        return tree if self.is_root else _Seen(tree, self)

    def knows(self, paths: Iterable[str]) -> None:
        """Adds paths of files that texts may name."""
        self._known.update(paths)

    def of(self, thing: T) -> T:
        """A finding, project or the like with every path in it rewritten."""
        return thing if self.is_root else _Rewriting(self).of(thing)

    def text(self, text: str) -> str:
        """A sentence with the names of known files rewritten: `(infra.ts:3)`."""
        return text if self.is_root else _WORD.sub(lambda word: self._word(word[0]), text)

    def _word(self, word: str) -> str:
        path = _without_position(word)
        if path not in self._known:
            return word
        return self.path(path) + word[len(path) :]


def _without_position(word: str) -> str:
    """Cuts the line and column off `a.ts:12:5`. A regular expression would take quadratic time."""
    end = len(word)
    while (colon := word.rfind(":", 0, end)) >= 0:
        number = word[colon + 1 : end]
        if not (number.isascii() and number.isdigit()):
            break
        end = colon
    return word[:end]


@dataclass(frozen=True)
class _Seen:
    below: SourceTree
    viewpoint: Viewpoint

    def read(self, path: str) -> bytes | None:
        return self.below.read(self.viewpoint.back(path))

    def list(self, folder: str) -> Sequence[str] | None:
        place = self.viewpoint.back(folder)
        return self.below.list("" if place == "." else place)


class _Rewriting:
    """One walk over plain data. Shared parts (origins above all) are rewritten once."""

    def __init__(self, viewpoint: Viewpoint) -> None:
        self._viewpoint = viewpoint
        self._done: dict[int, tuple[object, Any]] = {}

    def of(self, thing: Any) -> Any:
        if isinstance(thing, str | int | float | None):
            return thing
        known = self._done.get(id(thing))
        if known is None:  # keeps the original alive, so that its id is not reused
            known = self._done[id(thing)] = (thing, self._rewritten(thing))
        return known[1]

    def _rewritten(self, thing: Any) -> Any:  # noqa: PLR0911, PLR0912 -- a dispatch over kinds
        view = self._viewpoint
        match thing:
            case Span():
                return thing._replace(path=view.path(thing.path))
            case SettingSource():  # the organisation's files are in another checkout
                own = thing.layer == "repository" and thing.path
                return thing._replace(path=view.path(thing.path)) if own else thing
            case Why():
                return thing
            case Edit():
                return replace(thing, path=view.path(thing.path))
            case Reason():
                return replace(self._fields(thing), parameters=tuple(map(self._argument, thing.parameters)))
            case Version():
                return replace(self._fields(thing), evidence=view.text(thing.evidence))
            case Ignored():
                return thing._replace(path=view.path(thing.path), source=self.of(thing.source))
            case Setting():
                return replace(thing, source=view.text(thing.source))
            case Excuse():
                return replace(self._fields(thing), source=view.text(thing.source))
            case Finding():
                changed = {"project": view.path(thing.project), "message": view.text(thing.message)}
                return replace(self._fields(thing), **changed)
            case Project():
                own_files = frozenset(map(view.path, thing.files))
                return replace(self._fields(thing), path=view.path(thing.path), files=own_files)
            case Mapping():
                return {key: self.of(value) for key, value in thing.items()}
            case list():
                return [self.of(item) for item in thing]
            case tuple() if type(thing) is tuple:
                return tuple(self.of(item) for item in thing)
        return self._fields(thing)

    def _argument(self, argument: Any) -> Any:
        return self._viewpoint.text(argument) if isinstance(argument, str) else self.of(argument)

    def _fields(self, thing: Any) -> Any:
        changed = {}
        for name in field_names(type(thing)):
            before = getattr(thing, name)
            after = self.of(before)
            if after is not before:
                changed[name] = after
        return replace(thing, **changed) if changed else thing
