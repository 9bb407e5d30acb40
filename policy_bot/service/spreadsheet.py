"""Text for spreadsheets."""

from __future__ import annotations


def cell(value: object) -> object:
    """Quotes text that a spreadsheet would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
