"""CEL expressions over the facts of a subject, in three-valued logic: the only module that uses
`cel-expr-python`.

A fact is a flat, typed variable (`timeout`, `parameters.least`, `config.streams`, `context.dev`), so a
misspelt one is a compile error with its position, not a rule that never fires. An unknown fact is left
unbound: CEL's absorbing `&&` and `||` then decide, or return an error value, which means "unknown" here. If a
value is one of several, all are tried; if all agree, that decides.

The library reports run-time errors as *values* whose plain form is a truthy string; only `_outcome` examines
them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any

from cel_expr_python import cel

from policy_bot.policy import compiled, complaints, functions, growth, paths, relations
from policy_bot.policy.complaints import ExpressionError
from policy_bot.policy.facts import declarations
from policy_bot.record import dataclass
from policy_bot.regex import regex
from policy_bot.sst.deployment import Value
from policy_bot.sst.reasons import Why
from policy_bot.sst.shape import SHAPES

COMBINATIONS = 64
"""How many combinations of "one of several" values are tried before the answer is unknown."""

_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?")
# The closing quote may be missing: otherwise the search would restart at each quote of an unterminated
# string.
_STRING = regex(r"\"(?:\\.|[^\"\\])*+\"?|'(?:\\.|[^'\\])*+'?")
_UNBOUND = "No value with name"


@dataclass(frozen=True, slots=True)
class Answer:
    """True, False, or None for "cannot tell"; `why` gives the reason if the expression failed."""

    value: bool | None
    why: str = ""


def _compiled(text: str, subject: str, parameters: tuple[tuple[str, str], ...]) -> Any:
    named = frozenset(path.name for path in paths.paths(text) if not path.owner and path.keys)
    environment = _environment((subject,), parameters, functions.cuts_text(text), named)
    return environment.compile(paths.for_cel(text))


@lru_cache(maxsize=1024)
def _environment(
    subjects: tuple[str, ...], parameters: tuple[tuple[str, str], ...], cuts_text: bool, named: frozenset[str]
) -> Any:
    types = {
        "string": cel.Type.STRING,
        "int": cel.Type.INT,
        "bool": cel.Type.BOOL,
        "list": cel.Type.List(cel.Type.STRING),
        "args": cel.Type.DYN,
        "components": cel.Type.List(cel.Type.DYN),
    }
    declared = [each for kind in subjects for each in declarations(kind, parameters).items()]
    variables = {_variable(name): types[type_] for name, type_ in declared}
    if "args" in variables:
        variables |= dict.fromkeys(named, cel.Type.DYN)
    environment = cel.NewEnv(variables=variables, extensions=_extensions() if cuts_text else [])
    environment.compile("true")  # without it a program that is only loaded does not check the types of facts
    return environment


@lru_cache(maxsize=4096)
def _variable(name: str) -> str:
    """The CEL variable of a fact: `project.components:args.dlq` means the components with one argument."""
    return paths.TYPE_VARIABLE if name == "type" else name.partition(":")[0]


def _extensions() -> list[Any]:
    from cel_expr_python.ext import ext_strings  # noqa: PLC0415 -- no built-in policy needs it

    return [ext_strings.ExtStrings(0)]


@dataclass(frozen=True)
class Expression:
    """A compiled condition on a subject, and the names of the facts it uses, in order."""

    text: str
    subject: str
    names: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]

    @cached_property
    def program(self) -> Any:
        """The compiled form, made for the first subject of the kind."""
        known = compiled.program(self.key)
        if known is None:
            return _compiled(self.text, self.subject, self.parameters)
        # one environment, which takes a millisecond to make, checks the types of all facts: they are the same
        # for all kinds of subjects; those of parameters are checked in the settings
        return _environment(tuple(SHAPES), (), False, frozenset()).deserialize(known)

    @property
    def key(self) -> str:
        """Its key among the compiled expressions."""
        return compiled.key(self.text, self.subject, self.parameters)

    def made(self) -> tuple[bytes, tuple[str, ...]]:
        """Compiles the expression; returns also the names."""
        program: bytes = _compiled(self.text, self.subject, self.parameters).serialize()
        return program, _names(self.text, self.subject, self.parameters)

    def decide(self, values: Mapping[str, Value], hidden: str = "") -> Answer:
        """Evaluates the expression for these values; names missing from them, and the `hidden` one, count as
        unknown.
        """
        answers: set[Answer] = set()
        used = (name for name in self.names if name != hidden)
        known = {name: value for name in used if (value := values.get(name)) is not None}
        for data in _combinations(known):
            answers.add(_outcome(self.program, data))
            if len(answers) > 1:
                return Answer(None, "may fail")
        return answers.pop() if answers else Answer(None, "too many combinations of values")


def _outcome(program: Any, data: Mapping[str, object]) -> Answer:
    try:
        result = program.eval(data=data)
    except RuntimeError as error:  # the iteration budget
        return Answer(None, complaints.words(str(error)))
    if result.type() == cel.Type.BOOL:
        return Answer(bool(result.plain_value()))
    why = str(result.plain_value())
    return Answer(None, "" if _UNBOUND in why else complaints.words(why))


def _combinations(values: Mapping[str, Value]) -> Iterator[dict[str, object]]:
    """Every combination of plain values; nothing if there are too many. Unknown values are left out."""
    fixed = {_variable(name): plain(value) for name, value in values.items() if is_seen(value)}
    several = {_variable(name): value for name, value in values.items() if value.choices}
    open_ = {name: value for name, value in several.items() if all(map(is_seen, value.choices))}
    if not open_:
        yield fixed
        return
    size = 1
    for value in open_.values():
        size *= len(value.choices)
    if size > COMBINATIONS:
        return
    for choice in itertools.product(*(value.choices for value in open_.values())):
        yield fixed | {name: plain(known) for name, known in zip(open_, choice, strict=True)}


_SMALL = frozenset({bool, int, float, type(None)})


def is_seen(value: Value) -> bool:
    """Whether a value is completely known, and small enough to be judged: a list with an unknown item is
    unknown.
    """
    if not value.is_known:
        return False
    content = value.value
    if content.__class__ in _SMALL:
        return True
    if content.__class__ is str:
        return len(content) <= growth.LONGEST_TEXT
    if isinstance(value.value, (dict, list)) and not relations.is_whole(value):
        return False
    if growth.too_large(plain(value)):
        return False
    items = value.value if isinstance(value.value, (list, tuple)) else ()
    return not any(isinstance(item, Value) and not item.is_known for item in items)


def plain(value: Value) -> object:
    """Converts a value for CEL; items of a list lose their origins."""
    if isinstance(value.value, (str, int, float)):
        return value.value
    if isinstance(value.value, (list, tuple)) and all(isinstance(item, dict) for item in value.value):
        return value.value  # the components of a project, which are already plain
    return relations.seen(value)


def compile_expression(
    text: str, subject: str, parameters: Mapping[str, str] | None = None, when: str | None = None
) -> Expression:
    """Compiles a condition (a bool) over this kind of subject. Raises `ExpressionError`.

    `when` is the rule's condition, which may restrict the type of a component; the text itself by default.
    """
    typed = tuple(sorted((parameters or {}).items()))
    if why := growth.refused(text):
        raise ExpressionError(f"{why} is not allowed: it could grow without bound", hint="Write it without.")
    try:
        program = _compiled(text, subject, typed)
    except RuntimeError as error:
        raise complaints.explained(str(error), text, subject, typed) from None
    for wrong in paths.wrong_paths(text, text if when is None else when):
        raise ExpressionError(wrong.what, *complaints.place(text, wrong.offset), wrong.hint)
    for name, offset in functions.refused(text, program.serialize()):
        what, hint = functions.unknown(name)
        raise ExpressionError(what, *complaints.place(text, offset), hint)
    for literal, offset in functions.patterns(text):
        if bad := _wrong_pattern(literal):
            raise ExpressionError(bad, *complaints.place(text, offset))
    if program.return_type().name() not in ("BOOL", "DYN"):
        kind = {"INT": "a number", "STRING": "a text", "LIST": "a list"}.get(program.return_type().name())
        raise ExpressionError(f"it is {kind or 'a value'}, not true or false", hint="Compare it.")
    return trusted(text, subject, dict(typed))


def trusted(text: str, subject: str, parameters: Mapping[str, str]) -> Expression:
    """An expression that was checked before (in a built-in policy), compiled only when a subject needs it."""
    return _expression(text, subject, tuple(sorted(parameters.items())))


@lru_cache(maxsize=4096)
def _expression(text: str, subject: str, typed: tuple[tuple[str, str], ...]) -> Expression:
    """Keeps one expression per text, so each is compiled once per process."""
    names = compiled.names(compiled.key(text, subject, typed))
    return Expression(text, subject, _names(text, subject, typed) if names is None else names, typed)


def _names(text: str, subject: str, typed: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The facts that an expression uses, in order; paths of arguments come last."""
    return tuple(dict.fromkeys(_mentioned(text, subject, typed)))


