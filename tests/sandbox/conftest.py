"""A sandbox with one repository, the App installed, and a client that reaches it in process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from github import Github

from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.state import Repository
from tests.sandbox.clients import APP, installed
from tests.sandbox.full import FullSandbox
from tests.sandbox.wire import wired

BEFORE = "".join(f"line {number}\n" for number in range(1, 31))


@pytest.fixture
def sandbox() -> Iterator[FullSandbox]:
    made = FullSandbox(registration=APP)
    made.organization("acme")
    with wired(made):
        yield made


@pytest.fixture
def shop(sandbox: Sandbox) -> Repository:
    return sandbox.repository("acme/shop", {"sst.config.ts": BEFORE, "infra/api.ts": "export {};\n"})


@pytest.fixture
def client(sandbox: Sandbox, shop: Repository) -> Github:
    return installed(sandbox, sandbox.install("acme"))
