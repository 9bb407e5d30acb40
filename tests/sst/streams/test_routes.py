"""Which files of a site are routes, and under which URL: a row for each framework and each form of a name."""

from __future__ import annotations

import pytest

from policy_bot.sst.catalog.sites import streaming_switch
from policy_bot.sst.repository.resolver import Resolver
from policy_bot.sst.source import MemoryTree
from policy_bot.sst.streams.routes import CONVENTIONS, routes

ROWS = [
    ("Nextjs", "app/api/chat/route.ts", "/api/chat"),
    ("Nextjs", "src/app/api/chat/route.tsx", "/api/chat"),
    ("Nextjs", "app/(group)/api/[[...route]]/route.js", "/api/[[...route]]"),
    ("Nextjs", "app/route.ts", "/"),
    ("Nextjs", "app/@modal/chat/page.tsx", "/chat"),
    ("Nextjs", "app/api/chat/handler.ts", None),
    ("Nextjs", "app/api/chat/route.test.ts", None),
    ("Nextjs", "app/chat/actions.ts", "server actions of chat/actions.ts"),
    ("Nextjs", "src/actions/ask.ts", "server actions of ask.ts"),
    ("Nextjs", "app/actions/ask.ts", "server actions of ask.ts"),
    ("Nextjs", "pages/api/chat.ts", "/api/chat"),
    ("Nextjs", "src/pages/api/chat/index.ts", "/api/chat"),
    ("SvelteKit", "src/routes/events/+server.ts", "/events"),
    ("SvelteKit", "src/routes/(app)/[id]/+server.js", "/[id]"),
    ("SvelteKit", "src/routes/events/+page.server.ts", None),
    ("Astro", "src/pages/events.ts", "/events"),
    ("Astro", "src/pages/api/index.js", "/api"),
    ("Astro", "src/pages/index.astro", None),
    ("Astro", "src/pages/_private.ts", None),
    ("Nuxt", "server/api/chat.post.ts", "/api/chat"),
    ("Nuxt", "server/routes/feed.ts", "/feed"),
    ("Analog", "src/server/routes/v1/hello.ts", "/v1/hello"),
    ("SolidStart", "src/routes/api/chat.ts", "/api/chat"),
    ("TanStackStart", "src/routes/api/chat.ts", "/api/chat"),
    ("TanStackStart", "src/routes/api.chat.ts", "/api/chat"),
    ("TanstackStart", "app/routes/api/chat.ts", "/api/chat"),
    ("Remix", "app/routes/api.chat.ts", "/api/chat"),
    ("Remix", "app/routes/_auth.login.tsx", "/login"),
    ("React", "app/routes/api.chat.ts", "/api/chat"),
    ("Nextjs", "node_modules/x/app/api/route.ts", None),
]


@pytest.mark.parametrize(("component", "path", "url"), ROWS)
def test_a_file_is_a_route(component: str, path: str, url: str | None) -> None:
    tree = MemoryTree({f"apps/web/{path}": b""})
    found = [each.url for each in routes(Resolver(tree), f"sst.aws.{component}", "apps/web")]
    assert found == ([] if url is None else [url])


def test_each_component_has_a_row() -> None:
    assert {f"sst.aws.{component}" for component, _, url in ROWS if url} == set(CONVENTIONS)


def test_a_site_at_the_root() -> None:
    tree = MemoryTree({"app/a/route.ts": b"", "other/route.ts": b""})
    assert [each.path for each in routes(Resolver(tree), "sst.aws.Nextjs", "")] == ["app/a/route.ts"]


@pytest.mark.parametrize(
    ("component", "release", "expected"),
    [
        ("Astro", "4.17.0", 'responseMode to "stream"'),
        ("Nuxt", "4.17.0", "nitro.awsLambda.streaming to true in nuxt.config"),
        ("Nuxt", "3.19.3", "SST 4.1.8 and later can stream it"),
        ("SolidStart", "4.17.0", "server.awsLambda.streaming"),
        ("SolidStart", "3.3.20", 'preset to "aws-lambda-streaming"'),
        ("TanStackStart", "4.17.0", "nitro() in vite.config"),
        ("TanstackStart", "3.4.20", "SST 3.4.33 and later"),
        ("SvelteKit", "4.17.0", "No setting changes that"),
        ("Analog", "4.17.0", "No setting changes that"),
    ],
)
def test_the_setting_that_makes_a_site_stream(component: str, release: str, expected: str) -> None:
    assert expected in streaming_switch(f"sst.aws.{component}", release)
