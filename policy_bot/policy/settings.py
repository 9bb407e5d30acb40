"""The settings in force for one repository: every effective setting with the line that set it, and the
waivers.

Plain data and queries; `layers` (reading one file) and `merging` (merging them) produce it. Keep this module
cheap to import, because every command loads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal, cast

from policy_bot.policy.finding import Severity
from policy_bot.policy.selection import matches
from policy_bot.record import NamedTuple, dataclass, field, replace
from policy_bot.sst.span import Span

Profile = Literal["recommended", "guide"]
Mode = Literal["evaluate", "enforce"]
UnknownWeight = Literal["neutral", "fail", "pass"]
LayerName = Literal["built-in", "organisation", "repository"]

RESERVED = frozenset({"severity", "mode", "unknown", "extends", "waivers", "inline"})
"""Properties that every policy has, so no parameter may have these names: `timeout/too-short.severity` is one
address.
"""


class SettingSource(NamedTuple):
    """The line in a layer's file that set something; `path` is "" for built-in values."""

    layer: LayerName
    path: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line} ({self.layer})" if self.path else self.layer

    def span(self) -> Span:
        """The line as a span, to be shown with findings."""
        return Span(self.path, self.line, self.column, self.line, self.column, 0, 0)


BUILT_IN = SettingSource("built-in")


class Enforcement(NamedTuple):
    """The day from which findings gate: `date.min` is `enforce`, `date.max` is `evaluate`. Later is
    weaker.
    """

    start: date

    def on(self, today: date | None) -> Mode:
        """The mode on a day; without a day, the permanent one."""
        return "enforce" if self.start <= (today or date.min) else "evaluate"

    def __str__(self) -> str:
        if self.start == date.min:
            return "enforce"
        return "evaluate" if self.start == date.max else f"enforce from {self.start}"


ENFORCE = Enforcement(date.min)
EVALUATE = Enforcement(date.max)


@dataclass(frozen=True, slots=True)
class Decision:
    """The value in force at one address, its source, and the values that it overrides (nearest first)."""

    value: object
    source: SettingSource
    over: tuple[Decision, ...] = ()

    def replaced_by(self, value: object, source: SettingSource) -> Decision:
        """The decision of a later layer, which keeps this one as overridden."""
        return Decision(value, source, (replace(self, over=()), *self.over))


