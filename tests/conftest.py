"""Held for all tests: every request to a sandbox, and its answer, fits GitHub's published API description."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest


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
