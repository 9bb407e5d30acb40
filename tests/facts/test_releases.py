"""Facts 100 to 119: what differs by release, and the Lambdas that components bring along."""

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
    Fact(100, AUTHENTICATOR, {"A": "60 S"}, versions=("0.1.93", "3.0.0", "3.0.42")),
    Fact(100, AUTHENTICATOR, {"A": "60 B"}, versions=("3.0.0", "3.0.42"), context=DEV),
    Fact(100, AUTHENTICATOR, {"A": "60 B"}, versions=("3.0.43", "3.3.59")),
    Fact(101, AUTHORIZER, {"A": "60 B"}, versions=("3.3.60", "3.5.0", "3.5.1", V3, V4)),
    Fact(102, ISSUER, {"A": "60 B"}, versions=("3.5.1", V3, V4)),
    Fact(103, f'new sst.aws.Auth.v1("A", {{ authenticator: {ONE} }});', {"A": "60 B"}, versions=("3.3.60", V3, V4)),
    Fact(104, 'new sst.aws.Auth("A", { authenticator: { handler: "a.h", streaming: false } });', {"A": "20 S"},
         versions=("3.0.42",)),
    # SolidStart and TanstackStart: the preset, then Nitro's setting
    Fact(105, SOLID, {"W/server": "20 S"}, versions=("0.1.93", "3.0.0", "3.0.59")),
    Fact(106, SOLID, {"W/server": "20 S"}, versions=("3.0.60", "3.4.17"), files=PRESET),
    Fact(106, SOLID, {"W/server": "20 B"}, versions=("3.4.18", V4), files=PRESET),
    Fact(106, SOLID, {"W/server": "20 B"}, versions=("3.0.60", "3.4.17"), files=BUFFERED),
    Fact(106, SOLID, {"W/server": "20 B"}, versions=("3.0.60",)),
    Fact(107, SOLID, {"W/server": "20 B"}, versions=("3.4.17",), files=SETTING),
    Fact(107, SOLID, {"W/server": "20 S"}, versions=("3.4.18", V3, V4), files=SETTING),
    Fact(108, TANSTACK, {"W/server": "20 S"}, versions=("3.0.95", "3.4.17"), files=PRESET),
    Fact(108, TANSTACK, {"W/server": "20 B"}, versions=("3.4.18", "3.4.32"), files=SETTING),
    Fact(108, TANSTACK, {"W/server": "20 S"}, versions=("3.4.33", "3.9.20"), files=SETTING),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "version"), cases(FACTS), ids=name_of)
def test_fact(fact: Fact, version: str) -> None:
    holds(fact, version)


@pytest.mark.parametrize(
    ("run", "version"),
    [(AUTHENTICATOR, "3.3.60"), (AUTHENTICATOR, V4), (AUTHORIZER, "3.3.59"), (ISSUER, "3.5.0")],
)
def test_what_a_release_does_not_read_makes_no_lambda(run: str, version: str) -> None:
    assert deployment(Fact(0, run), version).functions == ()


def test_where_sst_itself_asks_for_dev_no_context_borrows_from_another() -> None:
    files = {"package.json": '{"dependencies": {"sst": "3.0.42"}}', "sst.config.ts": CONFIG % AUTHENTICATOR}
    tree = MemoryTree({path: text.encode() for path, text in files.items()})
    seen = read_project(tree, "sst.config.ts").contexts
    assert [plain(each.functions[0].effective["streaming"]) for each in seen] == [True, False]
