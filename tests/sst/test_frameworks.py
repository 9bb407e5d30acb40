"""Whether a site streams by its framework's own config."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from policy_bot.sst.deployment import Context
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree

CONFIG = """export default $config({ app() { return { name: "app", home: "aws" }; },
  async run() { new sst.aws.%s("W", %s); } });"""


def streams(
    component: str,
    files: dict[str, str],
    args: str = "{}",
    home: str = "",
    others: Mapping[str, str] = MappingProxyType({}),
) -> object:
    given = {
        f"{home}sst.config.ts": CONFIG % (component, args),
        "package.json": '{"dependencies": {"sst": "4.17.0"}}',
    }
    tree = MemoryTree({path: text.encode() for path, text in (given | dict(others) | files).items()})
    project = read_project(tree, f"{home}sst.config.ts", [Context("production")])
    assert set(files) <= project.files
    [site] = [each for each in project.contexts[0].subjects if each.kind == "site"]
    value = site.facts["framework_streaming"]
    return value.value if value.is_known else "unknown"


WRAPPER = (
    'const config = { default: { override: { wrapper: "aws-lambda-streaming" } } }; export default config;'
)
NITRO = "export default defineNuxtConfig({ nitro: { awsLambda: { streaming: %s } } });"


@pytest.mark.parametrize(
    ("component", "file", "text", "expected"),
    [
        ("Nextjs", "open-next.config.ts", WRAPPER, True),
        ("Nextjs", "open-next.config.ts", WRAPPER.replace("export default", "module.exports ="), True),
        ("Nextjs", "open-next.config.ts", "exports.__esModule = 1; exports.default = { default: {} }", False),
        ("Nextjs", "open-next.config.ts", "export default { default: {} };", False),
        ("Nextjs", "open-next.config.ts", 'import type { X } from "open-next"; ' + WRAPPER, True),
        ("Nextjs", "open-next.config.ts", "export default { default: { override: { wrapper() {} } } };",
         "unknown"),
        ("Nextjs", "open-next.config.ts", "export default { default: process.env.X };", "unknown"),
        ("Nextjs", "open-next.config.ts", "export default {", "unknown"),
        ("Nuxt", "nuxt.config.ts", NITRO % "true", True),
        ("Nuxt", "nuxt.config.js", NITRO % "true", True),
        ("Nuxt", "nuxt.config.ts", NITRO % "process.env.STREAM === '1'", "unknown"),
        ("Nuxt", "nuxt.config.ts", "export default defineNuxtConfig({ ...shared });", "unknown"),
        ("Nuxt", "nuxt.config.ts",
         "export default { $production: { nitro: { awsLambda: { streaming: true } } } };", True),
        ("Nuxt", "nuxt.config.ts",
         "export default defineNuxtConfig({ nitro: { awsLambda: { streaming: true } },"
         " $env: { production: { nitro: { awsLambda: { streaming: false } } } } });", False),
        ("Nuxt", "nuxt.config.ts", "export default defineNuxtConfig({ ...shared,"
         " nitro: { awsLambda: { streaming: true } } });", True),
        ("Nuxt", "nuxt.config.ts",
         "import shared from 'acme'; export default defineNuxtConfig({ $production: shared,"
         " nitro: { awsLambda: { streaming: true } } });", "unknown"),
        ("SolidStart", "app.config.ts",
         'import { defineConfig } from "@solidjs/start/config";'
         "const server = { awsLambda: { streaming: true } };"
         "export default defineConfig({ server });", True),
        ("TanStackStart", "vite.config.ts",
         'import { defineConfig } from "vite"; import { nitro } from "nitro/vite";'
         "const awsLambda = { streaming: true };"
         "export default defineConfig(({ mode }) => ({ plugins: [[nitro({ awsLambda })]] }));", True),
        ("Astro", "astro.config.mjs",
         'import { defineConfig } from "astro/config"; import aws from "astro-sst"; const mode = "stream";'
         'export default defineConfig({ output: "server", adapter: aws({ responseMode: mode }) });', True),
        ("SvelteKit", "svelte.config.js", "export default { kit: { streaming: true } };", False),
    ],
)  # fmt: skip
def test_configs(component: str, file: str, text: str, expected: object) -> None:
    if component == "SvelteKit":
        assert streams(component, {}) is False
    else:
        assert streams(component, {file: text}) == expected


LAYERS = [
    ('["../base"]', "base/nuxt.config.ts", True),
    ('"../between"', "base/nuxt.config.ts", True),
    ("[]", "web/layers/own/nuxt.config.ts", True),
    ('"../other"', "base/nuxt.config.ts", False),
    ('["@acme/base"]', "base/nuxt.config.ts", "unknown"),
    ('"../../outside"', "base/nuxt.config.ts", "unknown"),
]


@pytest.mark.parametrize(("extends", "layer", "expected"), LAYERS)
def test_a_layer_of_nuxt_may_decide(extends: str, layer: str, expected: object) -> None:
    files = {
        "web/nuxt.config.ts": f"export default defineNuxtConfig({{ extends: {extends} }});",
        "between/nuxt.config.ts": 'export default { extends: "../base" };',
        layer: NITRO % "true",
    }
    given = {path: text for path, text in files.items() if path.startswith("web/nuxt")}
    assert streams("Nuxt", given, '{ path: "web" }', others=files) == expected


def test_no_config_is_the_frameworks_default() -> None:
    assert streams("Nextjs", {}) is False


def test_the_config_is_in_the_sites_folder() -> None:
    files = {"packages/web/open-next.config.ts": WRAPPER}
    assert streams("Nextjs", files, '{ path: "../web" }', home="packages/infra/") is True


def test_a_folder_that_cannot_be_seen() -> None:
    assert streams("Nextjs", {}, "{ path: process.env.WEB }") == "unknown"


def test_a_folder_outside_of_the_repository() -> None:
    assert streams("Nextjs", {}, '{ path: "../../../web" }') == "unknown"


def test_a_config_that_comes_later_changes_the_reading() -> None:
    tree = MemoryTree({"sst.config.ts": (CONFIG % ("Nextjs", "{}")).encode()})
    assert "open-next.config.ts" in read_project(tree, "sst.config.ts").files


def test_unknown_says_why() -> None:
    given = {
        "sst.config.ts": CONFIG % ("Nextjs", "{}"),
        "open-next.config.ts": "export default { default: process.env.X };",
    }
    tree = MemoryTree({path: text.encode() for path, text in given.items()})
    project = read_project(tree, "sst.config.ts", [Context("production")])
    [site] = [each for each in project.contexts[0].subjects if each.kind == "site"]
    value = site.facts["streams"]
    assert value.is_unknown
    assert "process.env.X" in str(value.reason)
