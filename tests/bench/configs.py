"""Generates SST projects that look like real ones, for measuring: products of several kinds, each composed of
parts that such products have, with names, numbers and layouts drawn by a seed.

    python -m tests.bench.configs FOLDER COUNT [--seed N] [--faulty SHARE]

The same seed gives the same bytes. A project is a folder with a config, a package.json and, for a third of
them, modules under `infra/`. Of the `faulty` share each has one or several settings that a policy reports.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

PRODUCTS = [
    "atlas",
    "bakery",
    "billing",
    "booking",
    "catalog",
    "checkout",
    "clinic",
    "compass",
    "console",
    "courier",
    "dispatch",
    "docs",
    "editor",
    "events",
    "feed",
    "fleet",
    "forms",
    "gallery",
    "garden",
    "inbox",
    "journal",
    "kitchen",
    "ledger",
    "lobby",
    "market",
    "memo",
    "museum",
    "notes",
    "orders",
    "pager",
    "parcel",
    "payroll",
    "pilot",
    "planner",
    "portal",
    "quiz",
    "radar",
    "recipes",
    "reports",
    "roster",
    "search",
    "shelf",
    "signup",
    "studio",
    "survey",
    "tickets",
    "tracker",
    "travel",
    "vault",
    "voices",
    "wallet",
    "weather",
    "wiki",
]
NOUNS = [
    "account",
    "article",
    "asset",
    "avatar",
    "badge",
    "campaign",
    "cart",
    "channel",
    "claim",
    "comment",
    "contact",
    "coupon",
    "customer",
    "device",
    "draft",
    "email",
    "event",
    "export",
    "file",
    "folder",
    "goal",
    "group",
    "image",
    "import",
    "invite",
    "invoice",
    "item",
    "label",
    "lead",
    "link",
    "location",
    "media",
    "member",
    "message",
    "order",
    "page",
    "payment",
    "photo",
    "plan",
    "post",
    "price",
    "product",
    "profile",
    "project",
    "receipt",
    "report",
    "review",
    "session",
    "shipment",
    "snapshot",
    "tag",
    "task",
    "team",
    "template",
    "thread",
    "ticket",
    "upload",
    "user",
    "video",
    "webhook",
]
VERBS = [
    "create",
    "list",
    "read",
    "update",
    "remove",
    "sync",
    "send",
    "index",
    "archive",
    "process",
    "publish",
    "resize",
    "verify",
    "notify",
]
RELEASES = ("3.1.14", "3.3.59", "3.6.25", "3.9.33", "3.13.2", "3.17.8", "4.2.0", "4.9.1", "4.17.0")
REGIONS = ("eu-central-1", "eu-west-1", "us-east-1", "us-west-2", "ap-southeast-2")

Line = str
Part = Callable[["Draft"], list[Line]]


class Draft:
    """One project while it is composed: its chance, and what its parts agree on."""

    def __init__(self, number: int, seed: int, *, faulty: bool) -> None:
        self.chance = random.Random(f"{seed}/{number}")
        self.product = self.chance.choice(PRODUCTS)
        self.name = f"{self.product}-{number}"
        self.faulty = faulty
        self.links: list[str] = []
        self.used: set[str] = set()
        self.outputs: list[str] = []
        self.infra = self.chance.random() < 0.33
        self.staged = self.chance.random() < 0.6
        """Whether the code has a constant that says whether this is production."""

    def noun(self) -> str:
        """A noun that names no other component of this project."""
        free = [word for word in NOUNS if word not in self.used]
        word = self.chance.choice(free)
        self.used.add(word)
        return word

    def handler(self, *, folder: str = "packages/functions/src") -> str:
        """A handler's path."""
        return f"{folder}/{self.chance.choice(NOUNS)}.{self.chance.choice([*VERBS, 'handler', 'main'])}"

    def by_stage(self, here: str, there: str) -> str:
        """A value that differs in production."""
        asked = "production" if self.staged and not self.infra else '$app.stage === "production"'
        return f"{asked} ? {here} : {there}"

    def linked(self) -> Line:
        """The line that links some of what exists already; "" without."""
        some = self.chance.sample(self.links, min(len(self.links), self.chance.randint(0, 3)))
        return f"link: [{', '.join(some)}]," if some else ""

    def maybe(self, share: float, line: Line) -> list[Line]:
        """A line that some projects have."""
        return [line] if self.chance.random() < share else []


