"""Guesses from the text of code which files it imports, to request them all at once; never used for
judging.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

# Possessive (`*+`), so that blanks are scanned once: this runs in the service, on a stranger's source.
_RELATIVE = re.compile(rb"""(?:from|import|require)\s*+\(?\s*+["'](\.{1,2}/[^"'\n]{1,200})["']""")
_ENDINGS = ("", ".ts", ".tsx", ".mts", ".js", ".mjs", ".json", "/index.ts", "/index.js")
MOST = 100
"""How many imports of one file are followed."""


def imports(path: str, content: bytes) -> Iterator[str]:
    """Paths that relative imports of a file may resolve to, within the repository."""
    folder = path.rpartition("/")[0]
    for number, match in enumerate(_RELATIVE.finditer(content)):
        if number == MOST:
            return
        target = posixpath.normpath(posixpath.join(folder, match[1].decode("utf-8", "replace")))
        if not target.startswith(".."):
            stem = target.removesuffix(".js").removesuffix(".mjs")
            yield from dict.fromkeys(f"{start}{ending}" for start in (target, stem) for ending in _ENDINGS)
