"""T24: a parser with linear patterns is quadratic in its loops -> 16 times the text takes less than 64 times
the CPU time; a quadratic parser would take 256 times.

Precedents: CVE-2026-44937 (Fleet), CVE-2026-54448 (Trivy).
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import cycle

import pytest

from policy_bot.policy import cases, page, selection, yamltext
from policy_bot.review import diff, markdown
from policy_bot.sst.reading import read_project
from policy_bot.sst.repository import lockfiles
from policy_bot.sst.repository.jsonc import parse_jsonc
from policy_bot.sst.source import MemoryTree

FACTOR = 16
"""How many times longer the longer text is."""
GROWTH = 64
"""Four times what linear work grows by, and a quarter of what quadratic work grows by."""
ENOUGH = 0.002
"""CPU seconds from which on a growth can be measured."""
ROUNDS = 20
"""Measurements until work is called slow. Each can only lower the fastest times."""

Attack = Callable[[int], Callable[[], object]]
"""Makes the work for a text of so many parts."""


def _yaml(part: str, head: str = "") -> Attack:
    def attack(count: int) -> Callable[[], object]:
        text = head + "".join(part.replace("%", str(at)) for at in range(count))
        return lambda: yamltext.read("a.yml", text)

    return attack


def _lock(name: str, head: str, part: str) -> Attack:
    def attack(count: int) -> Callable[[], object]:
        text = head + "".join(part.replace("%", str(at)) for at in range(count))
        return lambda: lockfiles.SCANNERS[name](text)("a/" * 20 + "b", "sst")

    return attack


def _json(part: str) -> Attack:
    return lambda count: lambda: parse_jsonc(("{" + part * count + '"a": 1}').encode())


def _patch(part: str) -> Attack:
    return lambda count: lambda: diff.hunks(part * count)


def _tsconfig(count: int) -> Callable[[], object]:
    """A path for each of many names, and a program that imports by one that is the last of them."""
    paths = {f"@a{at}/*": [f"b{at}/*"] for at in range(count)}
    files = {
        "tsconfig.json": json.dumps({"compilerOptions": {"paths": paths}}),
        "sst.config.ts": f'import {{ x }} from "@a{count - 1}/y";\nexport default $config({{}});\n',
    }
    tree = MemoryTree({path: text.encode() for path, text in files.items()})
    return lambda: read_project(tree, "sst.config.ts")


ATTACKS: dict[str, Attack] = {
    "YAML, keys": _yaml("k%: v\n"),
    "YAML, lists in lines": _yaml("[], ", "a: ["),
    "YAML, one anchor used often": lambda count: _yaml("- *x\n", "- &x a\n")(count // 32),  # more is refused
    "JSONC, comments": _json("/* * / */ // x\n"),
    "JSONC, commas and blanks": _json('"a": [1,        ], '),
    "JSONC, comments that do not end": _json("/* "),
    "package-lock.json": _lock(
        "package-lock.json", '{"packages": {', '"node_modules/sst%": {"version": "4.0.0"},'
    ),
    "pnpm-lock.yaml": _lock("pnpm-lock.yaml", "importers:\n", "  a%:\n    dependencies:\n      sst:\n"),
    "yarn.lock": _lock("yarn.lock", "", '"sst@^%":\n  resolved x\n\n'),
    "bun.lock": _lock("bun.lock", '{ "packages": {', '    "sst": ["sst@x%",\n'),
    "diff, hunks": _patch("@@ -1,2 +1,2 @@\n a\n-b\n+c\n"),
    "diff, lines": lambda count: _patch(f"@@ -1,{count} +1,{count} @@\n" + " a\n" * count)(1),
    "Markdown, headings": lambda count: lambda: [*page.headings("# a #\n```\n# b\n```\n" * count)],
    "Markdown, prose": lambda count: lambda: page.prose("a `b` **c** [d](e) <f>\n" * count),
    "Markdown, a fence that does not end": lambda count: lambda: [*page.lines("```ts\n" + "x\n" * count)],
    "cases": lambda count: lambda: cases.read("## Cases\n\n### a\n\n```ts\nx // fail\n```\n" * count),
    "text shown": lambda count: lambda: markdown.text("a_b*c`<" * count),
    "code shown": lambda count: lambda: markdown.code("`` ` " * count),
    "tsconfig paths": _tsconfig,
    "globs": lambda count: lambda: selection.matches("*a" * 140, "a" * count),
    "globs of folders": lambda count: lambda: selection.matches("**/a/" * 50 + "b", "a/" * count),
}


def _seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """How long one piece of work takes, the fastest of three."""
    best = float("inf")
    gc.disable()  # a collection belongs to the whole test run, and a large one would be measured instead
    try:
        for _ in range(3):
            began = clock()
            with suppress(Exception):  # a refusal counts too
                work()
            best = min(best, clock() - began)
    finally:
        gc.enable()
    return best


def _is_linear(attack: Attack, clock: Callable[[], float] = time.thread_time) -> bool:
    count = 64
    while count < 1 << 16 and _seconds(attack(count), clock) < ENOUGH:
        count *= 2
    short, long = attack(count), attack(FACTOR * count)
    share = took = float("inf")
    for _ in range(ROUNDS):
        share = min(share, _seconds(short, clock))
        took = min(took, _seconds(long, clock))
        if took < GROWTH * max(share, ENOUGH / 4):
            return True
    return False


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_a_longer_text_takes_no_more_than_its_share(attack: Attack) -> None:
    assert _is_linear(attack)


class Slowed:
    """A clock that work moves itself, on a machine of changing speed."""

    def __init__(self, *slowness: float) -> None:
        self.now, self.slowness = 0.0, cycle(slowness)

    def __call__(self) -> float:
        return self.now

    def parser(self, power: int) -> Attack:
        def step(count: int) -> None:
            self.now += count**power * 1e-7 * next(self.slowness)

        return lambda count: lambda: step(count)


@pytest.mark.parametrize("slowness", [(1,), (3, 1, 2, 5), (9, 7, 1), (2,)])
def test_a_quadratic_parser_is_found(slowness: tuple[float, ...]) -> None:
    clock = Slowed(*slowness)
    assert not _is_linear(clock.parser(power=2), clock)


@pytest.mark.parametrize("calls", range(27, 45))
def test_a_linear_parser_is_not_blamed_for_a_machine_that_becomes_slow(calls: int) -> None:
    clock = Slowed(*[1] * calls, *[9] * 30)
    assert _is_linear(clock.parser(power=1), clock)
