# ruff: noqa: E501 -- a row of the table reads best on one line
"""Small repositories that mean very much: what grows, nests, loops or repeats, in each kind of file that is
read.
"""

from __future__ import annotations

import json

CONFIG = """export default $config({
  app() { return { name: "app", home: "aws" }; },
  async run() { %s },
});
"""
A = 'new sst.aws.Function("A", { handler: "src/a.handler", url: true, timeout: "20 seconds" });'
PACKAGE = '{"dependencies": {"sst": "3.17.0"}}'


def doubled(start: str, step: str, times: int = 40, end: str = "") -> str:
    """A value that each round makes twice as large."""
    return f"let s = {start}; for (let i = 0; i < {times}; i++) {{ {step} }} {end}{A}"


PROGRAMS = {
    "JSON of a shared object": doubled("{ x: 1 }", "s = { a: s, b: s };", end="const t = JSON.stringify(s);"),
    "JSON, parsed and written again": doubled('"[1]"', "s = JSON.stringify([JSON.parse(s), JSON.parse(s)]);"),
    "JSON.parse of a large text": f'JSON.parse("[" + "1,".repeat(400000) + "1]"); {A}',
    "JSON.parse of deep text": f'JSON.parse("[".repeat(100000)); {A}',
    "JSON.stringify with an indent": f'JSON.stringify([[[[[[]]]]]], null, 1e9); {A}',
    "structuredClone of a shared object": doubled("{ x: 1 }", "s = { a: s, b: s };", end="structuredClone(s);"),
    "objects spread twice": doubled("{ x: 1 }", "s = { ...s, ['a' + i]: s, ['b' + i]: { ...s } };", 300),
    "arrays spread twice": doubled("[1]", "s = [...s, ...s];"),
    "arrays joined": doubled("[1]", "s = s.concat(s);"),
    "arrays flattened": doubled("[1]", "s = [s, s];", end="s.flat(Infinity);"),
    "arrays pushed onto themselves": doubled("[1]", "s.push(...s);"),
    "arrays filled": f"Array(1e9).fill(0); new Array(1e9).fill({{}}).map((x) => ({{ ...x }})); {A}",
    "Array.from a length": f"Array.from({{ length: 1e9 }}, (_, i) => i); {A}",
    "a length set": f"const a = []; a.length = 4e9; a[4e9] = 1; a.fill(1); {A}",
    "a sorted array": f"Array.from({{ length: 20000 }}, (_, i) => -i).sort((a, b) => a - b); {A}",
    "texts doubled": doubled('"x"', "s = s + s;"),
    "texts doubled in a template": doubled('"x"', "s = `${s}${s}`;"),
    "texts joined": doubled('"x"', 's = [s, s].join(s);'),
    "texts repeated": f'"x".repeat(1e9); "x".repeat(1e6).repeat(1e6); {A}',
    "texts padded": f'"x".padStart(1e9, "ab"); "x".padEnd(1e12); {A}',
    "texts split": f'"x".repeat(1000000).split("").map((x) => x.split("")); {A}',
    "texts replaced": f'"x".repeat(1000).replaceAll("x", "x".repeat(100000)); {A}',
    "texts of keys": f'Object.fromEntries(Array.from({{ length: 40000 }}, (_, i) => ["k" + i, i])); {A}',
    "Map in Map": doubled("new Map()", "s = new Map([[s, s], [i, new Map(s)]]);", 200, "[...s.entries()].flat(9);"),
    "sets of sets": doubled("new Set([1])", "s = new Set([...s, ...[...s].map((x) => x + s.size)]);"),
    "a large power": f"const a = 2 ** 1e9; const b = 10n ** 1000000000n; const c = 9n ** 9n ** 9n; {A}",
    "large shifts": f"const a = 1n << 1000000000n; const b = BigInt('9'.repeat(900000)) * 3n; {A}",
    "numbers as text": f"const a = (1e300).toFixed(100); const b = (2 ** 1000).toString(2); Number('1'.repeat(1e6)); {A}",
    "a pattern that backtracks": f'/^(a+)+$/.test("a".repeat(5000) + "!"); {A}',
    "a pattern against a long text": f'/(x*)*y/.exec("x".repeat(100000)); "x".repeat(100000).match(/(a|a)*b/g); {A}',
    "a pattern with a large count": f'/(((x{{1000}}){{1000}}){{1000}})/.test("x"); "x".replace(/x{{65535}}/, ""); {A}',
    "a pattern made from a text": f'new RegExp("(" .repeat(50000)).test("x"); new RegExp("a?".repeat(5000) + "a".repeat(5000)).test("a".repeat(5000)); {A}',
    "recursion": f"const f = (n) => n === 0 ? 0 : f(n - 1) + f(n - 1); f(40); {A}",
    "mutual recursion in getters": f"const o = {{ get a() {{ return this.b + this.b }}, get b() {{ return this.a + this.a }} }}; o.a; {A}",
    "a generator without an end": f"function* g() {{ let i = 0; while (true) yield i++; }} for (const x of g()) {{}} [...g()]; {A}",
    "generators of generators": f"function* g(n) {{ if (n > 0) {{ yield* g(n - 1); yield* g(n - 1); }} }} [...g(40)]; {A}",
    "an async loop": f"for await (const x of [1, 2]) {{}} while (true) {{ await Promise.all([1, 2]); }} {A}",
    "a reduce that grows": f'Array.from({{ length: 5000 }}).reduce((all) => all + all + "x", "x"); {A}',
    "callbacks in callbacks": f"const a = Array.from({{ length: 60 }}); a.map(() => a.map(() => a.map(() => a.map(() => a)))); {A}",
    "many conditions": "".join(f"if (process.env.A{n}) {{ x{n % 7} = {n}; }}" for n in range(2000)) + A,
    "conditions in each other": "if (process.env.A) {" * 500 + A + "}" * 500,
    "choices of choices": "let s = 1; " + "".join(f"s = process.env.A{n} ? s + {2**n} : s;" for n in range(40)) + A,
    "a long chain": "const x = a" + ".b()" * 50_000 + ";" + A,
    "a long sum": "const x = 1" + "+1" * 200_000 + ";" + A,
    "a deep template": "const x = " + "`${" * 3000 + "1" + "}`" * 3000 + ";" + A,
    "a deep arrow": "const x = " + "() => " * 20_000 + "1;" + A,
    "a deep type": "type T = " + "Array<" * 5000 + "1" + ">" * 5000 + ";" + A,
    "components in a loop": f"for (let i = 0; i < 1e9; i++) {A}",
    "components with a shared argument": doubled(
        "{ x: 1 }", "s = { a: s, b: s };", end="for (let i = 0; i < 300; i++) new sst.aws.Function('F' + i, { handler: 'a.b', environment: s });"),
    "a wide argument": "const e = {}; for (let i = 0; i < 20000; i++) e['k' + i] = 'v'; for (let i = 0; i < 100; i++)"
        " new sst.aws.Function('F' + i, { handler: 'a.b', environment: e });",
    "an argument written wide": "const e = {" + ", ".join(f"k{n}: 'v'" for n in range(15_000)) + "}; for (let i = 0; i < 100; i++)"
        " new sst.aws.Function('F' + i, { handler: 'a.b', environment: { ...e, i } });",
    "links to everything": "const all = []; for (let i = 0; i < 300; i++)"
        " all.push(new sst.aws.Function('F' + i, { handler: 'a.b', link: [...all] }));",
    "routes of a gateway": "const api = new sst.aws.ApiGatewayV2('Api'); for (let i = 0; i < 2000; i++)"
        " api.route('GET /' + i, { handler: 'a.b', timeout: '5 minutes' });",
    "subscribers of a queue": "const q = new sst.aws.Queue('Q'); for (let i = 0; i < 1500; i++) q.subscribe({ handler: 'a.b' });",
    "transforms of everything": "for (let i = 0; i < 300; i++) $transform(sst.aws.Function, (args) => { args.memory = '1 GB'; });"
        " for (let i = 0; i < 300; i++) new sst.aws.Function('F' + i, { handler: 'a.b' });",
    "stages by the hundred": " ".join(f'if ($app.stage === "s{n}") {{ console.log({n}); }}' for n in range(500))
        + " for (let i = 0; i < 500; i++) new sst.aws.Function('F' + i, { handler: 'a.b', url: true });",
    "sites by the hundred": "for (let i = 0; i < 800; i++) new sst.aws.Nextjs('S' + i, { path: 'web' + i });",
    "proxies of proxies": f"let p = {{}}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {{ get: () => p }}); p.a; {A}",
    "classes of classes": f"let c = class {{}}; for (let i = 0; i < 5000; i++) {{ const d = c; c = class extends d {{}}; }} new c(); {A}",
    "labels and switches": "switch (process.env.A) {" + "".join(f"case '{n}': s{n} = 1;" for n in range(3000)) + "}" + A,
}  # fmt: skip


