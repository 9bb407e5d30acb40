"""Signing in with GitHub, and what a person may see there."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest

from policy_bot.github.errors import Refused
from policy_bot.github.people import People
from policy_bot.sandbox.sandbox import Sandbox
from tests.sandbox.wire import wired

BACK, VERIFIER = "https://bot.example/callback", "v" * 43


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    with wired(made):
        yield made


@pytest.fixture
def people(sandbox: Sandbox) -> People:
    app = sandbox.registration
    web, api = sandbox.url, sandbox.api_url
    return People(app.client_id, app.client_secret, web, api, lambda: 0.0, lambda _: None)


def agreed(sandbox: Sandbox, people: People) -> str:
    """Follows the address for signing in and agrees there; returns the code."""
    address = urlsplit(people.address(BACK, "state", VERIFIER))
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{sandbox.url}/login/oauth/authorize"
    back = sandbox.sign_in.authorize(dict(parse_qsl(address.query)))
    answer = dict(parse_qsl(urlsplit(back).query))
    assert answer["state"] == "state"
    return answer["code"]


def test_a_person_signs_in_and_sees_what_both_may_see(sandbox: Sandbox, people: People) -> None:
    shop, _web = (sandbox.repository(f"acme/{name}", {"README.md": "x"}) for name in ("shop", "web"))
    acme = sandbox.install("acme")
    sandbox.sign_in.reads["ada"] = frozenset({shop.id})
    token = people.token(BACK, agreed(sandbox, people), VERIFIER)
    assert people.login(token) == "ada"
    assert people.sees(token) == {acme.id: frozenset({shop.id})}
    assert (people.may_read(token, "acme/shop"), people.may_read(token, "acme/web")) == (True, False)


def test_a_code_is_worth_one_token_and_only_with_its_verifier(sandbox: Sandbox, people: People) -> None:
    with pytest.raises(Refused, match="bad_verification_code"):
        people.token(BACK, agreed(sandbox, people), "w" * 43)
    code = agreed(sandbox, people)
    people.token(BACK, code, VERIFIER)
    with pytest.raises(Refused, match="bad_verification_code"):
        people.token(BACK, code, VERIFIER)


def test_an_expired_token_is_refused(sandbox: Sandbox, people: People) -> None:
    token = people.token(BACK, agreed(sandbox, people), VERIFIER)
    sandbox.sign_in.tokens.clear()
    for ask in (people.login, people.sees, lambda token: people.may_read(token, "acme/shop")):
        with pytest.raises(Refused, match="the person's token has expired"):
            ask(token)
