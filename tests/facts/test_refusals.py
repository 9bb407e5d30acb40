"""What SST refuses of arguments: one row for each refusal, with the neighbours that it accepts, by release."""

from __future__ import annotations

import pytest

from tests.facts.program import V3, V4, Fact, deployment

DNS = "domain: { name: 'a.example.com', dns: false%s }"
CERT = ", cert: 'arn:aws:acm:us-east-1:1:certificate/x'"
CLUSTER = "const vpc = new sst.aws.Vpc('V'); const cluster = new sst.aws.Cluster('C', { vpc });"
SERVICE = CLUSTER + "new sst.aws.Service('S', { cluster, %s });"
TASK = CLUSTER + "new sst.aws.Task('T', { cluster, %s });"
DATABASE = "const vpc = new sst.aws.Vpc('V'); new sst.aws.%s('D', { vpc, %s });"

REFUSED = [
    (f"new sst.aws.ApiGatewayV2('A', {{ {DNS % ''} }});", 'Domain "cert" is required', V4),
    (f"new sst.aws.ApiGatewayWebSocket('A', {{ {DNS % ''} }});", 'Domain "cert" is required', V3),
    (f"new sst.aws.ApiGatewayV1('A', {{ {DNS % ''} }});", 'Domain "cert" is required', "3.4.5"),
    ("new sst.aws.ApiGatewayV2('A', { domain: { name: 'a.b', nameId: 'x' } });", "Cannot configure both", V4),
    ("new sst.aws.ApiGatewayV2('A', { domain: { path: 'v1' } });", "Either domain", V4),
    ("new sst.aws.ApiGatewayV1('A', { endpoint: { type: 'private' } });", "VPC endpoint IDs", V4),
    (f"new sst.aws.Nextjs('W', {{ {DNS % ''} }});", "Need to provide a validated certificate", V4),
    (f"new sst.aws.Router('R', {{ {DNS % ''} }});", "Need to provide a validated certificate", "3.1.70"),
    ("new sst.aws.StaticSite('W', { cdn: false });", '"cdn" prop is deprecated', "3.12.5"),
    ("new sst.aws.StaticSite('W', { base: '/docs' });", '"base" prop is deprecated', V4),
    ("new sst.aws.Astro('W', { server: { edge: { viewerRequest: {} } } });", '"server.edge" prop', V4),
    ("new sst.aws.Function('F', { handler: 'a.h', durable: true, logging: { format: 'text' } });",
     "Durable functions require", V4),
    ("new sst.aws.Vpc('V', { nat: { type: 'managed', ec2: { instance: 't4g.nano' } } });", "cannot be", V4),
    ("new sst.aws.Vpc('V', { nat: { ip: ['eipalloc-1'] } });", 'Missing "nat.type"', V4),
    ("new sst.aws.CognitoUserPool('U', { aliases: ['email'], usernames: ['email'] });", "both aliases", V4),
    ("new sst.aws.CognitoUserPool('U', { triggers: { customEmailSender: 'a.h' } });", "KMS key", V4),
    (DATABASE % ("Postgres", "storage: '10 GB'"), "Storage must be at least 20 GB", V4),
    (DATABASE % ("Mysql", "storage: '0.01 TB'"), "Storage must be at least 20 GB", V4),
    (SERVICE % "cpu: '3 vCPU'", "Unsupported CPU: 3 vCPU", V4),
    (SERVICE % "cpu: '1 vCPU'", "Unsupported memory: 0.5 GB", V4),
    (SERVICE % "cpu: '0.25 vCPU', memory: '4 GB'", "for a 0.25 vCPU CPU are 0.5 GB, 1 GB, 2 GB", V3),
    (TASK % "memory: '0.25 GB'", "Unsupported memory: 0.25 GB", V4),
    (TASK % "containers: [{ name: 'a' }], image: { context: '.' }", 'both "containers" and "image"', V4),
    (SERVICE % "loadBalancer: { domain: 'a.example.com' }", "You must provide the ports to expose", V4),
    (SERVICE % "loadBalancer: { rules: [{ listen: '443/https' }] }", "custom domain for HTTPS protocol", V4),
    (SERVICE % "public: { ports: [{ listen: '443/tls' }] }", "custom domain for TLS protocol", "3.2.70"),
    (SERVICE % "loadBalancer: { rules: [{ listen: '80/http', forward: '3000/http' }], health: { '80/http': {} } }",
     'Cannot configure health check for "80/http"', V4),
    ("new sst.aws.ApiGatewayV2('A').routePrivate('$default', 'arn:aws:x');", "need to have a VPC link", V4),
    ("new sst.aws.ApiGatewayV2('A').addAuthorizer({ name: 'auth' });", "Please provide one of", V4),
    ("new sst.aws.ApiGatewayV1('A').addAuthorizer({ name: 'auth', tokenFunction: 'a.h', userPools: ['x'] });",
     "Please provide only one of", V4),
]  # fmt: skip
ACCEPTED = [
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


@pytest.mark.parametrize(("run", "message", "version"), REFUSED, ids=range(len(REFUSED)))
def test_sst_refuses(run: str, message: str, version: str) -> None:
    [crash] = deployment(Fact(run), version).crashes
    assert message in crash.message


@pytest.mark.parametrize(("run", "version"), ACCEPTED, ids=range(len(ACCEPTED)))
def test_sst_accepts(run: str, version: str) -> None:
    assert deployment(Fact(run), version).crashes == ()
