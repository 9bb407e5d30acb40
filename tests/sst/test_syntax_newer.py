"""Syntax that the grammar does not know is read, or skipped as harmless; every place stays."""

from __future__ import annotations

import pytest

from policy_bot.sst.nodes import Module
from policy_bot.sst.syntax import parse


@pytest.mark.parametrize(
    "text",
    [
        "class A<in out T> {}",
        "interface A<in T, out U> {}",
        "class A<const in T extends string> {}",
        'import defer * as x from "./x";',
        'import source x from "./x";',
        'const x = await import.defer("./x");',
        'export * from "./x" with { type: "json" };',
        "class A { static accessor x = 1; accessor y = 2 }",
        "class A { static [key: string]: unknown; x = 1 }",
        "for (using file of files) { read(file) }",
        "await using file = open();",
        "class A { #x = 1; static is(o) { return #x in o } }",
        "const a = { x: 1 } as const satisfies X;",
        'import data from "./x.json" with { type: "json" };',
        "const big = 10n;",
    ],
)
def test_it_is_no_syntax_error(text: str) -> None:
    module = parse(f"{text}\nconst after = 1;\n".encode(), "a.ts")
    assert isinstance(module, Module)
    assert module.error is None
    assert module.block.statements[-1].span.line == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("foo(1 2)", "`2` does not fit here; `,` or `)` is expected"),
        ("const o = { a: 1 b: 2 };", "`b` does not fit here; `,` or `}` is expected"),
        ("function f(a b) {}", "`b` does not fit here; `,` or `)` is expected"),
        ("const a = ;", "an expression is expected after `=`"),
        ("const a = [1, 2;", "`]` is missing here or before"),
        ("\nnew Foo(", "`)` is expected: `(` in line 2 is not closed"),
    ],
)
def test_a_syntax_error_says_what_was_expected(text: str, said: str) -> None:
    module = parse(text.encode(), "a.ts")
    assert isinstance(module, Module)
    assert module.error is not None
    assert str(module.error.reason) == f"a syntax error: {said}"
