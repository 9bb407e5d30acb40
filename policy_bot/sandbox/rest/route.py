"""Declares operations: verb and path as in GitHub's API description, and required permissions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from policy_bot.sandbox.faults import FaultyRequest
from policy_bot.sandbox.problem import ApiProblem, forbidden, invalid, not_found
from policy_bot.sandbox.state import Pull, Repository
from policy_bot.sandbox.tokens import Token

if TYPE_CHECKING:
    from policy_bot.sandbox.ground import Ground
    from policy_bot.sandbox.views import Views
    from policy_bot.sandbox.world import World

APP = "app"  # the App itself, by its JWT
OPEN = ""  # anybody
PERSON = "person"  # a person who signed in through the App


@dataclass
class Reply:
    """An answer other than JSON with status 200."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Rows:
    """A list that is paged; inside an object under `key` with a count, if GitHub does so."""

    items: Sequence[object]
    key: str = ""


@dataclass
class ApiCall:
    """A call of an operation: the caller, the repository and the arguments."""

    sandbox: Ground
    request: FaultyRequest
    token: Token | None = None
    found: Repository | None = None
    origin: str = ""
    login: str = ""

    @property
    def world(self) -> World:
        """The state."""
        return self.sandbox.world

    @property
    def views(self) -> Views:
        """The shapes of answers."""
        return self.sandbox.views

    @property
    def repository(self) -> Repository:
        """The repository in the path."""
        assert self.found
        return self.found

    @property
    def installed(self) -> Token:
        """The caller's installation token."""
        assert self.token
        return self.token

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object of the request; raises 400 for anything else."""
        if not isinstance(self.request.body, dict):
            raise ApiProblem(400, "Problems parsing JSON")
        return self.request.body

    def required(self, *names: str) -> list[Any]:
        """Required fields; raises GitHub's 422."""
        missing = [f'"{name}"' for name in names if self.body.get(name) in {None, ""}]
        if missing:
            verb = "wasn't" if len(missing) == 1 else "weren't"
            raise invalid(f"Invalid request.\n\n{', '.join(missing)} {verb} supplied.")
        return [self.body[name] for name in names]

    def pull(self, number: int) -> Pull:
        """A pull request of the repository; raises 404."""
        if number not in self.repository.pulls:
            raise not_found()
        return self.repository.pulls[number]

    def see(self, repository: Repository) -> None:
        """Checks that the caller may see a repository; raises 404. Stricter than GitHub for public ones."""
        token = self.installed
        narrowed = token.repositories is not None and repository.id not in token.repositories
        if narrowed or not token.installation.sees(repository):
            raise not_found()

    def see_as_person(self, repository: Repository) -> None:
        """Checks that the calling person may see a repository; raises 404."""
        only = self.sandbox.sign_in.reads.get(self.login)
        if only is not None and repository.id not in only:
            raise not_found()

    def need(self, permission: str) -> None:
        """Checks that the caller has a permission (`checks:write`); raises 403."""
        name, _, level = permission.partition(":")
        has = self.installed.permissions.get(name)
        if has is None or (level == "write" and has != "write"):
            raise forbidden()


Handler = Callable[..., object]


@dataclass(frozen=True)
class Route:
    """An operation of the API."""

    verb: str
    path: str
    needs: str
    handler: Handler


ROUTES: list[Route] = []


def operation(verb: str, path: str, needs: str) -> Callable[[Handler], Handler]:
    """Registers a function as an operation: it takes the call and the path's other parameters."""

    def mark(handler: Handler) -> Handler:
        ROUTES.append(Route(verb, path, needs, handler))
        return handler

    return mark
