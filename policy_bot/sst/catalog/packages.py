"""Packages that configs call and that create no components; their results are unknown, their effects are not.

Taken from the calls of 95 public configs. Any other package may create components: SST bundles packages with
the config and gives them its globals (`pkg/js/js.go:100-133`).
"""

from __future__ import annotations

HARMLESS = frozenset({
    "zod", "valibot", "yup", "joi", "ajv", "superstruct", "@sinclair/typebox", "envalid", "dotenv", "effect",
    "remeda", "ramda", "radash", "ts-pattern", "tiny-invariant",
    "nanoid", "ulid", "uuid", "cuid", "dayjs", "date-fns", "luxon", "ms", "cron-parser", "semver", "slugify",
    "change-case", "pluralize", "mime", "mime-types", "fast-glob", "glob", "globby", "fs-extra", "execa",
    "zx", "esbuild", "vite", "chalk", "picocolors", "yargs", "commander", "yaml", "js-yaml", "json5", "toml",
    "json-stringify-pretty-compact", "jsonc-parser", "find-up", "pkg-dir", "git-rev-sync", "simple-git",
    "node-fetch", "axios", "got", "ky", "undici", "octokit", "stripe", "jsonwebtoken", "jose", "openai",
    "aws-cdk-lib", "constructs", "aws-sdk", "ssh2", "postgres", "pg", "drizzle-orm", "type-fest", "wait-on",
})  # fmt: skip
HARMLESS_SCOPES = frozenset({
    "@aws-sdk", "@smithy", "@aws-cdk", "@t3-oss", "@effect", "@octokit", "@std", "@types", "@noble",
    "@aws-lambda-powertools", "@paralleldrive", "@date-fns", "@supabase", "@clerk", "@sentry", "@slack",
})  # fmt: skip
CHANGES_ARGUMENTS = frozenset(
    {"lodash", "lodash-es", "lodash.merge", "lodash.set", "lodash.defaults", "es-toolkit"}
)
"""Packages without components whose functions may write to their arguments (`merge(args, ...)`)."""
_NODE = frozenset({
    "assert", "buffer", "child_process", "cluster", "console", "crypto", "dns", "events", "fs", "http",
    "https", "module", "net", "os", "path", "perf_hooks", "process", "querystring", "readline", "stream",
    "string_decoder", "timers", "tls", "url", "util", "v8", "vm", "worker_threads", "zlib",
})  # fmt: skip


_PROVIDER_SCOPES = {"@pulumi", "@pulumiverse"}
_PROVIDER = "pulumi-"
"""Prefix of packages that are Pulumi providers (https://www.pulumi.com/registry); their resources belong to
other platforms and are not judged (`is_judged`).
"""


def may_construct(specifier: str) -> bool:
    """Whether calling an export of this package may create components."""
    first = specifier.partition("/")[0]
    name = _name(specifier)
    if specifier.startswith("node:") or first in _NODE or first in HARMLESS_SCOPES:
        return False
    if name.rpartition("/")[2].startswith(_PROVIDER):
        return False
    return name not in HARMLESS | CHANGES_ARGUMENTS


def may_change(specifier: str) -> bool:
    """Whether the package's functions may write to their arguments."""
    return may_construct(specifier) or _name(specifier) in CHANGES_ARGUMENTS


def provider_namespace(specifier: str) -> str | None:
    """The namespace of a provider's package (`@pulumi/aws`, `pulumi-stripe`, `@upstash/pulumi`); None for
    others.
    """
    parts = specifier.split("/")
    if parts[0] in _PROVIDER_SCOPES and len(parts) > 1:
        return ".".join(part for part in parts[1:] if part != "index").replace("-", "")
    if parts[0].startswith(_PROVIDER):
        return ".".join([parts[0].removeprefix(_PROVIDER), *parts[1:]]).replace("-", "")
    if parts[0].startswith("@") and parts[1:] == ["pulumi"]:
        return parts[0][1:].replace("-", "")
    return "sst2" if parts[:2] == ["sst", "constructs"] else None


def _name(specifier: str) -> str:
    first, _, rest = specifier.partition("/")
    return f"{first}/{rest.partition('/')[0]}" if first.startswith("@") else first


# Resources of providers from which a fact of a function, queue, route or site is derived.
_JUDGED = ("aws.lambda.", "aws.sqs.", "aws.cloudfront.", "aws.apigateway", "aws.scheduler.", "aws.sfn.")


def is_judged(component: str) -> bool:
    """Whether a component may affect a verdict: SST's own, the program's own, and a few others."""
    return component.startswith(("sst.", "sst2.", "pulumi.", *_JUDGED))
