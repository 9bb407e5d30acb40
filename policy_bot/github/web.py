"""Addresses of GitHub's pages."""

from __future__ import annotations

from urllib.parse import urlsplit


def web_address(api_url: str) -> str:
    """The address of GitHub's pages, given that of its API."""
    parts = urlsplit(api_url)
    host = parts.netloc.removeprefix("api.") if parts.netloc == "api.github.com" else parts.netloc
    return f"{parts.scheme}://{host}"
