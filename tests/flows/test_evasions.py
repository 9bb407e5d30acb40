"""Pull requests that try to be judged by something other than what SST deploys: a file that takes another's
place, a lockfile that hides the release, a value that only another stage has, code that is read too late.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from policy_bot.github import fetching
from policy_bot.sandbox.content import Submodule, Symlink
from tests.flows.configs import CLEAN, PACKAGE, config
from tests.flows.street import Street

GOOD = 'export const made = new sst.aws.Function("F", { handler: "a.h", timeout: "1 minute" });\n'
BAD = GOOD.replace("1 minute", "1 hour")
OLD_KEY = 'new sst.aws.Nextjs("W", { transform: { imageOptimization: { timeout: "30 seconds" } } });\n'
WEB = 'new sst.aws.Nextjs("Web", { server: { timeout: "120 seconds" } });\n'
WRAPPER = 'export default { default: { override: { wrapper: "aws-lambda-streaming" } } };\n'
CHAT = "export const POST = async () => answer.toUIMessageStreamResponse();\n"
HANDLERS = 'import { handle, streamHandle } from "hono/aws-lambda";\n'
LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12345\n"
ALIAS = '{ "compilerOptions": { "paths": { "@/*": ["./%s/*"] } } }'
LOCK = '{ "packages": { "node_modules/sst": { "version": "%s" } } }\n'
INFRA = '{ "name": "@acme/infra", "exports": "./%s.ts" }'


def importing(path: str) -> str:
    return running(f'await import("{path}");\n')


def running(code: str) -> str:
    return config().replace('new sst.aws.Bucket("Uploads");\n', code)


def reading(timeout: str) -> str:
    return f'const {{ readFileSync, readdirSync }} = await import("node:fs");\n{GOOD[20:]}'.replace(
        '"1 minute"', timeout
    )


def staged(timeout: str) -> tuple[Mapping[str, str], Mapping[str, str | None]]:
    return CLEAN, {"sst.config.ts": config(f"timeout: {timeout}")}


TRIES: dict[str, tuple[Mapping[str, str], Mapping[str, str | None]]] = {
    "a script next to the module that the import means": (
        {"sst.config.ts": importing("./infra/api.js"), "infra/api.ts": GOOD}, {"infra/api.js": BAD},
    ),
    "a module in the place of a folder's index": (
        {"sst.config.ts": importing("./infra"), "infra/index.ts": GOOD}, {"infra.ts": BAD},
    ),
    "an alias that leads elsewhere": (
        {"sst.config.ts": importing("@/api"), "infra/api.ts": GOOD, "tsconfig.json": ALIAS % "infra"},
        {"tsconfig.json": ALIAS % "other", "other/api.ts": BAD},
    ),
    "a package of the workspace that exports another file": (
        {"sst.config.ts": importing("@acme/infra"),
         "package.json": PACKAGE.replace('"name"', '"workspaces": ["packages/*"], "name"'),
         "packages/infra/package.json": INFRA % "good",
         "packages/infra/good.ts": GOOD, "packages/infra/bad.ts": BAD},
        {"packages/infra/package.json": INFRA % "bad"},
    ),
    "a lockfile with another release": (
        {"sst.config.ts": running(OLD_KEY), "package-lock.json": LOCK % "3.9.10"},
        {"package-lock.json": LOCK % "4.17.0"},
    ),
    "a pointer of Git LFS in place of a module": (
        {"sst.config.ts": importing("./infra/api"), "infra/api.ts": GOOD}, {"infra/api.ts": LFS},
    ),
    "a name with a line break": (
        {"sst.config.ts": importing("./infra/a\\nb"), "infra/a\nb.ts": GOOD}, {"infra/a\nb.ts": BAD},
    ),
    "a stage that is only a key": staged('({ live: "1 hour" })[$app.stage] ?? "1 minute"'),
    "a stage by its beginning": staged('$app.stage.startsWith("live") ? "1 hour" : "1 minute"'),
    "a stage by a pattern": staged('/^(live|prod)$/.test($app.stage) ? "1 hour" : "1 minute"'),
    "a stage in a list": staged('["live", "prod"].includes($app.stage) ? "1 hour" : "1 minute"'),
    "a stage in a Map": staged('new Map([["live", "1 hour"]]).get($app.stage) ?? "1 minute"'),
    "a stage in a switch": staged(
        '(() => { switch ($app.stage) { case "live": return "1 hour"; default: return "1 minute"; } })()'
    ),
    "a wrapper that is taken away": (
        {"sst.config.ts": running(WEB), "app/api/chat/route.ts": CHAT, "open-next.config.ts": WRAPPER},
        {"open-next.config.ts": None},
    ),
    "a route that is moved under the site": (
        {"sst.config.ts": running(WEB), "app/api/chat/note.ts": CHAT},
        {"app/api/chat/note.ts": None, "app/api/chat/route.ts": CHAT},
    ),
    "a handler that stops streaming, a file away": (
        {"sst.config.ts": config('streaming: true,\n      url: true,\n      timeout: "300 seconds"'),
         "src/index.ts": 'export { handler } from "./lib";\n',
         "src/lib.ts": f"{HANDLERS}export const handler = streamHandle(app);\n"},
        {"src/lib.ts": f"{HANDLERS}export const handler = handle(app);\n"},
    ),
    "settings of the compiler in a file of any name": (
        {"sst.config.ts": importing("@/api"), "infra/api.ts": GOOD,
         "tsconfig.json": '{ "extends": "./base.jsonc" }',
         "base.jsonc": ALIAS % "infra", "other/api.ts": BAD},
        {"base.jsonc": ALIAS % "other"},
    ),
    "a package that is given by its path": (
        {"sst.config.ts": importing("@acme/infra"),
         "package.json": PACKAGE.replace('"sst"', '"@acme/infra": "link:./vendor/infra", "sst"'),
         "vendor/infra/package.json": INFRA % "good", "vendor/infra/good.ts": GOOD},
        {"vendor/infra/good.ts": BAD},
    ),
    "a package that the workspace no longer has": (
        {"sst.config.ts": importing("@acme/infra"), "packages/infra/good.ts": GOOD,
         "package.json": PACKAGE.replace('"name"', '"workspaces": ["packages/*"], "name"'),
         "packages/infra/package.json": INFRA % "good",
         "vendor/infra/package.json": INFRA % "bad", "vendor/infra/bad.ts": BAD},
        {"package.json": PACKAGE.replace(
            '"name"', '"workspaces": ["packages/*", "!packages/infra", "vendor/*"], "name"')},
    ),
    "a package that is replaced by a folder": (
        {"sst.config.ts": importing("@acme/infra"),
         "vendor/infra/package.json": INFRA % "bad", "vendor/infra/bad.ts": BAD},
        {"package.json": PACKAGE.replace(
            '"name"', '"overrides": {"@acme/infra": "file:vendor/infra"}, "name"')},
    ),
    "a file that the config reads": (
        {"sst.config.ts": running(reading("readFileSync('./limit.txt', 'utf8').trim()")),
         "limit.txt": "1 minute\n"},
        {"limit.txt": "1 hour\n"},
    ),
    "a file whose name the config lists": (
        {"sst.config.ts": running(
            reading("readdirSync('./crons').includes('slow.sql') ? '1 hour' : '1 minute'")),
         "crons/daily.sql": "select 1;\n"},
        {"crons/slow.sql": "select 2;\n"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("remembered", [True, False])
@pytest.mark.parametrize("name", TRIES)
def test_it_is_judged_by_what_sst_deploys(town: Street, name: str, remembered: bool) -> None:
    before, change = TRIES[name]
    shop = town.begin({**CLEAN, **before})
    if not remembered:
        town.forget()
    pull = town.sandbox.open_pull(shop, dict(change))
    town.settle()
    assert town.run(pull).conclusion == "failure", (town.run(pull).title, town.run(pull).summary)


@pytest.mark.parametrize("memory", ["its own", "another change's", "none"])
def test_a_listed_folder_of_documents_concerns_the_project_that_lists_it(town: Street, memory: str) -> None:
    code = reading("readdirSync('./docs').includes('slow.md') ? '1 hour' : '1 minute'")
    shop = town.begin({**CLEAN, "sst.config.ts": running(code), "docs/a.md": "# A\n"})
    if memory == "none":
        town.forget()
    elif memory != "its own":
        town.sandbox.open_pull(shop, {"sst.config.ts": config()}, by="eve")
        town.settle()
    pull = town.sandbox.open_pull(shop, {"docs/slow.md": "# Slow\n"})
    town.settle()
    assert town.run(pull).conclusion == "failure"


@pytest.mark.parametrize("folder", ["infra", "packages/backend/src/infra"])
def test_a_change_to_a_file_that_the_base_has_renamed_is_judged_where_the_merge_puts_it(
    town: Street, folder: str
) -> None:
    files = {"sst.config.ts": importing(f"./{folder}/old"), f"{folder}/old.ts": GOOD, f"{folder}/x.ts": ""}
    shop = town.begin({**CLEAN, **files})
    pull = town.sandbox.open_pull(shop, {f"{folder}/old.ts": BAD})
    renamed = {
        "sst.config.ts": importing(f"./{folder}/new"),
        f"{folder}/old.ts": None,
        f"{folder}/new.ts": GOOD,
    }
    town.sandbox.push_branch(shop, "main", renamed)
    town.settle()
    assert town.run(pull).conclusion == "failure"


def test_another_commit_of_a_submodule_concerns_the_project_that_imports_from_it(town: Street) -> None:
    shop = town.begin(
        {**CLEAN, "sst.config.ts": importing("./infra/api"), "infra": Submodule("a" * 40)}  # type: ignore[dict-item]
    )
    pull = town.sandbox.open_pull(shop, {"infra": Submodule("b" * 40)})
    town.settle()
    assert town.run(pull).title != "No SST project touched"


NAMED = {
    "sst.config.ts": importing("@acme/infra"),
    "package.json": PACKAGE.replace('"name"', '"workspaces": ["packages/*"], "name"'),
    "packages/infra/package.json": INFRA % "good",
    "packages/infra/good.ts": GOOD,
}
GONE = dict.fromkeys(path for path in NAMED if path.startswith("packages/"))
MAPPED = {
    "sst.config.ts": importing("@/api"),
    "infra/api.ts": GOOD,
    "tsconfig.json": ALIAS % "infra",
}
UNSEEN: dict[str, tuple[Mapping[str, str], Mapping[str, object]]] = {
    "a link in place of a package's manifest": (
        NAMED, {"packages/infra/package.json": Symlink("real.json"), "packages/infra/real.json": INFRA % "x"},
    ),
    "a manifest that is too large": (
        NAMED, {"packages/infra/package.json": INFRA % "bad" + " " * 5_500_000},
    ),
    "a link in place of the root's manifest": (
        NAMED, {"package.json": Symlink("r.json"), "packages/infra/good.ts": BAD},
    ),
    "a link in place of a package": (
        NAMED, {**GONE, "packages/infra": Symlink("../x"), "x/package.json": INFRA % "bad", "x/bad.ts": BAD},
    ),
    "a link in place of all packages": (
        NAMED, {**GONE, "packages": Symlink("y"), "y/infra/good.ts": BAD},
    ),
    "a submodule in place of a package": (NAMED, {**GONE, "packages/infra": Submodule("a" * 40)}),
    "more packages than are looked for": (
        NAMED,
        {**{f"packages/a{n}/package.json": "{}" for n in range(400)}, "packages/infra/good.ts": BAD},
    ),
    "a link in place of the compiler's settings": (
        MAPPED, {"tsconfig.json": Symlink("t.json"), "t.json": ALIAS % "other", "other/api.ts": BAD},
    ),
    "a link in place of a folder that an alias means": (
        MAPPED, {"infra/api.ts": None, "infra": Symlink("y"), "y/api.ts": BAD},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSEEN)
def test_an_import_that_may_lead_to_what_is_not_read_is_not_green(town: Street, name: str) -> None:
    before, change = UNSEEN[name]
    shop = town.begin({**CLEAN, **before})
    pull = town.sandbox.open_pull(shop, change)  # type: ignore[arg-type]
    town.settle()
    assert town.run(pull).conclusion != "success", town.run(pull).summary
    assert town.run(pull).title != "No SST project touched"


def test_a_package_of_a_large_workspace_is_found_in_a_few_requests(town: Street) -> None:
    many = {f"packages/a{n}/package.json": f'{{ "name": "@acme/a{n}" }}' for n in range(150)}
    shop = town.begin({**CLEAN, **NAMED, **many})
    town.forget()
    town.asked()
    pull = town.sandbox.open_pull(shop, {"packages/infra/good.ts": BAD})
    town.settle()
    assert town.run(pull).conclusion == "failure"
    assert len(town.asked()) <= 10


@pytest.mark.parametrize("base", ["main", "next"])
def test_a_link_in_place_of_a_file_with_its_path_concerns_who_imports_it(town: Street, base: str) -> None:
    """`y.ts` is a program, too, and git gives the link the same id as the file."""
    files = {"sst.config.ts": importing("./infra/x"), "infra/x.ts": "y.ts", "infra/y.ts": BAD}
    shop = town.begin({**CLEAN, **files})
    town.sandbox.push_branch(shop, "next", {"README.md": "# Next\n"})
    pull = town.sandbox.open_pull(shop, {"infra/x.ts": Symlink("y.ts")}, base=base)  # type: ignore[dict-item]
    town.settle()
    assert town.run(pull).title == "1 cannot tell in 1 project"


def test_a_submodule_in_place_of_a_missing_folder_concerns_the_project_that_lists_it(town: Street) -> None:
    code = reading("readdirSync('./crons').includes('slow.sql') ? '1 hour' : '1 minute'")
    shop = town.begin({**CLEAN, "sst.config.ts": running(code)})
    pull = town.sandbox.open_pull(shop, {"crons": Submodule("b" * 40)})
    town.settle()
    assert town.run(pull).title != "No SST project touched"


def test_a_folder_that_begins_to_exist_concerns_the_project_that_asks_for_it(town: Street) -> None:
    code = reading("existsSync('./crons') ? '1 hour' : '1 minute'").replace("readdirSync", "existsSync")
    shop = town.begin({**CLEAN, "sst.config.ts": running(code)})
    pull = town.sandbox.open_pull(shop, {"crons/daily.sql": "select 1;\n"})
    town.settle()
    assert town.run(pull).conclusion == "failure"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("apps/dist/sst.config.ts", "not searched for projects"),
        ("apps/web/SST.config.ts", "is not called"),
        (
            "apps/web/\u017fst.config.ts",
            "is not called",
        ),  # a long s, which file systems without case take for an s
    ],
)
def test_a_new_config_where_nothing_looks_for_it_is_named(town: Street, path: str, said: str) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {path: running(BAD[20:])})
    town.settle()
    assert town.run(pull).conclusion == "neutral"
    assert said in (town.run(pull).summary or "")


def many(number: int, timeout: str = "1 minute") -> dict[str, str]:
    """One of many projects; each imports three files of its own, one after another."""
    folder = f"apps/p{number}"
    return {
        f"{folder}/sst.config.ts": importing(f"./infra/a{number}"),
        f"{folder}/package.json": PACKAGE,
        f"{folder}/infra/a{number}.ts": f'import "./b{number}";\n{GOOD.replace("1 minute", timeout)}',
        f"{folder}/infra/b{number}.ts": f'import "../lib/c{number}";\n',
        f"{folder}/lib/c{number}.ts": f"export const c = {number};\n",
    }


def test_the_last_of_a_hundred_projects_is_judged_within_the_requests_for_files(town: Street) -> None:
    shop = town.begin({path: text for number in range(100) for path, text in many(number).items()})
    town.forget()
    town.asked()
    pull = town.sandbox.open_pull(shop, many(99, "1 hour"))
    town.settle()
    assert (town.run(pull).conclusion, town.run(pull).title) == ("failure", "1 error in 1 project")
    assert len(town.asked()) <= 20


def test_a_project_beyond_the_requests_for_files_does_not_pass(
    town: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MOST_REQUESTS", 2)
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(
        shop, {**many(1), **many(2), "apps/p1/sst.config.ts": importing("@acme/p2")}
    )
    town.settle()
    assert town.run(pull).conclusion == "failure"
    assert "config/reader-limit" in (town.run(pull).summary or "")


BEYOND = [
    "a lockfile with another release",
    "a package of the workspace that exports another file",
    "a wrapper that is taken away",
    "a route that is moved under the site",
    "settings of the compiler in a file of any name",
    "a package that is given by its path",
    "a package that the workspace no longer has",
    "a package that is replaced by a folder",
    "a file that the config reads",
]


@pytest.mark.parametrize("most", range(3))
@pytest.mark.parametrize("name", BEYOND)
def test_what_is_refused_beyond_the_requests_for_files_is_not_missing(
    town: Street, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    before, change = TRIES[name]
    shop = town.begin({**CLEAN, **before})
    town.forget()
    monkeypatch.setattr(fetching, "MOST_REQUESTS", most)
    pull = town.sandbox.open_pull(shop, dict(change))
    town.settle()
    assert town.run(pull).conclusion == "failure", town.run(pull).summary


LAYERS = [
    {"app/api/chat/route.ts": CHAT},
    {"app/api/chat/route.ts": 'export { POST } from "../../../lib/chat";\n', "lib/chat.ts": CHAT},
    {"app/api/chat/route.ts": 'export { POST } from "../../../lib/chat";\n',
     "lib/chat.ts": 'export * from "./inner";\n', "lib/inner.ts": CHAT},
]  # fmt: skip


@pytest.mark.parametrize("change", LAYERS, ids=range(len(LAYERS)))
@pytest.mark.parametrize("functions", [1, 3])
def test_code_of_functions_does_not_keep_the_code_of_a_site_from_being_read(
    town: Street, functions: int, change: dict[str, str | bytes | None]
) -> None:
    """The few requests for code serve all functions and sites of a project, and the change itself first."""
    files = {}
    for each in range(functions):
        files[f"src/{each}.ts"] = f'import {{ make }} from "./lib{each}";\nexport const handler = make();\n'
        files[f"src/lib{each}.ts"] = (
            f'import {{ one }} from "./deep{each}";\nexport const make = () => one;\n'
        )
        files[f"src/deep{each}.ts"] = "export const one = () => 1;\n"
    made = [
        f'new sst.aws.Function("F{each}", {{ handler: "src/{each}.handler", url: true }});\n'
        for each in range(functions)
    ]
    shop = town.begin({**CLEAN, **files, "sst.config.ts": running("".join(made) + WEB)})
    town.forget()
    pull = town.sandbox.open_pull(shop, change)
    town.settle()
    assert town.run(pull).title == "1 error in 1 project"
