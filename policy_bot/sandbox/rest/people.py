"""Operations for a person who signed in through the App: who they are, and what they and the App may see."""

from __future__ import annotations

from policy_bot.sandbox.problem import not_found
from policy_bot.sandbox.rest.route import PERSON, ApiCall, Rows, operation
from policy_bot.sandbox.state import Installation, Repository


@operation("GET", "/user", PERSON)
def user(call: ApiCall) -> object:
    """The person."""
    shape = call.sandbox.shapes.user(call.world.account(call.login))
    return {**shape, **_PROFILE}


_PROFILE = {
    **dict.fromkeys(("name", "company", "location", "email", "bio", "hireable", "twitter_username")),
    **dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0),
    "blog": "",
    "created_at": "2020-01-01T00:00:00Z",
    "updated_at": "2020-01-01T00:00:00Z",
}


@operation("GET", "/user/installations", PERSON)
def installations(call: ApiCall) -> object:
    """Installations in which the person may see at least one repository."""
    every = call.world.installations.values()
    return Rows([call.sandbox.shapes.installation(one) for one in every if _seen(call, one)], "installations")


@operation("GET", "/user/installations/{installation_id}/repositories", PERSON)
def repositories(call: ApiCall, installation_id: int) -> object:
    """The repositories of an installation that the person may see."""
    found = call.world.installations.get(installation_id)
    if found is None or not _seen(call, found):
        raise not_found()
    return Rows([call.sandbox.shapes.repository(one) for one in _seen(call, found)], "repositories")


def _seen(call: ApiCall, installation: Installation) -> list[Repository]:
    only = call.sandbox.sign_in.reads.get(call.login)
    return [one for one in call.sandbox.seen_by(installation) if only is None or one.id in only]
