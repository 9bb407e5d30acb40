"""Modules: which file an import means, what it exports, when it runs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policy_bot.sst.deployment import Context
from policy_bot.sst.interpreter import Interpreter
from policy_bot.sst.source import MemoryTree, Unreadable
from tests.sst.programs import examples, plain, record, result_of


@pytest.mark.parametrize(("program", "expected"), examples("modules.ts"))
def test_values(program: str, expected: Any) -> None:
    body, *files = program.split("\n// --- ")
    contents = {path: text for path, _, text in (file.partition("\n") for file in files)}
    assert result_of(body, files=contents) == expected


WORKSPACE = {
    "package.json": '{"workspaces": ["packages/*"]}',
    "packages/core/src/index.ts": 'export const where = "core";',
    "packages/core/src/sub.ts": 'export const where = "sub";',
}


@pytest.mark.parametrize(
    ("manifest", "specifier", "expected"),
    [
        ({"main": "src/index.ts"}, "@my/core", "core"),
        ({"exports": {".": "./src/index.ts", "./*": "./src/*.ts"}}, "@my/core/sub", "sub"),
        ({"exports": {".": {"types": "./t.d.ts", "import": "./src/index.ts"}}}, "@my/core", "core"),
        ({"exports": "./src/sub.ts"}, "@my/core", "sub"),
        ({}, "@my/core/src/sub", "sub"),
        ({"main": "./dist/index.js"}, "@my/core", "core"),
        ({"exports": {".": {"import": "./dist/sub.mjs"}}}, "@my/core", "sub"),
    ],
)
def test_a_package_of_the_workspace(manifest: dict[str, Any], specifier: str, expected: str) -> None:
    files = {**WORKSPACE, "packages/core/package.json": json.dumps({"name": "@my/core", **manifest})}
    assert result_of(f'return (await import("{specifier}")).where', files=files) == expected


@pytest.mark.parametrize("main", [".", "./", "../lib", "../other"])
def test_main_of_a_folder_may_name_a_folder(main: str) -> None:
    files = {
        "lib/package.json": json.dumps({"main": main}),
        "lib/index.ts": "export const v = 1;",
        "other/package.json": '{"main": "../lib"}',
        "other/index.ts": "export const v = 1;",
    }
    assert result_of('return (await import("./lib")).v', files=files) == 1


def test_pnpm_names_its_packages_in_a_file_of_its_own() -> None:
    files = {
        "pnpm-workspace.yaml": "packages:\n  # ours\n  - 'libs/**'\n  - \"!libs/old\"\ncatalog:\n  zod: 3\n",
        "libs/deep/one/package.json": '{"name": "one", "main": "x.ts"}',
        "libs/deep/one/x.ts": "export const v = 1;",
    }
    assert result_of('return (await import("one")).v', files=files) == 1


def test_a_module_runs_once_and_in_order() -> None:
    made = record(
        'await import("./b"); await import("./a"); await import("./b");',
        files={
            "a.ts": 'new sst.aws.Queue("A");',
            "b.ts": 'import "./a"; new sst.aws.Queue("B");',
        },
    )
    assert [(plain(c.name), c.span.path) for c in made.constructions] == [("A", "a.ts"), ("B", "b.ts")]


def test_an_import_of_types_alone_does_not_run_the_module() -> None:
    files = {
        "a.ts": 'import { Opts } from "./types"; export const f = (o: Opts) => o;',
        "types.ts": 'export interface Opts {} new sst.aws.Queue("never");',
    }
    assert record('await import("./a");', files=files).constructions == []


def test_the_configs_own_imports_are_distinguished() -> None:
    before = 'import { used } from "./u"; import { Unused } from "./n"; import "./side";'
    files = {"u.ts": "export const used = 1;", "side.ts": "", "n.ts": ""}
    made = record("const x: Unused = used;", before=before, files=files)
    assert [(each.specifier, each.used) for each in made.imports] == [
        ("./u", True),
        ("./n", False),
        ("./side", True),
    ]


def test_imports_inside_app_are_known() -> None:
    app = 'const { name } = await import("./name"); return { name };'
    made = record("", app=app, files={"name.ts": 'export const name = "n";'})
    assert [(each.specifier, each.span.line) for each in made.app_imports] == [("./name", 3)]


def test_every_path_that_was_looked_for_is_known() -> None:
    made = record('await import("./infra/a");', files={"infra/a.ts": ""})
    assert {"sst.config.ts", "infra/a.ts", "infra/a.tsx"} <= made.files
    assert made.loaded == ["infra/a.ts"]


def test_a_file_that_may_not_be_read_costs_that_file_only() -> None:
    class Guarded(MemoryTree):
        def read(self, path: str) -> bytes | None:
            if path == "a.ts":
                raise Unreadable(path, "a symlink out of the tree")
            return super().read(path)

    run = b'const a = await import("./a"); new sst.aws.Queue("Q", { t: a.t });'
    config = b"export default $config({ async run() { " + run + b" } })"
    made = Interpreter(Guarded({"sst.config.ts": config, "a.ts": b""}), "sst.config.ts").run(
        Context("production")
    )
    assert [str(spot.reason) for spot in made.blind_spots] == ["a.ts: a symlink out of the tree"]
    assert [plain(c.args) for c in made.constructions] == [{"t": {"$unknown": '"a.ts" cannot be read'}}]


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ("const x = 1;", "the file has no default export"),
        (
            "export default $config({ run( { } )",
            "a syntax error: `}` is expected: `{` in line 1 is not closed",
        ),
        ("export default 5", "the default export is not an object"),
        ('import { c } from "pkg"; export default c;', 'the package "pkg" is not read'),
    ],
)
def test_a_config_that_cannot_be_read_says_why(config: str, reason: str) -> None:
    made = Interpreter(MemoryTree({"sst.config.ts": config.encode()}), "sst.config.ts").run(
        Context("production")
    )
    assert made.unreadable is not None
    assert str(made.unreadable.reason) == reason


def test_a_syntax_error_in_one_place_does_not_blind_the_rest() -> None:
    made = record('new sst.aws.Queue("A");\nconst broken = 1 +* 1;\nnew sst.aws.Queue("B");')
    assert [plain(c.name) for c in made.constructions] == ["A", "B"]
    assert "a syntax error" in [str(spot.reason) for spot in made.blind_spots]


def test_version_two_runs_its_stacks() -> None:
    files = {
        "sst.config.ts": b"""
            import { API } from "./stacks/api";
            export default { config() { return { name: "a" } }, stacks(app) { app.stack(API) } };
        """,
        "stacks/api.ts": b"""
            import { Api, Function } from "sst/constructs";
            export function API({ stack }) {
              new Function(stack, "F", { timeout: 300 });
              new Api(stack, "A", { routes: {} });
            }
        """,
    }
    made = Interpreter(MemoryTree(files), "sst.config.ts").run(Context("production"))
    assert made.form == "v2"
    assert [(c.type, plain(c.arguments[1])) for c in made.constructions] == [
        ("sst2.Function", "F"),
        ("sst2.Api", "A"),
    ]


def test_a_file_that_is_imported_for_its_types_does_not_run() -> None:
    files = {
        "types.ts": 'export interface A { x: 1 } new sst.aws.Queue("Types");',
        "both.ts": 'import type { A } from "./types"; import { type A as B } from "./types";\n'
        "export const v = 1;",
    }
    made = record('const { v } = await import("./both"); return v', files=files)
    assert (plain(made.outputs), made.constructions) == (1, [])
