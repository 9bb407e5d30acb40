"""T24: a small file costs the reader unlimited time -> every such program ends in time with a visible limit.

Precedents: CVE-2026-23881 and CVE-2025-47281 Kyverno, CVE-2026-44937 Fleet, CVE-2026-54448 Trivy.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_bot.sst.deployment import Context
from policy_bot.sst.interpreter import Interpreter
from policy_bot.sst.interpreter.reentry import Reentry
from policy_bot.sst.limits import Limits
from policy_bot.sst.reading import read_project
from policy_bot.sst.recording import Recording
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
    "JSON of an object shared 2^40 times": "let s = { x: 1 }; "
        "for (let i = 0; i < 40; i++) s = { a: s, b: s }; const t = JSON.stringify(s);" + A,
    "getters of getters": "const o = { get a() { return this.a } }; o.a;" + A,
}  # fmt: skip


LIMITS = Limits(
    fuel=20_000, allocation=1_000_000, records=300, iterations=2_000, branches=16, calls=48, nesting=200
)

# What the user reads; a program that is not named here is read to its end.
SAID = {
    "a loop of 10^9": "limit: a loop with more than 2,000 iterations",
    "a loop without an end": "limit: a loop with more than 2,000 iterations",
    "a loop that makes components": "limit: more than 300 components and calls",
    "nested loops": "limit: a loop with more than 2,000 iterations",
    "a function that calls itself": "limit: more than 48 nested calls",
    "a function that calls itself twice": "limit: more than 20,000 steps",
    "recursion through map": "limit: more than 20,000 steps",
    "doubling strings": "limit: more than 1,000,000 characters and elements created",
    "doubling arrays": "limit: more than 1,000,000 characters and elements created",
    "a new array of 10^9": "limit: more than 1,000,000 characters and elements created",
    "a replacement that grows": "limit: more than 1,000,000 characters and elements created",
    "unseen conditions inside each other": "limit: more than 16 nested unknown conditions",
    "a deep expression": "limit: nested more than 200 levels deep",
    "a deep object": "limit: nested more than 200 levels deep",
    "a deep array": "limit: nested more than 200 levels deep",
    "a long chain": "limit: a chain of more than 200 properties and calls",
    "a long sum": "limit: more than 800 operators in a row",
    "transforms that add transforms": "limit: more than 300 components and calls",
    "a component in its own transform": "limit: more than 48 nested calls",
    "JSON of itself": "limit: more than 1,000,000 characters and elements created",
    "JSON of an object shared 2^40 times": "limit: more than 1,000,000 characters and elements created",
    "getters of getters": "limit: more than 48 nested calls",
}


def read(files: dict[str, str]) -> Recording:
    tree = MemoryTree({path: text.encode() for path, text in files.items()})
    return Interpreter(tree, "sst.config.ts", LIMITS).run(Context("production"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_ends_within_its_fuel_and_says_which_limit_it_hit(name: str) -> None:
    recording = read({"sst.config.ts": CONFIG % PROGRAMS[name]})
    assert isinstance(recording.machine, Reentry)
    machine = recording.machine.m
    assert machine.fuel >= -1
    assert machine.order <= LIMITS.records + 1
    said = [str(hidden.reason) for hidden in recording.blind_spots]
    assert any(SAID.get(name, "") in reason for reason in said) or name not in SAID, said


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_was_seen_has_a_meaning(name: str) -> None:
    tree = MemoryTree({"sst.config.ts": (CONFIG % PROGRAMS[name]).encode()})
    project = read_project(tree, "sst.config.ts", [Context("production")], LIMITS)
    assert len(project.contexts) == 1


def test_a_cycle_of_imports_ends() -> None:
    files = {
        f"m{n}.ts": f'import {{ x as y }} from "./m{(n + 1) % 9}"; export const x = y;' for n in range(9)
    }
    recording = read({"sst.config.ts": CONFIG % f'const m = await import("./m0"); {A}', **files})
    assert len(recording.constructions) == 1


def test_a_thousand_files_end() -> None:
    files = {f"infra/m{n}.ts": f'new sst.aws.Function("F{n}", {{ handler: "a.h" }});' for n in range(1000)}
    loop = 'for (const f of (await import("fs")).readdirSync("infra")) await import("./infra/" + f);'
    recording = read({"sst.config.ts": CONFIG % loop, **files})
    assert any(
        "limit: more than 300 components and calls" in str(hidden.reason) for hidden in recording.blind_spots
    )


def test_a_file_of_ten_megabytes_is_not_read() -> None:
    recording = read({
        "sst.config.ts": CONFIG % f'const m = await import("./big"); {A}',
        "big.ts": "export const a = 1;\n" * 500_000,
    })  # fmt: skip
    assert any("limit" in str(hidden.reason) for hidden in recording.blind_spots), recording.blind_spots
    assert [made.type for made in recording.constructions] == ["sst.aws.Function"]


@given(st.binary(max_size=400))
@settings(max_examples=60)
def test_bytes_without_sense_end(noise: bytes) -> None:
    before, after = (CONFIG % A).encode().split(b"run()")
    tree = MemoryTree({"sst.config.ts": before + noise + b"run()" + after})
    project = read_project(tree, "sst.config.ts", [Context("production")], LIMITS)
    assert project.unreadable is not None or project.contexts
