"""Signs people in through the web flow of a GitHub App, with state and PKCE.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from policy_bot.sandbox.problem import ApiProblem
from policy_bot.sandbox.registration import Registration


@dataclass(frozen=True)
class SignInCode:
    """What a code was issued for."""

    login: str
    redirect: str
    challenge: str


@dataclass
class SignIn:
    """Signs people in. `reads`: repository ids by login; other logins may read everything."""

    registration: Registration
    person: str = "ada"
    reads: dict[str, frozenset[int]] = field(default_factory=dict)
    codes: dict[str, SignInCode] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    manifest_codes: set[str] = field(default_factory=set)

    def create(self, manifest: str, state: str) -> str:
        """Creates the App of a manifest; returns the redirect address. Raises 422 for a manifest with other
        permissions or events than this sandbox's App.
        """
        asked = json.loads(manifest)
        wanted = self.registration.permissions, sorted(self.registration.events)
        if (asked["default_permissions"], sorted(asked["default_events"])) != wanted:
            raise ApiProblem(422, "another App")
        code = hashlib.sha256(f"app:{len(self.manifest_codes)}:{state}".encode()).hexdigest()[:40]
        self.manifest_codes.add(code)
        return f"{asked['redirect_url']}?{urlencode({'code': code, 'state': state})}"

    def authorize(self, query: Mapping[str, str]) -> str:
        """Grants access; returns the redirect address. Raises 404 for another App's client id."""
        if query.get("client_id") != self.registration.client_id:
            raise ApiProblem(404, "Not Found")
        redirect = query.get("redirect_uri", "")
        code = hashlib.sha256(f"{self.person}:{len(self.codes)}".encode()).hexdigest()[:20]
        self.codes[code] = SignInCode(self.person, redirect, query.get("code_challenge", ""))
        return f"{redirect}?{urlencode({'code': code, 'state': query.get('state', '')})}"

    def exchange(self, form: Mapping[str, str]) -> dict[str, str]:
        """Exchanges a code for a token, once. GitHub answers mistakes with 200 and an error."""
        known = form.get("client_id") == self.registration.client_id
        if not known or form.get("client_secret") != self.registration.client_secret:
            return {"error": "incorrect_client_credentials"}
        code = self.codes.pop(form.get("code", ""), None)
        if code is None or form.get("redirect_uri", code.redirect) != code.redirect:
            return {"error": "bad_verification_code"}
        if code.challenge and code.challenge != challenge(form.get("code_verifier", "")):
            return {"error": "bad_verification_code"}
        token = f"ghu_{hashlib.sha256(f'{code}{len(self.tokens)}'.encode()).hexdigest()[:36]}"
        self.tokens[token] = code.login
        return {"access_token": token, "token_type": "bearer", "scope": ""}

    def who(self, token: str) -> str:
        """The owner of a token; raises 401."""
        if token not in self.tokens:
            raise ApiProblem(401, "Bad credentials")
        return self.tokens[token]


def challenge(verifier: str) -> str:
    """The challenge of a verifier (RFC 7636, S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
