"""Tries of a pull request to be judged by something else than what SST deploys: a file that takes another's
place, a lockfile that hides the release, a value that only another stage has, code that is read too late.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

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
