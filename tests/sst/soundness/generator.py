"""Programs over the language that the interpreter supports, with the undecided conditions A and B.

The order of the keys of an object is not looked at: it is an exception of docs/builtins.md.

`PROGRAMS` is a Hypothesis strategy, so that a program that fails shrinks: the first alternative of every choice
is the smallest one. `random_program` writes the same programs without it, four times as fast. Variables are typed by their first letter (n a number, t a text, a an array, o an object, m a
Map), so that most programs do not throw.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from hypothesis import strategies as st

Choose = Callable[[int], int]  # a number below the given one
KEYS = ("p", "q", "r")
DEPTH = 3


class Writer:
    """Writes one program: knows the variables in scope, and how deep it is."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose
        self.names: dict[str, list[str]] = {kind: [] for kind in "ntaom"}
        self.functions: list[str] = []
        self.generators: list[str] = []
        self.count = 0
        self.loops = 0
        self.inside_function = False

    # ---- choosing

    def pick(self, *alternatives: str) -> str:
        return alternatives[self.choose(len(alternatives))]

    def one_of(self, *alternatives: Callable[[int], str], depth: int) -> str:
        return alternatives[self.choose(len(alternatives))](depth - 1)

    def variable(self, kind: str, otherwise: str) -> str:
        return self.pick(*self.names[kind]) if self.names[kind] else otherwise

    def new(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    # ---- conditions and expressions, by kind

    def condition(self, depth: int) -> str:
        if depth <= 0:
            return self.pick("A", "B", "!A", "true")
        return self.one_of(
            lambda d: self.pick("A", "B", "!A", "!B"),
            lambda d: f"{self.condition(d)} {self.pick('&&', '||')} {self.condition(d)}",
            lambda d: f"{self.number(d)} {self.pick('<', '>', '===', '!==')} {self.number(d)}",
            lambda d: f"{self.text(d)} {self.pick('===', '!==')} {self.text(d)}",
            lambda d: (
                f"{self.array(d)}.{self.pick('includes(1)', 'some((n) => n > 1)', 'every((n) => A || n > 0)')}"
            ),
            lambda d: f'"{self.pick(*KEYS)}" in {self.object(d)}',
            lambda d: f"{self.map(d)}.has({self.text(d)})",
            depth=depth,
        )

    def number(self, depth: int) -> str:
        if depth <= 0:
            return self.variable("n", self.pick("1", "0", "2", "5"))
        return self.one_of(
            lambda d: self.pick("1", "0", "2", "-1", "7", "0.5"),
            lambda d: self.variable("n", "3"),
            lambda d: f"({self.condition(d)} ? {self.number(d)} : {self.number(d)})",
            lambda d: f"({self.number(d)} {self.pick('+', '-', '*', '%')} {self.number(d)})",
            lambda d: f"{self.array(d)}.length",
            lambda d: f"({self.array(d)}[{self.number(0)}] ?? {self.number(0)})",
            lambda d: f"({self.object(d)}.{self.pick(*KEYS)} ?? {self.number(d)})",
            lambda d: (
                f"{self.array(d)}.{self.pick('indexOf(2)', 'findIndex((n) => n > 1)', 'lastIndexOf(1)')}"
            ),
            lambda d: (
                f"{self.array(d)}.reduce((sum, n) => sum + {self.pick('n', '(A ? n : 1)')}, {self.number(0)})"
            ),
            lambda d: (
                f"({self.array(d)}.{self.pick('find', 'findLast')}((n) => {self.element_test()}) ?? {self.number(0)})"
            ),
            lambda d: f"Object.keys({self.object(d)}).length",
            lambda d: f"({self.map(d)}.get({self.text(d)}) ?? {self.number(0)})",
            lambda d: f"{self.map(d)}.size",
            lambda d: f"{self.pick('Math.max', 'Math.min')}({self.number(d)}, {self.number(d)})",
            lambda d: f"(({self.condition(d)}) && {self.number(d)} || {self.number(d)})",
            lambda d: (
                f"({self.pick(*self.functions)}({self.number(d)}) ?? 0)" if self.functions else self.number(d)
            ),
            lambda d: f"({self.pick('A', 'B')} ? {self.object(d)} : undefined)?.{self.pick(*KEYS)} ?? 4",
            lambda d: f"(({self.pick('A', 'B', '!A')}) && {self.number(d)})",
            lambda d: f"((...rest) => rest.length)({self.number(d)}, ...{self.array(d)})",
            lambda d: f"((n, m = {self.effect()}) => n + m)({self.number(d)}, ...{self.array(d)})",
            lambda d: self.number(d) if self.inside_function else f"(await (async () => {self.number(d)})())",
            lambda d: f"((async () => {self.number(d)})() ? 1 : 0)",
            lambda d: f"[...{self.pick(*self.generators)}()].length" if self.generators else self.number(d),
            depth=depth,
        )

    def effect(self) -> str:
        """A number whose evaluation can be seen."""
        return f"({self.pick(*self.names['n'])} += 1)" if self.names["n"] else "1"

    def element_test(self) -> str:
        return self.pick("n > 1", "A", "n === 2 || B", "A && n > 0", "true", "false")

    def text(self, depth: int) -> str:
        if depth <= 0:
            return self.variable("t", self.pick('"p"', '"q"', '""'))
        return self.one_of(
            lambda d: self.pick('"p"', '"q"', '"xy"', '""'),
            lambda d: self.variable("t", '"r"'),
            lambda d: f"({self.condition(d)} ? {self.text(d)} : {self.text(d)})",
            lambda d: f"({self.text(d)} + {self.text(d)})",
            lambda d: f"`${{{self.number(d)}}}-${{{self.text(d)}}}`",
            lambda d: f"{self.array(d)}.join({self.pick(*map(repr, ',- '))})",
            lambda d: f"Object.keys({self.object(d)}).sort().join()",
            lambda d: (
                f"({self.text(d)}.{self.pick('toUpperCase()', 'slice(1)', 'repeat(2)', 'padStart(3)', 'at(0)')} + '')"
            ),
            lambda d: f"JSON.stringify({self.array(d)})",
            lambda d: f"String({self.number(d)})",
            depth=depth,
        )

    def array(self, depth: int) -> str:
        if depth <= 0:
            return self.variable("a", self.pick("[1, 2]", "[]", "[3]"))
        return self.one_of(
            lambda d: self.pick("[1, 2]", "[]", "[3]", "[1, , 2]"),
            lambda d: self.variable("a", "[2, 1]"),
            lambda d: f"[{self.number(d)}, {self.number(d)}]",
            lambda d: f"({self.condition(d)} ? {self.array(d)} : {self.array(d)})",
            lambda d: f"[...{self.array(d)}, {self.number(d)}]",
            lambda d: f"[{self.number(d)}, ...({self.condition(d)} ? {self.array(d)} : [])]",
            lambda d: (
                f"{self.array(d)}.map((n, at) => {self.pick('n + at', 'A ? n : 0', '[n].length', 'at')})"
            ),
            lambda d: f"{self.array(d)}.filter((n) => {self.element_test()})",
            lambda d: (
                f"{self.array(d)}.{self.pick('slice(1)', 'slice(0, 1)', 'concat([9])', 'toReversed()', 'slice(-1)')}"
            ),
            lambda d: f"[...{self.array(d)}].sort((x, y) => {self.pick('x - y', 'y - x', '0')})",
            lambda d: f"Object.values({self.object(d)}).sort((x, y) => x - y)",
            lambda d: f"[...{self.map(d)}.values()].sort((x, y) => x - y)",
            lambda d: f"[...new Set({self.array(d)})]",
            lambda d: f"{self.array(d)}.flatMap((n) => {self.pick('[n, n]', 'A ? [n] : []', '[]')})",
            lambda d: f"Array.from({{ length: {self.pick('2', '0', '3')} }}, (_, at) => at)",
            depth=depth,
        )

    def object(self, depth: int) -> str:
        if depth <= 0:
            return self.variable("o", self.pick("({ p: 1 })", "({})"))
        return self.one_of(
            lambda d: self.pick("({ p: 1 })", "({})", "({ p: 1, q: 2 })"),
            lambda d: self.variable("o", "({ q: 3 })"),
            lambda d: f"({{ {self.pick(*KEYS)}: {self.number(d)} }})",
            lambda d: f"({self.condition(d)} ? {self.object(d)} : {self.object(d)})",
            lambda d: f"({{ ...{self.object(d)}, {self.pick(*KEYS)}: {self.number(d)} }})",
            lambda d: (
                f"({{ {self.pick(*KEYS)}: {self.number(d)}, ...({self.condition(d)} ? {self.object(d)} : {{}}) }})"
            ),
            lambda d: f"({{ ...(({self.condition(d)}) && {self.object(d)}) }})",
            lambda d: (
                f"Object.fromEntries(Object.entries({self.object(d)}).map(([k, v]) => [k, {self.pick('v', 'A ? v : 0')}]))"
            ),
            lambda d: f"Object.fromEntries({self.array(d)}.map((n) => [n, n]))",
            lambda d: f"Object.assign({{}}, {self.object(d)}, {self.object(d)})",
            depth=depth,
        )

    def map(self, depth: int) -> str:
        if depth <= 0:
            return self.variable("m", 'new Map([["p", 1]])')
        return self.one_of(
            lambda d: self.pick('new Map([["p", 1]])', "new Map()"),
            lambda d: self.variable("m", 'new Map([["q", 1]])'),
            lambda d: f"new Map(Object.entries({self.object(d)}))",
            lambda d: f"({self.condition(d)} ? {self.map(d)} : {self.map(d)})",
            depth=depth,
        )

    def expression(self, kind: str, depth: int) -> str:
        make = {"n": self.number, "t": self.text, "a": self.array, "o": self.object, "m": self.map}[kind]
        return make(depth)

    # ---- statements

    def block(self, depth: int) -> str:
        """Statements in braces; what they declare is out of scope afterwards."""
        before = {kind: list(names) for kind, names in self.names.items()}
        functions, generators = list(self.functions), list(self.generators)
        inner = " ".join(self.statement(depth - 1) for _ in range(self.choose(4)))
        self.names, self.functions, self.generators = before, functions, generators
        return f"{{ {inner} }}"

    def statement(self, depth: int) -> str:
        simple = (self.declared, self.assigned, self.changed)
        if depth <= 0:
            return self.one_of(*simple, depth=1)
        compound = (
            self.decided,
            self.looped,
            self.counted,
            self.tried,
            self.switched,
            self.defined,
            self.left,
            self.walked,
            self.generated,
            self.destructured,
            self.logical,
        )
        return self.one_of(*simple, self.decided, *simple, *compound, depth=depth)

    def declared(self, depth: int) -> str:
        kind = self.pick("n", "a", "o", "t", "m")
        value = self.expression(kind, max(1, depth))
        name = self.new(kind)
        self.names[kind].append(name)
        return f"let {name} = {value};"

    def assigned(self, depth: int) -> str:
        kinds = [kind for kind in "naotm" if self.names[kind]]
        if not kinds:
            return self.declared(depth)
        kind = self.pick(*kinds)
        operator = self.pick("=", "+=", "-=") if kind == "n" else self.pick("=", "+=") if kind == "t" else "="
        return f"{self.pick(*self.names[kind])} {operator} {self.expression(kind, max(1, depth))};"

    def changed(self, depth: int) -> str:
        """A change of a collection."""
        kinds = [kind for kind in "aom" if self.names[kind]]
        if not kinds:
            return self.declared(depth)
        kind = self.pick(*kinds)
        it = self.pick(*self.names[kind])
        if kind == "a":
            change = self.pick(
                "push({})", "[0] = {}", "pop()", "shift()", "reverse()", "unshift({})", "splice(0, 1)", "length = 1", "sort()",
                "fill({}, 1)", "[{}] = 8", "[0] += {}",
            )  # fmt: skip
        elif kind == "o":
            change = self.pick("p = {}", "q = {}", "r ??= {}", "p += {}", '["q"] = {}', "delete")
            if change == "delete":
                return f"delete {it}.{self.pick(*KEYS)};"
        else:
            change = self.pick('set("p", {})', 'set("q", {})', 'delete("p")', "clear()")
        dot = "" if change.startswith("[") else "."
        return f"{it}{dot}{change.format(self.number(min(depth, 1)))};"

    def decided(self, depth: int) -> str:
        other = f" else {self.block(depth)}" if self.choose(2) else ""
        return f"if ({self.condition(min(depth, 2))}) {self.block(depth)}{other}"

    def looped(self, depth: int) -> str:
        items = self.array(min(depth, 2))
        name = self.new("n")
        self.names["n"].append(name)
        self.loops += 1
        body = self.block(depth)
        self.loops -= 1
        self.names["n"].remove(name)
        return f"for (let {name} of [...{items}]) {body}"

    def counted(self, depth: int) -> str:
        name = self.new("i")
        self.loops += 1
        body = self.block(depth)
        self.loops -= 1
        how = self.pick("for", "while", "do")
        test = f"{name} < {self.pick('2', '1', '3', '(A ? 2 : 1)')}"
        if how == "for":
            return f"for (let {name} = 0; {test}; {name}++) {body}"
        if how == "while":
            return f"let {name} = 0; while ({test}) {{ {name}++; {body} }}"
        return f"let {name} = 0; do {{ {name}++; {body} }} while ({test});"

    def walked(self, depth: int) -> str:
        """A callback for each element of an array, which may change it, or the steps of a generator."""
        name = self.new("n")
        self.names["n"].append(name)
        loops, self.loops = self.loops, 0
        outer, self.inside_function = self.inside_function, True
        body = self.block(depth)
        self.inside_function, self.loops = outer, loops
        self.names["n"].remove(name)
        if self.generators and self.choose(2):
            return f"for (let {name} of {self.pick(*self.generators)}()) {{ (() => {body})(); if ({self.condition(1)}) break; }}"
        items = self.pick(*self.names["a"]) if self.names["a"] else self.array(1)
        return f"{items}.{self.pick('forEach', 'map', 'some', 'filter')}(({name}) => {body});"

    def generated(self, depth: int) -> str:
        """A generator."""
        name = self.new("g")
        outer, self.inside_function = self.inside_function, True
        steps = [
            self.pick(
                f"yield {self.number(1)};",
                f"if ({self.condition(1)}) yield {self.number(1)};",
                self.changing(depth),
            )
            for _ in range(1 + self.choose(3))
        ]
        self.inside_function = outer
        self.generators.append(name)
        return f"const {name} = function* () {{ {' '.join(steps)} }};"

    def changing(self, depth: int) -> str:
        """A statement with an effect outside."""
        return f"{self.effect()};"

    def destructured(self, depth: int) -> str:
        """Defaults with effects."""
        name = self.new("n")
        pattern = self.pick(
            f"[{name} = {self.effect()}] = {self.array(1)}",
            f"{{ p: {name} = {self.effect()} }} = {self.object(1)}",
        )
        self.names["n"].append(name)
        return f"let {pattern};"

    def logical(self, depth: int) -> str:
        """`??=` and the like, with an effect on the right."""
        if not self.names["o"]:
            return self.declared(depth)
        target = f"{self.pick(*self.names['o'])}.{self.pick(*KEYS)}"
        return f"{target} {self.pick('??=', '||=', '&&=')} {self.effect()};"

    def tried(self, depth: int) -> str:
        body = self.block(depth)
        if self.choose(2):
            end = f"if ({self.condition(1)}) throw {self.pick('1', 'new Error()')};"
            body = f"{{ {body} {end} {self.block(depth)} }}"
        handler = f" catch {self.block(depth)}"
        last = f" finally {self.block(depth)}" if self.choose(2) else ""
        return f"try {body}{handler}{last}"

    def switched(self, depth: int) -> str:
        cases = "".join(
            f" case {label}: {self.block(depth)} {self.pick('break;', '')}"
            for label in (self.pick("1", self.effect()), "2")[: 1 + self.choose(2)]
        )
        default = f" default: {self.block(depth)}" if self.choose(2) else ""
        return f"switch ({self.number(min(depth, 2))}) {{{cases}{default} }}"

    def defined(self, depth: int) -> str:
        name, parameter = self.new("f"), self.new("n")
        self.names["n"].append(parameter)
        loops, self.loops = self.loops, 0
        outer, self.inside_function = self.inside_function, True
        body = self.block(depth)
        result = self.number(1)
        self.inside_function, self.loops = outer, loops
        self.names["n"].remove(parameter)
        self.functions.append(name)
        return f"const {name} = ({parameter}) => {{ {body} return {result}; }};"

    def left(self, depth: int) -> str:
        """An early exit under a condition."""
        how = self.pick(*(["continue", "break"] if self.loops else []), "return")
        value = f" {self.number(1)}" if how == "return" else ""
        return f"if ({self.condition(1)}) {how}{value};"


def written(choose: Choose) -> str:
    """A program of the choices that are made."""
    writer = Writer(choose)
    statements = [writer.statement(DEPTH) for _ in range(1 + writer.choose(9))]
    values = [name for kind in "ntao" for name in writer.names[kind]]
    for name in writer.names["m"]:
        values += [f'{name}.get("p")', f'{name}.has("q")', f"{name}.size"]
    for name in writer.names["o"]:
        values += [f"Object.keys({name}).length", f'"p" in {name}']
    return " ".join([*statements, f"return [{', '.join(values) or writer.number(2)}];"])


def random_program(seed: int) -> str:
    """The program of a seed."""
    return written(random.Random(seed).randrange)


@st.composite
def _programs(draw: st.DrawFn) -> str:
    return written(lambda below: draw(st.integers(0, below - 1)))


PROGRAMS = _programs()
