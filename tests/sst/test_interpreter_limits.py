"""Hostile programs end in "cannot tell: limit", with what was seen before; never in an exception."""

from __future__ import annotations

import sys

import pytest

from policy_bot.sst.limits import Limits
from tests.sst.programs import plain, record

SMALL = Limits(
    fuel=20_000, iterations=2_000, allocation=200_000, records=500, string=10_000, collection=2_000
)
BEFORE = 'new sst.aws.Queue("before");\n'

STOPPED = {
    "a loop of a thousand million rounds": (
        "for (let i = 0; i < 1e9; i++) {}",
        "a loop with more than 2,000 iterations",
    ),
    "a loop without an end": ("while (true) {}", "a loop with more than 2,000 iterations"),
    "loops inside loops": (
        "for (let i = 0; i < 1e3; i++) for (let j = 0; j < 1e3; j++) { i + j }",
        "more than 20,000 steps",
    ),
    "exponential calls": (
        "const f = (n) => (n < 2 ? n : f(n - 1) + f(n - 2)); f(40);",
        "more than 20,000 steps",
    ),
    "a doubled array": ("let s = [1]; while (true) s = [...s, ...s];", "characters and elements created"),
    "a doubled text": (
        'let s = "x", t = []; while (true) { s = (s + s).slice(0, 5000); t.push(s) }',
        "elements created",
    ),
    "a growing object": (
        "let s = {}; for (let i = 0; i < 1e4; i++) s = { ...s, [i]: i };",
        "elements created",
    ),
    "an array of a thousand million": ("Array(1e9).fill(0)", "characters and elements created"),
    "elements from a length": ("Array.from({ length: 1e9 })", "characters and elements created"),
    "an array pushed into itself": (
        "const a = [1]; while (true) a.push(...a);",
        "characters and elements created",
    ),
    "components without an end": (
        'while (true) new sst.aws.Queue("Q")',
        "more than 500 components and calls",
    ),
    "early returns without an end": (
        "const f = () => { " + "if (process.env.A) return 1;" * 100 + " }; f();",
        "more than 64 nested unknown conditions",
    ),
}


@pytest.mark.parametrize("name", STOPPED)
def test_endless_programs_are_stopped_and_reported(name: str) -> None:
    body, reason = STOPPED[name]
    made = record(f"{BEFORE}{body}\nnew sst.aws.Queue('after');", limits=SMALL)
    assert plain(made.constructions[0].name) == "before"
    assert reason in str(made.blind_spots[-1].reason)
    assert str(made.blind_spots[-1].reason).startswith("limit: ")
    assert str(made.blind_spots[-1].reason).endswith("; the rest of run() is not read")
    assert made.blind_spots[-1].span.line >= 5


@pytest.mark.parametrize("start", ["." * 190, "(" + "." * 180, "(a+" * 60, "(a|" * 60, "(a+b+)?" * 28])
def test_a_regular_expression_is_judged_in_linear_time(start: str) -> None:
    assert plain(record(f"return /{start}(?=x)/.test('a')").outputs) == {
        "$unknown": "an unsupported regular expression"
    }


DEEP = 20_000
NESTED = {
    "parentheses": "(" * DEEP + "1" + ")" * DEEP,
    "arrays": "[" * DEEP + "]" * DEEP,
    "calls": "f(" * DEEP + "1" + ")" * DEEP,
    "negations": "!" * DEEP + "1",
    "templates": "`${" * 2_000 + "1" + "}`" * 2_000,
    "members": "a" + ".b" * DEEP,
    "chained calls": "a" + ".b()" * DEEP,
    "sums": "1" + "+1" * DEEP,
    "a pattern": "([" + "[" * DEEP + "a" + "]" * DEEP + "] = process.env.B)",
}


