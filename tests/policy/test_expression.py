from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_bot.policy.complaints import ExpressionError
from policy_bot.policy.expression import compile_expression, hiding
from policy_bot.policy.functions import OFFERED
from policy_bot.sst.deployment import Value
from policy_bot.sst.reasons import said

HIDDEN = Value.unknown(said("not seen"))


def decide(text: str, **values: Value) -> bool | None:
    return compile_expression(text, "function").decide(values).value


def test_known_facts_decide() -> None:
    assert decide("streams && timeout >= 300", streams=Value(True), timeout=Value(300)) is True
    assert decide("streams && timeout >= 300", streams=Value(True), timeout=Value(20)) is False


def test_an_unknown_fact_makes_it_unknown_unless_the_rest_decides() -> None:
    assert decide("timeout >= 300", timeout=HIDDEN) is None
    assert decide("!streams || timeout >= 300", streams=Value(False), timeout=HIDDEN) is True
    assert decide("timeout >= 300 && streams", streams=Value(False), timeout=HIDDEN) is False
    assert decide("timeout >= 300 && streams", streams=Value(True), timeout=HIDDEN) is None


def test_a_list_with_an_unknown_item_is_unknown() -> None:
    config = compile_expression("'a' in root_keys", "config")
    assert config.decide({"root_keys": Value([Value("a")])}).value is True
    assert config.decide({"root_keys": Value([Value("a"), HIDDEN])}).value is None


def test_one_of_several_decides_where_all_agree() -> None:
    some = Value.one_of((Value(20), Value(60)), said("process.env.T"))
    assert decide("timeout < 300", timeout=some) is True
    assert decide("timeout < 30", timeout=some) is None


def test_too_many_combinations_are_unknown_and_not_tried() -> None:
    many = Value.one_of(tuple(Value(n) for n in range(65)), said("?"))
    answer = compile_expression("timeout >= 0", "function").decide({"timeout": many})
    assert (answer.value, answer.why) == (None, "too many combinations of values")


def test_a_failing_expression_is_unknown_and_says_why() -> None:
    answer = compile_expression("timeout / retries > 1", "function").decide(
        {"timeout": Value(1), "retries": Value(0)}
    )
    assert (answer.value, answer.why) == (None, "divide by zero")


def test_what_hides_the_answer_is_named_in_the_order_of_the_expression() -> None:
    expression = compile_expression("streams && timeout > 3 && url", "function")
    values: dict[str, Value] = {"url": HIDDEN, "timeout": HIDDEN, "streams": Value(True)}
    assert [name for name, _ in hiding(expression, values)] == ["timeout", "url"]


FACTS = "`policy-bot facts function` lists them."
FUNCTIONS = f"There are: {', '.join(OFFERED)}."
MISTAKES = {
    "timout > 3": (1, 1, "a function has no fact `timout`", "Did you mean `timeout`?"),
    "streams &&\n  strming": (2, 3, "a function has no fact `strming`", "Did you mean `streaming`?"),
    "parameters.lest > 3": (
        1,
        11,
        "the policy declares no parameter `lest`",
        "Did you mean `parameters.least`?",
    ),
    "vpc_subnets > 3": (1, 1, "a function has no fact `vpc_subnets`", FACTS),
    "name.startWith('a')": (1, 6, "there is no function `startWith` here", "Did you mean `startsWith`?"),
    "url &&\n name.replace('a', 'b') == 'b'": (2, 7, "there is no function `replace` here", FUNCTIONS),
    "name.trim().split('.').size() > 1": (1, 13, "there is no function `split` here", FUNCTIONS),
    "url || name.matches('^(a')": (1, 21, "invalid regular expression: missing ): ^(a", ""),
    "timeout > 'a'": (
        1,
        9,
        "`>` cannot take a number and a text",
        "Compare values of the same type: strings are quoted, numbers are not.",
    ),
    "!timeout": (1, 1, "`!` cannot take a number", "Compare it first."),
    "timeout == 5.0": (
        1,
        9,
        "`==` cannot take a number and a decimal number",
        "Write the number without a decimal point.",
    ),
    "timeout ? url : url": (
        1,
        9,
        "the condition before `?` must be true or false",
        "Compare it, as in `timeout > 60 ? ... : ...`.",
    ),
    "not url": (1, 1, "`not` is not allowed here", "Write `!`."),
    "name === 'a'": (1, 6, "`===` is not allowed here", "Write `==`."),
    "timeout >": (1, 10, "the expression ends too early", ""),
    "timeout = 3": (1, 9, "`=` is not allowed here", "Write `==`."),
    "url and streams": (1, 5, "`and` is not allowed here", "Write `&&`."),
    "(url": (1, 5, "Syntax error: missing ')' at the end", ""),
    "timeout": (1, 1, "it is a number, not true or false", "Compare it."),
    "(" * 40 + "true" + ")" * 40: (
        1,
        1,
        "Expression recursion limit exceeded. limit: 32",
        "Write a shorter expression.",
    ),
}


@pytest.mark.parametrize("text", MISTAKES)
def test_errors_say_where_and_how_to_fix(text: str) -> None:
    with pytest.raises(ExpressionError) as error:
        compile_expression(text, "function", {"least": "int"})
    found = error.value
    assert (found.line, found.column, found.message, found.hint) == MISTAKES[text]


@pytest.mark.parametrize(
    "text", ["name == \"matches('(')\"", "name.matches(r'^\\d+$')", "name.matches(parameters.pattern)"]
)
def test_what_is_no_wrong_pattern_is_left_alone(text: str) -> None:
    compile_expression(text, "function", {"pattern": "string"})


def test_parts_of_a_text_can_be_compared() -> None:
    version = "int(runtime.substring(6, runtime.indexOf('.'))) >= 20"
    assert decide(version, runtime=Value("nodejs18.x")) is False
    assert decide(version, runtime=Value("nodejs22.x")) is True
    assert decide(version, runtime=Value("provided.al2023")) is None, "it has no number"
    assert decide("name.lowerAscii() == 'chat'", name=Value("Chat")) is True


# Kleene's three-valued logic is what the absorbing operators must amount to.
ATOMS = ("streams", "streaming", "url", "logging")
FORMULA = st.recursive(
    st.sampled_from(ATOMS),
    lambda below: st.one_of(
        below.map(lambda a: f"!({a})"),
        st.tuples(below, st.sampled_from(["&&", "||"]), below).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
    ),
    max_leaves=6,
)


def kleene(text: str, values: dict[str, bool | None]) -> set[bool]:
    """All outcomes over every way to fill the unknown atoms in."""
    open_ = [name for name in ATOMS if values[name] is None]
    python = text.replace("!", " not ").replace("&&", "and").replace("||", "or")
    results = set()
    for bits in range(2 ** len(open_)):
        filled = values | {name: bool(bits >> n & 1) for n, name in enumerate(open_)}
        results.add(bool(eval(python, {}, filled)))
    return results


@given(FORMULA, st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in ATOMS}))
def test_never_decided_against_what_the_unknown_could_be(text: str, values: dict[str, bool | None]) -> None:
    given_ = {name: HIDDEN if value is None else Value(value) for name, value in values.items()}
    answer = decide(text, **given_)
    possible = kleene(text, values)
    assert answer is None or possible == {answer}
    if None not in values.values():
        assert answer is not None
