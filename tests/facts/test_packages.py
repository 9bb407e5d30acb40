"""Packages that configs call: those that make no components leave no blind spot, any other does."""

from __future__ import annotations

import pytest

from policy_bot.sst.catalog import packages
from tests.facts.program import V4, Fact, deployment

HARMLESS = [
    "@sinclair/typebox", "ajv", "aws-cdk-lib", "aws-sdk", "axios", "chalk", "change-case", "commander",
    "constructs", "cron-parser", "cuid", "date-fns", "dayjs", "dotenv", "drizzle-orm", "effect",
    "envalid", "esbuild", "execa", "fast-glob", "find-up", "fs-extra", "git-rev-sync", "glob", "globby",
    "got", "joi", "jose", "js-yaml", "json-stringify-pretty-compact", "json5", "jsonc-parser",
    "jsonwebtoken", "ky", "luxon", "mime", "mime-types", "ms", "nanoid", "node-fetch", "octokit",
    "openai", "pg", "picocolors", "pkg-dir", "pluralize", "postgres", "radash", "ramda", "remeda",
    "semver", "simple-git", "slugify", "ssh2", "stripe", "superstruct", "tiny-invariant", "toml",
    "ts-pattern", "type-fest", "ulid", "undici", "uuid", "valibot", "vite", "wait-on", "yaml", "yargs",
    "yup", "zod", "zx",
]  # fmt: skip
SCOPES = [
    "@aws-cdk", "@aws-lambda-powertools", "@aws-sdk", "@clerk", "@date-fns", "@effect", "@noble",
    "@octokit", "@paralleldrive", "@sentry", "@slack", "@smithy", "@std", "@supabase", "@t3-oss",
    "@types",
]  # fmt: skip
OF_NODE = [
    "assert", "buffer", "child_process", "cluster", "console", "crypto", "dns", "events", "fs", "http",
    "https", "module", "net", "os", "path", "perf_hooks", "process", "querystring", "readline",
    "stream", "string_decoder", "timers", "tls", "url", "util", "v8", "vm", "worker_threads", "zlib",
]  # fmt: skip
CHANGE_ARGUMENTS = [
    "es-toolkit", "lodash", "lodash-es", "lodash.defaults", "lodash.merge", "lodash.set",
]  # fmt: skip


def blind_spots(package: str) -> list[str]:
    run = f'const {{ make }} = await import("{package}"); make();'
    return [str(each.reason) for each in deployment(Fact(run), V4).unknown]


@pytest.mark.parametrize("package", [
    *HARMLESS, *CHANGE_ARGUMENTS, *(f"{each}/x" for each in SCOPES), *(f"node:{each}" for each in OF_NODE),
    *OF_NODE, "zod/v4", "@pulumi/pulumi/x", "lodash/merge",
])  # fmt: skip
def test_a_package_without_components_hides_nothing(package: str) -> None:
    assert not packages.may_construct(package) or package.startswith("@pulumi")
    assert not any("may create components" in each for each in blind_spots(package)), blind_spots(package)


@pytest.mark.parametrize(
    "package", ["sst-dev-tools", "@acme/infra", "zodiac", "@awsx/sdk", "lodash-x", "httpx"]
)
def test_any_other_package_may_make_components(package: str) -> None:
    assert packages.may_construct(package)
    assert blind_spots(package) != []


def test_what_may_change_its_arguments() -> None:
    changing = [name for name in (*HARMLESS, *CHANGE_ARGUMENTS, *SCOPES) if packages.may_change(name)]
    assert changing == CHANGE_ARGUMENTS