@pytest.mark.parametrize("name", NESTED)
def test_nesting_is_bounded(name: str) -> None:
    made = record(f"{BEFORE}let f = (x) => x, a = {{}}, b = [];\nreturn {NESTED[name]};\n")
    assert [plain(c.name) for c in made.constructions] == ["before"]
    assert any("limit: " in str(spot.reason) for spot in made.blind_spots)


@pytest.mark.parametrize(
    "body",
    [
        "{" * DEEP + "}" * DEEP,
        "if (a) " * DEEP + "b();",
        "if (a) {}" + "else if (b) {}" * 5_000,
        "return " + "() => " * DEEP + "1",
    ],
    ids=["blocks", "ifs", "a ladder", "functions"],
)  # fmt: skip
def test_nested_statements_are_bounded(body: str) -> None:
    made = record(f"{BEFORE}{body}\n")
    assert [plain(c.name) for c in made.constructions] == ["before"]


CALLS = {
    "itself": "const f = () => f(); f();",
    "itself by an argument": "const f = (g) => g(g); f(f);",
    "a getter that reads itself": "const o = { get a() { return this.a } }; o.a;",
    "a class that makes itself": "class A { constructor() { new A() } } new A();",
    "a method": "const o = { f() { return this.f() } }; o.f();",
    "a transform of what it makes": "const F = sst.aws.Function;"
    "$transform(F, () => new F('X', {})); new F('Y', {});",
}


@pytest.mark.parametrize("name", CALLS)
def test_a_function_that_calls_itself_is_followed_so_far(name: str) -> None:
    made = record(f"{BEFORE}{CALLS[name]}\nnew sst.aws.Queue('after');")
    assert plain(made.constructions[-1].name) == "after"
    assert "limit: more than 48 nested calls" in [str(spot.reason) for spot in made.blind_spots]


def test_recursion_under_a_condition_that_cannot_be_seen_does_not_branch_out() -> None:
    body = 'const f = (n) => { if (process.env.A) { f(n + 1); f(n + 2) } new sst.aws.Queue("Q" + n) }; f(0);'
    made = record(body)
    assert len(made.constructions) < 10
    assert str(made.blind_spots[-1].reason) == "a function calls itself under an unknown condition"


def test_a_large_file_is_not_parsed() -> None:
    made = record("'" + "x" * (2 << 20) + "'")
    assert made.unreadable is not None
    assert str(made.unreadable.reason) == "limit: the file is larger than 1,048,576 bytes"


def test_imports_that_go_round_end() -> None:
    files = {
        f"m{i}.ts": f'import {{ v as w }} from "./m{(i + 1) % 50}"; export const v = 1;' for i in range(50)
    }
    assert record('await import("./m0");', files=files).blind_spots == []


def test_a_long_row_of_imports_is_bounded() -> None:
    files = {f"m{i}.ts": f'import "./m{i + 1}";' for i in range(80)} | {"m80.ts": ""}
    made = record('await import("./m0");', files=files)
    assert "more than 48 nested imports and calls" in str(made.blind_spots[-1].reason)


def test_the_deepest_program_that_the_limits_allow_fits_on_the_stack() -> None:
    deep = "[" * 190
    close = "]" * 190
    body = f"const f = (n) => n === 0 ? 0 : {deep} f(n - 1) {close}; return f(46);"
    made = record(body)
    assert made.blind_spots == []
    assert sys.getrecursionlimit() < 30_000


SLOW = [
    r"/^(a+)+$/",
    r"/(a|aa)+$/",
    r"/a*a*a*c/",
    r"/(a?){30}a{30}/",
    "/" + "a?" * 40 + "a" * 40 + "/",
    r"/(?=a)a/",
    r"/(a)\1/",
]


@pytest.mark.parametrize("pattern", SLOW)
def test_a_regular_expression_that_may_be_slow_is_not_run(pattern: str) -> None:
    made = record(f'return {pattern}.test("{"a" * 2_000}b")')
    assert plain(made.outputs) == {"$unknown": "an unsupported regular expression"}
