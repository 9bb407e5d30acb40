"""`inspect --streams`: each stream with a line for each stage, and its path on request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policy_bot.cli.output.inspect_text import derivation
from policy_bot.cli.output.style import Style, safe, width
from policy_bot.cli.output.values import brief
from policy_bot.sst.deployment import Deployment, Project, Subject, Value

LINKS = ("adapter", "handler", "mode", "entry", "limit", "limit_by", "silence", "silence_by", "breaks_at")
"""Facts of a stream, in the order of its path."""
_SHORT = 32
"""Maximum length of a hop that is kept on one line."""
_ENTRIES = {
    "url": "URL",
    "cloudfront": "URL",
    "http": "HTTP API",
    "websocket": "WebSocket API",
    "rest": "REST API",
}


def render(projects: Iterable[Project], style: Style, explain: str | None = None) -> Iterator[str]:
    """A block of lines for each project; with `explain`, the paths of that route's streams."""
    return ("\n".join(_project(project, style, explain)) for project in projects)


def routes(projects: Iterable[Project]) -> list[str]:
    """The routes of all streams as they are displayed."""
    found = (each.name for project in projects for each in _streams(project))
    return list(dict.fromkeys(found))


def is_of(route: str, stream: Subject) -> bool:
    """Whether `POST /api/chat` or `/api/chat` names this stream."""
    return route in (stream.name, stream.name.rpartition(" ")[2])


def _streams(project: Project) -> Iterator[Subject]:
    return (each for deployment in project.contexts for each in deployment.subjects if each.kind == "stream")


def _project(project: Project, style: Style, explain: str | None) -> Iterator[str]:
    yield style(safe(project.path), "bold") + f"  SST {project.version} ({safe(project.version.evidence)})"
    if project.unreadable is not None:
        yield from style.wrap(f"Cannot tell: {project.unreadable.reason} ({project.unreadable.span})", "  ")
    groups: dict[tuple[str, str, str], list[tuple[Deployment, Subject]]] = {}
    for deployment in project.contexts:
        for each in deployment.subjects:
            if each.kind == "stream" and (explain is None or is_of(explain, each)):
                key = (brief(each.facts["owner"]), each.name, _place(each))
                groups.setdefault(key, []).append((deployment, each))
    for (owner, name, place), alike in groups.items():
        yield ""
        sent = _sent(alike[0][1], place)
        served = "" if owner == name else f"  ({safe(owner)})"
        first, *more = style.wrap(f"{safe(name)}  {safe(sent)}{served}", "", "    ")
        yield first.replace(safe(name), style(safe(name), "bold"), 1)
        yield from more
        wide = max(width(str(deployment.context)) for deployment, _ in alike)
        for deployment, stream in alike:
            yield from _stage(str(deployment.context), wide, stream, style, explain is not None)
    if explain is None:
        yield ""
        seen = sum(alike[0][1].facts["producer"].is_known for alike in groups.values())
        yield from style.wrap(_counted(project, seen, len(groups) - seen), "  ")


def _kept(link: str) -> str:
    """A short hop such as `CloudFront 20 s`, kept on one line."""
    return link if len(link) > _SHORT else link.replace(" ", "\xa0")


def _sent(stream: Subject, place: str) -> str:
    """The code that sends a stream and its place; if unknown, the server."""
    producer = stream.facts["producer"]
    if producer.is_unknown:
        return f"{place} {stream.type}: {producer.reason}"
    return f"{place} {brief(producer)}"


def _stage(context: str, wide: int, stream: Subject, style: Style, explained: bool) -> Iterator[str]:
    head = f"  {safe(context)}{' ' * (wide - width(context))}  "
    links = " · ".join(_kept(each) for each in safe(path(stream)).split(" · "))
    yield from (line.replace("\xa0", " ") for line in style.wrap(links, head, " " * width(head)))
    if explained:
        for name in LINKS:
            value = stream.facts[name]
            if brief(value) not in ("", "-1"):
                yield f"    {name} = {safe(brief(value))}"
                yield from (f"      {line}" for line in derivation(value))


