"""Paths into the arguments of components, in expressions: finds them, and checks whether SST has them.

`args.server.timeout` is a CEL variable of its own, bound to the value at that path. So each path is known or
unknown independently of the other arguments, and a misspelt one is found when the file is loaded. CEL cannot
declare a variable `type` (a type's name) and its `has()` cannot test a variable: both are rewritten before
CEL sees the text.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.policy.spelling import did_you_mean
from policy_bot.record import NamedTuple
from policy_bot.regex import regex
from policy_bot.sst.catalog import arguments as catalog
from policy_bot.sst.catalog.arguments import ALL, Form

TYPE_VARIABLE = "kind"
"""The name of `type` in CEL, of equal length so that columns stay the same."""
COMPONENTS = "project.components"
_TEXT = regex(r"\"(?:\\.|[^\"\\])*+\"?|'(?:\\.|[^'\\])*+'?")
_TYPE = regex(r"(?<![\w.])type\b(?!\s*\()")
_HAS = regex(r"(?<![\w.])has\(")
_OWN = regex(r"(?<![\w.])args\b((?:\.[A-Za-z_]\w*+)*+)")
_ITEM = regex(r"(?<![\w.])([A-Za-z_]\w*+)\.args\b((?:\.[A-Za-z_]\w*+)*+)")
_COMPARED = regex(r"\s*(?:==|!=|<=?|>=?)\s*(?:(\")|(')|(-?\d)|(true\b|false\b))")
_LOOP_TYPE = regex(r"(?<![\w.])([A-Za-z_]\w*+)\.type\s*+[!=]=\s*+(\"[^\"]*+\"?|'[^']*+'?)")
_SUFFIX = ")!=null)"
_KINDS = {"s": "a text", "n": "a number", "b": "true or false"}
_ONE_TYPE = regex(
    r"\s*(?:(?P<who>\w+)\.)?type\s*(?:==\s*(?P<one>\"[^\"]*\"|'[^']*')|in\s*\[(?P<several>[^\]]*)\]"
    r"|\.startsWith\((?P<prefix>\"[^\"]*\"|'[^']*')\))\s*"
)


class ArgumentPath(NamedTuple):
    """A path in a text: its root (a loop's variable, "" for the subject), its keys, its offset."""

    owner: str
    keys: tuple[str, ...]
    offset: int

    @property
    def name(self) -> str:
        """The path as a fact: `args.server.timeout`."""
        return ".".join(("args", *self.keys))


class Wrong(NamedTuple):
    """An error in a path: its position in the text, what is wrong, and how to fix it."""

    offset: int
    what: str
    hint: str


def bare(text: str) -> str:
    """The text with the content of its literals blanked, at the same length."""
    return _TEXT.sub(lambda found: found[0][0] + " " * (len(found[0]) - 2) + found[0][-1:], text)


def paths(text: str) -> Iterator[ArgumentPath]:
    """Every path in an expression. The name of a called function is not part of it."""
    blank = bare(text)
    for found in _OWN.finditer(blank):
        yield ArgumentPath("", _keys(found[1], blank[found.end() :]), found.start())
    for found in _ITEM.finditer(blank):
        yield ArgumentPath(found[1], _keys(found[2], blank[found.end() :]), found.start())


def _keys(dotted: str, rest: str) -> tuple[str, ...]:
    keys = tuple(dotted.split(".")[1:])
    return keys[:-1] if rest.lstrip().startswith("(") else keys


def for_cel(text: str) -> str:
    """The expression as CEL compiles it."""
    blank = bare(text)
    text = _replaced(text, [(found.start(), found.end(), TYPE_VARIABLE) for found in _TYPE.finditer(blank)])
    edits = []
    for found in _HAS.finditer(blank):
        end = _closing(blank, found.end())
        if end is not None:
            edits += [(found.start(), found.end(), "  (("), (end, end + 1, _SUFFIX)]
    return _replaced(text, sorted(edits))


def _replaced(text: str, edits: list[tuple[int, int, str]]) -> str:
    parts, at = [], 0
    for start, end, new in edits:
        parts += [text[at:start], new]
        at = end
    return "".join((*parts, text[at:]))


def column_before(line: str, column: int) -> int:
    """Maps a column of the line that CEL saw to the column in the text as written."""
    before = line[: column - 1].count(_SUFFIX)
    return max(1, column - before * (len(_SUFFIX) - 1))


def _closing(blank: str, at: int) -> int | None:
    depth = 1
    for position in range(at, len(blank)):
        depth += {"(": 1, ")": -1}.get(blank[position], 0)
        if depth == 0:
            return position
    return None


# --- checks against SST's types -----------------------------------------------------------------------------


def wrong_paths(text: str, when: str) -> Iterator[Wrong]:
    """Finds paths of an expression that SST's types do not have.

    `when` restricts the subject's type if one of its conjuncts is `type == "sst.aws.Bucket"`, `type in [...]`
    or `type.startsWith("...")`. The type of a loop's component is restricted if the expression compares it.
    Paths of a component whose type is not restricted, or is not SST's, are not checked.
    """
    bound = bound_types(when)
    for path in paths(text):
        types = bound if not path.owner else compared_types(text, path.owner)
        forms = [form for each in types if (form := catalog.arguments(each, ALL))]
        if path.keys and forms and len(forms) == len(types):
            yield from _wrong(path, text, forms, types)


def bound_types(when: str) -> list[str]:
    """The types of components that a condition admits; [] if it does not restrict them."""
    for conjunct in _split(when, "&&"):
        found = [each for part in _split(_unwrapped(conjunct), "||") for each in _tested(part, "") or [""]]
        if found and "" not in found:
            return found
    return []


def compared_types(text: str, owner: str) -> list[str]:
    """The types with which an expression compares a loop's component."""
    found = _LOOP_TYPE.finditer(text)
    return list(dict.fromkeys(each[2].strip("\"'") for each in found if each[1] == owner))


def _tested(text: str, owner: str) -> list[str]:
    """The types that a test such as `type == "sst.aws.Bucket"` names; [] for anything else."""
    found = _ONE_TYPE.fullmatch(text)
    if found is None or (found["who"] or "") != owner:
        return []
    if found["prefix"]:
        prefix = found["prefix"][1:-1]
        return [each for each in catalog.components() if each.startswith(prefix)]
    return [each[1:-1] for each in _TEXT.findall(found["one"] or found["several"])]


def _split(text: str, operator: str) -> list[str]:
    """The operands at the top level of an expression."""
    blank, depth, parts, start = bare(text), 0, [], 0
    for at, char in enumerate(blank):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(char, 0)
        if depth == 0 and blank.startswith(operator, at):
            parts.append(text[start:at])
            start = at + len(operator)
    return [*parts, text[start:]]


def _unwrapped(text: str) -> str:
    text = text.strip()
    return text[1:-1] if text.startswith("(") and _closing(bare(text), 1) == len(text) - 1 else text


def _wrong(path: ArgumentPath, text: str, forms: list[Form], types: list[str]) -> Iterator[Wrong]:
    """The error of a path in all of the types."""
    found = [_walk(form, path.keys) for form in forms]
    missing = [each for each in found if isinstance(each, _Missing)]
    if len(missing) < len(found):
        kinds = {_kind(each) for form in found if not isinstance(form, _Missing) for each in form}
        yield from _misused(path, text, kinds)
        return
    at = max(each.at for each in missing)
    known = {name for each in missing if each.at == at for name in each.keys}
    before = ".".join(filter(None, (path.owner, "args", *path.keys[:at])))
    whose = f"`{types[0]}` has no" if len(types) == 1 else "none of these types has an"
    listed = f"There are: {', '.join(sorted(known)[:12])}{' ...' if len(known) > 12 else '.'}"
    hint = did_you_mean(path.keys[at], known, f"{before}.") or listed
    yield Wrong(path.offset, f"{whose} argument `{'.'.join(path.keys[: at + 1])}`", hint)


class _Missing(NamedTuple):
    """A path that does not exist from its key number `at`, and the keys that exist there."""

    at: int
    keys: frozenset[str]


def _walk(form: Form, keys: tuple[str, ...]) -> Form | _Missing:
    """The argument type at a path."""
    for at, key in enumerate(keys):
        fields = catalog.fields(form, ALL)
        if fields is None or not fields.closed or "c" in form:
            return ("*",)
        if key not in fields.keys:
            return _Missing(at, frozenset(each for each in fields.keys if not each.startswith("_")))
        form = fields.form(key)
    return form


def _kind(form: object) -> str:
    return form if isinstance(form, str) and len(form) == 1 else "o"


def _misused(path: ArgumentPath, text: str, kinds: set[str]) -> Iterator[Wrong]:
    """A comparison with a literal that the argument can never equal or be compared with."""
    after = path.offset + len(".".join(filter(None, (path.owner, path.name))))
    found = _COMPARED.match(text, after)
    if found is None or not kinds <= {"s", "n", "b"}:
        return
    wanted = "s" if found[1] or found[2] else "n" if found[3] else "b"
    if wanted not in kinds:
        is_ = " or ".join(_KINDS[each] for each in sorted(kinds))
        yield Wrong(path.offset, f"`{path.name}` is {is_}, never {_KINDS[wanted]}", "Compare it with that.")
