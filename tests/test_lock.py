"""The locks: whole, without addresses, and installed without asking which versions exist today."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
ALL = ROOT / "requirements/all.txt"
EXTRAS = {"cli": "", "service": "postgres", "lsp": "lsp", "demo": "demo"}
"""Lock -> the extra that it holds; the CLI is what every installation has."""
LOCKS = [ALL, *(ROOT / f"requirements/{name}.txt" for name in (*EXTRAS, "build"))]
INSTALLERS = ["Makefile", "action.yml", "Dockerfile"]
BUILDING = {"hatchling", "editables"}


def pinned(lock: Path) -> set[str]:
    return {canonicalize_name(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock.read_text(), re.M)}


def versions(lock: Path) -> set[str]:
    return set(re.findall(r"^[A-Za-z0-9._-]+==\S+", lock.read_text(), re.M))


def _declared(extra: str) -> list[str]:
    """What this project declares now; an editable installation remembers what it declared then."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [*project["dependencies"], *(project["optional-dependencies"][extra] if extra else ())]


def needs(package: str, extra: str) -> Iterator[tuple[str, str]]:
    """What a package asks for on this machine, as (name, extra), itself without the extra among it."""
    for line in _declared(extra) if package == "policy-bot" else distribution(package).requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            name = canonicalize_name(requirement.name)
            yield from ((name, each) for each in ("", *requirement.extras))


def closure(*roots: tuple[str, str]) -> set[str]:
    seen: set[tuple[str, str]] = set()
    open_ends = list(roots)
    while open_ends:
        if (each := open_ends.pop()) not in seen:
            seen.add(each)
            open_ends.extend(needs(*each))
    return {name for name, _extra in seen}


@pytest.mark.parametrize(("lock", "extra"), EXTRAS.items())
def test_an_extra_is_pinned_down_to_the_last_package(lock: str, extra: str) -> None:
    """Nothing is resolved at installation, so a package missing here would be missing there."""
    wanted = closure(("policy-bot", extra)) - {"policy-bot"}
    assert wanted <= pinned(ROOT / f"requirements/{lock}.txt")


@pytest.mark.parametrize("lock", LOCKS[1:], ids=lambda lock: lock.name)
def test_a_part_has_the_versions_of_the_whole(lock: Path) -> None:
    assert versions(lock) < versions(ALL)


def test_the_cli_is_small_and_nothing_that_runs_brings_build_tools() -> None:
    assert len(pinned(ROOT / "requirements/cli.txt")) < 15
    assert not pinned(ROOT / "requirements/service.txt") & BUILDING


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_pins_everything_by_hash_and_names_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    pins = [block for block in re.split(r"\n(?=[A-Za-z])", text) if re.match("[A-Za-z]", block)]
    assert pins
    for block in pins:
        assert re.match(r"\S+==\S+", block), block
        assert "--hash=sha256:" in block, block


@pytest.mark.parametrize("name", INSTALLERS)
def test_an_installation_takes_the_lock_and_resolves_nothing(name: str) -> None:
    """With a resolver, `coverage[toml]` of a package in the lock found the newest coverage, which the lock
    does not know, and every fresh installation failed from the day of its release."""
    installs = [line for line in (ROOT / name).read_text().splitlines() if "--require-hashes" in line]
    assert installs
    assert all("--no-deps" in line for line in installs)
