"""Whether what the reader says of a config covers what Node makes of it, for every value of its environment."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from policy_bot.sst.deployment import BlindSpot, Component, Context, Function, Reference, Value
from policy_bot.sst.freeze import freeze
from policy_bot.sst.interpreter import Interpreter
from policy_bot.sst.reading import read_project
from policy_bot.sst.reasons import Why
from policy_bot.sst.source import MemoryTree
from tests.sst.soundness.configs import UNKNOWNS, Files
from tests.sst.soundness.node import PROGRAM

CONFIG = "sst.config.ts"
CONFIGS = 50
"""So many are run by one Node."""
VIAS = {"component", "subscribe", "route", "cron", "notify"}
"""The functions that `configs.mjs` makes."""


class Configs:
    """A Node that runs whole configs. It is started anew from time to time: modules that have run stay in its memory."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._left = 0

    def outcomes(self, files: Files) -> list[dict[str, Any]]:
        """What a config makes for every combination of the environment variables that it reads."""
        text = "".join(files.values())
        unknowns = {name: values for name, values in UNKNOWNS.items() if f"process.env.{name}" in text}
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"files": files, "unknowns": unknowns}) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())  # type: ignore[no-any-return]

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._left == 0:
            self.close()
            script = str(Path(__file__).with_name("configs.mjs"))
            command = [str(PROGRAM), "--experimental-vm-modules", "--no-warnings", script]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
            )
            self._left = CONFIGS
        self._left -= 1
        return self._process

    def close(self) -> None:
        """Ends Node."""
        if self._process is not None:
            with self._process:
                self._process.terminate()
            self._process = None


@contextmanager
def running() -> Iterator[Configs]:
    """A Node, ended afterwards."""
    configs = Configs()
    try:
        yield configs
    finally:
        configs.close()


class Said:
    """The reader's result for a config: every component, including conditional ones, and the functions."""

    def __init__(self, files: Files) -> None:
        tree = MemoryTree({path: text.encode() for path, text in files.items()})
        context = Context("production")
        self.deployment = read_project(tree, CONFIG, [context]).contexts[0]
        made = Interpreter(tree, CONFIG).run(context).constructions
        self.components = [
            Component(each.type, freeze(each.name), each.span, freeze(each.args), each.certain)
            for each in made
        ]
        self.functions = [each for each in self.deployment.functions if each.via in VIAS]
        shown = {(spot.reason.parameters[0], spot.span) for spot in self.deployment.unknown if _decided(spot)}
        self.silent = [
            each for each in self.components if not each.certain and (each.type, each.span) not in shown
        ]

    @property
    def blind(self) -> bool:
        """Whether it says that components may be hidden from it."""
        settings = {
            value.reason for each in self.functions for value in each.effective.values() if value.is_unknown
        }
        return any(not _decided(spot) and spot.reason not in settings for spot in self.deployment.unknown)


def _decided(spot: BlindSpot) -> bool:
    return spot.reason.kind is Why.UNCERTAIN_COMPONENT


def missed(configs: Configs, files: Files, said: Said | None = None) -> list[str]:
    """What the reader leaves out of what Node makes, or says is certain and is not made; empty if it is sound."""
    said = said or Said(files)
    found: dict[str, None] = {}
    for outcome in configs.outcomes(files):
        if "throws" not in outcome:
            found.update(dict.fromkeys(_missed(said, outcome)))
    return list(found)


def _missed(said: Said, outcome: Mapping[str, Any]) -> Iterator[str]:
    yield from _unmatched("component", said.components, outcome["components"], _is_component, said.blind)
    yield from _unmatched("function", said.functions, outcome["functions"], _is_function, said.blind)
    yield from (f"component in no list: {each}" for each in said.silent)


def _unmatched(
    what: str,
    said: Sequence[Any],
    real: Sequence[Mapping[str, Any]],
    is_one: Callable[[Any, Mapping[str, Any]], bool],
    hidden: bool,
) -> Iterator[str]:
    """Everything that Node makes is reported, unless there is a blind spot; certain results exist in Node."""
    fits = [[at for at, each in enumerate(said) if is_one(each, one)] for one in real]
    for at in _unpaired(fits) if not hidden else ():
        yield f"{what} not said: {json.dumps(real[at])}"
    certain = [at for at, each in enumerate(said) if each.certain]
    backwards = [[one for one, places in enumerate(fits) if at in places] for at in certain]
    for at in _unpaired(backwards):
        yield f"{what} not made: {said[certain[at]]}"


def _unpaired(fits: Sequence[Sequence[int]]) -> list[int]:
    """Those that find no partner of their own in a largest pairing (augmenting paths)."""
    taken: dict[int, int] = {}

    def pair(one: int, tried: set[int]) -> bool:
        for other in fits[one]:
            if other not in tried:
                tried.add(other)
                if other not in taken or pair(taken[other], tried):
                    taken[other] = one
                    return True
        return False

    return [one for one in range(len(fits)) if not pair(one, set())]


def _is_component(said: Component, real: Mapping[str, Any]) -> bool:
    return said.type == real["type"] and covers(said.name, real["name"]) and covers(said.args, real["args"])


def _is_function(said: Function, real: Mapping[str, Any]) -> bool:
    name = said.owner_name if said.via in {"subscribe", "cron"} else said.name
    return (
        said.via == real["via"]
        and covers(name, real["name"])
        and covers(said.effective["timeout_seconds"], real["seconds"])
    )


def covers(said: Value, real: Any) -> bool:
    """Whether a value of the deployment includes a concrete one."""
    if said.is_unknown:
        return True
    if said.choices:
        return any(covers(choice, real) for choice in said.choices)
    value = said.value
    kind = real.get("$") if isinstance(real, dict) else None
    if isinstance(value, Reference):
        return kind == "reference" and value.name in {real["name"], "?"} and value.output == real["output"]
    if isinstance(value, dict):
        return kind == "object" and _covers_object(value, dict(real["entries"]))
    if isinstance(value, list):
        return isinstance(real, list) and _covers_list(value, real)
    return type(value) is type(real) and value == real


def _covers_object(said: Mapping[str, Value], real: Mapping[str, Any]) -> bool:
    if "..." in said:
        return True
    return all(covers(value, real.get(key)) for key, value in said.items()) and real.keys() <= said.keys()


def _covers_list(said: Sequence[Value], real: Sequence[Any]) -> bool:
    """An unknown element matches any number of elements."""
    ends = {0}
    for value in said:
        if value.is_unknown:
            ends = set(range(min(ends), len(real) + 1)) if ends else ends
        else:
            ends = {at + 1 for at in ends if at < len(real) and covers(value, real[at])}
    return len(real) in ends
