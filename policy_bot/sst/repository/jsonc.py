"""JSON with comments and trailing commas, as tsconfig files are written."""

from __future__ import annotations

import json
import re

# The end of a string or a comment may be missing (then it is no JSON): else the search begins again at each
# beginning, which takes time that grows with the square of the length.
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*+"?|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?', re.DOTALL)
_TRAILING = re.compile(r'("(?:\\.|[^"\\])*+"?)|,(?=\s*+[}\]])', re.DOTALL)


def parse_jsonc(data: bytes) -> object:
    """The value, or None where the text cannot be read."""
    text = data.decode("utf-8-sig", "replace")
    try:
        return json.loads(text)  # nearly always plain JSON; looking for comments takes ten times as long
    except (ValueError, RecursionError):
        pass
    text = _TOKEN.sub(lambda found: found[0] if found[0][0] == '"' else " ", text)
    text = _TRAILING.sub(lambda found: found[1] or "", text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
