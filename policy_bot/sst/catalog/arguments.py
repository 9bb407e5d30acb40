"""Names and types of the arguments of SST's components, by release.

`arguments.txt` is derived from SST's source at every release tag by `tests/facts/derive_arguments.py`, which
documents its format. Only the lines of components in use are parsed.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from policy_bot.record import NamedTuple, dataclass
from policy_bot.sst.ranges import NEWEST, number

FILE = "arguments.txt"
Form = tuple["str | Form", ...]
"""The alternatives of a type: "s" string, "n" number, "b" boolean, "f" function, "c" component, "*" anything,
"@17" an object type, `("[", form)` a list, `("{", form)` a record.
"""


class Releases(NamedTuple):
    """The releases that a project may run, as positions in the list of known ones.

    `open_ended`: the project may also run a release newer than the data.
    """

    low: int
    high: int
    open_ended: bool


@dataclass(frozen=True)
class Fields:
    """The keys of an object type, each with its forms in these releases; unless `closed`, others are allowed
    too.
    """

    keys: dict[str, list[Form]]
    closed: bool

    def form(self, key: str) -> Form:
        """The form of a known key, joined on demand: an object has few of the keys of its type."""
        return _union(self.keys[key])


_Held = TypeVar("_Held")
Runs = list[tuple[int, int, _Held]]
"""A value that applies from one release to another."""


if TYPE_CHECKING:  # at run time it would parse these annotations

    class _Signature(TypedDict):
        """The versions of a component's or an object type's signature."""

        arguments: Runs[list[Form]]
        methods: dict[str, Runs[list[Form]]]
        keys: dict[str, Runs[Form]]
        open: list[tuple[int, int]]


@cache
def _lines() -> tuple[dict[str, list[str]], dict[str, str]]:
    """The first line, and the other lines by name, unparsed."""
    loader: Any = __spec__ and __spec__.loader
    text = loader.get_data(__file__.removesuffix("arguments.py") + FILE).decode()
    head, *rest = text.splitlines()
    return json.loads(head), dict(line.split("\t", 1) for line in rest)


@cache
def _line(name: str) -> _Signature | None:
    found = _lines()[1].get(name)
    line: _Signature | None = None if found is None else json.loads(found)
    return line


def releases() -> list[str]:
    """Every release in the data, oldest first."""
    return _lines()[0]["releases"]


@lru_cache(maxsize=256)
def between(low: str, high: str) -> Releases | None:
    """The releases from `low` to `high`, both inclusive; None if the data has none of them.

    `open_ended` is set if `high` is the newest release of its major or later, because such a range also
    installs releases made after the data was derived.
    """
    first, last = number(low), number(high)
    newest = number(releases()[-1])
    at = bisect_right(releases(), first, key=number) - 1
    until = bisect_right(releases(), last, key=number) - 1
    if until < 0 or (first > newest and first[:2] != newest[:2]):
        return None
    if first == last:  # a release without a tag has the types of the previous one
        return Releases(until, until, last > newest)
    return Releases(max(at, 0), until, last >= number(NEWEST.get(last[0], "0.0.0")))


@cache
def components() -> tuple[str, ...]:
    """Every component of any release, by its name in a config."""
    return tuple(name for name in _lines()[1] if not name.startswith("@"))


@lru_cache(maxsize=1024)
def methods(component: str) -> frozenset[str]:
    """Names of a component's methods in any release, including static ones."""
    line = _line(component)
    return frozenset(name.removeprefix("static ") for name in line["methods"]) if line else frozenset()


@lru_cache(maxsize=1024)
def arguments(component: str, within: Releases) -> Form:
    """The form of a component's arguments object; () if none of the releases has the component."""
    line = _line(component)
    return _parameter(line["arguments"], 0, within) if line else ()


@lru_cache(maxsize=1024)
def parameter(component: str, method: str, at: int, within: Releases) -> Form:
    """The form of a method's parameter, counted from 0; () if it is not known."""
    line = _line(component)
    return _parameter(line["methods"].get(method, []), at, within) if line else ()


@lru_cache(maxsize=1024)
def lifetime(component: str, method: str = "") -> tuple[str, str]:
    """The first release that has a component or one of its methods, and the first that has it no longer; ""
    without such a bound. Methods without parameters are not in the data.
    """
    line = _line(component)
    runs = [] if line is None else line["methods"].get(method, []) if method else line["arguments"]
    known = releases()
    first, last = min((run[0] for run in runs), default=0), max((run[1] for run in runs), default=len(known))
    return known[first] if first else "", known[last + 1] if last + 1 < len(known) else ""


def _parameter(runs: Runs[list[Form]], at: int, within: Releases) -> Form:
    return _union(forms[at] for forms in _during(runs, within) if at < len(forms))


def _during(runs: Runs[_Held], within: Releases) -> list[_Held]:
    """The values that apply to any of the releases."""
    return [value for begin, end, value in runs if begin <= within.high and within.low <= end]


def _union(forms: Iterable[Form]) -> Form:
    return tuple(dict.fromkeys(_frozen(each) for form in forms for each in form))


def _frozen(form: str | Form) -> str | Form:
    return tuple(map(_frozen, form)) if isinstance(form, list) else form


@lru_cache(maxsize=1024)
def fields(form: Form, within: Releases) -> Fields | None:
    """The keys that an object of this form may have in any of the releases; None if it is not an object or is
    unrestricted.
    """
    names = [each for each in form if isinstance(each, str) and each.startswith("@")]
    if not names or "*" in form:
        return None
    keys: dict[str, list[Form]] = {}
    closed = not any(isinstance(each, tuple) and each[0] == "{" for each in form)
    for name in names:
        line = _line(name)
        spans = [(0, len(releases()))] if line is None else line["open"]
        closed = closed and not any(begin <= within.high and within.low <= end for begin, end in spans)
        for key, runs in ({} if line is None else line["keys"]).items():
            if found := _during(runs, within):
                keys.setdefault(key, []).extend(found)
    return Fields(keys, closed)


@lru_cache(maxsize=1024)
def elements(form: Form, kind: str) -> Form:
    """The form of a list's elements (`kind` "[") or a record's values ("{"); () if it is neither."""
    inner = [each[1] for each in form if isinstance(each, tuple) and each[0] == kind]
    return _union(each for each in inner if isinstance(each, tuple))


def present(form: Form, key: str) -> tuple[str, str] | None:
    """The first and the last release in which an object of this form has the key; None if there is none."""
    runs = [
        run
        for name in form
        if isinstance(name, str) and name.startswith("@")
        for line in [_line(name)]
        for run in (line["keys"].get(key, []) if line is not None else [])
    ]
    if not runs:
        return None
    return releases()[min(run[0] for run in runs)], releases()[max(run[1] for run in runs)]


ALL = Releases(0, 1_000_000, open_ended=False)
"""All releases in the data."""
