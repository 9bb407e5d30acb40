"""Caches the answers of claims by the values of their facts.

Most subjects look alike to most claims: `timeout > 900` depends only on a function's timeout, of which a
hundred projects have a dozen. So each claim caches its answers by the tokens of its facts (`tokens`). Names
are left out, since hardly two are equal: only a claim that cannot be decided without is evaluated with it.
Example: for functions with timeouts of 60 and 60 seconds, named "Upload" and "Chat", `timeout > 900` is
evaluated once, and so is `streaming && name.endsWith("Chat")` if neither streams.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter

from policy_bot.policy.evidence import Claim
from policy_bot.policy.expression import Answer
from policy_bot.policy.subjects import Case, values_of
from policy_bot.policy.tokens import token

MOST = 2_000
"""Answers that a claim caches before the cache is emptied."""

MOST_SUBJECTS = 300
"""Subjects of a kind whose violated claims are cached before the cache is emptied: each needs many tokens."""

NAME = "name"
"""The fact that distinguishes subjects that are alike otherwise."""

Seen = Mapping[str, object]
"""Names of facts with their tokens."""


class RememberedClaim:
    """A claim with its cached answers. They depend on facts of the subject: the parameters are the same for
    all.
    """

    __slots__ = ("_answers", "_key", "claim", "names")

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.names = tuple(n for n in claim.violation.names if n not in claim.parameters and n != NAME)
        self._key: Callable[[Seen], object] = itemgetter(*self.names) if self.names else lambda _: ()
        self._answers: dict[object, Answer] = {}

    def decided(self, case: Case, seen: Seen) -> Answer:
        """Whether a subject violates the claim, as far as that does not depend on its name."""
        key = self._key(seen)
        answer = self._answers.get(key)
        if answer is None:
            if len(self._answers) >= MOST:
                self._answers.clear()
            values = values_of(case, self.claim)
            answer = self._answers[key] = self.claim.violation.decide(values, hidden=NAME)
        return answer


class Checklist:
    """The claims about one kind of subject."""

    def __init__(self, claims: Sequence[RememberedClaim]) -> None:
        self._claims = claims
        self._names = tuple(dict.fromkeys(name for each in claims for name in each.names))
        self._known: dict[object, list[tuple[Claim, Answer]]] = {}

    def get_ready(self) -> None:
        """Compiles the expressions and evaluates each once: CEL plans an expression at its first
        evaluation.
        """
        for each in self._claims:
            each.claim.violation.decide({})

    def violated(self, case: Case) -> list[tuple[Claim, Answer]]:
        """The claims that are violated by a subject, or cannot be decided. Subjects that differ only in
        their names are the same to all claims, and are looked up at once.
        """
        facts = case.subject.facts  # nearly all are there, so that half of the calls are saved
        tokens = tuple([token(facts.get(name) or case.value(name)) for name in self._names])
        found = self._known.get(tokens)
        return self._decided(case, tokens) if found is None else found

    def _decided(self, case: Case, tokens: tuple[object, ...]) -> list[tuple[Claim, Answer]]:
        seen, found, alike = dict(zip(self._names, tokens, strict=True)), list[tuple[Claim, Answer]](), True
        for each in self._claims:
            claim, answer = each.claim, each.decided(case, seen)
            if answer.value is None and NAME in claim.violation.names:
                answer, alike = claim.violation.decide(values_of(case, claim)), False
            if answer.value is not False:
                found.append((claim, answer))
        if alike:  # whatever their names are
            if len(self._known) >= MOST_SUBJECTS:
                self._known.clear()
            self._known[tokens] = found
        return found
