"""Calls of built-ins for the differential tests: what they are called on, and arguments worth trying."""

from __future__ import annotations

import random
from collections.abc import Iterator

from policy_bot.sst.interpreter.builtins import names

RECEIVERS = {
    "String": (
        '"abc"', '""', '"aXbXc"', '" pad\\u00a0"', '"😀a😀"', '"ÀİΣσς ß"', '"10"', '"a-b, c"', '"aaa"', '"\\ud83d"', '"A1_b2"',
        '"x\\ny"', '"caf\\u0065\\u0301"',
    ),
    "Array": (
        "[1, 2, 3]", "[]", "[NaN, -0, 0]", "[, 1, , 2]", "[[1, [2, [3]]], 4]", '["b", undefined, "a"]', "[3, 1, 2, 10]",
        "[null, true, 'x']", "new Array(3)", '["b", "a", "B", "10", "9"]', "[{ n: 2 }, { n: 1 }, { n: 2 }]", "[5, [6], 'z']",
    ),
    "Number": ("0", "(-0)", "1", "255", "1.005", "-1.5", "1e21", "1e-7", "NaN", "Infinity", "123.456", "2.5", "1234.5678", "0.5"),
    "Boolean": ("true", "false"),
    "Object": ("({})", "({ a: 1, b: undefined })", "({ 2: 'x', 1: 'y', z: 0 })"),
    "Map": ("new Map()", "new Map([['a', 1], [NaN, 2], [0, 3]])", "new Set([1, 'a', NaN])", "new Set()"),
    "RegExp": ("/b/", "/a+/i", "/^x?/", "/(a)(z)?/", "/[A-Z]/", "/\\s/", "/./"),
}  # fmt: skip
ARGUMENTS = (
    "undefined", "null", "0", "1", "-1", "2", "-2", "5", "100", "NaN", "Infinity", "-Infinity", "-0", "1.5", '""', '"a"', '"X"',
    '"b"', '"abc"', '"1"', "true", "[1]", "[]", "({})", "/b/", "/X/g", "/[aX]/", "/(a)(b)?/", "/, ?/", '"$&$$"', '"[$1$`]"', '"NFD"', "16",
    "36", '"😀"', "/\\d+/g", "/^a/m", "20",
)  # fmt: skip
FUNCTIONS = (
    "(x) => x", "(x, i) => i", "(x) => x > 1", "(a, b) => a - b", "(a, b) => b - a", "(a, b) => a > b", "(a, b) => a + b",
    "(x, i, all) => all.length", "Boolean", "Number", "String", "parseInt", "() => [1, 2]", "() => undefined", "(x) => [x, x]",
    "function () { return this ?? 'none'; }", "(m, at, whole) => `<${m}${at}${whole}>`", "() => '$&'", "(x) => !x", "() => 0",
)  # fmt: skip
STATIC = ("Object", "Array", "String", "Number", "Math", "JSON", "Reflect")
VALUES = (
    *ARGUMENTS, "[1, 2, 3]", '"[1, {\\"a\\": null}]"', "{ a: 1, b: [2] }", '[["a", 1], ["b", 2]]', "new Map([['k', 1]])",
    "new Set([1, 1])", "{ length: 2, 0: 'p', 1: 'q' }", "{ 1: 1, 0: 0, x: 2 }", "65", "0.1", "-0.5", "2.5", "4294967296", "1e21",
    '"0x1f"', '" 12 "', '"1e3"', '"-7.9px"', '"Infinity"', '"{"', '"-0"', "{ a: undefined, f: () => 1 }", "[undefined]", '"\\ud800"',
    '"é\\u2028"', "[, 1]", "{ toJSON() { return 5; } }", "() => 1", "2 ** 53", "1 / 3",
)  # fmt: skip
BORDERS = ("0", "(-0)", "1", "(-1)", "2", "0.5", "32", "2 ** 31", "2 ** 53", "NaN", "Infinity", '""', '"1"', '"a"', '"b"', "null",
           "undefined", "true", "[]")  # fmt: skip
GLOBALS = ("parseInt", "parseFloat", "isNaN", "isFinite", "Number", "String", "Boolean", "encodeURIComponent", "encodeURI",
           "structuredClone", "new Array", "new Map", "new Set", "Object", "new RegExp", "Array", "Promise.resolve", "await Promise.all",
           "await Promise.allSettled", "Promise.any", "RegExp", "new Error")  # fmt: skip
OPERATORS = (
    "+",
    "-",
    "*",
    "/",
    "%",
    "**",
    "==",
    "===",
    "<",
    ">",
    "<=",
    ">=",
    "&",
    "|",
    "^",
    "<<",
    ">>",
    ">>>",
    "in",
    "instanceof",
)


def method_call(chance: random.Random, kind: str, name: str) -> str:
    """A call of a method with up to three arguments; the receiver is returned too, since the call may change it."""
    receiver = chance.choice(RECEIVERS[kind])
    given = [chance.choice(ARGUMENTS) for _ in range(chance.choice((0, 1, 1, 2, 2, 3)))]
    if chance.random() < (0.9 if kind in {"Array", "Map"} else 0.15):
        given[:1] = [chance.choice(FUNCTIONS)] if chance.random() < 0.6 else given[:1]
    return f"const it = {receiver}; const got = it.{name}({', '.join(given)}); return [got, it];"


def every_method(chance: random.Random, times: int) -> Iterator[str]:
    """Calls of every method there is, so that none is left to chance."""
    for kind, listed in names.METHODS.items():
        for name in listed.split():
            if kind in RECEIVERS and name != "compile":  # docs/builtins.md
                for _ in range(times):
                    yield method_call(chance, kind, name)


def every_function(chance: random.Random, times: int) -> Iterator[str]:
    """A call of every function."""
    for space in STATIC:
        for name in names.FUNCTIONS[space].split():
            for count in range(times):
                values = ", ".join(chance.choice(VALUES) for _ in range(count % 4))
                yield f"return {space}.{name}({values});"


def every_operator() -> Iterator[str]:
    """Every operator with every pair of numbers and texts that borders on something."""
    for operator in OPERATORS:
        if operator not in {"in", "instanceof"}:
            for left in BORDERS:
                yield f"const a = {left}; return [{', '.join(BORDERS)}].map((b) => a {operator} b);"


def any_call(chance: random.Random) -> str:
    """A program that calls a built-in, or applies an operator."""
    kind = chance.choice(("method", "method", "method", "static", "global", "operator"))
    if kind == "method":
        receiver = chance.choice(tuple(RECEIVERS))
        known = [name for name in names.METHODS[receiver].split() if name != "compile"]  # docs/builtins.md
        return method_call(
            chance, receiver, chance.choice([*known, "length"] if receiver == "String" else known)
        )
    values = [chance.choice(VALUES) for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3)))]
    if kind == "static":
        space = chance.choice(STATIC)
        name = chance.choice(names.FUNCTIONS[space].split())
        return f"return {space}.{name}({', '.join(values)});"
    if kind == "global":
        return f"return {chance.choice(GLOBALS)}({', '.join(values)});"
    left, right = chance.choice(VALUES), chance.choice(VALUES)
    return f"const a = {left}, b = {right}; return a {chance.choice(OPERATORS)} b;"
