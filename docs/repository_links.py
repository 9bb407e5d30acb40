"""For the documentation site: a link to a file of the repository outside of docs/ goes to the repository."""

from __future__ import annotations

import posixpath
import re
from typing import Any

_LINK = re.compile(r"\]\((\.\.?/[^)#\s]*)")


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """The page with such links made absolute; links between pages stay as they are."""
    folder = posixpath.join("docs", posixpath.dirname(page.file.src_uri))

    def absolute(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, match[1]))
        inside = target.startswith("docs/")
        return match[0] if inside else f"]({config.repo_url.rstrip('/')}/blob/main/{target}"

    return _LINK.sub(absolute, markdown)
