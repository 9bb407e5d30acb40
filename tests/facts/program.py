"""Cases of facts about SST: a small program, the SST version, the stage, and SST's result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from policy_bot.sst.deployment import Context, Deployment, Subject, Value
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree

PRODUCTION = Context("production")
DEV = Context("dev", dev=True)
V3, V4 = "3.19.3", "4.17.0"

CONFIG = """/// <reference path="./.sst/platform/config.d.ts" />
export default $config({
  app(input) {
    return { name: "app", home: "aws" };
  },
  async run() {
    %s
  },
});
"""


@dataclass(frozen=True)
class Fact:
    """One row of the table of facts: `run` is the body of run(), `config` a whole config instead.

    `functions` maps a name to "<seconds> <mode>": S for a way in that streams, B for a buffered one, - none;
    `facts` maps a subject's name to some of its facts; `crash` is part of what SST throws.
    """

    run: str = ""
    functions: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    crash: str = ""
    context: Context = PRODUCTION
    versions: tuple[str, ...] = (V3, V4)
    config: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    hidden: str = ""

    def __str__(self) -> str:
        return " ".join((self.run or self.config).split())[:60]


def cases(facts: list[Fact]) -> list[tuple[Fact, str]]:
    """Every fact with each of its versions."""
    return [(fact, version) for fact in facts for version in fact.versions]


def name_of(value: object) -> str:
    """How pytest names a case: the beginning of its program, and the version."""
    return str(value)


def deployment(fact: Fact, version: str) -> Deployment:
    """What the reader makes of a fact's program."""
    files = {
        "package.json": f'{{"dependencies": {{"sst": "{version}"}}}}',
        "sst.config.ts": fact.config or CONFIG % fact.run,
        **fact.files,
    }
    tree = MemoryTree({path: text.encode() for path, text in files.items()})
    project = read_project(tree, "sst.config.ts", [fact.context])
    assert project.unreadable is None
    return project.contexts[0]


def holds(fact: Fact, version: str) -> None:
    """Asserts that the reader says what SST does."""
    seen = deployment(fact, version)
    for name, expected in fact.functions.items():
        assert shown(seen, name) == expected, f"{name}: {shown(seen, name)}"
    for name, facts in fact.facts.items():
        subject = subject_named(seen, name)
        found = {key: plain(subject.facts[key]) for key in facts}
        assert found == facts, f"{name}: {found}"
    crashes = [crash.message for crash in seen.crashes]
    if fact.crash:
        assert any(fact.crash in message for message in crashes), crashes
    else:
        assert crashes == []
    if fact.hidden:
        assert any(fact.hidden in str(hidden.reason) for hidden in seen.unknown), seen.unknown


def shown(seen: Deployment, name: str) -> str:
    """A function as the table writes it; `W/server` is a Lambda that the site `W` brings along."""
    owner, _, part = name.partition("/")
    if part and not owner.startswith(("GET", "POST")):
        function = next(
            f for f in seen.functions if plain(f.owner_name) == owner and part in (f.via, plain(f.name))
        )
        mode = "S" if plain(function.effective["streaming"]) else "B"
        mode = mode if plain(function.effective["url"]) else "-"
        return f"{plain(function.effective['timeout_seconds'])} {mode}"
    subject = subject_named(seen, name)
    facts = {key: plain(subject.facts[key]) for key in ("timeout", "url", "streams", "entry")}
    if facts["entry"] in ("url", "rest"):
        return f"{facts['timeout']} {'S' if facts['streams'] else 'B'}"
    return f"{facts['timeout']} -"


def subject_named(seen: Deployment, name: str) -> Subject:
    """The only subject of that name; "config" is the config, "queue Q" the queue named Q."""
    kind, space, rest = name.partition(" ")
    if kind in ("queue", "site", "function") and space:
        found = [each for each in seen.subjects if each.kind == kind and each.name == rest]
    else:
        found = [
            each
            for each in seen.subjects
            if (each.name == name or each.kind == name == "config")
            and each.kind not in ("component", "stream")
        ]
    assert len(found) == 1, (name, [each.name for each in seen.subjects])
    return found[0]


def plain(value: Value) -> object:
    """A value as the tables write it."""
    if value.is_known:
        return value.value
    return (
        {"one of": [each.value for each in value.choices]}
        if value.choices
        else {"unknown": str(value.reason)}
    )
