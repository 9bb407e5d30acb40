"""Arguments that SST's components, or AWS at deployment, refuse, by release.

Paths are relative to the constructor's arguments object. Messages are SST's own, with `{name}` for the
component's name. "First release" is the lowest tag whose source has the message; files are those of
`platform/src/components/aws` at v4.17.0 if no tag is given.
"""

from __future__ import annotations

from collections.abc import Mapping

from policy_bot.sst.catalog.sites import SITES

# fargate.ts:32-142, and the same numbers in cluster.ts of 3.0.0. vCPU -> smallest and largest GB, and the
# step.
CONTAINERS = frozenset({"sst.aws.Service", "sst.aws.Task"})
_GIGABYTES: Mapping[str, tuple[int, int, int]] = {
    "0.5 vCPU": (1, 4, 1),
    "1 vCPU": (2, 8, 1),
    "2 vCPU": (4, 16, 1),
    "4 vCPU": (8, 30, 1),
    "8 vCPU": (16, 60, 4),
    "16 vCPU": (32, 120, 8),
}
MEMORIES: Mapping[str, tuple[str, ...]] = {
    "0.25 vCPU": ("0.5 GB", "1 GB", "2 GB"),
    **{
        cpu: tuple(f"{size} GB" for size in range(least, most + 1, step))
        for cpu, (least, most, step) in _GIGABYTES.items()
    },
}
DEFAULT_CPU, DEFAULT_CONTAINER_MEMORY = "0.25 vCPU", "0.5 GB"
CPU_UNSUPPORTED = "Unsupported CPU: {cpu}. The supported values for CPU are {all}"
MEMORY_UNSUPPORTED = "Unsupported memory: {memory}. The supported values for memory for a {cpu} CPU are {all}"
# service.ts:1953,2035 (`public` and `ports` until 3.8, read to 4.17.0)
NO_RULES = 'You must provide the ports to expose via "loadBalancer.rules".'
NO_TARGET = (
    "3.2.73",
    'Cannot configure health check for "{target}". Make sure it is defined in "loadBalancer.ports".',
)  # service.ts:2081
NO_RULES_SINCE = "3.4.39"
NO_DOMAIN = "You must provide a custom domain for {protocol} protocol."
# postgres.ts:593, mysql.ts:564, open-search.ts:350: component -> first release, GB, text
STORAGES: Mapping[str, tuple[str, int, str]] = {
    "sst.aws.Postgres": ("3.1.70", 20, "Storage must be at least 20 GB for the {name} Postgres database."),
    "sst.aws.Mysql": ("3.13.18", 20, "Storage must be at least 20 GB for the {name} MySQL database."),
    "sst.aws.OpenSearch": ("3.14.2", 10, "Storage must be at least 10 GB for the {name} OpenSearch domain."),
}

# postgres.ts:599, mysql.ts:570, each since it checks the least
STORAGE_KINDS = {"sst.aws.Postgres": "Postgres", "sst.aws.Mysql": "MySQL"}
STORAGE_MOST = (65536, "Storage cannot be greater than 65536 GB (64 TB) for the {name} {kind} database.")
# aurora.ts:812
AURORA = "sst.aws.Aurora"
REPLICAS = ("3.4.56", 15, 'Cannot create more than 15 read-only replicas for the "{name}" Aurora database.')
# link.ts:110,133
LINK_MISSING = ("3.0.110", "An undefined link was passed into a `link` array.")
# ssr-site.ts:1219-1247; a region that AWS does not know is refused too, but new ones come with the provider
REGIONS_SINCE = "3.10.0"
NO_REGIONS = "No deployment regions specified. Please specify at least one region in the 'regions' property."
REGION_UNSUPPORTED = (
    "Region {region} is not supported by this component. Please select a different AWS region."
)
UNSUPPORTED_REGIONS = frozenset({
    "ap-south-2", "ap-southeast-4", "ap-southeast-5", "ca-west-1", "eu-south-2", "eu-central-2",
    "il-central-1", "me-central-1",
})  # fmt: skip
# bucket.ts:966-986
LIFECYCLE_SINCE, LIFECYCLE_LONGEST = "3.17.30", 255
LIFECYCLE_EMPTY = (
    'Lifecycle rule at index {index} has an empty or whitespace-only "id". '
    "Please provide a valid id or omit it to use the auto-generated id."
)
LIFECYCLE_LONG = (
    'Lifecycle rule at index {index} has an "id" that is {length} characters long. '
    "AWS S3 lifecycle rule IDs cannot exceed 255 characters."
)
LIFECYCLE_TWICE = (
    'Lifecycle rule "id" values must be unique. '
    'The id "{id}" is used by rules at indexes {first} and {index}.'
)
# bucket-notification.ts:60-68
NOTIFICATION = (
    "3.4.12",
    'At least one of function, queue, or topic is required for the "{name}" bucket notification.',
    'Only one of function, queue, or topic is allowed for the "{name}" bucket notification.',
)
# vpc.ts:873; two zones by default
ADDRESSES = ("3.11.18", 2, "The number of Elastic IP allocation IDs must match the number of AZs.")
# function.ts:2019, 3.0.0 too
COPY_ABSOLUTE = 'Copy destination path "{to}" must be relative'
# function.ts:2972, 3.0.0 too: the getter throws where the program reads it
NO_URL = 'Function URL is not enabled. Enable it with "url: true".'
# service.ts:1962-2031
NO_CONTAINER = (
    "3.4.39",
    'You must provide a container name in "loadBalancer.rules" when there is more than one container.',
)
CONDITIONS = (
    "3.4.39",
    'Invalid rule conditions for listen protocol "{listen}". Only "http" protocols support conditions.',
)
PROTOCOLS_DIFFER = ("3.3.23", 'The listen protocol "{listen}" must match the {key} protocol "{other}".')
PROTOCOLS_MIXED = "Protocols must be either all http/https, or all tcp/udp/tcp_udp/tls."

