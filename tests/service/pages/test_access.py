"""Who may see what: every address as nobody, as a stranger, as a reader of one repository, as an operator."""

from __future__ import annotations

import re

import pytest

from policy_bot.sandbox.faults import Fault
from tests.service.fixtures import Time
from tests.service.pages.people import Office

ANYBODY = dict.fromkeys(("nobody", "eve", "ada", "olga"), 200)
TO_SIGN_IN = 302  # nobody is sent to sign in
MATRIX = {
    "/": ANYBODY,
    "/policies": ANYBODY,
    "/policies/timeout/too-short": ANYBODY,
    "/healthz": ANYBODY,
    "/readyz": ANYBODY,
    "/metrics": ANYBODY,
    "/style/page.css": ANYBODY,
    "/login": dict.fromkeys(ANYBODY, 302),
    "/callback": dict.fromkeys(ANYBODY, 400),
    "/e/none": dict.fromkeys(ANYBODY, 404),
    "/o/acme": {"nobody": TO_SIGN_IN, "eve": 403, "ada": 200, "olga": 200},
    "/o/acme.csv": {"nobody": TO_SIGN_IN, "eve": 403, "ada": 200, "olga": 200},
    "/o/acme.json": {"nobody": TO_SIGN_IN, "eve": 403, "ada": 200, "olga": 200},
    "/o/acme/trend.svg": {"nobody": TO_SIGN_IN, "eve": 403, "ada": 200, "olga": 200},
    "/o/acme/policies.svg": {"nobody": TO_SIGN_IN, "eve": 403, "ada": 200, "olga": 200},
    "/o/globex": {"nobody": TO_SIGN_IN, "eve": 403, "ada": 404, "olga": 200},
    "/o/none": {"nobody": TO_SIGN_IN, "eve": 403, "ada": 404, "olga": 404},
    "/r/acme/shop": {"nobody": TO_SIGN_IN, "eve": 403, "ada": 200, "olga": 200},
    "/r/acme/web": {"nobody": TO_SIGN_IN, "eve": 403, "ada": 404, "olga": 200},
    "/r/globex/api": {"nobody": TO_SIGN_IN, "eve": 403, "ada": 404, "olga": 200},
    "/what-if": {"nobody": TO_SIGN_IN, "eve": 403, "ada": 200, "olga": 200},
    "/operations": {"nobody": TO_SIGN_IN, "eve": 403, "ada": 403, "olga": 200},
}


@pytest.mark.parametrize("who", ANYBODY)
def test_each_address_answers_each_person_as_it_should(place: Office, who: str) -> None:
    browser = place.nobody() if who == "nobody" else place.signed_in(who)
    answers = {address: browser.get(address).status_code for address in MATRIX}
    assert answers == {address: row[who] for address, row in MATRIX.items()}