@dataclass(frozen=True, slots=True)
class Waiver:
    """Excuses the findings of one policy in one place until the end of a day (UTC).

    `path` is a pattern that matches the finding's file or its project's config; `subject` matches all names
    of its subjects, or "" for any; `repository` is a pattern in the organisation's file and "" (this one) in
    a repository's.
    """

    policy: str
    path: str
    reason: str
    expires: date
    approved_by: str
    source: SettingSource
    repository: str = ""
    subject: str = ""

    def days_left(self, today: date) -> int:
        """Days until it ends: 0 on its last day, negative once it is void."""
        return (self.expires - today).days


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the settings that the check shows and that never gates, such as a refused loosening.

    `about` is the address that was requested and refused.
    """

    message: str
    source: SettingSource
    level: Literal["error", "warning"] = "warning"
    about: str = ""

    def __str__(self) -> str:
        place = f"{self.source.path}:{self.source.line}: " if self.source.path else ""
        return f"{place}{self.message}"


_DEFAULTS: Mapping[str, Decision] = MappingProxyType(
    {
        "extends": Decision("recommended", BUILT_IN),
        "mode": Decision(ENFORCE, BUILT_IN),
        "stages": Decision((), BUILT_IN),
        "paths.ignore": Decision((), BUILT_IN),
        "release-branches": Decision((), BUILT_IN),
        "inline": Decision(True, BUILT_IN),
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one repository on one day.

    `decisions` is keyed by address: `mode`, `extends`, `unknown`, `stages`, `paths.ignore`, `inline`, and for
    each policy `timeout/too-short.severity`, `.mode`, `.unknown`, `.inline` and its parameters
    (`timeout/too-short.least`). The policies' own defaults are not repeated here.
    """

    decisions: Mapping[str, Decision] = field(default_factory=lambda: _DEFAULTS)
    waivers: tuple[Waiver, ...] = ()
    notices: tuple[Notice, ...] = ()
    today: date | None = None

    @staticmethod
    def default() -> Settings:
        """The settings without any files: the recommended profile, enforced."""
        return _DEFAULT

    def severity(self, policy: str, default: Severity) -> Severity | None:
        """The severity in force, None if off. `default` is the policy's own in its `profile_of`."""
        decision = self.decisions.get(f"{policy}.severity")
        if decision is None:
            return default
        return None if decision.value == "off" else cast(Severity, decision.value)

    def parameter(self, policy: str, name: str, default: object) -> tuple[object, str]:
        """A parameter's value and its source; `default` is the policy's own."""
        decision = self.decisions.get(f"{policy}.{name}")
        return (default, "default") if decision is None else (decision.value, str(decision.source))

    def profile_of(self, policy: str) -> Profile:
        """The profile that applies to one policy: a locked one keeps the organisation's."""
        return cast(Profile, self._of(policy, "extends").value)

    def mode_of(self, policy: str) -> Mode:
        """Whether the policy's findings may gate today."""
        return cast(Enforcement, self._of(policy, "mode").value).on(self.today)

    def trial_of(self, policy: str) -> str:
        """The day (ISO) from which the policy's findings may gate, `evaluate` for none; "" if they may gate
        today.
        """
        if self.mode_of(policy) == "enforce":
            return ""
        start = cast(Enforcement, self._of(policy, "mode").value).start
        return "evaluate" if start == date.max else start.isoformat()

    def unknown_of(self, policy: str, default: UnknownWeight = "neutral") -> UnknownWeight:
        """The effect of a cannot-tell of the policy; `default` is the policy's own, if nothing else is
        set.
        """
        decision = self.decisions.get(f"{policy}.unknown") or self.decisions.get("unknown")
        return default if decision is None else cast(UnknownWeight, decision.value)

    def inline_of(self, policy: str) -> Decision:
        """Whether comments in the source may excuse findings of the policy, and the source of that
        decision.
        """
        return self._of(policy, "inline")

    def ignores(self, project: str) -> bool:
        """Whether the project with its config at this path is not judged."""
        patterns = cast("tuple[str, ...]", self.decisions["paths.ignore"].value)
        return any(matches(pattern, project) for pattern in patterns)

    def is_release(self, branch: str) -> bool:
        """Whether pull requests into this branch are compared with it alone, and judged under its own
        settings.
        """
        patterns = cast("tuple[str, ...]", self.decisions["release-branches"].value)
        return any(matches(pattern, branch) for pattern in patterns)

    def _of(self, policy: str, name: str) -> Decision:
        return self.decisions.get(f"{policy}.{name}") or self.decisions[name]

    @property
    def profile(self) -> Profile:
        """The profile of the repository."""
        return cast(Profile, self.decisions["extends"].value)

    @property
    def mode(self) -> Mode:
        """The mode of all policies without their own."""
        return cast(Enforcement, self.decisions["mode"].value).on(self.today)

    @property
    def unknown(self) -> UnknownWeight:
        """The effect of a cannot-tell if neither the settings nor the policy say more."""
        decision = self.decisions.get("unknown")
        return "neutral" if decision is None else cast(UnknownWeight, decision.value)

    @property
    def stages(self) -> tuple[str, ...]:
        """Stages to judge in addition to those found in the code."""
        return cast("tuple[str, ...]", self.decisions["stages"].value)

    @property
    def digest(self) -> str:
        """A hash of what is in force: equal for equal decisions, waivers and day-dependent modes."""
        import hashlib  # noqa: PLC0415 -- a start without it is 3 ms faster, and the CLI asks for no digest

        lines = [
            f"{address}={_today(at.value, self.today)!r}" for address, at in sorted(self.decisions.items())
        ]
        lines += [repr(replace(waiver, source=BUILT_IN)) for waiver in self.waivers]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _today(value: object, today: date | None) -> object:
    return value.on(today) if isinstance(value, Enforcement) else value


_DEFAULT = Settings()
