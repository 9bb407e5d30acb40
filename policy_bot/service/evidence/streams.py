"""The way of each stream from the browser to the code that sends it, by stage, as links of a chain.

    Browser -> CloudFront (20 s of silence) -> Function URL -> Lambda (streaming, 300 s) -> adapter -> code

A link is `ok`, `broken` (the first that does not pass the stream on) or `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policy_bot.review import wording
from policy_bot.sst.deployment import Known, OneOf, Project, Subject, Unknown, Value

MOST_STREAMS = 40
_ENTRIES = {
    "cloudfront": "CloudFront",
    "url": "Function URL",
    "rest": "REST API",
    "http": "HTTP API",
    "websocket": "WebSocket API",
}
_BROKEN = {
    "adapter": "collects the whole answer first",
    "handler": "returns the whole answer at once",
    "lambda": "is invoked in buffered mode",
    "entry": "passes on whole answers only",
}


def streams(project: Project) -> list[dict[str, object]]:
    """The streams of a project, each with its chain in every stage."""
    found: dict[tuple[str, str, str], list[dict[str, object]]] = {}
    for deployment in project.contexts:
        for subject in deployment.subjects:
            if subject.kind == "stream":
                facts = subject.facts
                key = (_word(facts["owner"]), subject.name, _word(facts["producer_at"]))
                chain = {"stage": str(deployment.context), **_chain(subject)}
                found.setdefault(key, []).append(chain)
    return [
        {"owner": owner, "route": route, "producer_at": at, "stages": stages}
        for (owner, route, at), stages in list(found.items())[:MOST_STREAMS]
    ]


def _chain(stream: Subject) -> dict[str, object]:
    facts = stream.facts
    breaks = facts["breaks_at"]
    at, why = ("", str(breaks.reason)) if isinstance(breaks, Unknown) else (_word(breaks), "")
    links = [{"link": name, "name": title, "note": note} for name, title, note in _links(facts)]
    for link in links:
        name = link["link"]
        link["state"] = "broken" if at and name == at else "ok"
        if link["state"] == "broken":
            note = link["note"].removeprefix("buffered mode, ").removeprefix("buffered mode")
            link["note"] = ", ".join(part for part in (_BROKEN.get(at, ""), note) if part)
    return {"links": links, "breaks_at": at, "unknown": why}


def _links(facts: Mapping[str, Value]) -> Iterator[tuple[str, str, str]]:
    entry, silence_by = _word(facts["entry"]), _word(facts["silence_by"])
    silence, limit = _seconds(facts["silence"], "{} of silence"), _seconds(facts["limit"], "{} in all")
    limit_by = _word(facts["limit_by"])
    yield "", "Browser", ""
    if entry != "cloudfront" and silence_by == "CloudFront":
        yield "", "CloudFront", silence
    if entry:
        notes = [limit if limit_by == "API Gateway" else "", silence if silence_by != "CloudFront" else ""]
        if entry == "cloudfront":
            notes = [silence]
        yield "entry", _ENTRIES.get(entry, entry), ", ".join(note for note in notes if note)
    mode = _word(facts["mode"])
    if entry or limit_by == "Lambda":
        notes = [f"{mode} mode" if mode else "", limit if limit_by == "Lambda" else ""]
        yield "lambda", "Lambda", ", ".join(note for note in notes if note)
    if _word(facts["deployed"]) == "no":
        yield "", "Runs live on the developer's machine", ""
    adapter, handler = _word(facts["adapter"]), _word(facts["handler"])
    if adapter:
        yield "adapter", f"Adapter {adapter}", ""
    elif handler:
        yield "handler", f"Handler ({handler})", ""
    elif _word(facts["breaks_at"]) in ("adapter", "handler"):
        yield _word(facts["breaks_at"]), "Adapter" if _word(facts["kind"]) == "site" else "Handler", ""
    yield "", _word(facts["producer"]), _word(facts["producer_at"])


def _seconds(value: Value, said: str) -> str:
    if isinstance(value, Known) and isinstance(value.value, int):
        return said.format(wording.seconds(value.value)) if value.value >= 0 else ""
    return "time unknown"


def _word(value: Value) -> str:
    if isinstance(value, Known):
        return {True: "yes", False: "no"}[value.value] if isinstance(value.value, bool) else str(value.value)
    if isinstance(value, OneOf):
        return " or ".join(dict.fromkeys(_word(choice) for choice in value.choices))
    return "unknown"
