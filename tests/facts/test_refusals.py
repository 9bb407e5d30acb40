"""What SST refuses of arguments: one row for each refusal, with the neighbours that it accepts, by release."""

from __future__ import annotations

import pytest

from tests.facts.program import V3, V4, Fact, deployment

DNS = "domain: { name: 'a.example.com', dns: false%s }"
CERT = ", cert: 'arn:aws:acm:us-east-1:1:certificate/x'"
CLUSTER = "const vpc = new sst.aws.Vpc('V'); const cluster = new sst.aws.Cluster('C', { vpc });"
SERVICE = CLUSTER + "new sst.aws.Service('S', { cluster, %s });"
TASK = CLUSTER + "new sst.aws.Task('T', { cluster, %s });"
BUCKET = "new sst.aws.Bucket('B', { %s });"
NOTIFY = "new sst.aws.Bucket('B').notify({ notifications: [{ name: 'N', %s }] });"
OWN_VPC = "new sst.aws.Cluster('C', { vpc: { id: 'vpc-1', securityGroups: [], loadBalancerSubnets: []%s } });"
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
    (DATABASE % ("Postgres", "storage: '65 TB'"), "Storage cannot be greater than 65536 GB", V4),
    (DATABASE % ("Aurora", "engine: 'postgres', replicas: 16"), "more than 15 read-only replicas", V4),
    (DATABASE % ("Aurora", "engine: 'mysql', scaling: { min: '1 ACU', pauseAfter: '9 minutes' }"),
     'Cannot configure "pauseAfter"', V4),
    (BUCKET % "lifecycle: [{ id: 'a' }, { id: 'a ' }]", 'The id "a" is used by rules at indexes 0 and 1', V4),
    (BUCKET % "lifecycle: [{ id: 'BLifecycleRule1' }, {}]", "must be unique", V4),
    (BUCKET % "lifecycle: [{ id: ' ' }]", "empty or whitespace-only", V4),
    (BUCKET % "lifecycle: [{ id: 'a'.repeat(256) }]", "256 characters long", V4),
    (NOTIFY % "function: 'a.h', topic: 'arn:aws:sns:us-east-1:1:x'", "Only one of function, queue, or topic", V4),
    (NOTIFY % "events: ['s3:ObjectCreated:*']", "At least one of function, queue, or topic", V4),
    ("new sst.aws.Nextjs('W', { regions: [] });", "No deployment regions", V4),
    ("new sst.aws.Astro('W', { regions: ['us-east-1', 'ca-west-1'] });", "Region ca-west-1 is not", V3),
    (OWN_VPC % "", 'Missing "vpc.containerSubnets"', V4),
    (OWN_VPC % ", serviceSubnets: ['a'], containerSubnets: ['a']", "You cannot provide both", V4),
    (OWN_VPC % ", containerSubnets: ['a'], cloudmapNamespaceId: 'x'", "You must provide both", V4),
    ("new sst.aws.Vpc('V', { nat: { type: 'managed', ip: ['eipalloc-1'] } });", "number of Elastic IP", V4),
    (TASK % "public: true, publicIp: false", 'Do not set both "public" and "publicIp"', V4),
    ("new sst.aws.Function('F', { handler: 'a.h', copyFiles: [{ from: 'x', to: '/opt/x' }] });",
     'Copy destination path "/opt/x" must be relative', V4),
    ("new sst.aws.Function('F', { handler: 'a.h', link: [undefined] });", "An undefined link", V4),
    ("new sst.aws.ApiGatewayV2('A').route('GET /', { handler: 'a.h', link: [false] });", "undefined link", V4),
    ("const f = new sst.aws.Function('F', { handler: 'a.h' }); new sst.aws.Router('R').route('/', f.url);",
     "Function URL is not enabled", V4),
    ("new sst.aws.Bucket('app');", 'Component name "app" is reserved', V4),
    ("new sst.aws.Bucket('Data'); new sst.Secret('data');", "Component name data is not unique", V3),
    (SERVICE % "containers: [{ name: 'a' }, { name: 'b' }], loadBalancer: { rules: [{ listen: '80/http' }] }",
     "You must provide a container name", V4),
    (SERVICE % "loadBalancer: { rules: [{ listen: '80/http' }, { listen: '81/tcp' }] }", "all http/https", V4),
    (SERVICE % "loadBalancer: { rules: [{ listen: '80/tcp', conditions: { path: '/api/*' } }] }",
     "Invalid rule conditions", V4),
    (SERVICE % "loadBalancer: { rules: [{ listen: '80/http', forward: '3000/tcp' }] }", "must match the forward", V4),
]  # fmt: skip
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


@pytest.mark.parametrize(("run", "message", "version"), REFUSED, ids=range(len(REFUSED)))
def test_sst_refuses(run: str, message: str, version: str) -> None:
    [crash] = deployment(Fact(run), version).crashes
    assert message in crash.message


@pytest.mark.parametrize(("run", "version"), ACCEPTED, ids=range(len(ACCEPTED)))
def test_sst_accepts(run: str, version: str) -> None:
    assert deployment(Fact(run), version).crashes == ()
