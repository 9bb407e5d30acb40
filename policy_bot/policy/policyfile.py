"""Reads one policy file: Markdown with the rule as its front matter, the page as its prose, the tests as its
code.

All mistakes are found here and reported with file, line, column and how to fix them: nothing in a policy that
loads is silently ignored later. Imports YAML and pydantic; built-in policies load through `builtin` without
either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from policy_bot.policy import message, paths
from policy_bot.policy.complaints import ExpressionError
from policy_bot.policy.expression import compile_expression
from policy_bot.policy.facts import declarations, meant
from policy_bot.policy.page import check as check_page
from policy_bot.policy.page import front, prose
from policy_bot.policy.policy import Policy
from policy_bot.policy.policyschema import (
    ElsewhereModel,
    FixModel,
    ParameterModel,
    PolicyModel,
    RuleModel,
)
from policy_bot.policy.settings import RESERVED
from policy_bot.policy.spelling import did_you_mean
from policy_bot.policy.yamltext import FileError, Loc, Marked, Mistake, YamlPlace, read
from policy_bot.record import dataclass
from policy_bot.regex import regex
from policy_bot.sst import ranges
from policy_bot.sst.shape import SHAPES

_ID = regex(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+")
LONGEST_EXPRESSION = 4000
_PARAMETER = regex(r"[a-z][a-z0-9_]*")


def identify(path: str) -> str:
    """The policy's id: its path below the last `policies` folder, without `.md`."""
    parts = path.removesuffix(".md").split("/")
    if "policies" in parts:
        parts = parts[len(parts) - parts[::-1].index("policies") :]
    return "/".join(part for part in parts if part)


def parse(path: str, text: str, *, strict: bool = False) -> Policy:
    """Parses a policy file. Raises `FileError` with all mistakes in it.

    `strict` also requires what shipped policies have: `since`, and a page under the fixed headings.
    """
    name = identify(path)
    source = front(text)
    if source is None:
        what = "a policy begins with front matter, between two lines `---`"
        hint = "Call a file that is not a policy README.md, or move it out of `policies/`."
        raise FileError([Mistake(path, YamlPlace(1, 1), what, hint)])
    if not _ID.fullmatch(name):
        hint = "Name the file policies/<group>/<bad-pattern>.md, in lower case with hyphens."
        raise FileError([Mistake(path, YamlPlace(1, 1), f"`{name}` is not a policy id", hint)])
    marked = read(path, source, first_line=2)
    if not isinstance(marked.data, dict):
        raise FileError(
            [Mistake(path, YamlPlace(2, 1), "the front matter is not a mapping of keys to values")]
        )
    model = _validated(marked, marked.data)
    checker = _Checker(marked, "rules" not in marked.data, tuple(text.split("\n")))
    page = prose(text)
    problems = [*checker.problems(model)]
    if strict:
        problems += [*checker.incomplete(model, page), *_of_page(path, text, model)]
    if problems:
        raise FileError(sorted(problems, key=lambda problem: problem.place))
    return model.policy(name, path, page)


def _of_page(path: str, text: str, model: PolicyModel) -> Iterator[Mistake]:
    fixes = any(rule.fix for rule in model.rules)
    for line, what, hint in check_page(text, bool(model.parameters), fixes):
        yield Mistake(path, YamlPlace(line, 1), what, hint)


def _validated(marked: Marked, data: dict[str, object]) -> PolicyModel:
    checker = _Checker(marked, "rules" not in data)
    try:
        return PolicyModel.model_validate(_with_rules(data))
    except ValidationError as error:
        problems = [checker.schema_problem(detail) for detail in error.errors()]
        reported = {problem.place for problem in problems}
        problems += [each for each in checker.early(_with_rules(data)) if each.place not in reported]
        raise FileError(sorted(problems, key=lambda problem: problem.place)) from None


