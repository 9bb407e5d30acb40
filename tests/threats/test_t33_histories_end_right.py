"""T33: deliveries arrive twice, late, out of order or never -> random histories over a whole GitHub, with
faults and crashes between any two requests, end like an evaluation from scratch (more in tests/faults).

Precedents: GitLab issue 587536; GitHub redelivers with the same id.
"""

from __future__ import annotations

import pytest

from tests.faults.history import History


@pytest.mark.parametrize("seed", range(900, 905))
def test_a_history_ends_right(seed: int) -> None:
    History(seed).run()
