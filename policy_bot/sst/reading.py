"""Reads one project: its deployment in each context."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from policy_bot.record import replace
from policy_bot.regex import regex
from policy_bot.sst.collector import patience
from policy_bot.sst.contexts import Runs
from policy_bot.sst.deployment import BlindSpot, Context, Deployment, Project, Subject, Value, Version
from policy_bot.sst.interpreter import Interpreter
from policy_bot.sst.interpreter.stack import headroom
from policy_bot.sst.limits import Limits
from policy_bot.sst.recording import Recording, RunProgram
from policy_bot.sst.repository.versions import find_version
from policy_bot.sst.semantics.crashes import catalog_version
from policy_bot.sst.semantics.deployments import Code, deployment_of
from policy_bot.sst.semantics.evidence import clues_of
from policy_bot.sst.semantics.program import Program
from policy_bot.sst.semantics.servers import Surroundings
from policy_bot.sst.source import SourceTree, Unreadable, announce, read_code, readable
from policy_bot.sst.span import Span
from policy_bot.sst.streams.project import ProjectStreams
from policy_bot.sst.syntax import Parsed

if TYPE_CHECKING:
    from policy_bot.sst.frameworks import Frameworks


def read_project(
    tree: SourceTree, path: str, contexts: Sequence[Context] | None = None, limits: Limits | None = None
) -> Project:
    """Reads the SST project with the config at `path` in each context.

    Without `contexts`: production, dev, and every stage whose name the code compares with, except those that
    the program refuses by a throw. With `contexts`: only these, but each function also knows its form in `sst
    dev`. Nothing is executed; a value that depends on anything outside the repository is unknown, with a
    reason. `tree.read` may raise `Unreadable`, which affects only that file.
    """
    with patience(), headroom():
        return _read(tree, path, contexts, limits or Limits())


def _read(tree: SourceTree, path: str, contexts: Sequence[Context] | None, limits: Limits) -> Project:
    watched = Watched(tree)
    parsed = Parsed(limits)
    interpreter = Interpreter(watched, path, limits, parsed)
    runs = Runs(interpreter)
    recordings = runs.all(contexts)
    twin = [] if any(recording.context.dev for recording in recordings) else runs.twin()
    files = interpreter.resolver.files | {path}
    unreadable = watched.unlisted or recordings[0].unreadable
    if unreadable is not None:
        return Project(path, find_version(watched, path), (), frozenset(files | watched.seen), unreadable)
    version = find_version(watched, path, clues_of(recordings[0]))
    around = Around(watched, path, limits, parsed)
    code = ProjectStreams(watched, path, parsed, lambda: around.frameworks, catalog_version(version))
    deployments = list(_deployments(runs, [*recordings, *twin], version, around, code))
    files |= around.files | code.files | watched.seen
    interpreter.release()
    judged = () if watched.unlisted else _with_dev(deployments)[: len(recordings)]
    return Project(path, version, judged, frozenset(files), watched.unlisted, directives=parsed.directives())


def _deployments(
    runs: Runs, recordings: Sequence[Recording], version: Version, around: Surroundings, code: Code
) -> Iterator[Deployment]:
    """The deployment of each recording; recordings that share a `run()` share its program.

    All programs are made before the first deployment: code that has just run is faster.
    """
    release = catalog_version(version)
    programs: dict[RunProgram, Program] = {}
    for given in recordings:
        if given.machine not in programs:
            programs[given.machine] = Program(given, release)
    for given in recordings:
        recording = runs.settled(given)
        program = programs.get(recording.machine) or Program(recording, release)
        yield deployment_of(recording, version, around, program, code)


def _with_dev(deployments: list[Deployment]) -> tuple[Deployment, ...]:
    """The deployments, each function with whether it is made and streams in dev too."""
    dev = next((each for each in deployments if each.context.dev), None)
    if dev is None:
        return tuple(deployments)
    streaming = {(s.span, s.name): s.facts["streaming"] for s in dev.subjects if s.kind == "function"}
    return tuple(
        replace(each, subjects=tuple(_compared(subject, streaming) for subject in each.subjects))
        for each in deployments
    )


def _compared(subject: Subject, streaming: dict[tuple[Span, str], Value]) -> Subject:
    if subject.kind != "function":
        return subject
    there = streaming.get((subject.span, subject.name))
    dev = {"in_dev": Value(there is not None), "streaming_in_dev": there or Value(False)}
    return replace(subject, facts={**subject.facts, **dev})


_GLOBALS = regex(
    rb"(?<![\w.$\"'`/@-])(?:sst|aws|cloudflare)\.[a-zA-Z]|\$(?:app|dev|transform|interpolate|util|output)\b"
)


class Around:
    """The repository around a program. The readers of framework configs are loaded for the first site,
    because few projects have one.
    """

    def __init__(self, tree: SourceTree, path: str, limits: Limits, parsed: Parsed) -> None:
        self.tree = tree
        self.files: set[str] = set()
        self._given = path, limits, parsed

    @cached_property
    def frameworks(self) -> Frameworks:
        """The framework configs of the project."""
        from policy_bot.sst.frameworks import Frameworks

        found = Frameworks(self.tree, *self._given)
        self.files = found.files
        return found

    def uses_globals(self, path: str) -> bool:
        """Whether a file uses the globals that SST injects into a project's files (`pkg/js/js.go`)."""
        content = readable(self.tree, path)
        return content is not None and _GLOBALS.search(content) is not None


class Watched:
    """A tree that records the requested paths and reads each only once, and only normal ones.

    A program may use anything as a path; below this class, every path stays inside the tree. `unlisted` is
    the first folder that could not be listed: names may be missing everywhere then.
    """

    def __init__(self, below: SourceTree) -> None:
        self.below = below
        self.seen: set[str] = set()
        self._read: dict[str, bytes | Unreadable | None] = {}
        self._code: dict[str, bytes | Unreadable | None] = {}
        self._listed: dict[str, Sequence[str] | None] = {}
        self.unlisted: BlindSpot | None = None

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None; raises `Unreadable`, each time."""
        return self._once(path, self._read, self.below.read)

    def read_code(self, path: str) -> bytes | None:
        """The same for application code that was announced."""
        if isinstance(self._read.get(path), bytes):
            return self.read(path)
        return self._once(path, self._code, partial(read_code, self.below))

    def announce(self, paths: Sequence[str]) -> None:
        """Announces paths that will be read, except those that were read already."""
        announce(self.below, [path for path in paths if path not in self._read and _is_normal(path)])

    def _once(
        self,
        path: str,
        known: dict[str, bytes | Unreadable | None],
        read: Callable[[str], bytes | None],
    ) -> bytes | None:
        if path not in known:
            if not _is_normal(path):
                return None
            self.seen.add(path)
            try:
                known[path] = read(path)
            except Unreadable as error:
                known[path] = error
        found = known[path]
        if isinstance(found, Unreadable):
            raise found
        return found

    def list(self, folder: str) -> Sequence[str] | None:
        """The folder's entries."""
        if folder not in self._listed:
            if folder and not _is_normal(folder):
                return None
            try:
                self._listed[folder] = self.below.list(folder)
            except Unreadable as error:
                self._listed[folder] = None
                self.unlisted = self.unlisted or BlindSpot(error.reason, Span.of_file(folder or "."))
        return self._listed[folder]


_ODD_PARTS = frozenset({"", ".", ".."})


def _is_normal(path: str) -> bool:
    """Whether a path is normal: no empty, `.` or `..` part, no NUL, no backslash."""
    return _ODD_PARTS.isdisjoint(path.split("/")) and "\0" not in path and "\\" not in path
