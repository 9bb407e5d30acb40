"""Timeouts and streaming support of the services in front of a Lambda."""

from __future__ import annotations

# Seconds an API Gateway integration waits (AWS quotas): HTTP API fixed, REST regional default, WebSocket
# fixed.
GATEWAY_SECONDS = {"http": 30, "rest": 29, "websocket": 29}
REST_STREAM_SECONDS = 900  # a streaming REST integration may run for 15 minutes

# Seconds that SST lets CloudFront wait for the first byte of a site or a routed URL (C/aws/router.ts,
# ssr-site.ts).
CLOUDFRONT_SECONDS = 20

# Methods of Router that add a route (C/aws/router.ts, from v3.10.0 on), with our names of the routes.
ROUTE_METHODS = {"route": "route", "routeUrl": "route", "routeBucket": "routeBucket"}
# The argument by which a function or a site names its Router, and the first release that reads it:
# C/aws/function.ts (`normalizeRouteArgs(url.router, url.route)`, v4.17.0:2007), C/aws/ssr-site.ts
# (v4.17.0:1255).
URL_ROUTERS = (("url.router", "3.13.12"), ("url.route", "3.12.5"))
SITE_ROUTERS = (("router", "3.13.12"), ("route", "3.12.5"))
# From this release on a route's path is a literal prefix (C/aws/router-base-route.ts v3.10.0, C/aws/router.ts
# v3.10.0:1336, v4.17.0:2195), and a Router has either `routes` or `route()`.
ROUTE_PREFIXES = "3.10.0"

# First releases (with the change).
REST_ROUTE_STREAMING = "4.1.0"  # 3rd argument of ApiGatewayV1.route (#6486)
REST_DEFINITION_STREAMING = "4.2.7"  # `streaming` of the route's function definition (#6573)
URL_ROUTER_READ_TIMEOUT = "4.6.1"  # Function.url.router.readTimeout
ROUTE_READ_TIMEOUT = "3.10.3"  # Router.route(..., { readTimeout })
DEV_STREAMING = "4.2.1"  # `sst dev` streams (#6529)

# Seconds without a byte after which a streaming REST route is closed; keyed by whether its endpoint is
# edge-optimized
REST_SILENCE_SECONDS = {False: 300, True: 30}
# Seconds without a byte after which a load balancer closes a connection (AWS defaults; SST sets none,
# C/aws/service.ts).
BALANCER_SILENCE_SECONDS = 60
# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html
NETWORK_BALANCER_SILENCE_SECONDS = 350
REST_API, REST_DEPLOYMENT = "sst.aws.ApiGatewayV1", "aws.apigateway.Deployment"
RAW_URL, BUFFERED_URL = "aws.lambda.FunctionUrl", "BUFFERED"
STREAMING_URL = "RESPONSE_STREAM"  # `invokeMode` of a raw aws.lambda.FunctionUrl; BUFFERED if unset

QUEUE_VISIBILITY_SECONDS = 30  # C/aws/queue.ts

# Sources that an event source mapping polls; it ends a durable execution after 15 minutes.
POLLED = frozenset({"sst.aws.Queue", "sst.aws.Dynamo", "sst.aws.KinesisStream"})

AUTH, AUTH_DOMAIN = "sst.aws.Auth", "3.3.60"  # `domain` puts a Router in front of the issuer
