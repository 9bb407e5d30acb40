"""Evaluates whatever is due: queries GitHub, judges, plans, publishes.

Only hints are kept between evaluations, so each starts from GitHub's current state, whatever was delivered,
lost or repeated before. If the answer to a write is lost, it queries again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime

from policy_bot.github import repositories
from policy_bot.github.app import App
from policy_bot.github.client import Client
from policy_bot.github.errors import LATER, Absent, NoAnswer, Refused, RetryLater, Unsettled, Unsure
from policy_bot.github.events import Due, PullKey
from policy_bot.github.web import web_address
from policy_bot.isolation.reader import Reader
from policy_bot.policy import builtin
from policy_bot.policy.policy import Policy
from policy_bot.service.evaluation.commits import CommitEvaluation
from policy_bot.service.evaluation.judging import LONGEST
from policy_bot.service.evaluation.memory import Memory
from policy_bot.service.evaluation.pulls import SOON_SECONDS, PullEvaluation
from policy_bot.service.evaluation.rules import Revisions, RevisionsInMemory, RuleBook
from policy_bot.service.evaluation.steps import (
    EvaluationContext,
    Heads,
    KnownRepositories,
    NoHeads,
    Outcome,
    Progress,
    mark_keys,
)

LOOKS = 3
"""Number of further attempts after a write whose answer was lost."""

__all__ = ["Evaluator", "Outcome", "PullKey", "RetryLater"]


def _today() -> date:
    return datetime.now(UTC).date()


class Evaluator:
    """Evaluates pull requests, merge groups and default branches. Thread-safe if its reader is."""

    def __init__(  # noqa: PLR0913 -- its dependencies
        self,
        app: App,
        reader: Reader,
        secrets: Sequence[str],
        revisions: Revisions | None = None,
        today: Callable[[], date] = _today,
        policies: Callable[[], tuple[Policy, ...]] = builtin.load,
        *,
        known_repositories: KnownRepositories | None = None,
        heads: Heads | None = None,
        public_url: str = "",
        clock: Callable[[], float] = time.monotonic,
        organisation_required: bool = False,
    ) -> None:
        self._app = app
        self._reader = reader
        self._keys = mark_keys(secrets)
        self._book = RuleBook(revisions or RevisionsInMemory(), today, policies, organisation_required)
        self._memory = Memory()
        self._known_repositories = known_repositories
        self._heads = heads or NoHeads()
        self._public_url = public_url
        self._clock = clock

    def evaluate(
        self, key: PullKey, superseded: Callable[[], bool], details_url: str = "", head: str = ""
    ) -> Outcome:
        """Publishes the verdict on `key`. Raises `RetryLater`; any other exception is a fault of ours.

        `superseded` is called between steps: True if a newer evaluation has taken over. `details_url` will
        show the outcome's judgement. `head` is the newest reported commit, if any: an answer with another one
        is repeated.
        """
        for look in range(LOOKS):
            context = self._context(key, superseded, details_url, head)
            try:
                last = look == LOOKS - 1
                evaluation = PullEvaluation(context, last) if key.number else CommitEvaluation(context)
                return evaluation.run()
            except Absent as gone:  # or the replica does not know it yet
                again = context.remembered.wait(key.number, "gone", SOON_SECONDS)
                return Outcome("", "gone", None, again=again, why=str(gone))
            except Unsure:
                continue
        raise NoAnswer(LATER, "GitHub does not answer our writes")

    def failed(self, key: PullKey, reference: str) -> None:
        """Publishes a check that does not pass and says that judging failed on our side."""
        context = self._context(key, lambda: False, "")
        try:
            evaluation = PullEvaluation(context) if key.number else CommitEvaluation(context)
            evaluation.show_failure(reference)
        except (Absent, Refused, Unsettled, Unsure):
            return

    def open_pulls(self, installation: int, repository: int = 0, name: str = "") -> Iterable[Due]:
        """All open pull requests of a repository, or of the installation."""
        return repositories.open_pulls(self._app.client(installation), installation, repository, name)

    def to_compare(self, installation: int) -> Iterable[Due]:
        """All open pull requests of the installation, with the current basis of a verdict on each."""
        return repositories.with_bases(self._app.client(installation), installation)

    def installations(self) -> Iterable[int]:
        """All installations of the App that are not suspended."""
        return repositories.installations(self._app.itself())

    def _context(
        self, key: PullKey, superseded: Callable[[], bool], details_url: str, head: str = ""
    ) -> EvaluationContext:
        client: Client = self._app.client(key.installation)
        return EvaluationContext(
            key=key,
            client=client,
            app_id=self._app.identity.app_id,
            reader=self._reader,
            keys=self._keys,
            book=self._book,
            remembered=self._memory.of(key),
            superseded=superseded,
            details_url=details_url,
            known_repositories=self._known_repositories,
            heads=self._heads,
            head=head,
            web=web_address(self._app.identity.api_url),
            public_url=self._public_url,
            progress=Progress(self._clock, self._clock() + LONGEST),
        )
