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

    def completed(self, case: Case, answer: Answer) -> Answer:
        """The answer of `decided`, or the one for the name of the subject if it takes the name to decide."""
        if answer.value is not None or NAME not in self.claim.violation.names:
            return answer
        return self.claim.violation.decide(values_of(case, self.claim))


class Checklist:
    """The claims about one kind of subject."""

    def __init__(self, claims: Sequence[RememberedClaim]) -> None:
        self._claims = claims
        self._names = tuple(dict.fromkeys(name for each in claims for name in each.names))
        self._known: dict[object, list[tuple[RememberedClaim, Answer]]] = {}

    def get_ready(self) -> None:
        """Compiles the expressions and evaluates each once: CEL plans an expression at its first
        evaluation.
        """
        for each in self._claims:
            each.claim.violation.decide({})

    def violated(self, case: Case) -> list[tuple[Claim, Answer]]:
        """The claims that are violated by a subject, or cannot be decided. Subjects that are alike to all
        claims are looked up at once.
        """
        tokens = tuple([token(case.value(name)) for name in self._names])
        found = self._known.get(tokens)
        if found is None:
            if len(self._known) >= MOST_SUBJECTS:
                self._known.clear()
            seen = dict(zip(self._names, tokens, strict=True))
            answers = ((each, each.decided(case, seen)) for each in self._claims)
            found = self._known[tokens] = [each for each in answers if each[1].value is not False]
        completed = ((each.claim, each.completed(case, answer)) for each, answer in found)
        return [each for each in completed if each[1].value is not False]
