"""Valid TypeScript that the grammar does not know, about types alone, keeps no file from being read."""

from __future__ import annotations

import pytest

from policy_bot.sst.nodes import Declaration, Export, Module
from policy_bot.sst.syntax import parse

LAST = "export const limit = 2;"
FORMS = [
    'type A = import("./x").R[];',
    'type A = import("./x").R<string>;',
    'type A = import("./x").R["k"];',
    'type A = (import("./x").R)[];',
    'export type A = { roles?: import("./x").R[] };',
    'interface A { roles: import("./x").R[]; more: Map<string, import("./y").S["k"]> }',
    'const v = (0 as any) as import("./x").R[];',
    'const v: import("./x").R<string> = f();',
    'function f(a: import("./x").R[], b: number): import("./x").R[] { return a; }',
    'export type * from "./x";',
    'export type * as all from "./x";',
    "interface V<in out T> { a: T }",
    "export interface V<in out T> { a: T }",
]


def read(text: str) -> Module:
    module = parse(text.encode(), "a.ts")
    assert isinstance(module, Module)
    return module


@pytest.mark.parametrize("form", FORMS)
def test_type_syntax_that_the_grammar_lacks_is_no_error(form: str) -> None:
    module = read(f"{form}\n{LAST}")
    assert module.error is None
    last = module.block.statements[-1]
    assert isinstance(last, Export)
    assert isinstance(last.declaration, Declaration)
    assert (last.span.line, last.text) == (2, LAST)


@pytest.mark.parametrize("form", [*FORMS, 'const m = await import("./x");'])
def test_an_error_next_to_it_stays_one(form: str) -> None:
    module = read(f"{form}\nconst a = ;\n")
    assert module.error is not None
    assert module.error.span.line == 2


def test_an_import_that_is_a_value_stays_one() -> None:
    module = read('type A = import("./x").R[];\nconst v = { a: import("./y"), b: (await import("./z")).c };')
    assert module.error is None
    assert module.block.statements[-1].text.count("import(") == 2
    [(_, value)] = module.block.statements[-1].pairs  # type: ignore[attr-defined]
    assert [type(entry.value).__name__ for entry in value.entries] == ["ImportCall", "Member"]


@pytest.mark.parametrize(
    "broken",
    ["type A = { a: string\nconst b = f();", "interface V<in out T> { a: T\nconst b = f(); }\nnew F();"],
)
def test_code_behind_a_declaration_that_does_not_end_is_not_covered(broken: str) -> None:
    module = read(broken)
    assert module.error is not None
    assert module.uses("f")
