"""Regular expressions that are compiled when they are first used.

Python compiles a pattern in 0.1 ms, and a `check` loads eighty but uses a dozen. For type checkers this
*is* `re.compile`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

__all__ = ["regex"]

if TYPE_CHECKING:
    regex = re.compile
else:

    class regex:  # noqa: N801 -- used like the function
        """Behaves like the compiled pattern: the first use of a method compiles it."""

        def __init__(self, source: str | bytes, flags: int = 0) -> None:
            self._source = source
            self._flags = flags

        def __getattr__(self, name: str) -> Any:
            found = getattr(re.compile(self._source, self._flags), name)
            setattr(self, name, found)
            return found
