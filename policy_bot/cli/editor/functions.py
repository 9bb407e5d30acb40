"""The Lambda functions of the open projects by source location, with their values in each stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from policy_bot.cli.editor.session import Session
from policy_bot.cli.output.inspect_text import derivation
from policy_bot.cli.output.values import brief
from policy_bot.record import dataclass
from policy_bot.sst.deployment import Context, Function, Value
from policy_bot.sst.span import Span


@dataclass(frozen=True)
class FunctionInStages:
    """A source location that makes a function, and the function's values in each context."""

    span: Span
    in_context: Mapping[Context, Function]


def of_file(session: Session, path: str) -> list[FunctionInStages]:
    """The functions made in a file, in source order; one that several projects share is listed once."""
    found: dict[Span, dict[Context, Function]] = {}
    for judged in session.judged.values():
        for deployment in judged.project.contexts:
            for function in deployment.functions:
                if function.span.path == path:
                    found.setdefault(function.span, {}).setdefault(deployment.context, function)
    return [FunctionInStages(span, found[span]) for span in sorted(found)]


def summary(made: FunctionInStages) -> str:
    """`60 s in production, 300 s in sst dev · streams`: the text of the code lens above the function."""
    times = _grouped(made, "timeout_seconds", seconds)
    streams = _grouped(made, "streaming", streaming)
    parts = [_in_words(times), _in_words({word: where for word, where in streams.items() if word})]
    return " · ".join(part for part in parts if part)


def explained(made: FunctionInStages) -> Iterator[str]:
    """Each value with its contexts and origin, as lines of Markdown."""
    for key in ("timeout_seconds", "streaming", "url"):
        for shown, contexts in _grouped(made, key, seconds if key == "timeout_seconds" else brief).items():
            if shown:
                yield f"**{key.removesuffix('_seconds')}** {shown} in {', '.join(map(str, contexts))}"
                yield _derived(made.in_context[contexts[0]].effective[key])


def _derived(value: Value) -> str:
    return "\n".join(("```text", *derivation(value), "```")) if value.origin else ""


def seconds(value: Value | None) -> str:
    """A timeout as text."""
    known = value is not None and isinstance(value.value, int | float)
    return brief(value) + (" s" if known else "")


def streaming(value: Value | None) -> str:
    """Whether the function streams; "" if unknown."""
    return {"yes": "streams", "no": ""}.get(brief(value), f"streams: {brief(value)}" if value else "")


def _grouped(
    made: FunctionInStages, key: str, word: Callable[[Value | None], str]
) -> dict[str, list[Context]]:
    groups: dict[str, list[Context]] = {}
    for context, function in made.in_context.items():
        groups.setdefault(word(function.effective.get(key)), []).append(context)
    return groups


def _in_words(groups: Mapping[str, list[Context]]) -> str:
    if len(groups) == 1:
        return next(iter(groups))
    return ", ".join(f"{word} in {' and '.join(map(str, where))}" for word, where in groups.items() if word)
