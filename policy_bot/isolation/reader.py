"""What reads a project for those who judge it, and the reader that simply does so in this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Protocol, Self

from policy_bot.isolation.answering import Answering, Question
from policy_bot.record import dataclass
from policy_bot.sst.deployment import BlindSpot, Context, Project, Version
from policy_bot.sst.reasons import Reason
from policy_bot.sst.source import SourceTree
from policy_bot.sst.span import Span


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks (an installation; one never gets all reading processes), and what is called several times a
    second while the answer is waited for: what it raises ends the waiting.
    """

    who: int = 0
    meanwhile: Callable[[], None] = lambda: None


NOBODY = Asker()


class Unanswered(Exception):
    """A limit ended the answering of a question; `files` are those that were read for it."""

    def __init__(self, why: Reason, files: frozenset[str] = frozenset()) -> None:
        super().__init__(str(why))
        self.why = why
        self.files = files


class Reader(Protocol):
    """Reads the projects of a tree. A context manager: what it holds (a process) is given back at the end."""

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        """The project whose config is `path`; by default in every context that its code tells apart.

        What cannot be read is said in the project, never raised; what `tree` raises (a network that fails)
        goes through.
        """

    def ask(self, tree: SourceTree, question: Question, asker: Asker = NOBODY) -> object:
        """The answer to a question about text of a repository. Raises `Unanswered` where a limit ends it."""

    def find(self, tree: SourceTree, folder: str = "") -> list[str]:
        """Paths of the configs below `folder`."""

    def close(self) -> None:
        """Give back what it holds."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class FindingReader:
    """Finds projects for all readers: that needs only names, so no file is parsed. Answers questions in this
    process, by reading.
    """

    if TYPE_CHECKING:

        def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
            """The project whose config is `path`."""

    def ask(self, tree: SourceTree, question: Question, asker: Asker = NOBODY) -> object:
        """The answer to a question."""
        asker.meanwhile()
        return question.answered(Answering(tree, self.read, nullcontext))

    def find(self, tree: SourceTree, folder: str = "") -> list[str]:
        """Paths of the configs below `folder`."""
        from policy_bot.sst.repository.projects import find_projects

        return find_projects(tree, folder)

    def close(self) -> None:
        """Give back what it holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def not_read(path: str, why: Reason, files: frozenset[str]) -> Project:
    """A project that could not be read, and what was asked for before that was known."""
    nowhere = Span(path, 1, 1, 1, 1, 0, 0)
    return Project(
        path,
        Version("2.0.0", "4.999.0", "the project was not read"),
        (),
        files | {path},
        BlindSpot(why, nowhere),
    )


class InProcess(FindingReader):
    """Reads here: for tests, and where no process can be forked. A hostile file can take as long and as much
    as it likes.
    """

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        """The project whose config is `path`."""
        from policy_bot.sst.reading import read_project

        return read_project(tree, path, contexts)
