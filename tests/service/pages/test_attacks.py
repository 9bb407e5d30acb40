"""Attacks on the pages: forms, addresses, cookies, headers, links, names."""

from __future__ import annotations

import re

import pytest

from policy_bot.service.pages.what_if import WhatIfInput
from policy_bot.service.store import audits, evaluations
from tests.service.pages.people import FINDING, Office, audited, replace
from tests.service.pages.test_access import MATRIX

FORMS = ("/logout", "/what-if")
PRIVATE = (
    "/o/acme",
    "/o/acme.csv",
    "/o/acme.json",
    "/o/acme/trend.svg",
    "/r/acme/shop",
    "/what-if",
    "/operations",
)


def test_every_form_asks_for_the_token_of_its_page(place: Office) -> None:
    posts = {str(rule) for rule in place.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert posts == {*FORMS, "/webhook"}  # which is signed
    browser = place.signed_in("olga")
    for address in FORMS:
        assert browser.post(address, data={}).status_code == 400
        other = re.search(r'name="csrf_token" value="([^"]+)"', place.signed_in("bob").get("/").text)
        assert other
        assert browser.post(address, data={"csrf_token": other[1], "text": "x"}).status_code == 400


@pytest.mark.parametrize("verb", ["post", "put", "delete", "patch"])
def test_no_address_changes_anything_by_another_verb(place: Office, verb: str) -> None:
    browser = place.signed_in("olga")
    for address in MATRIX:
        if address not in FORMS:
            assert getattr(browser, verb)(address).status_code in {400, 405}, address


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_private_is_kept_by_no_cache_and_framed_by_nobody(place: Office, address: str) -> None:
    headers = place.signed_in("olga").get(address).headers
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "then",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/%0d%0aSet-Cookie: a=b",
        "/o/acme\r\nSet-Cookie: a=b",
        "\x00/o/acme",
        "/" + "a" * 5_000,
    ],
)
def test_signing_in_leads_back_to_this_site_or_to_the_first_page(place: Office, then: str) -> None:
    browser = place.nobody()
    away = browser.get("/login", query_string={"then": then})
    with browser.session_transaction() as session:
        kept = session["then"]
    assert kept in {"", then}
    assert "Set-Cookie: a=b" not in str(away.headers)
    assert kept == "" or kept.startswith(("/o", "/%0d"))
    assert not re.search(r"[\r\n\t\0\\]", kept)


def test_a_state_works_once(place: Office) -> None:
    browser = place.nobody()
    back = place.agreed(browser, "bob")
    assert browser.get(back).status_code == 302
    assert browser.get(back).status_code == 400


def test_a_new_sign_in_has_a_new_cookie_and_the_old_one_is_not_taken_over(place: Office) -> None:
    browser = place.nobody()
    with browser.session_transaction() as session:
        session["visit"] = "known to an attacker"
    assert browser.get(place.agreed(browser, "bob")).status_code == 302
    with browser.session_transaction() as session:
        assert session["visit"] != "known to an attacker"
        assert len(session["visit"]) >= 43


def test_names_and_messages_of_a_repository_are_text_on_every_page(place: Office) -> None:
    hostile = '"><img src=x onerror=alert(1)>\u202e`<b>`'
    finding = replace(
        FINDING, message=hostile, subject=hostile, path=f"a/{hostile}.ts", excused=hostile, title=hostile
    )
    odd = replace(audited(gates=True), findings=(finding,), problems=(hostile,), notices=(hostile,))
    audits.keep(place.store, place.acme.id, place.shop.id, "acme/shop", odd)
    text = place.signed_in("olga").get("/r/acme/shop").text
    assert "<img" not in text
    assert "<b>" not in text
    assert 'href="javascript' not in text


@pytest.mark.parametrize(
    "text",
    [
        "// file: ../../etc/passwd\nx",
        "// file: /etc/passwd\nx",
        "// file: <img src=x onerror=alert(1)>.ts\nx",
        'export default $config({ app() { return { name: "</textarea><script>alert(1)</script>" } } })',
    ],
)
def test_a_link_to_try_a_config_holds_only_text(place: Office, text: str) -> None:
    answer = place.signed_in("ada").get("/what-if", query_string={"input": WhatIfInput(text).link})
    assert answer.status_code == 200
    assert "<img" not in answer.text
    assert "<script>alert" not in answer.text
    assert "root:" not in answer.text


def test_a_profile_or_stage_cannot_add_settings(place: Office) -> None:
    given = WhatIfInput(stage='x"]\nwaivers: [{}]\nmode: "evaluate')
    answer = place.signed_in("ada").get("/what-if", query_string={"input": given.link})
    assert answer.status_code in {200, 400}


def test_evidence_links_cannot_be_guessed(place: Office) -> None:
    tokens = {evaluations.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 22 for token in tokens)  # 128 bits
    for guess in ("", "x", "../e", "%2e%2e", next(iter(tokens))):
        assert place.nobody().get(f"/e/{guess}").status_code == 404


def test_https_makes_the_cookie_secure(place: Office) -> None:
    assert place.app.config["SESSION_COOKIE_SECURE"] is False
    assert place.app.config["SESSION_COOKIE_HTTPONLY"] is True
    place.app.config["SESSION_COOKIE_SECURE"] = True  # as `Pages.secure` sets it for an https address
    assert "Secure" in place.nobody().get("/login").headers["Set-Cookie"]
