"""The facts that an expression may use: those of its subject and of its surroundings, and parameters."""

from __future__ import annotations

from functools import cache

from policy_bot.policy.spelling import did_you_mean
from policy_bot.sst.shape import SHAPES

AROUND = {
    "context.stage": ("string", "The stage that is judged."),
    "context.dev": ("bool", "It is judged as `sst dev` runs it (`$dev`)."),
    "project.stages": ("list", "All judged stages."),
    "project.streams": ("bool", "Something in the project streams in at least one stage."),
    "project.components": (
        "components",
        "All components of the project in this context, for `exists`, `all`, `filter`; each has the facts of"
        " a component. More than 200 are unknown.",
    ),
}
"""Names that every rule may use in addition, with type and meaning."""


@cache
def declarations(subject: str, parameters: tuple[tuple[str, str], ...] = ()) -> dict[str, str]:
    """Returns the names and types that an expression over this kind of subject may use."""
    names = {name: str(fact.type) for name, fact in SHAPES[subject].items()}
    names |= {f"config.{name}": str(fact.type) for name, fact in SHAPES["config"].items()}
    names |= {name: type_ for name, (type_, _) in AROUND.items()}
    return names | {f"parameters.{name}": type_ for name, type_ in parameters}


def meant(name: str, subject: str, parameters: tuple[tuple[str, str], ...] = ()) -> str:
    """A hint for an unknown fact: the one that was probably meant, or where all are listed."""
    near = did_you_mean(name, declarations(subject, parameters))
    return near or f"`policy-bot facts {subject}` lists them."
