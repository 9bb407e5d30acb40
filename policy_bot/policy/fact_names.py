"""Names of facts for people."""

from __future__ import annotations

_ASPECTS = ("_set", "_form", "_text", "_error", "_oddity", "_value", "_in_dev", "_elsewhere")
_CALLED = {
    "refused": "refusal",
    "isolated_vpc": "internet access",
    "streams": "streaming",
    "adapter_streams": "adapter",
    "deployed": "deployment",
    "split_functions": "split of OpenNext",
    "breaks_at": "path",
    "max_duration": "declared duration",
    "limit_by": "limit",
    "edge_servers": "OpenNext config",
    "durable_seconds": "duration of a durable execution",
    "literal_star": "path",
    "nitro_preset": "Nitro preset",
    "in_dev": "function in `sst dev`",
    "entry": "HTTP entry",
    "dlq": "dead-letter queue",
    "serves_as_dlq": "use as a dead-letter queue",
    "advised_visibility": "timeout of the subscriber",
    "function_timeout": "timeout of the subscriber",
    "unread_app_keys": "result of `app()`",
    "streaming_in_app": "result of `app()`",
    "streaming_at_root": "root of the config",
    "version_required": "required version",
    "version_admitted": "required version",
    "framework_streaming": "framework's config",
    "ignored_timeout": "timeout",
    "timeout_arg": "timeout",
    "streaming_arg": "streaming",
    "log_retention": "log retention",
    "schedule_seconds": "schedule",
}


def called(fact: str) -> str:
    """The name of the thing that a fact is about: "timeout" for `timeout_error` and `timeout_form`."""
    if fact in _CALLED:
        return _CALLED[fact]
    if fact.endswith("_set"):
        return f"{called(fact.removesuffix('_set'))} is written"
    for aspect in _ASPECTS:
        fact = fact.removesuffix(aspect)
    return _CALLED.get(fact, fact.replace("_", " "))
