"""Answers that are one line of plain text."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response


def line(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer of one line."""
    return Response(f"{text}\n", status, headers, content_type="text/plain; charset=utf-8")
