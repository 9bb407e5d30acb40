"""`inspect` for people: a table of functions with their values in each stage; derivations on request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policy_bot.cli.output.style import Style, safe, width
from policy_bot.cli.output.values import brief
from policy_bot.sst.deployment import Deployment, Function, Project, Step, Value

COLUMNS = ("FUNCTION", "TIMEOUT", "STREAMING", "URL", "WHERE")


def render(projects: Iterable[Project], style: Style, explain: str | None = None) -> Iterator[str]:
    """A block of lines for each project; with `explain`, only what concerns the functions of that name."""
    return ("\n".join(_project(project, style, explain)) for project in projects)


def names(projects: Iterable[Project]) -> dict[str, str]:
    """Titles and names of all functions in all projects and stages; --explain accepts either."""
    functions = [f for project in projects for each in project.contexts for f in each.functions]
    return {_title(function): brief(function.name) for function in functions}


def _project(project: Project, style: Style, explain: str | None) -> Iterator[str]:
    yield style(safe(project.path), "bold") + f"  SST {project.version} ({safe(project.version.evidence)})"
    if project.unreadable is not None:
        yield from style.wrap(f"Cannot tell: {project.unreadable.reason} ({project.unreadable.span})", "  ")
    groups: dict[str, list[Deployment]] = {}
    for deployment in project.contexts:  # stages with equal values are shown once
        groups.setdefault(_meaning(deployment), []).append(deployment)
    for alike in groups.values():
        yield ""
        yield style("In " + ", ".join(safe(str(one.context)) for one in alike), "cyan")
        yield from _deployment(alike[0], style) if explain is None else _explained(alike[0], explain, style)


def _meaning(deployment: Deployment) -> str:
    return repr((_rows(deployment), deployment.crashes, deployment.unknown))


def _deployment(deployment: Deployment, style: Style) -> Iterator[str]:
    for crash in deployment.crashes:
        yield from style.wrap(f"SST stops: {crash.message} ({crash.span})", "  ", "    ")
    yield from _table(_rows(deployment), style)
    for hidden in deployment.unknown:
        yield from style.wrap(f"cannot tell: {hidden.reason} ({hidden.span})", "  ", "    ")


def _rows(deployment: Deployment) -> list[tuple[str, ...]]:
    return [
        (
            _title(function) + ("" if function.certain else " ?"),
            _seconds(function.effective.get("timeout_seconds")),
            _cell(function.effective.get("streaming")),
            _cell(function.effective.get("url")),
            safe(f"{function.span.path}:{function.span.line}"),
        )
        for function in deployment.functions
    ]


def _title(function: Function) -> str:
    """`Chat`, `GET /chat (Api route)`, `Jobs (subscribe)`."""
    name, owner = brief(function.name), brief(function.owner_name)
    if function.via == "component":
        return safe(name)
    return safe(f"{name} ({function.via})" if owner in ("", name) else f"{name} ({owner} {function.via})")


def _seconds(value: Value | None) -> str:
    known = value is not None and isinstance(value.value, int | float)
    return _cell(value) + (" s" if known else "")


def _cell(value: Value | None) -> str:
    return "?" if value is not None and value.is_unknown else brief(value)


def _table(rows: list[tuple[str, ...]], style: Style) -> Iterator[str]:
    if not rows:
        yield "  no functions"
        return
    wide = [max(width(row[i]) for row in [COLUMNS, *rows]) for i in range(len(COLUMNS))]
    wide[0] = min(wide[0], 34)
    yield style("  " + _line(COLUMNS, wide), "dim")
    for row in rows:
        if width(row[0]) > wide[0]:  # a long name gets a line of its own, to keep the columns aligned
            yield f"  {row[0]}"
            yield "  " + _line(("", *row[1:]), wide)
        else:
            yield "  " + _line(row, wide)


def _line(row: tuple[str, ...], wide: list[int]) -> str:
    return "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, wide, strict=True)).rstrip()


def _explained(deployment: Deployment, name: str, style: Style) -> Iterator[str]:
    found = [
        function for function in deployment.functions if name in (brief(function.name), _title(function))
    ]
    if not found:
        yield f"  no function {safe(name)}"
    for function in found:
        yield style(f"  {_title(function)}", "bold") + f"  {safe(str(function.span))}"
        for key, value in function.effective.items():
            yield f"    {key} = {brief(value)}"
            yield from (f"      {line}" for line in derivation(value))


def derivation(value: Value) -> Iterator[str]:
    """Derivation of a value, a line for each step, nearest first."""
    yield from steps(value.origin)
    if value.is_unknown:
        yield f"<- unknown: {safe(str(value.reason))}" + (f"  {value.span}" if value.span else "")


def steps(origin: tuple[Step, ...]) -> Iterator[str]:
    """A line for each step of a derivation."""
    for step in origin:
        yield f"<- {safe(step.note)}" + (f"  {safe(step.span.path)}:{step.span.line}" if step.span else "")