def _of(run: str, **files: str) -> dict[str, str]:
    return {"sst.config.ts": CONFIG % run, "package.json": PACKAGE, **files}


def _deep(count: int) -> str:
    return "[" * count + "]" * count


IMPORTS = {
    "an import cycle of 1,000 files": _of(
        'await import("./m0");',
        **{f"m{n}.ts": f'import {{ x }} from "./m{(n + 1) % 1000}"; export const y = x;' for n in range(1000)},
    ),
    "1,000 files that export each other": _of(
        'const { x } = await import("./m0"); x;',
        **{f"m{n}.ts": f'export * from "./m{n + 1}"; export * from "./m{n + 2}";' for n in range(1000)},
    ),
    "3,000 imports": _of("".join(f'await import("./m{n}");' for n in range(3000)), **{"m0.ts": A}),
    "10^5 exports": _of(
        f'const all = await import("./m"); Object.keys(all); {A}',
        **{"m.ts": "".join(f"export const x{n}=1;" for n in range(40_000))},
    ),
    "one file of 900 KB": _of(f'await import("./m"); {A}', **{"m.ts": "x = {a:[1,2,3]};\n" * 50_000}),
    "one line of 900 KB": _of(f'await import("./m"); {A}', **{"m.ts": "export const s = '" + "x" * 900_000 + "';"}),
    "a folder listed 100,000 times": _of(
        f'import("fs").then((fs) => {{ for (let i = 0; i < 15000; i++) fs.readdirSync("./m"); }}); {A}', **{"m/a.ts": ""}
    ),
    "an import of itself": _of(f'await import("./sst.config"); {A}'),
}  # fmt: skip

