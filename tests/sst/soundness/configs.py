"""Whole configs with undecided conditions: components in branches, loops, helpers and modules, `$transform`, `subscribe`, `route`, `link`,
and settings that come through variables.

A config is a dictionary of files. The environment variables A and B are "1" or not set, K is "p", "q" or not set.
"""

from __future__ import annotations

import random
from collections.abc import Callable

Files = dict[str, str]
Choose = Callable[[int], int]
DURATIONS = ("10 seconds", "30 seconds", "2 minutes", "5 minutes", "900 seconds")
UNKNOWNS = {
    "A": [None, "1"],
    "B": [None, "1"],
    "K": [None, "p", "q"],
    "JSON": [None, '{"timeout":"4 minutes"}', '{"memory":"9 GB"}'],
}
HEAD = 'const A = process.env.A === "1", B = process.env.B === "1", K = process.env.K;\n'
UNSEEN = 'JSON.parse(process.env.JSON ?? "{}")'
DEPTH = 3


class ConfigWriter:
    """Writes one config: knows the variables in scope, and how deep it is."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose
        self.count = 0
        self.modules: Files = {}
        self.scope: dict[str, list[str]] = {
            kind: [] for kind in ("component", "queue", "api", "time", "args", "make", "table")
        }
        self.inside_module = False
        self.inside_function = False
        self.loop: str | None = None

    # ---- choosing

    def pick(self, *alternatives: str) -> str:
        return alternatives[self.choose(len(alternatives))]

    def any(self, *alternatives: Callable[[], str]) -> str:
        return alternatives[self.choose(len(alternatives))]()

    def fresh(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def known(self, kind: str) -> str | None:
        return self.pick(*self.scope[kind]) if self.scope[kind] else None

    # ---- expressions

    def condition(self) -> str:
        return self.pick("A", "B", "!A", "A && B", "A || !B", 'K === "p"', "K", "!K")

    def time(self) -> str:
        known = self.known("time")
        return self.any(
            lambda: f'"{self.pick(*DURATIONS)}"',
            lambda: known or '"1 minute"',
            lambda: f'({self.condition()} ? "{self.pick(*DURATIONS)}" : "{self.pick(*DURATIONS)}")',
            lambda: f'({{ p: "{self.pick(*DURATIONS)}", q: "7 seconds" }}[K] ?? "{self.pick(*DURATIONS)}")',
            lambda: f"`${{{self.condition()} ? 1 : 3}} minutes`",
        )  # fmt: skip

    def name(self, kind: str) -> str:
        """A component's name, which is never that of another."""
        text = self.fresh(kind)
        return f"`{text}${{{self.loop}}}`" if self.loop else f'"{text}"'

    def args(self) -> str:
        known = self.known("args")
        time = self.time()
        return self.any(
            lambda: f'{{ handler: "src/a.handler", timeout: {time} }}',
            lambda: '{ handler: "src/a.handler" }',
            lambda: f'{{ handler: "src/a.handler", ...({self.condition()} && {{ timeout: {time} }}) }}',
            lambda: f'{{ handler: "src/a.handler", ...({self.condition()} ? {{ timeout: {time}, memory: "1 GB" }} : {{}}) }}',
            lambda: f'{{ handler: "src/a.handler", timeout: {time}, link: [{self.links()}] }}',
            lambda: f"{{ ...{known}, timeout: {time} }}" if known else '{ handler: "src/b.handler", memory: "2 GB" }',
            lambda: f"{{ timeout: {time}, ...{known} }}" if known else f'{{ handler: "src/b.handler", timeout: {time} }}',
            lambda: known or '{ handler: "src/b.handler" }',
            lambda: f'{{ handler: "src/b.handler", timeout: {time}, ...{self.pick("(A && {})", UNSEEN, "{}")} }}',
            lambda: f'{{ handler: "src/b.handler", timeout: {self.condition()} ? {time} : undefined }}',
            lambda: f'{{ ...{self.pick("{}", UNSEEN)}, handler: "src/b.handler", ...({self.condition()} && {{ timeout: {time} }}) }}',
            lambda: f'Object.assign({{ handler: "src/b.handler" }}, {self.condition()} ? {{ timeout: {time} }} : null)',
            lambda: f'Object.fromEntries([["handler", "src/c.handler"], ...({self.condition()} ? [["timeout", {time}]] : [])])',
        )  # fmt: skip

    def links(self) -> str:
        known = self.known("component")
        if known is None:
            return ""
        return self.pick(
            known,
            f"...({self.condition()} ? [{known}] : [])",
            f"...[{known}].filter(() => {self.condition()})",
        )

    def component(self) -> str:
        return self.any(
            lambda: f"new sst.aws.Function({self.name('F')}, {self.args()})",
            lambda: f"new sst.aws.Function({self.name('F')}, {self.args()})",
            lambda: f"new sst.aws.Bucket({self.name('B')})",
            lambda: f"new sst.aws.Queue({self.name('Q')}, {{ visibilityTimeout: {self.time()} }})",
            lambda: f'new sst.aws.Cron({self.name("C")}, {{ schedule: "rate(1 day)", function: {self.args()} }})',
            lambda: f'new sst.aws.Nextjs({self.name("W")}, {{ path: "web", link: [{self.links()}] }})',
        )  # fmt: skip

    def made(self) -> str:
        """An expression that makes a component, perhaps through a function of the program."""
        make, table = self.known("make"), self.known("table")
        return self.any(
            self.component,
            lambda: f"{make}({self.name('F')})" if make else self.component(),
            self.component,
            lambda: f"({self.condition()} ? {self.component()} : {self.component()})",
            lambda: f"({self.condition()} && {self.component()})",
            lambda: f"{table}[K]?.({self.name('F')})" if table else self.component(),
            lambda: f"({table}[K] ?? {table}.p)({self.name('F')})" if table else self.component(),
        )  # fmt: skip

    # ---- statements

    def block(self, depth: int) -> str:
        before = {kind: list(names) for kind, names in self.scope.items()}
        inner = " ".join(self.statement(depth - 1) for _ in range(1 + self.choose(3)))
        self.scope = before
        return f"{{ {inner} }}"

    def statement(self, depth: int) -> str:
        simple = (
            self.declared,
            self.declared,
            self.setting,
            self.arguments,
            self.changed,
            self.subscribed,
            self.routed,
        )
        if depth <= 0:
            return self.any(*simple, lambda: f"{self.made()};")
        return self.any(
            *simple,
            lambda: f"{self.made()};",
            lambda: self.decided(depth),
            lambda: self.decided(depth),
            lambda: self.looped(depth),
            lambda: self.switched(depth),
            lambda: self.tried(depth),
            lambda: self.defined(depth),
            lambda: self.tabled(depth),
            lambda: self.imported(depth),
            lambda: self.transformed(depth),
            lambda: self.subclassed(depth),
            lambda: self.together(depth),
            self.notified,
            lambda: self.left() if self.loop or self.choose(3) == 0 else self.declared(),
        )

    def declared(self) -> str:
        kind = self.pick("component", "queue", "api")
        name = self.fresh(kind[0])
        if kind == "component":
            made = self.made()
        elif kind == "queue":
            one = f"new sst.aws.Queue({self.name('Q')})"
            made = self.pick(
                one,
                f"{self.condition()} ? {one} : new sst.aws.Queue({self.name('Q')})",
                f"{self.condition()} ? {one} : undefined",
            )
        else:
            one = f"new sst.aws.ApiGatewayV2({self.name('A')}, {self.handled()})"
            made = self.pick(one, f"{self.condition()} ? {one} : new sst.aws.ApiGatewayV2({self.name('A')})")
        self.scope[kind].append(name)
        return f"const {name} = {made};"

    def handled(self) -> str:
        """The arguments of an API, whose transform changes the functions of its routes."""
        change = self.any(
            lambda: f"{{ timeout: {self.time()} }}",
            lambda: f'{{ ...({self.condition()} && {{ timeout: {self.time()} }}), memory: "5 GB" }}',
            lambda: f"{self.condition()} ? {{ timeout: {self.time()} }} : undefined",
            lambda: f"{{ ...{UNSEEN} }}",
            lambda: f"(args) => {{ if ({self.condition()}) args.timeout = {self.time()}; }}",
            lambda: f"(args) => {{ args.timeout ??= {self.time()}; }}",
        )
        return self.pick("{}", f"{{ transform: {{ route: {{ handler: {change} }} }} }}")

    def notified(self) -> str:
        """A bucket with subscribers."""
        one = f"{{ name: {self.name('N')}, function: {self.args()} }}"
        other = f'{{ name: {self.name("N")}, function: "src/n.handler" }}'
        listed = self.pick(
            f"[{one}]", f"[{one}, ...({self.condition()} ? [{other}] : [])]", f"{self.condition()} ? [{one}] : [{other}]",
            f"[{one}, {other}].filter((each) => each.name === \"x\" || {self.condition()})",
        )  # fmt: skip
        return f"new sst.aws.Bucket({self.name('B')}).notify({{ notifications: {listed} }});"

    def together(self, depth: int) -> str:
        """Async functions that are waited for together or one after the other."""
        if self.inside_module or self.inside_function or self.loop:
            return self.decided(depth)
        variable = self.loop = self.fresh("x")
        made = f"new sst.aws.Function({self.name('F')}, {self.args()})"
        self.loop = None
        items = self.pick('["x", "y"]', f'["x", ...({self.condition()} ? ["y"] : [])]')
        body = self.pick(
            f"{made}", f"{{ if ({self.condition()}) return; {made}; }}", f"{{ await null; return {made}; }}"
        )
        return self.pick(
            f"await Promise.all({items}.map(async ({variable}) => {body}));",
            f"for (const each of {items}) await (async ({variable}) => {body})(each);",
        )

    def setting(self) -> str:
        known = self.known("time")
        if known and self.choose(2):
            return f"if ({self.condition()}) {known} = {self.time()};"
        value = self.time()
        name = self.fresh("t")
        self.scope["time"].append(name)
        return f"let {name} = {value};"

    def arguments(self) -> str:
        value = self.args()
        name = self.fresh("o")
        self.scope["args"].append(name)
        return f"let {name} = {value};"

    def changed(self) -> str:
        """A change of arguments that are in a variable."""
        known = self.known("args")
        if known is None:
            return self.arguments()
        change = self.pick(
            f"{known}.timeout = {self.time()}",
            f"{known}.timeout ??= {self.time()}",
            f"delete {known}.timeout",
            f'{known}["timeout"] = {self.time()}',
            f"Object.assign({known}, {{ timeout: {self.time()} }})",
            f"{known} = {{ ...{known}, memory: \"4 GB\" }}",
            f'{known}[K ? "timeout" : "memory"] = "3 minutes"',
        )  # fmt: skip
        return self.pick(f"{change};", f"if ({self.condition()}) {change};")

    def subscribed(self) -> str:
        queue = self.known("queue")
        if queue is None:
            return self.declared()
        definition = self.pick('"src/q.handler"', self.args())
        return f"{queue}?.subscribe({definition});"

    def routed(self) -> str:
        api = self.known("api")
        if api is None:
            return self.declared()
        route = self.name("GET /r")
        call = f"{api}.route({route}, {self.pick(chr(34) + 'src/r.handler' + chr(34), self.args())});"
        return self.pick(call, f"if ({self.condition()}) {call}")

    def decided(self, depth: int) -> str:
        other = f" else {self.block(depth)}" if self.choose(2) else ""
        return f"if ({self.condition()}) {self.block(depth)}{other}"

    def looped(self, depth: int) -> str:
        if self.loop:
            return self.decided(depth)
        items = self.pick(
            '["x", "y"]',
            f'["x", ...({self.condition()} ? ["y"] : [])]',
            f'["x", "y"].filter((x) => x === "x" || {self.condition()})',
            "[]",
        )
        variable = self.loop = self.fresh("x")
        body = self.block(depth)
        self.loop = None
        how = self.pick("of", "each", "map", "keys")
        if how == "of":
            return f"for (const {variable} of {items}) {body}"
        if how == "keys":
            return f"for (const {variable} in {{ x: 1, ...({self.condition()} && {{ y: 2 }}) }}) {body}"
        return f"{items}.{'forEach' if how == 'each' else 'map'}(({variable}) => {body});".replace(
            "continue;", "return;"
        ).replace("break;", "return;")

    def switched(self, depth: int) -> str:
        default = f" default: {self.block(depth)}" if self.choose(2) else ""
        return f'switch (K) {{ case "p": {self.block(depth)} {self.pick("break;", "")} case "q": {self.block(depth)} break;{default} }}'

    def tried(self, depth: int) -> str:
        thrown = f"if ({self.condition()}) throw new Error();"
        last = f" finally {self.block(depth)}" if self.choose(3) == 0 else ""
        return f"try {{ {self.block(depth)} {thrown} {self.block(depth)} }} catch {self.block(depth)}{last}"

    def function(self, depth: int) -> str:
        """A function that makes a component of the name it is given."""
        outer, self.inside_function = self.inside_function, True
        loop, self.loop = self.loop, None
        value = f"new sst.aws.Function(name, {self.args()})"
        self.inside_function, self.loop = outer, loop
        return self.pick(
            f"(name) => {value}",
            f"(name) => {{ if ({self.condition()}) return undefined; return {value}; }}",
            f'(name, timeout = {self.time()}) => new sst.aws.Function(name, {{ handler: "src/d.handler", timeout }})',
            f"function (name) {{ const made = {value}; return made; }}",
        )

    def defined(self, depth: int) -> str:
        value = self.function(depth)
        if self.choose(3) == 0:
            value = f"{self.condition()} ? {value} : {self.function(depth)}"
        name = self.fresh("f")
        self.scope["make"].append(name)
        return f"const {name} = {value};"

    def tabled(self, depth: int) -> str:
        one, other = self.function(depth), self.function(depth)
        name = self.fresh("table")
        self.scope["table"].append(name)
        return f"const {name} = {{ p: {one}, q: {other} }};"

    def imported(self, depth: int) -> str:
        """A module, which is evaluated once, whoever imports it first."""
        if self.inside_module or self.inside_function or self.loop:
            return self.decided(depth)
        if not self.modules or self.choose(3):
            self.module(depth)
        path = self.pick(*self.modules)
        name = self.fresh("m")
        use = self.pick(
            "",
            f" {name}.make({self.name('F')});",
            f" new sst.aws.Function({self.name('F')}, {name}.args);",
            f' {name}.queue.subscribe("src/m.handler");',
        )
        statement = f'const {name} = await import("./{path.removesuffix(".ts")}");{use}'
        return self.pick(statement, f"if ({self.condition()}) {{ {statement} }}")

    def module(self, depth: int) -> None:
        outer = self.scope
        self.scope = {kind: [] for kind in outer}
        self.inside_module = True
        inner = " ".join(self.statement(min(depth, 1)).replace("return;", ";") for _ in range(self.choose(3)))
        exports = [
            f"export const make = {self.function(1)};",
            f"export let args = {self.args()};",
            f"export const queue = new sst.aws.Queue({self.name('Q')});",
        ]
        self.inside_module, self.scope = False, outer
        self.modules[f"{self.fresh('module')}.ts"] = HEAD + inner + "\n" + "\n".join(exports) + "\n"

    def transformed(self, depth: int) -> str:
        what = self.pick("timeout ??= {}", "timeout = {}", 'memory = "3 GB"', "timeout &&= {}")
        body = f"args.{what.format(self.time())};"
        if self.choose(2):
            body = f"if ({self.pick('A', 'B', 'K', '!args.timeout', 'name.startsWith(' + chr(34) + 'F' + chr(34) + ')')}) {body}"
        statement = f"$transform(sst.aws.Function, (args, options, name) => {{ {body} }});"
        return self.pick(statement, f"if ({self.condition()}) {statement}")

    def subclassed(self, depth: int) -> str:
        if self.loop:
            return self.decided(depth)
        name = self.fresh("K")
        time = self.time()
        after = self.pick("", f' if ({self.condition()}) new sst.aws.Bucket(name + "Own");')
        return (
            f"class {name} extends sst.aws.Function {{ constructor(name, args) {{ super(name, {{ timeout: {time}, ...args }});{after} }} }} "
            f"new {name}({self.name('F')}, {self.args()});"
        )  # fmt: skip

    def left(self) -> str:
        if self.loop:
            return f"if ({self.condition()}) {self.pick('continue;', 'break;')}"
        return f"if ({self.condition()}) return;" if not self.inside_module else ""


def written(choose: Choose) -> Files:
    """A config of the choices that are made."""
    writer = ConfigWriter(choose)
    statements = "\n    ".join(writer.statement(DEPTH) for _ in range(4 + writer.choose(8)))
    config = (
        f'export default $config({{\n  app() {{ return {{ name: "app", home: "aws" }}; }},\n'
        f"  async run() {{\n    {HEAD}    {statements}\n  }},\n}});\n"
    )
    return {"sst.config.ts": config, **writer.modules}


def random_config(seed: int) -> Files:
    """The config of a seed."""
    return written(random.Random(seed).randrange)