def _named(draft: Draft, suffix: str = "") -> tuple[str, str]:
    """A variable and a component's name."""
    word = draft.noun()
    return word + suffix, word.capitalize() + suffix


def bucket(draft: Draft) -> list[Line]:
    variable, name = _named(draft, "Bucket")
    draft.links.append(variable)
    access = draft.maybe(0.4, f'access: "{draft.chance.choice(["public", "cloudfront"])}",')
    lines = _made(f"const {variable} = ", f'sst.aws.Bucket("{name}"', access)
    if draft.chance.random() < 0.3:
        lines += [
            f"{variable}.notify({{",
            "  notifications: [{",
            f'    name: "{name}Watch", function: "{draft.handler()}", events: ["s3:ObjectCreated:*"],',
            "  }],",
            "});",
        ]
    return lines


def table(draft: Draft) -> list[Line]:
    variable, name = _named(draft, "Table")
    draft.links.append(variable)
    index = '{ hashKey: "pk", rangeKey: "sk" }'
    return [
        f'const {variable} = new sst.aws.Dynamo("{name}", {{',
        '  fields: { pk: "string", sk: "string", gsi1pk: "string", gsi1sk: "string" },',
        f"  primaryIndex: {index},",
        *draft.maybe(0.6, '  globalIndexes: { gsi1: { hashKey: "gsi1pk", rangeKey: "gsi1sk" } },'),
        *draft.maybe(0.2, '  ttl: "expiresAt",'),
        "});",
    ]


def secrets(draft: Draft) -> list[Line]:
    lines = []
    for word in draft.chance.sample(["StripeKey", "OpenAiKey", "AuthSecret", "MailKey", "SentryDsn"], 2):
        variable = word[0].lower() + word[1:]
        draft.links.append(variable)
        lines.append(f'const {variable} = new sst.Secret("{word}");')
    return lines


def queue(draft: Draft) -> list[Line]:
    variable, name = _named(draft, "Queue")
    seconds = draft.chance.choice([30, 60, 120, 240])
    hidden = seconds // 2 if draft.faulty and draft.chance.random() < 0.3 else seconds * 6
    return [
        f'const {variable}Dlq = new sst.aws.Queue("{name}Dlq");',
        f'const {variable} = new sst.aws.Queue("{name}", {{',
        f'  visibilityTimeout: "{hidden} seconds",',
        f"  dlq: {variable}Dlq.arn,",
        "});",
        f"{variable}.subscribe(",
        f'  {{ handler: "{draft.handler()}", timeout: "{seconds} seconds", {draft.linked()} }},',
        "  { batch: { size: 10, partialResponses: true } },",
        ");",
    ]


def cron(draft: Draft) -> list[Line]:
    _, name = _named(draft)
    often = draft.chance.choice(["rate(1 day)", "cron(0 6 * * ? *)", "rate(1 hour)"])
    if draft.faulty and draft.chance.random() < 0.3:
        often = "rate(5 minutes)"
    minutes = draft.chance.randint(1, 14)
    handler = f'handler: "{draft.handler(folder="packages/jobs")}", timeout: "{minutes} minutes"'
    return [
        f'new sst.aws.Cron("{name}Cron", {{',
        f'  schedule: "{often}",',
        f"  job: {{ {handler}, {draft.linked()} }},",
        "});",
    ]


def api(draft: Draft) -> list[Line]:
    word = draft.noun()
    variable, name = f"{word}Api", f"{word.capitalize()}Api"
    cors = draft.maybe(0.3, '  cors: { allowOrigins: ["*"], allowMethods: ["GET", "POST"] },')
    lines = [f'const {variable} = new sst.aws.ApiGatewayV2("{name}", {{', *cors]
    if draft.chance.random() < 0.5:
        memory = draft.chance.choice([256, 512, 1024])
        lines.append(
            f"  transform: {{ route: {{ handler: {{ memory: '{memory} MB', {draft.linked()} }} }} }},"
        )
    lines.append("});")
    for _ in range(draft.chance.randint(2, 6)):
        noun, verb = draft.chance.choice(NOUNS), draft.chance.choice(["GET", "POST", "PUT", "DELETE"])
        timeout = draft.maybe(0.3, f'timeout: "{draft.chance.choice([5, 10, 20, 25])} seconds"')
        body = ", ".join([f'handler: "{draft.handler()}"', *timeout])
        lines.append(f'{variable}.route("{verb} /{noun}s/{{id}}", {{ {body} }});')
    if draft.chance.random() < 0.3:
        lines += [
            f'for (const path of ["health", "version", "{draft.chance.choice(NOUNS)}"]) {{',
            f'  {variable}.route(`GET /${{path}}`, "packages/functions/src/meta.handler");',
            "}",
        ]
    draft.outputs.append(f"api: {variable}.url")
    draft.links.append(variable)
    return lines


