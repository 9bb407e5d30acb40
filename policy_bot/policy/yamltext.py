"""Reads YAML as people write settings in it: plain data, and the line and column of each key and value.

Stricter than YAML: `off`, `yes` and dates stay text; duplicate keys, anchors and aliases (which can make a
small file huge) are errors. Bounded in size and depth. Never constructs objects from tags.
"""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from policy_bot.record import NamedTuple, dataclass, field
from policy_bot.regex import regex

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20

Loc = tuple[str | int, ...]

_INTEGER = regex(r"[-+]?(?:0|[1-9][0-9]{0,17})\Z")
_DECIMAL = regex(r"[-+]?[0-9]{1,17}\.[0-9]{1,17}\Z")
_PLAIN = {"true": True, "false": False, "null": None, "~": None, "": None}


class YamlPlace(NamedTuple):
    """A line and a column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in a settings or policy file: what is wrong, where, and how to fix it."""

    path: str
    place: YamlPlace
    what: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.path}:{self.place.line}:{self.place.column}: {self.what}"
        return f"{text}. {self.hint}" if self.hint else text


class FileError(ValueError):
    """A file that cannot be used, with every problem found in it."""

    def __init__(self, problems: Sequence[Mistake]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(slots=True)
class Marked:
    """The data of a file and the places of its parts, by location: `("waivers", 0, "expires")`."""

    path: str
    data: object = None
    keys: dict[Loc, YamlPlace] = field(default_factory=dict)
    values: dict[Loc, YamlPlace] = field(default_factory=dict)

    def place(self, loc: Sequence[str | int]) -> YamlPlace:
        """The place of the key of a location (in a list, of the value), or of its nearest existing parent."""
        here: Loc = tuple(loc)
        while here and here not in self.keys and here not in self.values:
            here = here[:-1]
        return self.keys.get(here) or self.values.get(here) or YamlPlace(1, 1)

    def value_place(self, loc: Sequence[str | int]) -> YamlPlace:
        """The place of the value of a location, or else of its key."""
        return self.values.get(tuple(loc)) or self.place(loc)

    def problem(self, loc: Sequence[str | int], what: str, hint: str = "") -> Mistake:
        """A problem at a location of this file."""
        return Mistake(self.path, self.place(loc), what, hint)


def read(path: str, text: str, first_line: int = 1, without: Sequence[Loc] = ()) -> Marked:
    """Reads YAML text into data and places. `first_line` is the line of the file on which `text` begins; the
    content at the locations `without`, in the order of the file, is left out.

    Raises `FileError`.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise FileError([Mistake(path, YamlPlace(1, 1), f"the file is larger than {MAX_BYTES // 1024} KiB")])
    marked = Marked(path)
    try:
        root = _Composer(text).get_single_node()
        for loc in reversed(without):  # from the end, so that no entry of a list moves before its turn
            _prune(root, loc)
        if root is not None:
            marked.data = _NodeReading(marked, first_line).value(root, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = YamlPlace(mark.line + first_line, mark.column + 1) if mark else YamlPlace(first_line, 1)
        raise FileError([Mistake(path, place, f"not valid YAML: {error.problem or error.context}")]) from None
    except yaml.YAMLError as error:
        what = getattr(error, "reason", None) or str(error)
        raise FileError([Mistake(path, YamlPlace(first_line, 1), f"not valid YAML: {what}")]) from None
    return marked


def _prune(node: yaml.Node | None, loc: Loc) -> None:
    """Removes the content at a location, and containers that become empty."""
    if isinstance(node, yaml.SequenceNode):
        if len(loc) > 1:
            _prune(node.value[loc[0]], loc[1:])
        else:
            del node.value[loc[0]]
    elif isinstance(node, yaml.MappingNode):
        for pair in [pair for pair in node.value if pair[0].value == loc[0]]:
            if len(loc) > 1:
                _prune(pair[1], loc[1:])
            if len(loc) == 1 or not pair[1].value:
                node.value.remove(pair)


class _Composer(yaml.SafeLoader):
    """Composes nodes only, and refuses unbounded repetition and nesting while it reads."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.composer.ComposerError(
                None,
                None,
                "anchors (`&`) and aliases (`*`) are not allowed; quote the text",
                event.start_mark,
            )
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise yaml.composer.ComposerError(None, None, "nested too deeply", event.start_mark)
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


@dataclass(slots=True)
class _NodeReading:
    marked: Marked
    first_line: int

    def value(self, node: yaml.Node, loc: Loc) -> object:
        self.marked.values[loc] = self._place(node)
        if isinstance(node, yaml.MappingNode):
            return {key: self.value(child, (*loc, key)) for key, child in self._pairs(node, loc)}
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*loc, number)) for number, child in enumerate(node.value)]
        return _scalar(node)

    def _pairs(self, node: yaml.MappingNode, loc: Loc) -> list[tuple[str, yaml.Node]]:
        pairs = []
        for key_node, child in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._error(key_node, "keys must be strings")
            key, place = key_node.value, self._place(key_node)
            if (*loc, key) in self.marked.keys:
                first = self.marked.keys[(*loc, key)].line
                raise self._error(key_node, f"`{key}` occurs twice, first on line {first}")
            self.marked.keys[(*loc, key)] = place
            pairs.append((key, child))
        return pairs

    def _place(self, node: yaml.Node) -> YamlPlace:
        return YamlPlace(node.start_mark.line + self.first_line, node.start_mark.column + 1)

    def _error(self, node: yaml.Node, what: str) -> FileError:
        return FileError([Mistake(self.marked.path, self._place(node), what)])


def _scalar(node: yaml.Node) -> object:
    text: str = node.value
    if getattr(node, "style", None) is not None:
        return text
    if text in _PLAIN:
        return _PLAIN[text]
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _DECIMAL.match(text) else text
