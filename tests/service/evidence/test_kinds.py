"""What a pull request shows for each kind of review, as text next to this file: `kinds/`.

`python -m tests.service.evidence.test_kinds` rewrites it; read the difference before you commit it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.review.pictures import check, comments
from tests.service.evidence import examples

FOLDER = Path(__file__).parent / "kinds"
PLANS = examples.plans()


def texts(kind: str) -> str:
    return f"{check(PLANS[kind])}\n## Comments\n\n{comments(PLANS[kind])}"


@pytest.mark.parametrize("kind", PLANS)
def test_a_kind_of_review(kind: str) -> None:
    assert texts(kind) == (FOLDER / f"{kind}.md").read_text()


@pytest.mark.parametrize("kind", PLANS)
def test_a_check_that_fails_never_says_passes(kind: str) -> None:
    assert PLANS[kind].conclusion == "success" or "passes" not in PLANS[kind].summary
    assert not any("`" in note.message + note.title for note in PLANS[kind].annotations)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in PLANS:
        (FOLDER / f"{each}.md").write_text(texts(each))