def streaming(draft: Draft) -> list[Line]:
    variable, name = _named(draft, "Chat")
    seconds = draft.chance.choice([30, 60]) if draft.faulty else draft.chance.choice([300, 600, 900])
    draft.outputs.append(f"chat: {variable}.url")
    return [
        f'const {variable} = new sst.aws.Function("{name}", {{',
        f'  handler: "{draft.handler()}",',
        "  url: { cors: true },",
        f"  streaming: {'true' if draft.faulty else '!$dev'},",
        f'  timeout: "{seconds} seconds",',
        *draft.maybe(0.5, f'  memory: "{draft.chance.choice([512, 1024, 2048])} MB",'),
        *(f"  {line}" for line in [draft.linked()] if line),
        "});",
    ]


def functions(draft: Draft) -> list[Line]:
    lines = ["const defaults = {", '  runtime: "nodejs20.x",', '  architecture: "arm64",']
    lines += [
        f"  memory: {draft.by_stage(chr(34) + '1024 MB' + chr(34), chr(34) + '512 MB' + chr(34))},",
        "} as const;",
    ]
    for _ in range(draft.chance.randint(1, 3)):
        _, name = _named(draft)
        seconds = draft.chance.choice([15, 30, 60, 120])
        lines += [
            f'new sst.aws.Function("{name}Worker", {{',
            "  ...defaults,",
            f'  handler: "{draft.handler()}",',
            f'  timeout: "{seconds} seconds",',
            *(f"  {line}" for line in [draft.linked()] if line),
            "  environment: { LOG_LEVEL: " + draft.by_stage('"warn"', '"debug"') + " },",
            "});",
        ]
    return lines


def bus(draft: Draft) -> list[Line]:
    variable, name = _named(draft, "Bus")
    draft.links.append(variable)
    lines = [f'const {variable} = new sst.aws.Bus("{name}");']
    for number in range(draft.chance.randint(1, 3)):
        kind = f"{draft.chance.choice(NOUNS)}.{draft.chance.choice(VERBS)}d"
        lines += [
            f'{variable}.subscribe("{name}On{number}", "{draft.handler()}", {{',
            f'  pattern: {{ detailType: ["{kind}"] }},',
            "});",
        ]
    return lines


def site(draft: Draft) -> list[Line]:
    kind = draft.chance.choice(["Nextjs", "Nextjs", "Nextjs", "Astro", "Remix", "SvelteKit", "StaticSite"])
    production, other = f"`{draft.product}.example.com`", f"`${{$app.stage}}.{draft.product}.example.com`"
    domain = [f"  domain: {draft.by_stage(production, other)},"]
    if kind == "StaticSite":
        build = '  build: { command: "npm run build", output: "dist" },'
        return [
            'const web = new sst.aws.StaticSite("Web", {',
            '  path: "packages/web",',
            build,
            *domain,
            "});",
        ]
    wait = "20 seconds" if draft.faulty and draft.chance.random() < 0.5 else "60 seconds"
    draft.outputs.append("site: web.url")
    return [
        f'const web = new sst.aws.{kind}("Web", {{',
        f'  path: "{draft.chance.choice(["packages/web", "apps/web", "."])}",',
        *(f"  {line}" for line in [draft.linked()] if line),
        *(domain if draft.chance.random() < 0.6 else []),
        *draft.maybe(0.3, "  warm: 2,"),
        *draft.maybe(0.4, f'  server: {{ memory: "1024 MB", timeout: "{wait}" }},'),
        *draft.maybe(0.6, "  environment: { NEXT_PUBLIC_STAGE: $app.stage },"),
        "});",
    ]


def network(draft: Draft) -> list[Line]:
    draft.links.append("database")
    return [
        'const vpc = new sst.aws.Vpc("Vpc", { bastion: true, nat: "ec2" });',
        'const database = new sst.aws.Postgres("Database", {',
        "  vpc,",
        '  scaling: { min: "0.5 ACU", max: ' + draft.by_stage('"8 ACU"', '"1 ACU"') + " },",
        "});",
    ]


