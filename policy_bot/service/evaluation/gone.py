"""Finds the projects that a change removes, or adds where nothing looks for them: a config that is not judged
must not look like one without findings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_bot.github.objects import SUBMODULE, SYMLINK
from policy_bot.github.source import GitHubTree
from policy_bot.isolation.reader import Reader
from policy_bot.service.evaluation.comparison import Comparison
from policy_bot.sst.deployment import BlindSpot
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.repository.projects import CONFIG_NAMES, SKIPPED
from policy_bot.sst.source import Unreadable
from policy_bot.sst.span import Span


def gone(comparison: Comparison, touched: Sequence[str], reader: Reader) -> list[BlindSpot]:
    """The projects that the base has and the judged tree lacks, with what happened to each, and changed
    configs that are not judged. `touched` are the judged projects.
    """
    try:
        found = list(_gone(comparison, touched, reader))
        return [*found, *_unread(comparison, {each.span.path for each in found})]
    except Unreadable as why:
        return [nowhere(why.reason)]


WHOLE = "."
"""The path of a blind spot of the whole repository."""


def nowhere(why: Reason) -> BlindSpot:
    """A blind spot of the whole repository."""
    return BlindSpot(why, Span.of_file(WHOLE))


def _gone(comparison: Comparison, touched: Sequence[str], reader: Reader) -> Iterator[BlindSpot]:
    if not comparison.bases or comparison.everything:
        return
    tree, base = comparison.judged, comparison.bases[0]
    if comparison.changed is None:
        known = reader.find(base)
    else:
        named = (path for path in comparison.changed if path.rpartition("/")[2] in CONFIG_NAMES)
        known = sorted(path for path in named if _found(path) and _is_file(base, path))
    moved = {comparison.renamed.get(path) for path in touched}
    now = {path.rpartition("/")[0] for path in reader.find(tree)} if known else set()
    for path in known:
        if path.rpartition("/")[0] not in now and path not in moved:
            yield BlindSpot(Why.SAID(_fate(path, tree, comparison)), Span.of_file(path))


def _unread(comparison: Comparison, gone_: set[str]) -> Iterator[BlindSpot]:
    """Changed configs that are not judged: in a folder that is not searched, or spelled in another case,
    which SST reads on some systems. Without those to which a project was moved: they are reported already.
    """
    tree = comparison.judged
    for path in sorted(comparison.changed or ()):
        folder, _, name = path.rpartition("/")
        alike = name.casefold() in CONFIG_NAMES
        if not alike or (name in CONFIG_NAMES and _found(path)) or not _is_file(tree, path):
            continue
        if comparison.renamed.get(path) in gone_ or f"{folder}/{name.casefold()}".lstrip("/") in gone_:
            continue
        why = (
            f"`{path}` is in a folder that is not searched for projects"
            if not _found(path)
            else f"`{path}` is not called `{name.casefold()}`, but SST reads it on systems that ignore case"
        )
        yield BlindSpot(Why.SAID(why), Span.of_file(path))


def _found(config: str) -> bool:
    """Whether projects are searched for in the folders of a path."""
    return not SKIPPED & set(config.split("/")[:-1])


def _is_file(tree: GitHubTree, path: str) -> bool:
    entry = tree.entry(path)
    return entry is not None and not entry.folder and entry.mode not in (SYMLINK, SUBMODULE)


def _fate(config: str, tree: GitHubTree, comparison: Comparison) -> str:
    """What happened to a project that existed: replaced by a link, renamed, moved, or deleted."""
    parts = config.split("/")
    for depth in range(1, len(parts) + 1):
        path = "/".join(parts[:depth])
        entry = tree.entry(path)
        if entry is not None and entry.mode in (SYMLINK, SUBMODULE):
            kind = "a symbolic link" if entry.mode == SYMLINK else "a submodule"
            return f"`{path}` is now {kind}, which is not followed"
        if entry is not None and depth == len(parts):
            return f"`{path}` is now a folder"
    folder, _, name = config.rpartition("/")
    alike = [each for each in tree.anew().list(folder) or () if each.casefold() == name.casefold()]
    if alike:
        return f"`{config}` is now called `{alike[0]}`, which SST does not read"
    to = next((new for new, old in sorted(comparison.renamed.items()) if old == config), "")
    if to and not _found(to):
        return f"`{config}` moved to `{to}`, a folder that is not searched for projects"
    if to:
        return f"`{config}` moved to `{to}`, which SST reads only by `--config`"
    return f"`{config}` is deleted"