PATHS = {f"@p{n}/*": [f"./src/{n}/*", f"./lib/{n}/*"] for n in range(20_000)}
DATA = {
    "paths of a tsconfig": _of(
        f'await import("@p19999/x"); await import("@none/x"); {A}',
        **{"tsconfig.json": json.dumps({"compilerOptions": {"paths": PATHS}})},
    ),
    "a tsconfig over the size": _of(
        f'await import("@p1/x"); {A}', **{"tsconfig.json": '{"compilerOptions": {}}' + " " * 5_000_000}
    ),
    "tsconfigs that extend each other": _of(
        f'await import("@a/x"); {A}',
        **{f"t{n}.json": json.dumps({"extends": [f"./t{n + 1}.json"] * 2}) for n in range(200)},
        **{"tsconfig.json": '{"extends": ["./t0.json", "./t0.json"]}'},
    ),
    "a deep package.json": _of(A, **{"package.json": _deep(200_000)}),
    "a deep tsconfig": _of(f'await import("@a/x"); {A}', **{"tsconfig.json": _deep(200_000)}),
    "a package.json with numbers": _of(A, **{"package.json": '{"dependencies": {"sst": ' + "9" * 500_000 + "}}"}),
    "a range of alternatives": _of(
        A, **{"package.json": json.dumps({"dependencies": {"sst": " || ".join(["^3.1 - 4"] * 50_000)}})}
    ),
    "a lockfile of YAML anchors": _of(
        A, **{"pnpm-lock.yaml": "a0: &a0 [x]\n" + "".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]\n" for n in range(60))}
    ),
    "a deep lockfile": _of(A, **{"pnpm-lock.yaml": "importers: " + _deep(100_000)}),
    "a deep bun.lock": _of(A, **{"bun.lock": _deep(100_000)}),
    "workspaces by globs": _of(
        A,
        **{
            "package.json": json.dumps({"dependencies": {"sst": "3.0.0"}, "workspaces": ["**/*" * 40] * 300}),
            "pnpm-workspace.yaml": "packages:\n" + "  - '" + "*a" * 100 + "'\n",
        },
    ),
    "a framework's config that loops": _of(
        'new sst.aws.Nextjs("Web", { path: "web" });',
        **{
            "web/package.json": '{"dependencies": {"next": "15.0.0", "open-next": "3.0.0"}}',
            "web/next.config.ts": "let s = 'x'; while (true) s = s + s; export default { s };",
            "web/open-next.config.ts": "export default " + "{a:" * 5000 + "1" + "}" * 5000,
        },
    ),
    "handlers that call each other": _of(
        'new sst.aws.Function("A", { handler: "src/h0.handler", streaming: true, url: true });',
        **{
            f"src/h{n}.ts": f'import {{ handler as h }} from "./h{n + 1}"; import {{ handler as g }} from "./h{n + 2}";'
            f"export const handler = awslambda.streamifyResponse(process.env.A ? h : g);"
            for n in range(300)
        },
    ),
    "a handler that is deep": _of(
        'new sst.aws.Function("A", { handler: "src/h.handler", streaming: true, url: true });',
        **{"src/h.ts": "export const handler = " + "wrap(" * 5000 + "awslambda.streamifyResponse(f)" + ")" * 5000},
    ),
    "a handler of many statements": _of(
        'new sst.aws.Function("A", { handler: "src/h.handler", streaming: true, url: true });',
        **{
            "src/h.ts": "export const handler = awslambda.streamifyResponse(async (e, s) => {"
            + "if (e.a) { s.write('x'); } else { await s.end(); }" * 15_000
            + "});"
        },
    ),
}  # fmt: skip

BOMBS: dict[str, dict[str, str]] = {
    **{name: _of(run) for name, run in PROGRAMS.items()},
    **IMPORTS,
    **DATA,
}
