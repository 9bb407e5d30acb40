"""For all tests: requests to a sandbox, and its answers, fit GitHub's published API description. Coverage is
measured without random and hostile input. Property tests try the same examples each time, and none is held to
a time: `--hypothesis-profile=search` tries others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

UNTRACED = [Path(__file__).with_name(name) for name in ("faults", "fuzz", "threats")]
"""Folders whose tests repeat code that other tests cover."""

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("search", UNTIMED)
settings.register_profile("steady", UNTIMED, derandomize=True, database=None)
settings.load_profile("steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves property tests and those of `UNTRACED` out of coverage, because tracing triples their time."""
    for item in items:
        if item.get_closest_marker("hypothesis") or any(folder in item.path.parents for folder in UNTRACED):
            item.add_marker("no_cover")


@pytest.fixture(autouse=True)
def _contract(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module = sys.modules.get("policy_bot.sandbox.sandbox")
    if module is None:  # tests without a sandbox do not load one
        yield
        return
    from tests.github_api import contract, packages  # noqa: PLC0415 -- npm is asked only where there is a sandbox

    packages.install()  # the first time; here, so that a failure does not look like one of the test
    begin = module.Sandbox.__init__
    misfits: list[str] = []  # reported at the end, since a worker may catch them

    def judge(request: Any) -> None:
        try:
            contract.check(request)
        except contract.Misfit as misfit:
            misfits.append(str(misfit))

    def watched(sandbox: Any, *args: Any, **named: Any) -> None:
        begin(sandbox, *args, **named)
        sandbox.watchers.append(judge)

    monkeypatch.setattr(module.Sandbox, "__init__", watched)
    yield
    assert not misfits, "\n".join(misfits)
