"""Imports and routes that only a framework knows: generated aliases, auto-imports, listed routes."""

from __future__ import annotations

import pytest

from tests.sst.streams.test_streams import AI, production

ROUTES = """import { index, layout, prefix, route } from "@react-router/dev/routes"
export default [
  index("./home.tsx"),
  layout("./shell.tsx", [route("rooms/:id", "./room.tsx", [route("events", "./events.ts")])]),
  ...prefix("api", [route("chat", "./chat/route.ts")]),
]"""
ACTION = AI.replace("POST", "action")
LOADER = AI.replace("POST", "loader")
REACT = 'new sst.aws.React("Web", { path: "web" })'
NUXT = 'new sst.aws.Nuxt("Web", { path: "web" })'
SEND = "export const send = () => answer.toUIMessageStreamResponse()"
SENDS = "toUIMessageStreamResponse"


def test_react_router_lists_its_routes() -> None:
    files = {"web/app/routes.ts": ROUTES, "web/app/chat/route.ts": ACTION, "web/app/events.ts": LOADER,
             "web/app/routes/unlisted.ts": ACTION}  # fmt: skip
    assert sorted(production(REACT, files)) == [
        f"GET /rooms/:id/events {SENDS} web/app/events.ts:1, 20 s by Lambda, streams",
        f"POST /api/chat {SENDS} web/app/chat/route.ts:1, 20 s by Lambda, streams",
    ]


@pytest.mark.parametrize("listed", ["flatRoutes()", "[...(await flatRoutes())]", "make(process.env.X)"])
def test_a_list_that_is_made_otherwise_leaves_the_file_convention(listed: str) -> None:
    files = {"web/app/routes.ts": f"export default {listed} satisfies RouteConfig",
             "web/app/routes/api.chat.ts": ACTION}  # fmt: skip
    [found] = production(REACT, files)
    assert found.startswith(f"POST /api/chat {SENDS}")


def test_a_hostile_list_ends() -> None:
    assert production(REACT, {"web/app/routes.ts": "const a = [...a, ...a]\nexport default a"}) == []


@pytest.mark.parametrize(
    ("run", "route", "specifier", "file"),
    [
        ('new sst.aws.SvelteKit("Web", { path: "web" })', "web/src/routes/chat/+server.ts", "$lib/chat",
         "web/src/lib/chat.ts"),
        (NUXT, "web/server/api/chat.ts", "~~/server/lib/chat", "web/server/lib/chat.ts"),
        (NUXT, "web/server/api/chat.ts", "~/chat", "web/app/chat.ts"),
        (NUXT, "web/server/api/chat.ts", "#shared/chat", "web/shared/chat.ts"),
    ],
)  # fmt: skip
def test_aliases_of_a_generated_tsconfig(run: str, route: str, specifier: str, file: str) -> None:
    text = f'import {{ send }} from "{specifier}"\nexport const GET = send\nexport default send'
    generated = {"web/tsconfig.json": '{ "extends": "./.generated/tsconfig.json" }'}
    [found] = production(run, {route: text, file: SEND, **generated})
    assert f"{SENDS} {file}:1" in found


def test_an_alias_holds_for_its_site_alone() -> None:
    run = 'new sst.aws.SvelteKit("Web", { path: "web" })\nnew sst.aws.SvelteKit("Docs", { path: "docs" })'
    text = 'import { send } from "$lib/chat"\nexport const GET = send'
    files = {"docs/src/routes/chat/+server.ts": text, "web/src/lib/chat.ts": SEND}
    assert production(run, files) == []


@pytest.mark.parametrize(
    ("handler", "util", "sends"),
    [
        ("send()", SEND, True),
        ("other()", SEND, False),
        (
            "send()",
            "export const send = async () => { for await (const x of answer.textStream) y += x }",
            False,
        ),
        ("send()", 'export { send } from "../lib/chat"', True),
    ],
)
def test_nitro_imports_the_servers_utilities(handler: str, util: str, sends: bool) -> None:
    files = {"web/server/api/chat.ts": f"export default defineEventHandler(() => {handler})",
             "web/server/utils/chat.ts": util, "web/server/lib/chat.ts": SEND}  # fmt: skip
    assert len(production(NUXT, files)) == sends
