"""T24: a small file costs the reader without bound -> every such program ends, visibly, in time.

Precedents: CVE-2026-23881 and CVE-2025-47281 Kyverno, CVE-2026-44937 Fleet, CVE-2026-54448 Trivy.
"""

from __future__ import annotations

import time

import pytest

from policy_bot.sst.deployment import Context
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree

CONFIG = """export default $config({
  app() { return { name: "app", home: "aws" }; },
  async run() { %s },
});"""

A = 'new sst.aws.Function("A", { handler: "a.h" });'
DOUBLE = "".join(f"const a{n + 1} = {{ x: a{n}, y: a{n}, ...a{n} }};" for n in range(60))

PROGRAMS = {
    "a loop of 10^9": "for (let i = 0; i < 1e9; i++) { }" + A,
    "a loop without an end": "while (true) { }" + A,
    "a loop that makes components": f"for (let i = 0; i < 1e9; i++) {A}",
    "nested loops": "for (let i = 0; i < 1e4; i++) for (let j = 0; j < 1e4; j++) for (;;) {}" + A,
    "a function that calls itself": "const f = () => f(); f();" + A,
    "a function that calls itself twice": "const f = (n) => f(n + 1) + f(n + 2); f(0);" + A,
    "recursion through map": "const f = (x) => [x, x].map(g); const g = (x) => [x, x].map(f); f(1);" + A,
    "doubling objects": "const a0 = { z: 1 };" + DOUBLE + "new sst.aws.Function('A', a60);",
    "doubling strings": 'let s = "x"; for (let i = 0; i < 200; i++) s = s + s; new sst.aws.Function(s, {});',
    "doubling arrays": "let a = [1]; for (let i = 0; i < 200; i++) a = [...a, ...a];" + A,
    "repeat": 'new sst.aws.Function("x".repeat(1e9), {});',
    "padStart": 'new sst.aws.Function("x".padStart(1e12), {});',
    "a new array of 10^9": "const a = new Array(1e9).fill(0).map((x) => ({ x }));" + A,
    "a bad regular expression": 'const ok = /^(a+)+$/.test("a".repeat(50) + "!");' + A,
    "a replacement that grows": '"x".repeat(1000).replace(/x/g, "x".repeat(100000));' + A,
    "unseen conditions in a row": "".join(f"if (process.env.A{n}) x{n} = 1;" for n in range(200)) + A,
    "unseen conditions inside each other": "if (process.env.A) {" * 150 + A + "}" * 150,
    "a deep expression": "const x = " + "(" * 5000 + "1" + ")" * 5000 + ";" + A,
    "a deep object": "const x = " + "{a:" * 3000 + "1" + "}" * 3000 + ";" + A,
    "a deep array": "const x = " + "[" * 100_000 + "]" * 100_000 + ";" + A,
    "a long chain": "const x = a" + ".b" * 50_000 + ";" + A,
    "a long sum": "const x = 1" + "+1" * 50_000 + ";" + A,
    "an object inside itself": "const a = {}; a.a = a; new sst.aws.Function('A', { environment: a });",
    "a big number": "const x = 10n ** 1000000000n; const y = 9 ** 9 ** 9 ** 9;" + A,
    "transforms that add transforms":
        "const t = () => $transform(sst.aws.Function, () => { t(); t(); }); t();" + A * 50,
    "a component in its own transform": "$transform(sst.aws.Function, () => { " + A + " });" + A,
    "JSON of itself": "let s = 'x'; for (let i = 0; i < 100; i++) s = JSON.stringify([s, s]);" + A,
    "getters of getters": "const o = { get a() { return this.a } }; o.a;" + A,
}  # fmt: skip


def read(files: dict[str, str]) -> float:
    tree = MemoryTree({path: text.encode() for path, text in files.items()})
    start = time.process_time()
    project = read_project(tree, "sst.config.ts", [Context("production")])
    assert project.unreadable is not None or project.contexts
    return time.process_time() - start


@pytest.mark.parametrize("name", PROGRAMS)
def test_ends(name: str) -> None:
    assert read({"sst.config.ts": CONFIG % PROGRAMS[name]}) < 10


def test_a_cycle_of_imports_ends() -> None:
    files = {
        f"m{n}.ts": f'import {{ x as y }} from "./m{(n + 1) % 50}"; export const x = y;' for n in range(50)
    }
    assert read({"sst.config.ts": CONFIG % f'const m = await import("./m0"); {A}', **files}) < 10


def test_a_thousand_files_end() -> None:
    files = {f"infra/m{n}.ts": f'new sst.aws.Function("F{n}", {{ handler: "a.h" }});' for n in range(1000)}
    loop = 'for (const f of (await import("fs")).readdirSync("infra")) await import("./infra/" + f);'
    assert read({"sst.config.ts": CONFIG % loop, **files}) < 20


def test_a_file_of_ten_megabytes_is_not_read() -> None:
    big = f'import("./big"); const m = await import("./big"); {A}'
    assert read({"sst.config.ts": CONFIG % big, "big.ts": "export const a = 1;\n" * 500_000}) < 5


@pytest.mark.parametrize("seed", range(5))
def test_bytes_without_sense_end(seed: int) -> None:
    text = "".join(chr((seed * 7919 + n * n * 31) % 250 + 1) for n in range(2_000))
    assert read({"sst.config.ts": CONFIG % A + text}) < 10
