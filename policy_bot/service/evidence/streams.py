"""The path of each stream from the browser to the code that sends it, by stage.

    Browser -> CloudFront (gives up after 20 seconds without a byte) -> Function URL
 -> Lambda (streaming mode, ends after 300 seconds) -> handler -> code

A hop is `ok`, `broken` (the first that does not pass the stream on) or `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policy_bot.sst.deployment import Project, Subject, Value

MOST_STREAMS = 40
_HANDLERS = {"streamified": "Handler that streams", "needs-wrapping": "Handler without streamifyResponse"}
_ENTRIES = {
    "cloudfront": "CloudFront",
    "url": "Function URL",
    "rest": "REST API",
    "http": "HTTP API",
    "websocket": "WebSocket API",
}
_BROKEN = {
    "adapter": "buffers the whole response",
    "handler": "returns the whole response at once",
    "lambda": "is invoked in buffered mode",
    "entry": "passes on whole responses only",
}


def streams(project: Project) -> list[dict[str, object]]:
    """The streams of a project, each with its path; stages with equal paths share one."""
    found: dict[tuple[str, str, str], list[dict[str, object]]] = {}
    for deployment in project.contexts:
        for subject in deployment.subjects:
            if subject.kind == "stream":
                facts = subject.facts
                key = (_word(facts["owner"]), subject.name, _word(facts["producer_at"]))
                _add(found.setdefault(key, []), str(deployment.context), _chain(subject))
    return [
        {"owner": owner, "route": route, "producer_at": at, "stages": stages}
        for (owner, route, at), stages in list(found.items())[:MOST_STREAMS]
    ]


def _add(stages: list[dict[str, object]], name: str, chain: dict[str, object]) -> None:
    for stage in stages:
        if {**stage, "stage": ""} == {"stage": "", **chain}:
            stage["stage"] = f"{stage['stage']}, {name}"
            return
    stages.append({"stage": name, **chain})


def _chain(stream: Subject) -> dict[str, object]:
    facts = stream.facts
    breaks = facts["breaks_at"]
    at, why = ("", str(breaks.reason)) if breaks.is_unknown else (_word(breaks), "")
    links = [{"link": name, "name": title, "note": note} for name, title, note in _links(facts)]
    for link in links:
        name = link["link"]
        link["state"] = "broken" if at and name == at else "unknown" if why and name == "code" else "ok"
        if link["state"] == "broken":
            note = link["note"].removeprefix("buffered mode, ").removeprefix("buffered mode")
            link["note"] = ", ".join(part for part in (_BROKEN.get(at, ""), note) if part)
    return {"links": links, "breaks_at": at, "unknown": why}


def _links(facts: Mapping[str, Value]) -> Iterator[tuple[str, str, str]]:
    kind, deployed = _word(facts["kind"]), _word(facts["deployed"]) != "no"
    yield "", "Browser", ""
    yield from _entries(facts)
    if kind != "service" and (_word(facts["entry"]) or _word(facts["limit_by"]) == "Lambda"):
        mode = _word(facts["mode"])
        limit = _seconds(facts["limit"], "ends after {}") if _word(facts["limit_by"]) == "Lambda" else ""
        yield "lambda", "Lambda", ", ".join(note for note in (f"{mode} mode" if mode else "", limit) if note)
    if not deployed:
        yield (
            "",
            "Runs on the developer's machine",
            "the framework's own server" if kind == "site" else "",
        )
    if kind == "function" or (deployed and kind == "site"):
        yield _program(facts)
    sent = _word(facts["producer"])
    if sent == "unknown":
        container = kind == "service" and _word(facts["entry"]) != "worker"
        yield "code", "Container" if container else "Code", "not seen"
    else:
        yield "", sent, _word(facts["producer_at"])


def _entries(facts: Mapping[str, Value]) -> Iterator[tuple[str, str, str]]:
    """CloudFront, and the entry behind it."""
    entry, silence_by = _word(facts["entry"]), _word(facts["silence_by"])
    silence = _seconds(facts["silence"], "gives up after {} without a byte")
    if entry != "cloudfront" and silence_by == "CloudFront":
        yield "", "CloudFront", silence
    if not entry:
        return
    limit = _seconds(facts["limit"], "ends after {}") if _word(facts["limit_by"]) == "API Gateway" else ""
    own = silence if entry == "cloudfront" or silence_by != "CloudFront" else ""
    name = _ENTRIES.get(entry, entry[:1].upper() + entry[1:])
    yield "entry", name, ", ".join(note for note in (limit, own) if note)


def _program(facts: Mapping[str, Value]) -> tuple[str, str, str]:
    """The framework's adapter, or the handler."""
    adapter, handler = facts["adapter"], facts["handler"]
    if _word(facts["kind"]) == "site":
        name = _word(adapter)
        return ("code", "Adapter", "not known") if name == "unknown" else ("adapter", f"Adapter {name}", "")
    if handler.is_unknown:
        return "code", "Handler", "not known"
    return "handler", _HANDLERS.get(_word(handler), "Handler"), ""


def _seconds(value: Value, said: str) -> str:
    if isinstance(value.value, int):
        return said.format(f"{value.value} seconds") if value.value >= 0 else ""
    return "time unknown"


def _word(value: Value) -> str:
    if value.choices:
        return " or ".join(dict.fromkeys(map(_word, value.choices)))
    if isinstance(value.value, bool):
        return "yes" if value.value else "no"
    return str(value.value) if value.is_known else "unknown"