def _mentioned(text: str, subject: str, typed: tuple[tuple[str, str], ...]) -> Iterator[str]:
    known = declarations(subject, typed)
    found = list(paths.paths(text))
    for word in _NAME.findall(_STRING.sub("''", text)):
        name = word if word in known else word.partition(".")[0]  # `name.size()` uses `name`
        if name == paths.COMPONENTS:
            yield relations.named({path.name for path in found if path.owner})
        elif name in known and name != "args":
            yield name
    if "args" in known:
        yield from (path.name for path in found if not path.owner)


def _wrong_pattern(literal: str) -> str:
    """Why a text is not a valid regular expression; "" if it is."""
    try:
        result = cel.NewEnv().compile(f"''.matches({literal})").eval(data={})
    except RuntimeError:
        return ""  # an unusual literal: evaluating it will show its value
    return "" if result.type() == cel.Type.BOOL else complaints.words(str(result.plain_value()))


def hiding(expression: Expression, values: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    """The facts that an answer of "cannot tell" depends on, in the order in which the expression names
    them.
    """
    for name in expression.names:
        value = values.get(name)
        if value is None:
            continue
        if not value.is_known:
            yield name, value
        elif not is_seen(value):
            items = value.value if isinstance(value.value, (list, tuple)) else ()
            hidden = (item for item in items if isinstance(item, Value) and not item.is_known)
            yield name, next(hidden, Value.unknown(Why.TOO_LONG_TO_JUDGE(), None, value.origin))
