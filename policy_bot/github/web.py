"""Where people see what an API is about."""

from __future__ import annotations

from urllib.parse import urlsplit


def web_address(api_url: str) -> str:
    """Where people see what the API at this address is about."""
    parts = urlsplit(api_url)
    host = parts.netloc.removeprefix("api.") if parts.netloc == "api.github.com" else parts.netloc
    return f"{parts.scheme}://{host}"
