"""Guesses what code imports, so that one request fetches it."""

from __future__ import annotations

from policy_bot.github.fetching import Fetcher
from policy_bot.github.guesses import MOST, imports
from policy_bot.github.objects import Objects
from policy_bot.github.snapshot import Side
from policy_bot.github.source import GitHubTree
from tests.sandbox.wire import wired
from tests.toy import World

CODE = b"""
import { api } from "./infra/api";
export * from '../shared/index.js';
const web = await import("./infra/web.ts");
import react from "react";
import up from "../../../etc/passwd";
"""


def test_relative_imports_within_the_repository() -> None:
    found = set(imports("apps/shop/sst.config.ts", CODE))
    assert {"apps/shop/infra/api.ts", "apps/shared/index.ts", "apps/shop/infra/web.ts"} <= found
    assert not any("react" in path or "passwd" in path for path in found)


def test_bounded() -> None:
    assert len(set(imports("a.ts", b'import "./x"\n' * 10_000))) < 20 * MOST


def test_one_request_brings_what_several_files_import() -> None:
    folders = [f"f{i}" for i in range(12)]
    files = {f"{f}/a.ts": f"export {f}\n" for f in folders}
    files["sst.config.ts"] = "".join(f'import "./{f}/a"\n' for f in folders)
    world = World(files)
    head = world.shop.branches["main"]
    with wired(world.sandbox):
        client = world.evaluator._app.client(world.installation.id)
        fetcher = Fetcher(client, "acme/shop", Objects())
        tree = GitHubTree.of(fetcher, Side(head, world.shop.store.commits[head].tree))
        for path in ("sst.config.ts", *sorted(files)):
            assert tree.read(path) == files[path].encode()
    assert fetcher.requests <= 3
