"""Whole configs with all that is known of them: every value that is not the usual one, and where it comes from.

Next to each `deployments/<name>.ts` is `<name>.txt`. A comment at the top of the config gives the release of SST,
others the files around it. `<` leads back to where a value was written, `<<` to the same place as the fact above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from policy_bot.sst.deployment import Context, Deployment, Reference, Step, Subject, Value
from policy_bot.sst.reading import read_project
from policy_bot.sst.reasons import Reason
from policy_bot.sst.source import MemoryTree
from policy_bot.sst.span import Span

FOLDER = Path(__file__).with_name("deployments")
NAMES = sorted(file.stem for file in FOLDER.glob("*.ts"))
PRODUCTION, DEV = Context("production"), Context("dev", dev=True)
USUAL = ("''", "False", "[]", "-1")


@pytest.mark.parametrize("name", NAMES)
def test_all_that_is_known_of_a_config(name: str) -> None:
    assert described(name) == FOLDER.joinpath(f"{name}.txt").read_text()


def described(name: str) -> str:
    """The deployment in production, and what differs in `sst dev`."""
    config = FOLDER.joinpath(f"{name}.ts").read_text()
    [release] = re.findall(r"^// SST (\S+)$", config, re.MULTILINE)
    around = dict(re.findall(r"^// (\S+): (.*)$", config, re.MULTILINE))
    package = {"package.json": f'{{"dependencies": {{"sst": "{release}"}}}}'}
    files = {path: text.encode() for path, text in (package | around | {"sst.config.ts": config}).items()}
    project = read_project(MemoryTree(files), "sst.config.ts", [PRODUCTION, DEV])
    assert project.unreadable is None
    production, dev = (list(Writer(files).deployment(each)) for each in project.contexts)
    different = [f"+ {line}" for line in dev if line not in production]
    different += [f"- {line}" for line in production if line not in dev]
    return "\n".join([*production, "", "in sst dev:", *different]) + "\n"


def reason(given: Reason) -> str:
    """The kind and its parameters: the wording is for others to test."""
    inner = [reason(each) if isinstance(each, Reason) else str(each) for each in given.parameters]
    return f"{given.kind.name}({', '.join(inner)})"


class Writer:
    """Writes deployments as text, places as the source there."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def deployment(self, seen: Deployment) -> Iterator[str]:
        for title, values in (("root", seen.root), ("app", seen.app)):
            yield f"{title}: " + ", ".join(f"{key} {self.value(value)}" for key, value in values.items())
        for component in seen.components:
            sure = "" if component.certain else " perhaps"
            yield f"component{sure} {component.type} {self.value(component.name)}: {self.value(component.args, 1)}"
        for subject in seen.subjects:
            yield from self.subject(subject)
        for spot in seen.unknown:
            yield f"blind spot: {reason(spot.reason)} {self.place(spot.span)}"

    def subject(self, subject: Subject) -> Iterator[str]:
        sure = "" if subject.certain else " perhaps"
        yield f"{subject.kind}{sure} {subject.name} {subject.type} {self.place(subject.span)}"
        before = ""
        for key, value in subject.facts.items():
            text, origin = self.bare(value, 2), self.origin(value.origin)
            if text + origin not in USUAL:
                yield f"  {subject.name} {key}: {text}{' <<' if origin and origin == before else origin}"
                before = origin
        if subject.places:
            pairs = subject.places.items()
            written = ", ".join(
                f"{key} {each.pair.line}:{each.pair.column}-{each.value.column}" for key, each in pairs
            )
            yield f"  {subject.name} written: {written}"
        if subject.literals:
            objects = ", ".join(f"{key} {span.line}:{span.column}" for key, span in subject.literals.items())
            yield f"  {subject.name} objects: {objects}"

    def value(self, value: Value | str, depth: int = 2) -> str:
        return repr(value) if isinstance(value, str) else self.bare(value, depth) + self.origin(value.origin)

    def bare(self, value: Value, depth: int) -> str:
        if value.is_known:
            return self.content(value.value, depth)
        if value.choices:
            return f"({' or '.join(self.value(each) for each in value.choices)}) by {reason(value.reason)}"
        return f"unknown: {reason(value.reason)} {self.place(value.span)}"

    def content(self, content: object, depth: int) -> str:
        if isinstance(content, Reference):
            return f"<{content.type} {content.name} {content.output}>"
        if isinstance(content, list):
            return "[" + ", ".join(self.value(each, depth) for each in content) + "]"
        if isinstance(content, dict):
            if depth == 0:
                return "{...}"
            return (
                "{" + ", ".join(f"{key} {self.value(each, depth - 1)}" for key, each in content.items()) + "}"
            )
        return repr(content)

    def origin(self, steps: tuple[Step, ...]) -> str:
        return "".join(f" < {step.note} {self.place(step.span)}" for step in steps)

    def place(self, span: Span | None) -> str:
        if span is None:
            return ""
        text = " ".join(self.files[span.path][span.start : span.end].decode().split())
        return f"{span.line}:{span.column}`{text if len(text) < 40 else f'{text[:20]}..{text[-15:]}'}`"


if __name__ == "__main__":  # after a change that is meant: python -m tests.facts.test_deployments
    for each in NAMES:
        FOLDER.joinpath(f"{each}.txt").write_text(described(each))
