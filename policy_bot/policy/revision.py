"""The policy files of one layer at one moment: fetched, kept as the last valid ones, and read by `inforce`.

Cheap to import: without such files, no module that reads them is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policy_bot.record import dataclass, field
from policy_bot.sst.source import SourceTree, Unreadable

FILE_NAME = "policy-bot.yml"
MAX_POLICIES = 200
MAX_DEPTH = 5  # folders below `policies/`
MAX_FILE_BYTES = 256 * 1024
FOLDER = "policies"
REPOSITORY_FOLDER = ".github"
MISNAMED = ("policy-bot.yaml", ".policy-bot.yml", "policy_bot.yml", ".policy-bot.yaml")


@dataclass(frozen=True, slots=True)
class Revision:
    """The settings file and the Markdown of the policies, by path.

    `folder` is "" in the organisation's `.github` repository and `.github` in any other. `unreadable` are
    existing files that could not be fetched.
    """

    folder: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    unreadable: tuple[tuple[str, str], ...] = ()
    home: str = ""
    """Prefix of paths in another repository: `acme/.github: `."""

    @staticmethod
    def read(tree: SourceTree, folder: str = "") -> Revision:
        """Reads the revision of a tree: lists each folder and reads the files."""
        names = set(tree.list(folder) or ())
        paths = [join(folder, name) for name in (FILE_NAME, *MISNAMED) if name in names]
        if f"{FOLDER}/" in names:
            paths += _markdown(tree, join(folder, FOLDER))
        return Revision.of({path: _content(tree, path) for path in paths}, folder)

    @staticmethod
    def of(contents: Mapping[str, bytes | None], folder: str = "") -> Revision:
        """The revision of files already at hand; None is an existing file that could not be read."""
        files, bad = {}, []
        for path, content in sorted(contents.items()):
            if path.endswith("/"):
                bad.append((path, f"policies may be nested in at most {MAX_DEPTH} folders"))
                continue
            if content is None or len(content) > MAX_FILE_BYTES:
                bad.append((path, "the file cannot be read, or is larger than 256 KiB"))
                continue
            try:
                files[path] = content.decode("utf-8-sig")
            except UnicodeDecodeError:
                bad.append((path, "the file is not UTF-8 text"))
        if sum(path.endswith(".md") for path in files) > MAX_POLICIES:  # the rest was not even listed
            bad.append((join(folder, FOLDER), f"there are more than {MAX_POLICIES} policy files"))
        return Revision(folder, files, tuple(bad))

    def __bool__(self) -> bool:
        return bool(self.files or self.unreadable)

    @property
    def digest(self) -> str:
        """A hash of the content."""
        import hashlib  # noqa: PLC0415 -- a start without it is 3 ms faster, and the CLI asks for no digest

        text = repr(sorted(self.files.items()))  # quoted, so that no text can be mistaken for two files
        return hashlib.sha256(text.encode()).hexdigest()


def misplaced(names: Iterable[str], organisation: bool) -> dict[str, str]:
    """Settings files among these paths that are ignored there, or misnamed; each with the right place.
    `organisation`: the repository is an organisation's `.github`.
    """
    settings = (FILE_NAME, *MISNAMED)
    if organisation:
        wrong, right = [f"{REPOSITORY_FOLDER}/{name}" for name in settings], FILE_NAME
    else:
        wrong, right = [*settings], f"{REPOSITORY_FOLDER}/{FILE_NAME}"
    return {name: right for name in names if name in wrong}


def policy_names() -> frozenset[str]:
    """Policy files in a layer's folder from which a revision is read, including misnamed ones."""
    return frozenset({FILE_NAME, FOLDER, *MISNAMED})


def _markdown(tree: SourceTree, folder: str, depth: int = 1) -> list[str]:
    """The policy files below a folder, and the folders that are too deep to be searched, which are
    reported.
    """
    found: list[str] = []
    for name in tree.list(folder) or ():
        if name.endswith("/") and depth < MAX_DEPTH:
            found += _markdown(tree, join(folder, name.rstrip("/")), depth + 1)
        elif len(found) <= MAX_POLICIES and (name.endswith("/") or _is_policy(name)):
            found.append(join(folder, name))
    return found


def _is_policy(name: str) -> bool:
    return name.endswith(".md") and name != "README.md"


def _content(tree: SourceTree, path: str) -> bytes | None:
    try:
        return None if path.endswith("/") else tree.read(path)
    except Unreadable:
        return None


def join(folder: str, name: str) -> str:
    """A path below a folder, which may be the root ("")."""
    return f"{folder}/{name}" if folder else name