# Required arguments: without them SST, or AWS in the same deployment, stops; component -> arguments, each
# with its alternatives. function.ts, workflow.ts: no code without a handler; cron.ts:282, cron-v2.ts: the
# expression of the rule; step-functions.ts:298,309; cluster.ts:279, service.ts, task.ts: the cluster's `vpc`,
# the service's `cluster` are read; dynamo.ts:498; alb.ts:287,384; app-sync.ts:548 (a file is read);
# aurora.ts:680 (a default by engine), aurora.ts:830, mysql.ts:658, postgres.ts:687, redis.ts:513, efs.ts:212
# (subnets of the vpc); cdn.ts:386; email.ts:390; opencontrol.ts:189, realtime.ts:190 (code of a function);
# vector.ts:145. The types of all releases that have the component require them.
REQUIRED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "sst.aws.Function": (("handler",),),
    "sst.aws.Workflow": (("handler",),),
    "sst.aws.Cron": (("schedule",),),
    "sst.aws.CronV2": (("schedule",), ("function", "job", "task")),
    "sst.aws.StepFunctions": (("definition",),),
    "sst.aws.Cluster": (("vpc",),),
    "sst.aws.Service": (("cluster",),),
    "sst.aws.Task": (("cluster",),),
    "sst.aws.Dynamo": (("fields",), ("primaryIndex",)),
    "sst.aws.Alb": (("vpc",), ("listeners",)),
    "sst.aws.AppSync": (("schema",),),
    "sst.aws.Aurora": (("engine",), ("vpc",)),
    "sst.aws.Cdn": (("origins",), ("defaultCacheBehavior",)),
    "sst.aws.Efs": (("vpc",),),
    "sst.aws.Email": (("sender",),),
    "sst.aws.Mysql": (("vpc",),),
    "sst.aws.OpenControl": (("server",),),
    "sst.aws.Postgres": (("vpc",),),
    "sst.aws.Realtime": (("authorizer",),),
    "sst.aws.Redis": (("vpc",),),
    "sst.aws.Vector": (("dimension",),),
}
# With `dev` these are not created in `sst dev`: a local database replaces them (postgres.ts, registerDev).
LOCAL_IN_DEV = frozenset({"sst.aws.Aurora", "sst.aws.Mysql", "sst.aws.Postgres", "sst.aws.Redis"})
# C/aws/auth.ts:314; SST has this message from v3.5.1 on.
NO_ISSUER = ("3.5.1", "Auth: issuer field must be set")

# Places of a size (`"512 MB"`) read by C/size.ts, besides `memory` and `storage` of every function.
SIZES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(SITES, ("server.memory",)),
    "sst.aws.Nextjs": ("server.memory", "imageOptimization.memory"),
}
SIZE_NOT_TEXT = "TypeError: size.split is not a function or its return value is not iterable"
SIZE_INVALID = "Error: Invalid size {size}"
SIZE_REMEDY = 'Write a number, a space and a unit, such as "2048 MB" or "2 GB".'

# C/component.ts:70; the check of names is of v3.4.58.
NAME_SPACES = ("3.4.58", 'Invalid component name "{name}". Component names cannot contain spaces.')
# @pulumi/pulumi, resource.ts: a resource needs a name, unique within its type.
NAME_MISSING = "Missing resource name argument (for URN creation)"
NAME_NOT_TEXT = "TypeError: name.includes is not a function"
NAME_TWICE = 'Duplicate resource URN: {type} "{name}"; try giving it a unique name'
# link.ts:61-69, 3.0.0 too: names of SST's components differ whatever their type, without regard to case
NAME_RESERVED = (
    'Component name "{name}" is reserved. Please choose a different name for your "{type}" component.'
)
NAME_NOT_UNIQUE = "Component name {name} is not unique."

