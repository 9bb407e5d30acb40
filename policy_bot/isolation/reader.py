"""The interface for reading projects, and the reader that works in this process."""

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
    """The asking installation (none gets all reading processes), and a callback, called several times a
    second while waiting; an exception from it ends the wait.
    """

    who: int = 0
    meanwhile: Callable[[], None] = lambda: None


NOBODY = Asker()


class Unanswered(Exception):
    """A question exceeded a limit; `files` are those that were read for it."""

    def __init__(self, why: Reason, files: frozenset[str] = frozenset()) -> None:
        super().__init__(str(why))
        self.why = why
        self.files = files


class Reader(Protocol):
    """Reads the projects of a tree. A context manager that releases its process at the end."""

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        """Reads the project of the config `path`, by default in every context that its code distinguishes.

        Records unreadable parts in the project; only errors of `tree` (network failures) are raised.
        """

    def expect(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> None:
        """Announces the next `read`: a reader with a process of its own begins with it."""

    def ask(self, tree: SourceTree, question: Question, asker: Asker = NOBODY) -> object:
        """Answers a question about a repository's text. Raises `Unanswered` if it exceeds a limit."""

    def find(self, tree: SourceTree, folder: str = "") -> list[str]:
        """Paths of the configs below `folder`."""

    def close(self) -> None:
        """Releases its resources."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class FindingReader:
    """Finds projects for all readers; that needs only names. Answers questions in this process."""

    if TYPE_CHECKING:

        def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
            """Reads the project of the config `path`."""

    def ask(self, tree: SourceTree, question: Question, asker: Asker = NOBODY) -> object:
        """Answers a question."""
        asker.meanwhile()
        return question.answered(Answering(tree, self.read, nullcontext))

    def expect(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> None:
        """Does nothing: this process cannot read ahead."""

    def find(self, tree: SourceTree, folder: str = "") -> list[str]:
        """Paths of the configs below `folder`."""
        from policy_bot.sst.repository.projects import find_projects

        return find_projects(tree, folder)

    def close(self) -> None:
        """Releases its resources."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def not_read(path: str, why: Reason, files: frozenset[str]) -> Project:
    """A project that could not be read, with the files that were requested before."""
    nowhere = Span.of_file(path)
    return Project(
        path,
        Version("2.0.0", "4.999.0", "the project was not read"),
        (),
        files | {path},
        BlindSpot(why, nowhere),
    )


class InProcess(FindingReader):
    """Reads in this process, without limits: for tests, and for systems without separate processes."""

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        """Reads the project of the config `path`."""
        from policy_bot.sst.reading import read_project

        return read_project(tree, path, contexts)
