"""Caches the answers of claims by the values of their facts.

Most subjects look alike to most claims: `timeout > 900` depends only on a function's timeout, of which a
hundred projects have a dozen. So each claim caches its answers by the tokens of its facts (`tokens`), and CEL
evaluates one claim in ten. Example: for functions with timeouts of 60 and 60 seconds, named "Upload" and
"Chat", `timeout > 900` is evaluated once, and `streaming && name.endsWith("Chat")` twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

from policy_bot.policy.evidence import Claim
from policy_bot.policy.expression import Answer
from policy_bot.policy.subjects import Case, values_of
from policy_bot.policy.tokens import token

MOST = 2_000
"""Answers that a claim caches before it starts again."""

MOST_SUBJECTS = 300
"""Subjects of a kind whose violated claims are cached before they start again: their tokens are many."""

Seen = Mapping[str, object]
"""Names of facts with their tokens."""


class RememberedClaim:
    """A claim with its cached answers, and the facts of a subject that it depends on: its parameters are the
    same for all.
    """

    __slots__ = ("claim", "memory", "names")

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.names = tuple(name for name in claim.violation.names if name not in claim.parameters)
        given = tuple((name, token(value)) for name, value in claim.parameters.items())
        self.memory = _memory(claim.violation.subject, claim.violation.text, given, self.names)


class Checklist:
    """The claims about one kind of subject."""

    def __init__(self, claims: Sequence[RememberedClaim]) -> None:
        self._claims = [(each.claim, each.memory) for each in claims]
        self._names = tuple(dict.fromkeys(name for each in claims for name in each.names))
        self._known: dict[object, list[tuple[Claim, Answer]]] = {}

    def get_ready(self) -> None:
        """Compiles the expressions now, and evaluates each once: CEL plans them with the first time."""
        for claim, _ in self._claims:
            claim.violation.decide({})

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
            found = self._known[tokens] = list(self._violated(case, seen))
        return found

    def _violated(self, case: Case, seen: Seen) -> Iterator[tuple[Claim, Answer]]:
        for claim, memory in self._claims:
            key = memory.key(seen)
            answer = memory.answers.get(key)
            if answer is None:
                answer = memory.keep(key, claim.violation.decide(values_of(case, claim)))
            if answer.value is not False:
                yield claim, answer


class _Memory:
    """The answers of an expression by the tokens of its facts."""

    def __init__(self, names: Sequence[str]) -> None:
        self.key: Callable[[Seen], object] = itemgetter(*names) if names else lambda _: ()
        self.answers: dict[object, Answer] = {}

    def keep(self, key: object, answer: Answer) -> Answer:
        if len(self.answers) >= MOST:
            self.answers.clear()
        self.answers[key] = answer
        return answer


@lru_cache(maxsize=4096)
def _memory(subject: str, text: str, parameters: tuple[object, ...], names: tuple[str, ...]) -> _Memory:
    """One cache for each expression and its parameters, shared by all releases of SST."""
    return _Memory(names)
