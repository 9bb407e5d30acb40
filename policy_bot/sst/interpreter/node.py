"""The modules of Node that configs use: `fs` on the repository's files, `path`. The others are unknown."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from policy_bot.sst.atoms import Primitive
from policy_bot.sst.heap import Arr, Obj
from policy_bot.sst.interpreter.builtins.arguments import first
from policy_bot.sst.interpreter.builtins.table import ANY, native
from policy_bot.sst.interpreter.callables import Function
from policy_bot.sst.interpreter.conversions import truthy, why
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.reasons import Why
from policy_bot.sst.repository.paths import join
from policy_bot.sst.repository.resolver import Resolver
from policy_bot.sst.source import Unreadable
from policy_bot.sst.values import NOTHING, AbstractValue, Known, Origin, Placed, Unknown

ROOT = "/repository"
"""The folder of the repository, for a program that asks for absolute paths."""


def inside(m: Machine, path: str) -> str | None:
    """The path in the tree of a path in the program; None if it is outside."""
    absolute = posixpath.normpath(posixpath.join(m.folder, path))
    if absolute == ROOT:
        return ""
    return join("", absolute[len(ROOT) + 1 :]) if absolute.startswith(ROOT + "/") else None


def _path_of(m: Machine, value: AbstractValue) -> str | None:
    return inside(m, value.data) if isinstance(value, Known) and isinstance(value.data, str) else None


def _folder_reader(resolver: Resolver) -> Function:
    def read(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        path = _path_of(m, first(given))
        names = _names(resolver, path) if path is not None else None
        if path is None or names is None:
            return Unknown(
                Why.FOLDER(why(first(given))) if path is None else Why.NO_SUCH_FOLDER(path),
                node,
            )
        options = first(given, 1)
        props = options.data.props if isinstance(options, Known) and isinstance(options.data, Obj) else {}
        if truthy(props.get("recursive", NOTHING)) is not False:
            return Unknown(Why.RECURSIVE_LISTING(), node)
        typed = truthy(props.get("withFileTypes", NOTHING))
        origin = Origin(node, f'the folder "{path}"')
        entries = [
            _entry(name, path, origin) if typed else Known(name.rstrip("/"), origin) for name in sorted(names)
        ]
        return Known(Arr(entries, node), origin)

    return read


def _names(resolver: Resolver, path: str) -> frozenset[str] | None:
    """The names in a folder; None if it does not exist. The project depends on it even then, because it may
    be added.
    """
    resolver.files.add(f"{path}/" if path else "")
    return resolver.entries(path)


def _entry(name: str, folder: str, origin: Origin) -> AbstractValue:
    is_folder = name.endswith("/")
    answers = {"isDirectory": is_folder, "isFile": not is_folder, "isSymbolicLink": False}
    props: dict[str, AbstractValue] = {
        "name": Known(name.rstrip("/"), origin),
        "parentPath": Known(f"{ROOT}/{folder}", origin),
    }
    for question, answer in answers.items():
        props[question] = native(question, _answering(answer))
    return Known(Obj(props), origin)


def _answering(answer: bool) -> Function:
    return lambda m, given, node: Known(answer)


def _file_reader(resolver: Resolver) -> Function:
    def read(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        path = _path_of(m, first(given))
        if path is None:
            return Unknown(Why.READ_FILE(), node)
        try:
            data = resolver.read(path) if resolver.is_file(path) else None
        except Unreadable as error:
            return Unknown(error.reason, node)
        if data is None:
            m.may_throw(node)  # the file may not be there at deploy either
            return Unknown(Why.NOT_IN_REPOSITORY(path), node)
        m.allocate(len(data))
        return Known(data.decode("utf-8", "replace"), Origin(node, f'the file "{path}"'))

    return read


def _exists(resolver: Resolver) -> Function:
    def exists(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        path = _path_of(m, first(given))
        if path is not None and (resolver.is_file(path) or _names(resolver, path) is not None):
            return Known(True, Origin(node, f'"{path}" is in the repository'))
        return Unknown(
            Why.FILE_EXISTS() if path is None else Why.NOT_IN_REPOSITORY(path),
            node,
        )

    return exists


def _stat(resolver: Resolver) -> Function:
    """`statSync`, `lstatSync`: whether a path of the repository is a folder or a file."""

    def stat(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        path = _path_of(m, first(given))
        folder = path is not None and _names(resolver, path) is not None
        if path is None or not (folder or resolver.is_file(path)):
            m.may_throw(node)
            return Unknown(Why.FILE() if path is None else Why.NOT_IN_REPOSITORY(path), node)
        made = Obj({"isDirectory": _saying(folder), "isFile": _saying(not folder)})
        made.rest = Unknown(Why.READ_IN_PART("the result of statSync()"), node)
        return Known(made, Origin(node, f'"{path}" is in the repository'))

    return stat


def _saying(answer: bool) -> Known:
    return native("stat", lambda m, given, node: Known(answer))


def _texts(given: list[AbstractValue]) -> list[str] | None:
    texts = [value.data for value in given if isinstance(value, Known) and isinstance(value.data, str)]
    return texts if len(texts) == len(given) else None


def _of_texts(operation: Callable[..., Primitive], least: int, most: int) -> Function:
    def function(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        texts = _texts(given[:most])
        if texts is None or len(texts) < least or sum(map(len, texts)) > m.limits.string:
            return Unknown(
                next((why(value) for value in given if not isinstance(value, Known)), Why.PATH()),
                node,
            )
        return Known(operation(m, *texts), Origin(node, "path"))

    return function


def _basename(m: Machine, path: str, end: str = "") -> str:
    base = posixpath.basename(path.rstrip("/"))
    return "" if path == end else base[: -len(end)] if end and base.endswith(end) and base != end else base


def _dirname(m: Machine, path: str) -> str:
    parent, slash, _ = path.rstrip("/").rpartition("/")
    return "//" if parent == "/" else parent or ("/" if slash or path[:1] == "/" else ".")


def _extname(m: Machine, path: str) -> str:
    base = _basename(m, path)
    return "" if base == ".." or base.rfind(".") <= 0 else base[base.rfind(".") :]


def _normalize(m: Machine, path: str) -> str:
    """Python's `normpath`, but two slashes at the start are one, and one at the end stays."""
    made = posixpath.normpath(path).replace("//", "/")
    return f"{made}/" if path.endswith("/") and made != "/" else made


