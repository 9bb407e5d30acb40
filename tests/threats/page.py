"""Makes docs/threats.md from the tests in this folder: `python tests/threats/page.py`.

The first paragraph of each test's docstring is its row: `T24: threat -> behaviour that the test shows`.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "threats.md"
ROW = re.compile(r"T(\d+): (.+?) -> (.+)", re.DOTALL)

INTRODUCTION = """\
# Threats

Threats to services like this one and to policy engines, mostly from published incidents, and their tests.
Numbers without a row have no test of their own. The rows come from the tests' docstrings (`make docs`).

| number | threat | behaviour that the test shows | test |
|---|---|---|---|
"""


def rows() -> dict[Path, re.Match[str] | None]:
    """Each test with its row; None if it does not begin with one."""
    found = {}
    for path in sorted(
        HERE.glob("test_t*.py"), key=lambda path: (int(path.stem.split("_")[1][1:]), path.name)
    ):
        words = (ast.get_docstring(ast.parse(path.read_bytes())) or "").split("\n\n")[0]
        found[path] = ROW.fullmatch(" ".join(words.split()).removesuffix("."))
    return found


def render() -> str:
    """The page."""
    lines = [
        f"| T{row[1]} | {row[2]} | {row[3]} | [{path.stem}](../tests/threats/{path.name}) |"
        for path, row in rows().items()
        if row
    ]
    return INTRODUCTION + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(render())