# Routers. router.ts:2543,2625,3234,1747; queue.ts:515; bucket.ts:1302,1805
BOTH_ROUTES = ("3.10.0", "Cannot use both `routes` and `.{method}()` function to add routes.")
INLINE_ROUTER = (
    "3.12.5",
    "Cannot route the site using the provided router. "
    "The Router component uses inline routes which has been deprecated.",
)
INLINE_REMEDY = 'Move the routes of the Router to router.route(), whose path is a prefix ("/", not "/*").'
INLINE_PATH = 'In "{name}" Router, the route path "{path}" must start with a "/"'
# router.ts v3.12.5, v4.17.0:2654: component, method -> first release that refuses it, message, remedy
REFUSED_METHODS: Mapping[tuple[str, str], tuple[str, str, str]] = {
    ("sst.aws.Router", "routeSite"): (
        "3.12.5",
        'The "routeSite" function has been deprecated. Configure the new "route" prop on the site component '
        "to route the site through this Router.",
        'Set "router" of the site.',
    ),
}
# component, method -> first release that refuses a second call, message
ONCE: Mapping[tuple[str, str], tuple[str, str]] = {
    ("sst.aws.Queue", "subscribe"): (
        "3.0.0",
        'Cannot subscribe to the "{name}" queue multiple times. An SQS Queue can only have one subscriber.',
    ),
    ("sst.aws.Bucket", "subscribe"): (
        "3.0.0",
        'Cannot subscribe to the "{name}" bucket multiple times. An S3 bucket can only have one subscriber.',
    ),
    ("sst.aws.Bucket", "notify"): (
        "3.3.71",
        'Cannot call "notify" on the "{name}" bucket multiple times. '
        "Calling it again will override previous notifications.",
    ),
}
NEEDED_BY_CALL = {
    ("sst.aws.ApiGatewayV2", "routePrivate"): (
        "vpc",
        "To add private routes, you need to have a VPC link. "
        'Configure "vpc" for the "{name}" API to create a VPC link.',
        "",
    ),  # apigatewayv2.ts:1276
    ("sst.aws.Dynamo", "subscribe"): (
        "stream",
        'Cannot subscribe to "{name}" because stream is not enabled.',
        'Set "stream" of the Dynamo "{name}", such as to "new-and-old-images".',
    ),  # dynamo.ts:696
}
"""Component and method -> the component's argument that the call needs, the message without it, a fix."""
# apigatewayv1-authorizer.ts:67-84, apigatewayv2-authorizer.ts:71-82 (since 3.0.101)
AUTHORIZERS: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "sst.aws.ApiGatewayV1": (
        "3.0.0",
        ("requestFunction", "tokenFunction", "userPools"),
        '"requestFunction", "tokenFunction", or "userPools"',
    ),
    "sst.aws.ApiGatewayV2": ("3.0.101", ("lambda", "jwt"), '"lambda" or "jwt"'),
}
AUTHORIZER_MISSING = "Please provide one of {wanted} for the {name} authorizer."
AUTHORIZER_TWICE = "Please provide only one of {wanted} for the {name} authorizer."
# `parseRoute` of apigatewayv1.ts:1085-1112 and apigatewayv2.ts:1304-1337; only V2 has "$default"
METHODS = frozenset({"ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
APIS = frozenset({"sst.aws.ApiGatewayV1", "sst.aws.ApiGatewayV2"})
API_DEFAULT = "$default"
ROUTE_FORM = 'Invalid route {route}. A route must be in the format "METHOD /path".'
ROUTE_METHOD = "Invalid method {method} in route {route}"
ROUTE_PATH = 'Invalid path {path} in route {route}. Path must start with "/".'

# function.ts 3.0.0:1147, v3.1.70:1382, v3.10.13:1671; from v3.10.14 on SST warns (:2050)
NO_NAT = (
    (
        "3.0.0",
        "3.1.70",
        'The VPC configured for the function does not have NAT enabled. Enable NAT by configuring "nat" on '
        'the "sst.aws.Vpc" component.',
    ),
    (
        "3.1.70",
        "3.10.14",
        'Functions that are running in a VPC need a NAT gateway. Enable it by setting "nat" on the '
        '"sst.aws.Vpc" component.',
    ),
)
VPC = "sst.aws.Vpc"

# AWS: step-functions/task.ts:327 (v3.14.14:130) writes the state's `Timeout`, but the Amazon States Language
# knows only `TimeoutSeconds`. #6747.
STEP_FUNCTIONS = "sst.aws.StepFunctions"
STEP_TASKS = frozenset(
    {"task", "lambdaInvoke", "snsPublish", "sqsSendMessage", "ecsRunTask", "eventBridgePutEvents"}
)
STEP_TIMEOUT = ("3.14.14", 'its field "Timeout" is not supported')
# Schedules passed to AWS unchanged: component -> argument and path, scheduler or rule
SCHEDULES: Mapping[str, tuple[str, bool]] = {
    "sst.aws.Cron": ("1.schedule", False),
    "sst.aws.CronV2": ("1.schedule", True),
    "sst2.Cron": ("2.schedule", False),
}