def _relative(m: Machine, start: str, end: str) -> str:
    made = posixpath.relpath(posixpath.join(m.folder, end), posixpath.join(m.folder, start))
    return "" if made == "." else made


_PATH: dict[str, tuple[Callable[..., Primitive], int, int]] = {
    "join": (lambda m, *parts: _normalize(m, "/".join(part for part in parts if part)), 0, ANY),
    "resolve": (
        lambda m, *parts: posixpath.normpath(posixpath.join(m.folder, *parts)).replace("//", "/"),
        0,
        ANY,
    ),
    "normalize": (_normalize, 1, 1),
    "basename": (_basename, 1, 2),
    "dirname": (_dirname, 1, 1),
    "extname": (_extname, 1, 1),
    "relative": (_relative, 2, 2),
    "isAbsolute": (lambda m, path: path.startswith("/"), 1, 1),
}
"""The functions of `path` by name, each with the least and the most arguments that it reads."""


def module(resolver: Resolver, name: str) -> Obj | None:
    """A module of Node as an object with its exports; None if it is not supported."""
    name = name.removeprefix("node:")
    if name in {"path", "path/posix"}:
        made = Obj({key: native(f"path.{key}", _of_texts(*row)) for key, row in _PATH.items()})
        made.props["sep"] = Known("/")
        made.props["posix"] = Known(made)
    elif name == "fs":
        promises = Known(Obj(_files(resolver, "")))
        made = Obj({**_files(resolver, "Sync"), "promises": promises})
    elif name == "fs/promises":
        made = Obj(_files(resolver, ""))
    elif name == "url":
        made = Obj({"fileURLToPath": native("fileURLToPath", _file_url)})
    else:
        return None
    made.rest = Unknown(Why.READ_IN_PART(name))
    made.props["default"] = Known(made)
    return made


def _files(resolver: Resolver, end: str) -> dict[str, AbstractValue]:
    functions = {
        f"readdir{end}": _folder_reader(resolver),
        f"readFile{end}": _file_reader(resolver),
        "existsSync": _exists(resolver),
        "statSync": _stat(resolver),
        "lstatSync": _stat(resolver),
    }
    return {name: native(f"fs.{name}", function) for name, function in functions.items()}


def _file_url(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    texts = _texts(given)
    if texts and texts[0].startswith("file://"):
        return Known(texts[0][7:])
    return Unknown(Why.FILE(), node)
