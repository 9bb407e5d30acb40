"""The form of a settings file, for pydantic and, as JSON Schema, for editors.

Only form is checked here: the keys and their types. `vocabulary` checks whether a policy or a parameter
exists, `merging` whether a layer may set it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, WithJsonSchema

from policy_bot.policy.selection import FORM as PATTERN
from policy_bot.policy.selection import LONGEST_PATTERN, mistake
from policy_bot.policy.settings import Mode, Profile, UnknownWeight
from policy_bot.regex import regex

ID = r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+$"
_STAGE = regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}\Z")
_DAY = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_ADDRESS = regex(
    r"\*|mode|extends|unknown|paths|release-branches|waivers|inline|[a-z0-9-]+(?:/[a-z0-9-]+)*(?:/\*|/[a-z0-9-]+(?:\.[a-zA-Z0-9_-]+)?)\Z"
)


def _day(value: object) -> object:
    """A day written as 2027-01-31; anything else is an error that says so."""
    if isinstance(value, str) and _DAY.match(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"there is no day {value}") from None
    raise ValueError("a day is written like 2027-01-31")


def _pattern(value: object) -> object:
    if isinstance(value, str) and (wrong := mistake(value)):
        raise ValueError(wrong)
    return value


def _address(value: object) -> object:
    if isinstance(value, str) and not _ADDRESS.fullmatch(value):
        raise ValueError(
            "name a policy (`timeout/too-short`), a group (`timeout/*`), one setting of a policy"
            " (`timeout/too-short.least`), `mode`, `extends`, `unknown`, `paths`,"
            " `release-branches`, `waivers`, `inline` or `*`"
        )
    return value


def _shorthand(value: object) -> object:
    """Accepts `timeout/too-short: off` for `timeout/too-short: {severity: off}`."""
    if value == {}:
        raise ValueError("this is empty; give `off`, a severity, or settings")
    return {"severity": value} if isinstance(value, str) else value


def _text(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise ValueError("this is empty; write a sentence")
    return value


def _stage(value: object) -> object:
    if isinstance(value, str) and not _STAGE.match(value):
        raise ValueError("a stage's name is letters, digits and dashes, at most 64")
    return value


# editors see what our validators require too: tests/policy/test_editorschema.py compares both
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{_DAY.pattern[:-2]}$"}),
]
Text = Annotated[str, BeforeValidator(_text), Field(max_length=2_000, json_schema_extra={"pattern": r"\S"})]
Pattern = Annotated[
    str, BeforeValidator(_pattern), Field(max_length=LONGEST_PATTERN, json_schema_extra={"pattern": PATTERN})
]
Address = Annotated[str, BeforeValidator(_address)]
PolicyId = Annotated[str, Field(pattern=ID, max_length=100)]
SeverityWord = Literal["off", "error", "warning", "notice"]
Stage = Annotated[
    str, BeforeValidator(_stage), Field(json_schema_extra={"pattern": f"^{_STAGE.pattern[:-2]}$"})
]
Scalar = bool | int | float | str
Parameter = Scalar | list[str]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=False)


_GIVEN: dict[str, JsonValue] = {"type": "string"}
_ONE_OF_BOTH: dict[str, JsonValue] = {
    "not": {"required": ["mode", "enforce-from"], "properties": {"mode": _GIVEN, "enforce-from": _GIVEN}}
}


class PolicySettings(_Strict):
    """The settings of one policy; `off` or a severity may be written instead of the mapping."""

    model_config = ConfigDict(json_schema_extra={**_ONE_OF_BOTH, "minProperties": 1})

    severity: SeverityWord | None = Field(
        None, description="`off`, or how bad a finding is: only `error` can gate."
    )
    mode: Mode | None = Field(None, description="`evaluate` shows findings and never gates.")
    enforce_from: Day | None = Field(
        None, alias="enforce-from", description="Evaluate before this day (UTC)."
    )
    unknown: UnknownWeight | None = Field(None, description="Effect of a cannot-tell.")
    parameters: dict[str, Parameter] = Field(default={}, description="Values of the policy's parameters.")


PolicyEntry = Annotated[
    PolicySettings, BeforeValidator(_shorthand, json_schema_input_type=SeverityWord | PolicySettings)
]


class Paths(_Strict):
    """Which projects are judged."""

    ignore: list[Pattern] = Field(
        default=[], description="Projects whose config matches one of these patterns are not judged."
    )


class SelectionConditions(_Strict):
    """Which repositories: all given conditions must hold; of a list, one suffices."""

    repositories: list[Pattern] | None = Field(None, description="Name patterns, e.g. `web-*`.")
    topics: list[str] | None = Field(None, description="Topics of the repository.")
    visibility: Literal["public", "private", "internal"] | None = None


class LayerSettings(_Strict):
    """The settings that both layers may have."""

    model_config = ConfigDict(json_schema_extra=_ONE_OF_BOTH)

    extends: Profile | None = Field(None, description="The built-in profile.")
    mode: Mode | None = Field(None, description="`evaluate` shows findings and never gates.")
    enforce_from: Day | None = Field(
        None, alias="enforce-from", description="Evaluate before this day (UTC)."
    )
    unknown: UnknownWeight | None = Field(None, description="Effect of a cannot-tell.")
    policies: dict[PolicyId, PolicyEntry] = Field(
        default={}, description="By policy: `off`, a severity, or more."
    )
    stages: list[Stage] = Field(default=[], max_length=16, description="Stages to judge besides those found.")
    paths: Paths = Paths()
    release_branches: list[Pattern] = Field(
        default=[],
        alias="release-branches",
        description="Branches whose pull requests are compared with the branch alone and judged by its own"
        " settings; others are compared with the default branch too.",
    )


class OrganisationBlock(LayerSettings):
    """The organisation's settings, including what its repositories may and may not loosen."""

    allow: list[Address] = Field(default=[], description="What a repository may loosen.")
    lock: list[Address] = Field(default=[], description="What it may not loosen, even if `allow` covers it.")


class Selection(OrganisationBlock):
    """Settings for some of the organisation's repositories; a later selection wins over an earlier one."""

    where: SelectionConditions


class RepositoryWaiver(_Strict):
    """Excuses one policy's findings in one place of this repository until a day."""

    policy: PolicyId
    path: Pattern = Field(description="The finding's file, or its project's config.")
    subject: Text | None = Field(
        None, description="The component's or function's name, or a pattern; any by default."
    )
    reason: Text
    expires: Day = Field(description="The last day (UTC) on which it excuses.")
    approved_by: Text = Field(alias="approved-by", description="A person or team, e.g. `@acme/platform`.")


class OrganisationWaiver(RepositoryWaiver):
    """Excuses one policy's findings in one place of a repository until a day."""

    repository: Pattern = Field(description="The repository's name, or a pattern.")


class OrganisationFile(OrganisationBlock):
    """`policy-bot.yml` in the organisation's `.github` repository."""

    select: list[Selection] = Field(default=[], max_length=200)
    approvers: list[Text] | None = Field(
        None, description="Who may be named in `approved-by`; anyone, if not set."
    )
    waivers: list[OrganisationWaiver] = Field(default=[], max_length=1_000)


class RepositoryFile(LayerSettings):
    """`.github/policy-bot.yml` in a repository."""

    waivers: list[RepositoryWaiver] = Field(default=[], max_length=1_000)
    inline: bool | None = Field(
        None, description="`false`: comments in the source (`// policy-bot: ignore ...`) excuse nothing."
    )
