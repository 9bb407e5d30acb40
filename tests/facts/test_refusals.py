"""What SST refuses of arguments, by release: `refusals.txt` has a program for each refusal with all that is
reported of it, and the table here the neighbours that SST accepts.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policy_bot.sst.catalog import refusals as catalog
from policy_bot.sst.catalog.combinations import COMBINATIONS
from tests.facts.program import CONFIG, DEV, PRODUCTION, V4, Fact, deployment

FILE = Path(__file__).with_name("refusals.txt")
EXAMPLES = FILE.read_text().strip().split("\n\n")

DNS = "domain: { name: 'a.example.com', dns: false%s }"
CERT = ", cert: 'arn:aws:acm:us-east-1:1:certificate/x'"
CLUSTER = "const vpc = new sst.aws.Vpc('V'); const cluster = new sst.aws.Cluster('C', { vpc });"
SERVICE = CLUSTER + "new sst.aws.Service('S', { cluster, %s });"
TASK = CLUSTER + "new sst.aws.Task('T', { cluster, %s });"
BUCKET = "new sst.aws.Bucket('B', { %s });"
NOTIFY = "new sst.aws.Bucket('B').notify({ notifications: [{ name: 'N', %s }] });"
OWN_VPC = "new sst.aws.Cluster('C', { vpc: { id: 'vpc-1', securityGroups: [], loadBalancerSubnets: []%s } });"
DATABASE = "const vpc = new sst.aws.Vpc('V'); new sst.aws.%s('D', { vpc, %s });"

ACCEPTED = [
    (DATABASE % ("Postgres", "storage: '64 TB'"), V4),
    (DATABASE % ("Aurora", "engine: 'postgres', replicas: 15, scaling: { pauseAfter: '9 minutes' }"), V4),
    (BUCKET % "lifecycle: [{ id: 'a' }, {}, { id: process.env.ID }]", V4),
    (BUCKET % "lifecycle: [{ id: 'a' }, { id: 'a' }]", "3.17.29"),
    (NOTIFY % "function: 'a.h', queue: process.env.QUEUE", V4),
    ("new sst.aws.Nextjs('W', { regions: ['us-east-1'] });", V4),
    (OWN_VPC % ", containerSubnets: ['a']", V4),
    ("new sst.aws.Vpc('V', { az: 1, nat: { type: 'managed', ip: ['eipalloc-1'] } });", V4),
    ("new sst.aws.Vpc('V', { az: 3, nat: { type: 'ec2', ip: process.env.IPS.split(',') } });", V4),
    ("const b = process.env.B ? new sst.aws.Bucket('B') : undefined;"
     "new sst.aws.Function('F', { handler: 'a.h', link: [b] });", V4),
    ("new sst.aws.Function('F', { handler: 'a.h', link: [undefined] });", "3.0.109"),
    ("const f = new sst.aws.Function('F', { handler: 'a.h', url: process.env.URL === 'on' });"
     "new sst.aws.Router('R').route('/', f.url);", V4),
    ("const a = new sst.aws.Bucket('Data'); new aws.s3.Bucket('data');", V4),
    ("const a = new sst.aws.Bucket('Data'); new sst.aws.Bus('data', {}, { parent: a });", V4),
    (SERVICE % "loadBalancer: { rules: [{ listen: '80/http', redirect: '443/https' }, { listen: '443/https' }],"
     " domain: 'a.example.com' }", V4),
    (f"new sst.aws.ApiGatewayV2('A', {{ {DNS % CERT} }});", V4),
    (f"new sst.aws.ApiGatewayV1('A', {{ {DNS % ''} }});", "3.4.4"),
    ("new sst.aws.ApiGatewayV2('A', { domain: 'a.example.com' });", V4),
    ("new sst.aws.ApiGatewayV2('A', { domain: { nameId: 'x' } });", V4),
    ("new sst.aws.ApiGatewayV1('A', { endpoint: { type: 'regional' } });", V4),
    (f"new sst.aws.Nextjs('W', {{ {DNS % CERT} }});", V4),
    ("new sst.aws.StaticSite('W', { cdn: false });", "3.12.4"),
    ("new sst.aws.Function('F', { handler: 'a.h', durable: true, logging: { format: 'json' } });", V4),
    ("new sst.aws.Function('F', { handler: 'a.h', logging: { format: 'text' } });", V4),
    ("new sst.aws.Vpc('V', { nat: { type: 'ec2', ec2: { instance: 't4g.nano' } } });", V4),
    ("new sst.aws.Vpc('V', { nat: 'managed' }); new sst.aws.Vpc('W');", V4),
    ("new sst.aws.CognitoUserPool('U', { triggers: { customEmailSender: 'a.h', kmsKey: 'k' } });", V4),
    (DATABASE % ("Postgres", "storage: '20 GB'"), V4),
    (DATABASE % ("Postgres", "password: 'x'"), V4),
    (DATABASE % ("Postgres", "storage: process.env.STORAGE"), V4),
    (SERVICE % "cpu: '4 vCPU', memory: '30 GB'", V4),
    (SERVICE % "cpu: '16 vCPU', memory: '120 GB'", V4),
    (SERVICE % "cpu: process.env.CPU", V4),
    (SERVICE % "cpu: '1 vCPU', memory: process.env.MEMORY", V4),
    (SERVICE % "loadBalancer: { domain: 'a.example.com', rules: [{ listen: '443/https' }] }", V4),
    (SERVICE % "loadBalancer: { rules: [{ listen: '80/http' }] }", V4),
    (SERVICE % "loadBalancer: { instance: process.env.ALB }", V4),
    (SERVICE % "loadBalancer: { rules: [{ listen: '80/http', forward: '3000/http' }], health: { '3000/http': {} } }",
     V4),
    (SERVICE % "loadBalancer: { rules: [{ listen: process.env.PORT }], health: { '3000/http': {} } }", V4),
    ("const vpc = new sst.aws.Vpc('V'); new sst.aws.ApiGatewayV2('A', { vpc }).routePrivate('$default', 'arn:x');",
     V4),
    ("new sst.aws.ApiGatewayV2('A').addAuthorizer({ name: 'auth', jwt: { issuer: 'x', audiences: [] } });", V4),
]  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES, ids=[" ".join(each.split())[:60] for each in EXAMPLES])
def test_sst_refuses(example: str) -> None:
    assert refused(example) == example


def refused(example: str) -> str:
    """An example with the refusals of its program as they are now. A first line `app: ...` is what app() gives."""
    program, _, release = example.partition("\n  SST ")
    head = release.partition(":")[0]
    version, _, dev = head.partition(", ")
    app, _, body = (
        program.rpartition("app: ")[2].partition("\n") if program.startswith("app: ") else ("", "", program)
    )
    config = CONFIG % body.replace("\n", " ")
    config = config.replace('{ name: "app", home: "aws" }', app) if app else config
    fact = Fact(config=config, context=DEV if dev else PRODUCTION)
    source = config.encode()
    lines = [program, f"  SST {head}:"]
    for crash in deployment(fact, version).crashes:
        bounds = [f"from {crash.since}"] * bool(crash.since) + [f"until {crash.before}"] * bool(crash.before)
        place = " ".join(source[crash.span.start : crash.span.end].decode().split())
        lines.append(f"  {crash.code}, {' '.join(bounds) or 'in every release'}, at `{place}`")
        lines += [f"    {text}" for text in (crash.message, crash.remedy) if text]
    return "\n".join(lines)


def test_every_refusal_has_an_example() -> None:
    text = FILE.read_text()
    wanted = {row.message for rows in COMBINATIONS.values() for row in rows}
    wanted |= {message for _, message in catalog.ONCE.values()}
    wanted |= {message for _, message, _ in catalog.NEEDED_BY_CALL.values()}
    wanted |= {message for _, _, message in catalog.NO_NAT}
    assert [each for each in wanted if not re.search(pattern(each), text)] == []
    for component, arguments in catalog.REQUIRED.items():
        for names in arguments:
            listed = " or ".join(f'"{name}"' for name in names)
            assert f'{listed} of {component.rpartition(".")[2]} "X" is missing' in text


def pattern(message: str) -> str:
    """A pattern for a message whose parts in braces may be anything."""
    return re.sub(r"\\\{\w+\\\}", ".*", re.escape(message))


@pytest.mark.parametrize(("run", "version"), ACCEPTED, ids=range(len(ACCEPTED)))
def test_sst_accepts(run: str, version: str) -> None:
    assert deployment(Fact(run), version).crashes == ()


if __name__ == "__main__":  # after a change that is meant: python -m tests.facts.test_refusals
    FILE.write_text("\n\n".join(map(refused, EXAMPLES)) + "\n")
