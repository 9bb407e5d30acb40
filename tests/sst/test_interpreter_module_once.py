"""A module is evaluated once, whoever imports it first; what a program finds in the repository."""

from __future__ import annotations

from policy_bot.sst.repository.resolver import Resolver
from policy_bot.sst.source import MemoryTree
from tests.sst.programs import plain, record

SHARED = """
    export const queue = new sst.aws.Queue("Shared");
    export const limits = { seconds: 90 };
    export function change() { limits.seconds = 20; }
"""


def test_first_imported_under_a_condition_and_then_for_certain() -> None:
    body = """
        if (process.env.EARLY) await import("./shared");
        const { queue, limits } = await import("./shared");
        queue.subscribe("a.handler");
        return limits.seconds;
    """
    made = record(body, files={"shared.ts": SHARED})
    assert plain(made.outputs) == 90
    assert [(plain(each.name), each.certain) for each in made.constructions] == [("Shared", True)]
    assert [(each.method, each.certain) for each in made.calls] == [("subscribe", True)]


def test_imported_under_a_condition_only() -> None:
    made = record('if (process.env.A) await import("./shared");', files={"shared.ts": SHARED})
    assert [(plain(each.name), each.certain) for each in made.constructions] == [("Shared", False)]


def test_what_a_branch_does_to_a_module_stays_in_the_branch() -> None:
    body = """
        if (process.env.A) (await import("./shared")).change();
        return (await import("./shared")).limits.seconds;
    """
    assert plain(record(body, files={"shared.ts": SHARED}).outputs) == {"$oneOf": [20, 90]}


def test_imported_in_a_loop_whose_rounds_are_unknown() -> None:
    body = 'for (const name of JSON.parse(process.env.NAMES)) await import("./shared");'
    made = record(body, files={"shared.ts": SHARED})
    assert [(plain(each.name), each.certain) for each in made.constructions] == [("Shared", False)]


def test_a_cycle_of_imports_reads_undefined_as_in_the_bundle() -> None:
    files = {
        "a.ts": 'import { b } from "./b"; export const a = new sst.Secret("A"); export const c = b;',
        "b.ts": 'import { a } from "./a"; export const b = a.value;',
    }
    made = record('await import("./a"); new sst.aws.Queue("Never");', files=files)
    assert made.constructions == []
    assert made.refused
    assert "Cannot read properties of undefined (reading 'value')" in str(made.blind_spots[-1].reason)


def test_the_packages_of_a_workspace_do_not_depend_on_who_asks_first() -> None:
    tree = MemoryTree(
        {
            "package.json": b'{"name": "outer", "workspaces": ["libs/*"]}',
            "libs/one/package.json": b'{"name": "one"}',
            "apps/shop/package.json": b'{"name": "shop"}',
        }
    )
    both = [Resolver(tree), Resolver(tree)]
    first = [both[0].workspaces.packages(""), both[0].workspaces.packages("apps/shop")]
    second = [both[1].workspaces.packages("apps/shop"), both[1].workspaces.packages("")][::-1]
    assert first == second
    assert first[1] == {"outer": "", "one": "libs/one", "shop": "apps/shop"}


def test_probing_a_transform_leaves_nothing_behind() -> None:
    body = """
        let seen = 0;
        $transform(sst.aws.Function, (args) => { seen += 1; args.timeout ??= "1 minute"; });
        return { get seen() { return seen } };
    """
    made = record(body)
    machine = made.machine
    before = plain(machine.get(made.outputs, "seen"))
    callback = made.transforms[0].callback
    machine.rehearse(lambda: machine.call(callback, [made.outputs]))
    assert plain(machine.get(made.outputs, "seen")) == before == 0


def test_a_folder_differs_from_a_file_by_its_status() -> None:
    body = """
        const { readdirSync, statSync, lstatSync } = await import("node:fs");
        return readdirSync("./infra").filter((name) => !statSync(`./infra/${name}`).isDirectory()
            && lstatSync(`./infra/${name}`).isFile());
    """
    files = {"infra/a.ts": "", "infra/inner/b.ts": ""}
    assert plain(record(body, files=files).outputs) == ["a.ts"]


def test_an_undeclared_name_compares_with_nothing_for_certain() -> None:
    made = record('return stage === "x" ? 1 : 2;', app="return missing;")
    assert [each.message for each in made.missing_globals] == ["ReferenceError: missing is not defined"]
    assert plain(made.outputs) == {"$oneOf": [1, 2]}