def _counted(project: Project, found: int, hidden: int) -> str:
    """Number of routes searched in the first context, and of programs that could not be read."""
    sites = [each for each in project.contexts[0].subjects if each.kind == "site"] if project.contexts else []
    read = sum(_number(each.facts["routes_read"]) for each in sites)
    unread = sum(_number(each.facts["routes_unread"]) for each in sites)
    unseen = f", {unread} not fully read" if unread else ""
    streams = "1 stream" if found == 1 else f"{found} streams" if found else "No stream"
    elsewhere = f" Servers with unknown code: {hidden}." if hidden else ""
    return f"{streams}. Routes of sites: {read + unread}{unseen}.{elsewhere}"


def _number(value: Value) -> int:
    return value.value if isinstance(value.value, int) else 0


def _place(stream: Subject) -> str:
    producer = stream.facts["producer"]
    span = producer.origin[0].span if producer.origin else stream.span
    return f"{span.path}:{span.line}" if span is not None else ""


def path(stream: Subject) -> str:
    """The path as one line: `OpenNext wrapper aws-lambda: BUFFERED · Lambda 20 s · CloudFront 20 s`."""
    facts = stream.facts
    deployed, breaks = facts["deployed"], facts["breaks_at"]
    if deployed.is_known and not deployed.value and facts["kind"] != Value("function"):
        own = "streams, by the framework's own server"
        return own if facts["kind"] == Value("site") else "runs locally, with nothing in front"
    if breaks.is_unknown:
        verdict = f"cannot tell: {breaks.reason}"
        quiet = " of silence" if facts["kind"] == Value("service") else ""
    else:
        verdict = _verdict(stream, brief(breaks))
        quiet = " of silence" if verdict == "streams" else ""
    limit = _time(facts["limit_by"], facts["limit"], "")
    waits = quiet or brief(facts["silence_by"]) != "API Gateway"  # whose `limit` ends a whole answer
    silence = _time(facts["silence_by"], facts["silence"], quiet) if waits else ""
    return " · ".join(each for each in (verdict, limit, silence) if each)


def _time(by: Value, seconds: Value, what: str) -> str:
    if not seconds.is_known:
        return f"{brief(by)} cannot tell"
    return f"{brief(by)} {seconds.value} s{what}" if _number(seconds) >= 0 else ""


def _verdict(stream: Subject, breaks: str) -> str:
    """Effect of the first failing hop on the stream."""
    facts = stream.facts
    if breaks == "":
        return "streams"
    if breaks == "adapter":
        if facts["split"] == Value(True, facts["split"].origin):
            return "split function of OpenNext: NOT DEPLOYED"
        component, adapter = brief(facts["component"]), brief(facts["adapter"])
        if component == "sst.aws.Nextjs" and adapter == "edge":
            return "edge runtime: NOT BUILT"
        effect = "BROKEN" if brief(facts["mode"]) == "streaming" else "BUFFERED"
        named = f"OpenNext wrapper {adapter}" if component == "sst.aws.Nextjs" else f"adapter of {component}"
        return f"{named}: {effect}"
    if breaks == "handler":
        broken = brief(facts["mode"]) == "streaming" or brief(facts["handler"]) == "needs-wrapping"
        return f"handler ({brief(facts['handler'])}): {'BROKEN' if broken else 'BUFFERED'}"
    entry = brief(facts["entry"])
    named = _ENTRIES.get(entry, entry)
    link = f"{named} in buffered mode" if breaks == "lambda" else f"{named}, whole answers only"
    broken = brief(facts["handler"]) == "streamified" or brief(facts["kind"]) == "site"
    return f"{link}: {'BROKEN' if broken else 'BUFFERED'}"
