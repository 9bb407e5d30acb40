"""Producers: code of an application that sends a response piece by piece.

A *kind* of producer says how likely its stream is long. Measured by reading every hit in 165 public products:

- `ai`: a response of the AI SDK (every hit was one), `sse`: server-sent events, `helper`: a framework's
  streaming helper. These are meant to arrive piece by piece.
- `mcp`: a transport of the Model Context Protocol, whose responses may be short; `subscription`: one of tRPC
  or GraphQL, which clients may receive by WebSocket instead; `readable`: a `ReadableStream` as the body of a
  response, which may be a download.

- `page`: a page of Next.js that arrives in pieces. They take only seconds, and half of all sites have one, so
  that only `inspect --streams` shows it, once for each site.

Not producers: `streamText()` alone, `stream: true` of an API client. The function itself may consume them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from policy_bot.regex import regex

Kind = Literal["ai", "sse", "helper", "mcp", "subscription", "readable", "page"]
KINDS: Final[tuple[Kind, ...]] = ("ai", "sse", "helper", "readable", "mcp", "subscription", "page")
"""Kinds, most certain first."""
MAY_BE_SHORT = frozenset({"mcp", "subscription"})
"""Kinds of which a function in streaming mode may send nothing that takes long."""
SUSPENSE = b"<Suspense"
LOADING = tuple(f"loading.{ending}" for ending in ("tsx", "jsx", "js", "ts"))
"""The component and the file next to a page that make a Next.js page arrive in parts
(https://nextjs.org/docs/app/api-reference/file-conventions/loading).
"""

# https://ai-sdk.dev: 3.x (toAIStream...), 4.x (toDataStream...), 5.x and later (toUIMessageStream...)
AI_METHODS = frozenset({
    "toDataStreamResponse", "toUIMessageStreamResponse", "toTextStreamResponse", "toAIStreamResponse",
    "pipeDataStreamToResponse", "pipeUIMessageStreamToResponse", "pipeTextStreamToResponse",
    "pipeAIStreamToResponse",
})  # fmt: skip
"""Methods of the AI SDK's results, with names that nothing else uses."""
AI_FUNCTIONS = frozenset({
    "createDataStreamResponse", "createUIMessageStreamResponse", "createTextStreamResponse",
    "createAgentUIStreamResponse", "pipeDataStreamToResponse", "pipeUIMessageStreamToResponse",
    "pipeTextStreamToResponse", "pipeAgentUIStreamToResponse", "streamToResponse", "StreamingTextResponse",
})  # fmt: skip
"""Functions and classes of the packages `ai` and `@ai-sdk/...`."""

FUNCTIONS: Mapping[tuple[str, str], Kind] = {
    # https://hono.dev/docs/helpers/streaming
    ("hono/streaming", "stream"): "helper",
    ("hono/streaming", "streamText"): "helper",
    ("hono/streaming", "streamSSE"): "sse",
    # https://h3.dev/guide/advanced/websocket, https://nitro.build/guide/utils
    ("h3", "createEventStream"): "sse",
    ("h3", "sendStream"): "helper",
    ("nitro/h3", "createEventStream"): "sse",
    ("vinxi/http", "createEventStream"): "sse",
    ("vinxi/http", "sendStream"): "helper",
    # https://orpc.dev/docs/event-iterator
    ("@orpc/server", "streamToEventIterator"): "sse",
    ("@orpc/client", "streamToEventIterator"): "sse",
    # https://github.com/sergiodxa/remix-utils#server-sent-events
    ("remix-utils/sse/server", "eventStream"): "sse",
    # https://github.com/razshare/sveltekit-sse
    ("sveltekit-sse", "produce"): "sse",
    ("sveltekit-sse", "events"): "sse",
    # https://github.com/vercel/mcp-handler
    ("mcp-handler", "createMcpHandler"): "mcp",
    ("@vercel/mcp-adapter", "createMcpHandler"): "mcp",
    # https://tanstack.com/ai/latest/docs/transports/sse, 0.58.0 dist/esm/stream-to-response.d.ts
    ("@tanstack/ai", "toServerSentEventsResponse"): "sse",
    ("@tanstack/ai", "toHttpResponse"): "helper",
    # https://www.assistant-ui.com, assistant-stream 0.3.57
    ("assistant-stream", "createAssistantStreamResponse"): "helper",
    # https://github.com/MatthewWid/better-sse, 0.16.1
    ("better-sse", "createSession"): "sse",
    ("better-sse", "createResponse"): "sse",
    # https://the-guild.dev/graphql/sse, 2.6.1
    **{(f"graphql-sse{use}", "createHandler"): "sse" for use in (
        "", "/lib/use/fetch", "/lib/use/http", "/lib/use/http2", "/lib/use/express", "/lib/use/fastify",
        "/lib/use/koa",
    )},
    # https://ai-sdk.dev/docs/ai-sdk-rsc, in the answers of server actions
    **{(rsc, name): "helper" for rsc in ("ai/rsc", "@ai-sdk/rsc") for name in (
        "createStreamableUI", "createStreamableValue", "streamUI",
    )},
    # https://openai.github.io/openai-agents-js/extensions/ai-sdk-ui, @openai/agents-extensions 0.18.0
    ("@openai/agents-extensions/ai-sdk-ui", "createAiSdkUiMessageStreamResponse"): "ai",
    ("@openai/agents-extensions/ai-sdk-ui", "createAiSdkTextStreamResponse"): "ai",
    # https://docs.nestjs.com/techniques/server-sent-events
    ("@nestjs/common", "Sse"): "sse",
    # https://genkit.dev/docs/nextjs: in parts for the clients that ask for it
    ("@genkit-ai/next", "appRoute"): "readable",
    # https://upstash.com/docs/realtime, 1.1.0 dist/server/handler.d.ts
    ("@upstash/realtime", "handle"): "sse",
    # https://github.com/langchain-ai/langgraph-nextjs-api-passthrough, 0.1.4: most of its answers are events
    ("langgraph-nextjs-api-passthrough", "initApiPassthrough"): "readable",
    # https://docs.copilotkit.ai: every answer of its chat is sent in parts
    **{("@copilotkit/runtime", f"copilotRuntime{host}Endpoint"): "helper" for host in (
        "NextJSAppRouter", "NextJSPagesRouter", "NodeHttp", "NodeExpress", "Nest",
    )},
}  # fmt: skip
"""Functions of packages, by specifier and name."""

SERVER_FUNCTION, SERVER_DIRECTIVE = "server function", "use server"
"""The name of a function that runs on the server for code in the browser, and the directive that makes it one
(https://react.dev/reference/rsc/use-server, https://docs.solidjs.com/solid-start/reference/server/use-server).
"""
OF_ACTIONS = frozenset({"createStreamableUI", "createStreamableValue", "streamUI", SERVER_FUNCTION})
"""Producers that stream in the answer of such a function, which cannot be a response of its own."""
AUTO_IMPORTED: Mapping[str, Kind] = {"createEventStream": "sse", "sendStream": "helper"}
"""Functions that Nitro imports automatically (https://nitro.build/guide/utils)."""

CLASSES: Mapping[str, Kind] = {
    # https://github.com/modelcontextprotocol/typescript-sdk, https://github.com/honojs/middleware (@hono/mcp)
    "StreamableHTTPServerTransport": "mcp",
    "WebStandardStreamableHTTPServerTransport": "mcp",
    "StreamableHTTPTransport": "mcp",
    "SSEServerTransport": "mcp",
    # https://ai-sdk.dev/docs/ai-sdk-ui/chatbot-resume-streams
    "JsonToSseTransformStream": "ai",
}
"""Classes whose instances answer requests, or make the parts of an answer, by name."""
HEADERS = frozenset({"UI_MESSAGE_STREAM_HEADERS"})
"""Constants of the AI SDK with the headers of a stream."""
JSON_OPTION = "enableJsonResponse"
"""Option of the MCP transports that makes them answer with one JSON document."""

SUBSCRIPTION = "subscription"
"""Method of a tRPC procedure that creates a subscription (https://trpc.io/docs/server/subscriptions)."""
GENERATOR_METHODS: Mapping[str, Kind] = {
    # https://orpc.dev/docs/event-iterator; createServerFn().handler(): https://tanstack.com/start, "Streaming
    # Data from Server Functions"
    "handler": "helper",
    # https://trpc.io/docs/client/links/httpBatchStreamLink: in parts for the clients that ask for it
    "query": "subscription",
    "mutation": "subscription",
    # https://elysiajs.com/essential/handler#stream
    "get": "readable",
    "post": "readable",
}
"""Methods that take the code of an endpoint, and send the values of a generator as they come."""
YOGA = ("graphql-yoga", "createYoga")
"""Sends GraphQL subscriptions as server-sent events
(https://the-guild.dev/graphql/yoga-server/docs/features/subscriptions)."""
EVENT_HANDLERS = frozenset({"defineEventHandler", "eventHandler", "defineHandler"})
"""Functions of h3 that turn a function into a handler (https://h3.dev/guide/basics/handler)."""

STREAM_PROPERTIES = frozenset({"textStream", "fullStream"})
"""Properties of the AI SDK's results that are a `ReadableStream`."""
STREAM_METHODS = frozenset({
    "pipeThrough",
    "toReadableStream",  # of the SDKs of OpenAI and Anthropic
    "toDataStream", "toUIMessageStream", "toTextStream",  # of the AI SDK's results
    "resumableStream", "createNewResumableStream", "resumeExistingStream",  # of resumable-stream
})  # fmt: skip
"""Methods whose result is a stream."""
STREAM_MAKERS = frozenset({"ReadableStream.from", "Readable.from", "stream.Readable.from"})
"""Functions that turn an iterator into a stream."""
STREAMING_CALLS = frozenset({"stream", "streamEvents", "streamLog"})
"""Methods of LangChain's runnables that return a stream for an input; `blob.stream()` takes none."""

RESPONSES = frozenset({"Response", "NextResponse"})
"""Classes whose first argument is the body."""
ANSWERING = frozenset({"body", "newResponse", "send"})
"""Methods of Hono and Fastify whose first argument is the body."""
TYPE_SETTERS = frozenset({"contentType", "type"})
"""Methods of Express and Fastify, and properties of Koa, for the content type of a response."""
CONSUMING = frozenset({"text", "json", "arrayBuffer", "blob", "bytes", "formData"})
"""Methods of a web response that read its body, so that no client receives it."""
REQUESTS = frozenset({
    "fetch", "$fetch", "ofetch", "request", "axios", "ky", "got", "superagent", "undici", "fetchEventSource",
})  # fmt: skip
"""Functions that send requests, and objects with such functions (`axios.post`)."""
REQUEST_CLASSES = frozenset({"Request", "NextRequest", "EventSource"})
DOWNLOADS = regex(r"application/(?:zip|gzip|pdf|octet-stream)|image/|video/|font/|text/csv")
"""Content types of files, which lose nothing if they arrive at once."""
DOWNLOAD_HEADER = "content-disposition"

EVENT_STREAM = "text/event-stream"
CONTENT_TYPE = "content-type"
STREAM_HEADERS: Mapping[str, tuple[str, Kind]] = {
    CONTENT_TYPE: (EVENT_STREAM, "sse"),
    "transfer-encoding": ("chunked", "readable"),
}
"""Headers of a response that announce a stream, each with part of its value."""

SENDERS_IN_PYTHON: Mapping[str, Kind] = {
    "StreamingResponse": "readable",  # https://fastapi.tiangolo.com/advanced/custom-response
    "EventSourceResponse": "sse",  # https://github.com/sysid/sse-starlette
    "StreamingHttpResponse": "readable",  # https://docs.djangoproject.com/en/5.2/ref/request-response
    "stream_with_context": "readable",  # https://flask.palletsprojects.com/patterns/streaming
}
"""Classes and functions of Python's frameworks; `sse` if the module names the content type of events."""

_OTHER_WORDS = (
    "hono/streaming", "ReadableStream", "TransformStream", "pipeThrough", EVENT_STREAM, "streamifyResponse",
    "toReadableStream", "Readable.from", "function*", "function *", "sveltekit-sse", ".subscription(",
    ".streamEvents(", ".stream(", "createYoga", "better-sse", "graphql-sse", "ransfer-Encoding",
    "ransfer-encoding", "@upstash/realtime", "@genkit-ai/next", *HEADERS, *STREAM_METHODS,
    *STREAM_PROPERTIES,
)  # fmt: skip
_COMMON = frozenset({
    "stream", "streamText", "produce", "events", "createSession", "createResponse", "createHandler",
    "appRoute", "handle",
})  # fmt: skip
"""Functions recognised by their package; `_OTHER_WORDS` has parts of their names."""
_NAMES = {
    *AI_METHODS, *AI_FUNCTIONS, *CLASSES, *SENDERS_IN_PYTHON, *_OTHER_WORDS,
    *(name for _, name in FUNCTIONS if name not in _COMMON),
}  # fmt: skip
_STEM = b"tream"
_WITH_STEM = tuple(sorted(name.encode() for name in _NAMES if _STEM in name.encode()))
_WITHOUT_STEM = tuple(sorted(name.encode() for name in _NAMES if _STEM not in name.encode()))


def mentions_producer(content: bytes) -> bool:
    """Whether a file contains a word of a producer; tests its bytes before it is parsed. Most words share a
    stem, which few files contain.
    """
    words = (*_WITHOUT_STEM, *_WITH_STEM) if _STEM in content else _WITHOUT_STEM
    return any(word in content for word in words)