def test_the_matrix_has_every_address_that_can_be_read(place: Office) -> None:
    routes = [str(rule) for rule in place.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    patterns = [re.sub(r"<path:[^>]*>", ".+", re.sub(r"<(?!path:)[^>]*>", "[^/.]+", rule)) for rule in routes]
    untried = [
        rule
        for rule, pattern in zip(routes, patterns, strict=True)
        if "bootstrap" not in rule
        and not rule.startswith("/style/")
        and not any(re.fullmatch(pattern, address) for address in MATRIX)
    ]
    assert untried == []


def test_a_reader_of_one_repository_sees_nothing_of_the_others(place: Office) -> None:
    browser = place.signed_in("ada")
    for address in ("/o/acme", "/o/acme.csv", "/o/acme.json", "/", "/policies", "/o/acme?name=web"):
        text = browser.get(address).text
        assert "acme/web" not in text
        assert "globex" not in text
    assert "Only repositories that you can read are counted (1)" in browser.get("/o/acme").text


def test_what_github_takes_away_is_gone_within_minutes(place: Office, time: Time) -> None:
    browser = place.signed_in("ada")
    assert browser.get("/r/acme/shop").status_code == 200
    place.sandbox.sign_in.reads["ada"] = frozenset()
    assert browser.get("/r/acme/shop").status_code == 200  # believed for five minutes
    time.pass_(301)
    assert browser.get("/r/acme/shop").status_code == 403


def test_a_token_that_ended_ends_the_visit(place: Office, time: Time) -> None:
    browser = place.signed_in("bob")
    place.sandbox.sign_in.tokens.clear()
    time.pass_(301)
    assert browser.get("/o/acme").status_code == 302


def test_a_visit_ends_by_itself_and_by_signing_out(place: Office, time: Time) -> None:
    browser = place.signed_in("bob")
    time.pass_(8 * 3600 + 1)
    assert browser.get("/o/acme").status_code == 302
    browser = place.signed_in("bob")
    form = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/").text)
    assert form
    assert browser.post("/logout", data={"csrf_token": form[1]}).status_code == 302
    assert browser.get("/o/acme").status_code == 302


def test_a_form_of_another_site_does_nothing(place: Office) -> None:
    browser = place.signed_in("bob")
    assert browser.post("/logout").status_code == 400
    assert browser.post("/what-if", data={"text": "x"}).status_code == 400
    assert browser.get("/o/acme").status_code == 200


def test_a_sign_in_that_was_begun_elsewhere_is_refused(place: Office) -> None:
    """Somebody makes a victim's browser finish a sign-in of their own."""
    attacker, victim = place.nobody(), place.nobody()
    back = place.agreed(attacker, "eve")
    assert victim.get(back).status_code == 400
    assert victim.get("/o/acme").status_code == 302


def test_a_code_without_its_verifier_is_refused(place: Office) -> None:
    browser = place.nobody()
    back = place.agreed(browser, "bob")
    with browser.session_transaction() as session:
        session["verifier"] = "another one"
    assert browser.get(back).status_code == 400


@pytest.mark.parametrize(
    "then", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_signing_in_leads_nowhere_else(place: Office, then: str) -> None:
    browser = place.nobody()
    browser.get("/login", query_string={"then": then})
    with browser.session_transaction() as session:
        assert session["then"] == ""


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(place: Office) -> None:
    cookie = place.nobody().get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_neither_cookie_nor_database_holds_a_token(place: Office) -> None:
    browser = place.signed_in("bob")
    [token] = place.sandbox.sign_in.tokens
    cookie = browser.get_cookie("policy-bot")
    assert cookie
    assert token not in cookie.value
    with place.store.engine.connect() as connection:
        rows = connection.exec_driver_sql("select id, token from visit").all()
    assert rows
    for row in rows:
        assert token.encode() not in row.token
        assert row.id not in cookie.value


MANY = 250


def large(place: Office) -> list[int]:
    """Acme with several pages of repositories, all of which bob reads."""
    ids = [place.sandbox.repository(f"acme/r{number}", {"README.md": "x"}).id for number in range(MANY)]
    place.sandbox.sign_in.reads["bob"] = frozenset({place.shop.id, place.web.id, *ids})
    return ids


def asked(place: Office) -> int:
    """Requests to GitHub since the last call of this."""
    number = len(place.sandbox.requests)
    place.sandbox.requests.clear()
    return number


def test_a_large_organisation_costs_two_requests_every_five_minutes(place: Office, time: Time) -> None:
    large(place)
    browser = place.signed_in("bob")
    assert asked(place) == 5  # who, installations, three pages
    for _ in range(5):
        time.pass_(301)
        assert browser.get("/o/acme").status_code == 200
        assert asked(place) == 2  # installations, and how many repositories
        assert browser.get("/o/acme").status_code == 200
        assert asked(place) == 0
    time.pass_(3600)
    assert browser.get("/o/acme").status_code == 200
    assert asked(place) == 4


def test_a_repository_that_a_large_organisation_takes_away_is_gone_within_minutes(
    place: Office, time: Time
) -> None:
    ids = large(place)
    browser = place.signed_in("bob")
    place.sandbox.sign_in.reads["bob"] = frozenset({place.web.id, *ids})
    time.pass_(301)
    assert "acme/shop" not in browser.get("/o/acme.csv").text
    assert browser.get("/r/acme/shop").status_code == 404


def test_one_repository_for_another_is_seen_on_its_own_page_at_once_and_everywhere_within_the_hour(
    place: Office, time: Time
) -> None:
    ids = large(place)
    browser = place.signed_in("bob")
    new = place.sandbox.repository("acme/new", {"README.md": "x"})
    place.sandbox.sign_in.reads["bob"] = frozenset({place.web.id, new.id, *ids})
    time.pass_(301)
    assert browser.get("/r/acme/shop").status_code == 404
    assert browser.get("/r/acme/web").status_code == 200
    time.pass_(3300)
    assert "acme/shop" not in browser.get("/o/acme.csv").text


def test_an_operator_is_confirmed_by_one_request_and_ends_with_their_token(place: Office, time: Time) -> None:
    large(place)
    browser = place.signed_in("olga")
    assert asked(place) == 1
    time.pass_(301)
    assert browser.get("/o/globex").status_code == 200
    assert asked(place) == 1
    place.sandbox.sign_in.tokens.clear()
    time.pass_(301)
    assert browser.get("/o/globex").status_code == 302


@pytest.mark.parametrize("address", ["/o/acme", "/", "/policies", "/r/acme/shop"])
def test_a_github_that_does_not_answer_is_reported_on_a_page(place: Office, time: Time, address: str) -> None:
    browser = place.signed_in("bob")
    time.pass_(301)
    place.sandbox.faults.plan(Fault("/user/installations", times=None))
    answer = browser.get(address)
    assert (answer.status_code, "Try again in a minute" in answer.text) == (503, True)
