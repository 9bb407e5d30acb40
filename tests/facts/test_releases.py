"""Facts about what differs by release, and the Lambdas that components bring along."""

from __future__ import annotations

import pytest

from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree
from tests.facts.program import CONFIG, DEV, V3, V4, Fact, cases, deployment, holds, name_of, plain

ONE = '{ handler: "a.h", timeout: "1 minute" }'
AUTHENTICATOR = f'new sst.aws.Auth("A", {{ authenticator: {ONE} }});'
AUTHORIZER = f'new sst.aws.Auth("A", {{ authorizer: {ONE} }});'
ISSUER = f'new sst.aws.Auth("A", {{ issuer: {ONE} }});'

SOLID = 'new sst.aws.SolidStart("W");'
TANSTACK = 'new sst.aws.TanstackStart("W");'
CONFIGURED = (
    'import { defineConfig } from "@solidjs/start/config"; export default defineConfig({ server: { %s } });'
)
PRESET = {"app.config.ts": CONFIGURED % 'preset: "aws-lambda-streaming"'}
BUFFERED = {"app.config.ts": CONFIGURED % 'preset: "aws-lambda"'}
SETTING = {"app.config.ts": CONFIGURED % 'preset: "aws-lambda", awsLambda: { streaming: true }'}

FACTS = [
    Fact(AUTHENTICATOR, {"A": "60 S"}, versions=("0.1.93", "3.0.0", "3.0.42")),
    Fact(AUTHENTICATOR, {"A": "60 B"}, versions=("3.0.0", "3.0.42"), context=DEV),
    Fact(AUTHENTICATOR, {"A": "60 B"}, versions=("3.0.43", "3.3.59")),
    Fact(AUTHORIZER, {"A": "60 B"}, versions=("3.3.60", "3.5.0", "3.5.1", V3, V4)),
    Fact(ISSUER, {"A": "60 B"}, versions=("3.5.1", V3, V4)),
    Fact(f'new sst.aws.Auth.v1("A", {{ authenticator: {ONE} }});', {"A": "60 B"}, versions=("3.3.60", V3, V4)),
    Fact('new sst.aws.Auth("A", { authenticator: { handler: "a.h", streaming: false } });', {"A": "20 S"},
         versions=("3.0.42",)),
    # SolidStart and TanstackStart: the preset, then Nitro's setting
    Fact(SOLID, {"W/server": "20 S"}, versions=("0.1.93", "3.0.0", "3.0.59")),
    Fact(SOLID, {"W/server": "20 S"}, versions=("3.0.60", "3.4.17"), files=PRESET),
    Fact(SOLID, {"W/server": "20 B"}, versions=("3.4.18", V4), files=PRESET),
    Fact(SOLID, {"W/server": "20 B"}, versions=("3.0.60", "3.4.17"), files=BUFFERED),
    Fact(SOLID, {"W/server": "20 B"}, versions=("3.0.60",)),
    Fact(SOLID, {"W/server": "20 B"}, versions=("3.4.17",), files=SETTING),
    Fact(SOLID, {"W/server": "20 S"}, versions=("3.4.18", V3, V4), files=SETTING),
    Fact(TANSTACK, {"W/server": "20 S"}, versions=("3.0.95", "3.4.17"), files=PRESET),
    Fact(TANSTACK, {"W/server": "20 B"}, versions=("3.4.18", "3.4.32"), files=SETTING),
    Fact(TANSTACK, {"W/server": "20 S"}, versions=("3.4.33", "3.9.20"), files=SETTING),
    # Lambdas of SST's own code
    Fact('new sst.aws.Vector("V", { dimension: 10 });', {"V/Query": "20 -", "V/Put": "20 -", "V/Remove": "20 -"},
         versions=("3.0.0", V3, V4)),
    Fact('sst.aws.Vector.get("V", "cluster");', {"V/Query": "20 -"}),
    Fact("""$transform(sst.aws.Function, (a, o, name) => { if (name === "VPut") a.timeout = "1 minute"; });
         new sst.aws.Vector("V", { dimension: 10 });""", {"V/Query": "20 -", "V/Put": "60 -"}),
    Fact('new sst.aws.Nextjs("W", { protection: "oac-with-edge-signing" });', {"W/EdgeFunction": "5 -"},
         versions=("3.17.36", V3, V4)),
    Fact("""new sst.aws.Nextjs("W", { protection: {
         mode: "oac-with-edge-signing", edgeFunction: { timeout: "10 seconds" } } });""", {"W/EdgeFunction": "10 -"}),
    Fact('new sst.aws.Router("R", { protection: "oac-with-edge-signing" });', {"R/EdgeFunction": "5 -"},
         versions=("4.1.0", V4)),
    Fact("""$transform(aws.lambda.Function, (a) => { a.timeout = 8 });
         new sst.aws.Router("R", { protection: "oac-with-edge-signing" });""", {"R/EdgeFunction": "8 -"}, versions=(V4,)),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "version"), cases(FACTS), ids=name_of)
def test_fact(fact: Fact, version: str) -> None:
    holds(fact, version)


@pytest.mark.parametrize(
    ("run", "version"),
    [(AUTHENTICATOR, "3.3.60"), (AUTHENTICATOR, V4), (AUTHORIZER, "3.3.59"), (ISSUER, "3.5.0")],
)
def test_what_a_release_does_not_read_makes_no_lambda(run: str, version: str) -> None:
    assert deployment(Fact(run), version).functions == ()


SIGNED = 'protection: "oac-with-edge-signing"'


@pytest.mark.parametrize(
    ("run", "version"),
    [
        (f'new sst.aws.Nextjs("W", {{ {SIGNED} }});', "3.17.35"),
        (f'new sst.aws.Router("W", {{ {SIGNED} }});', V3),
        (f'new sst.aws.Router("W", {{ {SIGNED}, routes: {{ "/*": "https://example.com" }} }});', V4),
        ('new sst.aws.Nextjs("W", { protection: "oac" });', V4),
        ("""const f = new sst.aws.Function("F", { handler: "a.h" }); new sst.aws.Nextjs("W", {
            protection: { mode: "oac-with-edge-signing", edgeFunction: { arn: f.arn } } });""", V4),
    ],
)  # fmt: skip
def test_without_the_mode_or_with_an_arn_there_is_no_signer(run: str, version: str) -> None:
    assert "EdgeFunction" not in [plain(each.name) for each in deployment(Fact(run), version).functions]


def test_a_signer_behind_what_cannot_be_seen_is_not_certain() -> None:
    run = 'new sst.aws.Router("R", { protection: process.env.SIGN ? "oac-with-edge-signing" : "none" });'
    [signer] = deployment(Fact(run), V4).functions
    assert (plain(signer.name), signer.certain) == ("EdgeFunction", False)


def test_where_sst_itself_asks_for_dev_no_context_borrows_from_another() -> None:
    files = {"package.json": '{"dependencies": {"sst": "3.0.42"}}', "sst.config.ts": CONFIG % AUTHENTICATOR}
    tree = MemoryTree({path: text.encode() for path, text in files.items()})
    seen = read_project(tree, "sst.config.ts").contexts
    assert [plain(each.functions[0].effective["streaming"]) for each in seen] == [True, False]
