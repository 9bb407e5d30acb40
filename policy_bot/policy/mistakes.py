"""Explains mistakes in a settings file so that they can be fixed: place, what is wrong, what was probably
meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from policy_bot.policy.schema import OrganisationFile, RepositoryFile
from policy_bot.policy.spelling import did_you_mean
from policy_bot.policy.yamltext import Loc, Marked, Mistake

_WANTED = {
    "string_type": "text",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "list_type": "a list",
    "bool_type": "`true` or `false`",
    "int_type": "a whole number",
}


def problems_of(errors: Sequence[ErrorDetails], marked: Marked, model: type[BaseModel]) -> list[Mistake]:
    """Converts pydantic's errors into one problem per place, in the order of the file."""
    problems: dict[Loc, Mistake] = {}
    for error in errors:
        at = _within(error["loc"], marked)
        missing = error["loc"][-1:] if error["type"] == "missing" else ()
        problems.setdefault((*at, *missing), _problem(error, at, marked, model))
    return sorted(problems.values(), key=lambda problem: problem.place)


def places_of(errors: Sequence[ErrorDetails], marked: Marked) -> list[Loc]:
    """The locations to leave out so that the rest has valid form, in the order of the file: the wrong value,
    or the whole entry of the outermost list that contains it.
    """
    found = set()
    for error in errors:
        at = _within(error["loc"], marked)
        entry = next((number for number, part in enumerate(at, 1) if isinstance(part, int)), len(at))
        found.add(at[:entry])
    outermost = [at for at in found if at and not any(at[:end] in found for end in range(1, len(at)))]
    return sorted(outermost, key=lambda at: (marked.place(at), at[-1] if isinstance(at[-1], int) else 0))


def _problem(error: ErrorDetails, at: Loc, marked: Marked, model: type[BaseModel]) -> Mistake:
    kind, key = error["type"], _named(at)
    if kind == "extra_forbidden":
        return _unknown_key(key, at, marked, model)
    if kind == "literal_error":
        return _wrong_word(error, at, marked)
    hint = ""
    if kind == "missing":
        missing = error["loc"][-1]
        what, hint = f"`{missing}` is missing here (in `{key}`)", f"Add `{missing}:`"
    elif kind == "value_error":
        what = f"`{key}`: {error['ctx']['error']}"
    elif kind == "string_pattern_mismatch":  # the form of an id is the only pattern
        given = str(error["input"])[:100]
        what, hint = f"`{given}` is not a policy's id", "An id is like `timeout/too-short`"
    elif kind == "too_long":
        what = f"`{key}` has more than {error['ctx']['max_length']} entries"
    elif "parameters" in at[:-1]:
        what = f"`{key}` takes a number, text, `true`, `false` or a list of texts"
    else:
        what = f"`{key}` wants {_WANTED[kind]}" if kind in _WANTED else f"`{key}`: {error['msg'].lower()}"
    return marked.problem(at, what, hint)


def _wrong_word(error: ErrorDetails, at: Loc, marked: Marked) -> Mistake:
    given = str(error["input"])[:100]
    choices = [word.strip(" '") for word in error["ctx"]["expected"].replace(" or ", ",").split(",")]
    wanted = ", ".join(f"`{choice}`" for choice in choices)
    what = f"`{_named(at)}` cannot be `{given}`, only {wanted}"
    return marked.problem(at, what, did_you_mean(given, choices))


def _named(at: Loc) -> str:
    """The name of a location: its key, or for an entry of a list the list's."""
    return next((str(part) for part in reversed(at) if isinstance(part, str)), "file")


def _unknown_key(key: str, at: Loc, marked: Marked, model: type[BaseModel]) -> Mistake:
    if model is RepositoryFile and key in _keys(_model_at(OrganisationFile, at[:-1])):
        hint = "It belongs in `policy-bot.yml` of the organisation's `.github` repository"
        return marked.problem(at, f"a repository's settings have no `{key}`", hint)
    return marked.problem(at, f"there is no setting `{key}` here", _meant(key, _model_at(model, at[:-1])))


def _meant(key: str, model: type[BaseModel]) -> str:
    """How to fix a key that does not belong there: one level deeper, a different spelling, or the valid
    keys.
    """
    known = _keys(model)
    inner = {field.alias or name: _model_in(field.annotation) for name, field in model.model_fields.items()}
    holder = next((name for name, below in inner.items() if below and key in _keys(below)), "")
    if "/" in key and "policies" in known:
        holder = "policies"
    if holder:
        return f"It belongs under `{holder}:`"
    return did_you_mean(key, known) or f"There are: {', '.join(sorted(known))}"


def _within(loc: Sequence[int | str], marked: Marked) -> Loc:
    """The part of the location that the file has: pydantic adds its own names for unions and keys."""
    at: Loc = ()
    for part in loc:
        if (*at, part) in marked.values or (*at, part) in marked.keys:
            at = (*at, part)
    return at


def _model_at(model: type[BaseModel], at: Loc) -> type[BaseModel]:
    """The model at a location: through lists and dictionaries by their type."""
    for part in at:
        field = next((each for name, each in model.model_fields.items() if part in {name, each.alias}), None)
        inner = _model_in(field.annotation) if field else None
        model = inner or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:  # a type expression has no narrower type
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    arguments = get_args(annotation)[:1] if get_origin(annotation) is Annotated else get_args(annotation)
    return next((found for each in arguments if (found := _model_in(each))), None)


def _keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}
