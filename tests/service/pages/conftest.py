from collections.abc import Iterator

import pytest

from policy_bot.service.store.store import Store
from tests.service.fixtures import no_environment, sqlite, store, time
from tests.service.pages.people import Office, office

__all__ = ["no_environment", "sqlite", "store", "time"]


@pytest.fixture
def place(store: Store) -> Iterator[Office]:
    with office(store) as opened:
        yield opened
