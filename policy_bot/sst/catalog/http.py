"""How long what stands before a Lambda waits for it, and whether it passes a stream on."""

from __future__ import annotations

# Seconds an API Gateway integration waits (AWS quotas): HTTP API fixed, REST regional default, WebSocket
# fixed.
GATEWAY_SECONDS = {"http": 30, "rest": 29, "websocket": 29}
REST_STREAM_SECONDS = 900  # a streaming REST integration may run for 15 minutes

# Seconds SST lets CloudFront wait for the first byte of a site or a routed URL (C/aws/router.ts,
# ssr-site.ts).
CLOUDFRONT_SECONDS = 20

# First releases (packages: changes named beside).
REST_ROUTE_STREAMING = "4.1.0"  # 3rd argument of ApiGatewayV1.route (#6486)
REST_DEFINITION_STREAMING = "4.2.7"  # `streaming` of the definition given to it (#6573)
URL_ROUTER_READ_TIMEOUT = "4.6.1"  # Function.url.router.readTimeout
ROUTE_READ_TIMEOUT = "3.10.3"  # Router.route(..., { readTimeout })
DEV_STREAMING = "4.2.1"  # `sst dev` streams (#6529)

# Seconds without a byte after which a streaming REST route is closed: by whether its endpoint is
# edge-optimized
# (https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html).
REST_SILENCE_SECONDS = {False: 300, True: 30}
STREAMING_URL = "RESPONSE_STREAM"  # `invokeMode` of a raw aws.lambda.FunctionUrl; BUFFERED where not set

QUEUE_VISIBILITY = "30 seconds"  # C/aws/queue.ts
