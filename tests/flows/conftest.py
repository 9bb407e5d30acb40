from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.street import Street, street


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Street]:
    with street(tmp_path) as made:
        yield made
