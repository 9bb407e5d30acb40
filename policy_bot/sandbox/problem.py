"""The sandbox's error answers, with GitHub's messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class ApiProblem(Exception):
    """An answer that is not a success: status, message, and GitHub's `errors` if it has them."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: Sequence[object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {message}")
        self.status = status
        self.message = message
        self.errors = errors
        self.headers = dict(headers or {})

    def body(self) -> dict[str, object]:
        """The answer's JSON."""
        body: dict[str, object] = {"message": self.message}
        if self.errors is not None:
            body["errors"] = list(self.errors)
        return {**body, "documentation_url": "https://docs.github.com/rest", "status": str(self.status)}


def not_found() -> ApiProblem:
    """404: missing, or not visible to the caller."""
    return ApiProblem(404, "Not Found")


def forbidden() -> ApiProblem:
    """403: the token lacks a permission."""
    return ApiProblem(403, "Resource not accessible by integration")


def invalid(message: str, errors: Sequence[object] | None = None) -> ApiProblem:
    """422: invalid request."""
    return ApiProblem(422, message, errors)