def _made(before: str, what: str, options: list[Line]) -> list[Line]:
    if not options:
        return [f"{before}new {what});"]
    return [f"{before}new {what}, {{", *(f"  {line}" for line in options), "});"]


KINDS: tuple[tuple[Part, ...], ...] = (
    (table, api),
    (secrets, site),
    (bucket, site),
    (api, cron),
    (streaming,),
    (queue, table),
    (bucket, functions),
    (secrets, table, api, queue),
    (secrets, bucket, streaming, site),
    (network, api, functions, site),
    (bucket, table, bus, functions),
    (table, secrets, bucket, bus, api, queue, cron, site),
)
"""Products by what they consist of, most of them small; each project leaves some of it out."""


def files(number: int, seed: int = 17, *, faulty: bool = False) -> dict[str, str]:
    """The files of one project by path."""
    draft = Draft(number, seed, faulty=faulty)
    kind = draft.chance.choice(KINDS)
    parts = [part for part in kind if draft.chance.random() < 0.85] or list(kind)
    if faulty and streaming not in parts:
        parts.append(streaming)
    bodies = [(part.__name__, part(draft)) for part in parts]
    release = draft.chance.choice(RELEASES)
    package = {
        "name": draft.name,
        "private": True,
        "type": "module",
        "scripts": {"dev": "sst dev", "deploy": "sst deploy"},
        "dependencies": {"sst": release if draft.chance.random() < 0.5 else f"^{release}"},
        "devDependencies": {"typescript": "^5.4.0", "@types/aws-lambda": "8.10.145"},
    }
    found = {"package.json": json.dumps(package, indent=2) + "\n"}
    if draft.infra:
        body = [line for _, lines in bodies for line in lines]
        found["infra/app.ts"] = (
            "\n".join(f"export {line}" if line.startswith("const ") else line for line in body) + "\n"
        )
        imported = ['const app = await import("./infra/app");']
        outputs = [each.replace(": ", ": app.", 1) for each in draft.outputs]
        found["sst.config.ts"] = _config(draft, imported, outputs)
    else:
        constant = ['const production = $app.stage === "production";'] if draft.staged else []
        body = [line for _, lines in bodies for line in [*lines, ""]][:-1]
        found["sst.config.ts"] = _config(draft, [*constant, *body], draft.outputs)
    return found


def _config(draft: Draft, body: list[Line], outputs: list[str]) -> str:
    region = draft.maybe(0.4, f'      providers: {{ aws: {{ region: "{draft.chance.choice(REGIONS)}" }} }},')
    returned = [f"return {{ {', '.join(dict.fromkeys(outputs))} }};"] if outputs else []
    lines = [
        '/// <reference path="./.sst/platform/config.d.ts" />',
        "",
        "export default $config({",
        "  app(input) {",
        "    return {",
        f'      name: "{draft.name}",',
        '      removal: input?.stage === "production" ? "retain" : "remove",',
        *draft.maybe(0.5, '      protect: ["production"].includes(input?.stage),'),
        '      home: "aws",',
        *region,
        "    };",
        "  },",
        "  async run() {",
        *(f"    {line}".rstrip() for line in [*body, *returned]),
        "  },",
        "});",
    ]
    return "\n".join(lines) + "\n"


def projects(count: int, seed: int = 17, faulty: float = 0.0) -> Iterator[tuple[str, dict[str, str]]]:
    """Folders of a monorepo, each with its files; the `faulty` share has findings."""
    for number in range(count):
        found = files(number, seed, faulty=number % 100 < faulty * 100)
        yield f"apps/{json.loads(found['package.json'])['name']}", found


def lay_out(folder: Path, count: int, seed: int = 17, faulty: float = 0.0) -> int:
    """Write them below `folder`; the bytes of their configs and modules."""
    size = 0
    for place, found in projects(count, seed, faulty):
        for path, text in found.items():
            file = folder / place / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            size += len(text) if path.endswith(".ts") else 0
    return size


def main() -> int:
    """Lay projects out for a look, or for another tool."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--faulty", type=float, default=0.0, help="the share of projects with findings")
    args = parser.parse_args()
    size = lay_out(args.folder, args.count, args.seed, args.faulty)
    print(f"{args.count} projects, {size / args.count / 1000:.2f} KB of code each")
    return 0


if __name__ == "__main__":
    sys.exit(main())
