"""JSON with comments and trailing commas, the format of tsconfig files."""

from __future__ import annotations

import json
import re

from policy_bot.regex import regex

# Ends of strings and comments are optional: otherwise an unclosed one restarts the search at each beginning,
# in quadratic time.
_TOKEN = regex(r'"(?:\\.|[^"\\])*+"?|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?', re.DOTALL)
_TRAILING = regex(r'("(?:\\.|[^"\\])*+"?)|,(?=\s*+[}\]])', re.DOTALL)


def parse_jsonc(data: bytes) -> object:
    """The parsed value, or None if the text is invalid."""
    text = data.decode("utf-8-sig", "replace")
    try:
        return json.loads(text)  # nearly always plain JSON; searching for comments takes ten times as long
    except (ValueError, RecursionError):
        pass
    text = _TOKEN.sub(lambda found: found[0] if found[0][0] == '"' else " ", text)
    text = _TRAILING.sub(lambda found: found[1] or "", text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