def _with_rules(data: dict[str, object]) -> dict[str, object]:
    """Converts a rule written inline into the only one of `rules`."""
    if "rules" in data:
        return data
    own = set(RuleModel.model_fields) - {"severity", "sst", "profiles"}
    rule = {key: value for key, value in data.items() if key in own}
    return {key: value for key, value in data.items() if key not in own} | {"rules": [rule]}


@dataclass(frozen=True)
class _Checker:
    """Finds mistakes that the schema cannot: misspelt facts, wrong types in expressions, unknown names in
    templates.
    """

    marked: Marked
    inline: bool
    lines: tuple[str, ...] = ()

    def problem(self, loc: Loc, what: str, hint: str = "", line: int = 1, column: int = 1) -> Mistake:
        """A problem at a value of the file, or at a line and column within its text."""
        there = self.marked.value_place(self._in_file(loc))
        if self.lines and self.lines[there.line - 1][there.column - 1 : there.column] in ("'", '"'):
            there = YamlPlace(there.line, there.column + 1)  # inside the quotes
        place = YamlPlace(there.line + line - 1, there.column + column - 1 if line == 1 else column)
        return Mistake(self.marked.path, place, what, hint)

    def _in_file(self, loc: Loc) -> Loc:
        return loc[2:] if self.inline and loc[:2] == ("rules", 0) else loc

    def schema_problem(self, detail: ErrorDetails) -> Mistake:
        """Explains a schema error at its key."""
        loc = tuple(p for p in detail["loc"] if not (isinstance(p, str) and _is_model_tag(p)))
        if detail["type"] == "extra_forbidden":
            word = str(loc[-1])
            hint = "Write it in each rule." if word in _KEYS else did_you_mean(word, _KEYS) or "Remove it."
            return self.marked.problem(self._in_file(loc), f"`{word}` is not a key here", hint)
        if detail["type"] == "missing":
            return self.problem(loc[:-1], f"`{loc[-1]}` is missing", "Add it.")
        what = detail["msg"].removeprefix("Value error, ")
        if detail["type"] == "string_pattern_mismatch":
            is_stage = "stages" in loc
            what = "letters, digits and hyphens alone" if is_stage else "a version is written like 0.1.0"
        return self.problem(loc, f"`{'.'.join(map(str, self._in_file(loc)))}`: {what[0].lower()}{what[1:]}")

    def early(self, data: Mapping[str, object]) -> Iterator[Mistake]:
        """Mistakes in the expressions of a file that the schema refuses."""
        declared = data.get("parameters")
        types = {
            str(name): str(each.get("type"))
            for name, each in (declared if isinstance(declared, dict) else {}).items()
            if isinstance(each, dict) and each.get("type") in ("int", "string", "bool", "list")
        }
        rules = data.get("rules")
        for number, rule in enumerate(rules if isinstance(rules, list) else ()):
            if not isinstance(rule, dict) or rule.get("subject") not in SHAPES:
                continue
            when = rule.get("when")
            for key in ("when", "require"):
                text = rule.get(key)
                if isinstance(text, str) and 0 < len(text) <= LONGEST_EXPRESSION:
                    bound = when if isinstance(when, str) else "true"
                    yield from self._claim(text, str(rule["subject"]), ("rules", number, key), types, bound)

    def incomplete(self, model: PolicyModel, page: str) -> Iterator[Mistake]:
        """What a shipped policy would need and this one lacks."""
        if not model.since:
            yield self.problem((), "`since` is missing", "Add it.")
        for name in model.parameters:
            if f"`{name}`" not in page:
                what = f"the page does not mention `{name}`"
                yield self.marked.problem(("parameters", name), what, "Say under Options what it does.")

    def problems(self, model: PolicyModel) -> Iterator[Mistake]:
        """All mistakes beyond the schema."""
        for name in model.parameters:
            if not _PARAMETER.fullmatch(name) or name in RESERVED:
                hint = "Use lower case and underscores, and no word of the settings."
                yield self.marked.problem(("parameters", name), f"`{name}` cannot name a parameter", hint)
        yield from self._range(model.sst, ("sst",))
        types = {name: parameter.type for name, parameter in model.parameters.items()}
        for number, rule in enumerate(model.rules):
            yield from self._rule(rule, ("rules", number), types)

    def _rule(self, rule: RuleModel, at: Loc, types: Mapping[str, str]) -> Iterator[Mistake]:
        if rule.sst is not None:
            yield from self._range(rule.sst, (*at, "sst"))
        yield from self._claim(rule.when, rule.subject, (*at, "when"), types)
        yield from self._claim(rule.require, rule.subject, (*at, "require"), types, rule.when)
        if rule.at.startswith("args.") and rule.subject == "component":
            for wrong in paths.wrong_paths(rule.at, rule.when):
                yield self.problem((*at, "at"), wrong.what, wrong.hint)
        elif rule.at not in SHAPES[rule.subject]:
            hint = did_you_mean(rule.at, SHAPES[rule.subject]) or meant(rule.at, rule.subject)
            yield self.problem((*at, "at"), f"a {rule.subject} has no fact `{rule.at}`", hint)
        for name in rule.better:
            if name not in SHAPES[rule.subject]:
                hint = did_you_mean(name, SHAPES[rule.subject]) or meant(name, rule.subject)
                yield self.problem((*at, "better", name), f"a {rule.subject} has no fact `{name}`", hint)
        yield from self._template(rule.message, rule.subject, (*at, "message"), types)
        for number, fix in enumerate(rule.fixes()):
            where = (*at, "fix", number) if isinstance(rule.fix, list) else (*at, "fix")
            yield from self._fix(fix, rule.subject, where, types)

    def _fix(self, fix: FixModel, subject: str, at: Loc, types: Mapping[str, str]) -> Iterator[Mistake]:
        yield from self._claim(fix.when, subject, (*at, "when"), types)
        for key, text in fix.set.items():
            yield from self._template(text, subject, (*at, "set", key), types)
        for name, text in fix.create.items():
            yield from self._template(f"{{{name}}}{text}", subject, (*at, "create", name), types)
        if not (fix.set or fix.remove or fix.move or fix.create or fix.elsewhere):
            yield self.problem(at, "the fix changes nothing", "Give it `set`, `remove`, `move` or `create`.")
        if fix.elsewhere is not None:
            other, there = fix.elsewhere, (*at, "elsewhere")
            yield from self._claim(other.where, other.subject, (*there, "where"), types)
            for key, text in other.set.items():
                yield from self._template(text, other.subject, (*there, "set", key), types)

    def _claim(
        self, text: str, subject: str, at: Loc, types: Mapping[str, str], when: str | None = None
    ) -> Iterator[Mistake]:
        try:
            compile_expression(text, subject, types, when)
        except ExpressionError as error:
            yield self.problem(at, error.message, error.hint, error.line, error.column)

    def _template(self, text: str, subject: str, at: Loc, types: Mapping[str, str]) -> Iterator[Mistake]:
        typed = tuple(sorted(types.items()))
        known = declarations(subject, typed)
        for name, form, offset in message.holes(text):
            if name.startswith("args.") and subject == "component":
                continue
            if name not in known:
                what = f"a {subject} has no fact `{name}` to fill in"
                yield self.problem(at, what, meant(name, subject, typed), column=offset + 1)
            elif form and (form not in message.FORMATS or known[name] != "int"):
                hint = "`:duration` is for a number of seconds."
                yield self.problem(at, f"`:{form}` does not fit `{name}`", hint, column=offset + 1)

    def _range(self, text: str, at: Loc) -> Iterator[Mistake]:
        try:
            ranges.parse(text)
        except ValueError as error:
            yield self.problem(at, str(error), "Write bounds such as `>=3.0.0 <4.2.1`.")


_KEYS = frozenset(
    {
        name
        for model in (PolicyModel, RuleModel, FixModel, ElsewhereModel, ParameterModel)
        for name in model.model_fields
    }
)


def _is_model_tag(part: str) -> bool:
    """Whether a part of an error's location names a member of a union rather than a key of the file."""
    return part.endswith("Model") or part.startswith(("list[", "dict["))
