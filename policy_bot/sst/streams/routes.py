"""Finds the routes of a site by its framework's file conventions, from names alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from policy_bot.record import dataclass
from policy_bot.sst.repository.resolver import Resolver
from policy_bot.sst.streams.files import SCRIPTS

MOST_FILES = 1_000
MOST_FOLDERS = 2_000
"""Most route files, and folders searched, of one site."""

_FOREIGN = frozenset({"node_modules/", ".git/", ".sst/", ".next/", ".open-next/", "dist/", "__tests__/"})


@dataclass(frozen=True, slots=True)
class RouteFile:
    """A file that answers requests: its path and its URL. `handlers` are the exports that answer, by method
    (`""` for any); a file may have only some of them. `page`: it renders a page.
    """

    path: str
    url: str
    handlers: Mapping[str, str]
    page: bool = False


@dataclass(frozen=True, slots=True)
class Convention:
    """Where a framework keeps routes: folders below the site, names that are routes, and the URL of a path
    below such a folder (None: not a route).
    """

    folders: tuple[str, ...]
    is_route: Callable[[str], bool]
    url: Callable[[str], str | None]
    handlers: Mapping[str, str]
    page: bool = False


_METHODS = {name: name for name in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")}
_ANY = {"default": ""}


def _stem(path: str) -> str:
    return path.rpartition(".")[0]


def _named(*stems: str) -> Callable[[str], bool]:
    """A pattern for scripts with these names, or with any name."""

    def is_route(name: str) -> bool:
        return name.endswith(SCRIPTS) and (not stems or _stem(name) in stems)

    return is_route


def _joined(parts: Sequence[str]) -> str:
    return "/" + "/".join(parts)


def _folder_url(path: str) -> str:
    """The URL of a file named for its role in a folder: Next's app router, SvelteKit."""
    parts = path.split("/")[:-1]
    return _joined([p for p in parts if not (p.startswith("(") and p.endswith(")")) and p[:1] != "@"])


def _file_url(path: str) -> str | None:
    """The URL of a file named for its last part: Next's pages, Astro, Nitro."""
    parts = _stem(path).split("/")
    if any(part.startswith("_") for part in parts):
        return None
    parts = [p for p in parts if not (p.startswith("(") and p.endswith(")"))]
    return _joined(parts[:-1] if parts[-1] == "index" else parts)


def _nitro_url(path: str) -> str | None:
    """The URL of Nitro: `chat.post.ts` answers POST, and the method is not part of the URL."""
    stem, _, method = _stem(path).rpartition(".")
    return _file_url(f"{stem}.ts" if method.upper() in _METHODS else path)


def _under(prefix: str, url: Callable[[str], str | None]) -> Callable[[str], str | None]:
    def made(path: str) -> str | None:
        found = url(path)
        return None if found is None else prefix + ("" if found == "/" else found)

    return made


def _dotted_url(path: str) -> str | None:
    """The URL of Remix and React Router: dots are slashes, `$` is a parameter, a leading `_` hides a part."""
    parts = _stem(path).removesuffix("/route").replace(".", "/").split("/")
    return _joined([part for part in parts if part not in ("", "index", "_index") and part[0] != "_"])


_ANY_SCRIPT = _named()
ANY_EXPORT = {"*": ""}
"""Stands for the exports of a route in which every export answers."""
PAGE = "page"
"""Stands for the method of an export that renders a page, whose server functions answer."""


_ACTIONS = ("actions", "src/actions", "app/actions", "src/app/actions")


def _action_url(path: str) -> str:
    """The name of a file of server actions, which answer at the URLs of the pages that use them."""
    return f"server actions of {path}"


_NEXT = (
    Convention(("app", "src/app"), _named("route"), _folder_url, _METHODS),
    Convention(("pages/api", "src/pages/api"), _ANY_SCRIPT, _under("/api", _file_url), _ANY),
    # https://nextjs.org/docs/app/getting-started/mutating-data; the names are habit
    Convention(("app", "src/app", "lib", "src/lib"), _named("action", "actions"), _action_url, ANY_EXPORT),
    Convention(_ACTIONS, _ANY_SCRIPT, _action_url, ANY_EXPORT),
    Convention(("app", "src/app"), _named("page", "layout"), _folder_url, _ANY, page=True),
)
_NITRO = (
    Convention(("server/api", "src/server/api"), _ANY_SCRIPT, _under("/api", _nitro_url), _ANY),
    Convention(("server/routes", "src/server/routes"), _ANY_SCRIPT, _nitro_url, _ANY),
)
EXPORTED: Mapping[str, str] = {"loader": "GET", "action": "POST"}
"""Exports of a route of Remix or React Router that answer, with their methods."""
_START = {"ServerRoute": "", "APIRoute": "", "Route": ""}

CONVENTIONS: Mapping[str, tuple[Convention, ...]] = {
    # https://nextjs.org/docs/app/api-reference/file-conventions/route, .../pages/building-your-application
    "sst.aws.Nextjs": _NEXT,
    # https://svelte.dev/docs/kit/routing#server
    "sst.aws.SvelteKit": (
        Convention(("src/routes",), _named("+server"), _folder_url, {**_METHODS, "fallback": ""}),
    ),
    # https://docs.astro.build/en/guides/endpoints/
    "sst.aws.Astro": (Convention(("src/pages",), _ANY_SCRIPT, _file_url, {**_METHODS, "ALL": ""}),),
    # https://nitro.build/guide/routing, https://nuxt.com/docs/guide/directory-structure/server
    "sst.aws.Nuxt": _NITRO,
    # https://analogjs.org/docs/features/api/overview
    "sst.aws.Analog": _NITRO,
    # https://docs.solidjs.com/solid-start/building-your-application/api-routes
    "sst.aws.SolidStart": (
        Convention(("src/routes",), _ANY_SCRIPT, _file_url, {**_METHODS, "default": PAGE}),
        *_NITRO,
    ),
    # https://tanstack.com/start/latest/docs/framework/react/guide/server-routes
    "sst.aws.TanStackStart": (
        Convention(("src/routes", "app/routes"), _ANY_SCRIPT, _dotted_url, {**_START, **_METHODS}),
    ),
    "sst.aws.TanstackStart": (
        Convention(("src/routes", "app/routes"), _ANY_SCRIPT, _dotted_url, {**_START, **_METHODS}),
    ),
    # https://reactrouter.com/how-to/resource-routes, https://remix.run/docs/guides/resource-routes
    "sst.aws.Remix": (Convention(("app/routes",), _ANY_SCRIPT, _dotted_url, EXPORTED),),
    "sst.aws.React": (Convention(("app/routes",), _ANY_SCRIPT, _dotted_url, EXPORTED),),
}
_V2 = {
    "sst2.NextjsSite": "sst.aws.Nextjs", "sst2.SvelteKitSite": "sst.aws.SvelteKit",
    "sst2.AstroSite": "sst.aws.Astro", "sst2.SolidStartSite": "sst.aws.SolidStart",
    "sst2.RemixSite": "sst.aws.Remix",
}  # fmt: skip
"""SST v2's constructs, by the component that deploys the same framework."""


ALIASES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    # https://svelte.dev/docs/kit/$lib
    "sst.aws.SvelteKit": {"$lib": ("src/lib",)},
    # https://nuxt.com/docs/api/nuxt-config#alias; `srcDir` is `app/` since Nuxt 4
    "sst.aws.Nuxt": {
        "~~": ("",), "@@": ("",), "~": ("app", "src", ""), "@": ("app", "src", ""), "#shared": ("shared",),
    },
}  # fmt: skip
"""Import prefixes that a framework writes into a generated tsconfig, and the folders of the site that they
may stand for.
"""


def aliases(component: str, folder: str) -> Mapping[str, tuple[str, ...]]:
    """The import prefixes that a site's framework defines, with folders of the repository."""
    prefix = f"{folder}/" if folder else ""
    given = ALIASES.get(_V2.get(component, component), {})
    return {alias: tuple(f"{prefix}{each}".rstrip("/") for each in inner) for alias, inner in given.items()}


SOURCES: Mapping[str, tuple[str, str]] = {
    "sst.aws.Astro": (
        "srcDir",
        "src",
    ),  # https://docs.astro.build/en/reference/configuration-reference/#srcdir
    "sst.aws.Nuxt": ("serverDir", "server"),  # https://nuxt.com/docs/api/nuxt-config#serverdir
    "sst.aws.React": (
        "appDirectory",
        "app",
    ),  # https://reactrouter.com/api/framework-conventions/react-router.config.ts
}
"""The setting of a framework's config for the folder of its source, and that folder if it is not set."""


def routes(resolver: Resolver, component: str, folder: str, source: str = "") -> Iterator[RouteFile]:
    """The routes of a site in `folder`, those that answer with data first; not limited by `MOST_FILES`.

    `source` is the folder inside it that replaces the usual one of `SOURCES`.
    """
    usual = SOURCES.get(component, ("", ""))[1] if source else ""
    for convention in CONVENTIONS.get(_V2.get(component, component), ()):
        for inner in convention.folders:
            moved = f"{source}{inner.removeprefix(usual)}" if usual and inner.startswith(usual) else inner
            root = f"{folder}/{moved}" if folder else moved
            for path in files_below(resolver, root):
                name = path.rpartition("/")[2]
                if not convention.is_route(name) or is_test(name):
                    continue
                url = convention.url(path[len(root) + 1 :])
                if url is not None:
                    yield RouteFile(path, url, convention.handlers, convention.page)


def is_test(name: str) -> bool:
    """Whether a file of this name is a test or only declares types."""
    return ".test." in name or ".spec." in name or name.endswith((".d.ts", ".d.mts"))


def files_below(resolver: Resolver, root: str) -> Iterator[str]:
    """All files below a folder, in order."""
    stack, looked = [root], 0
    while stack and looked < MOST_FOLDERS:
        folder = stack.pop()
        looked += 1
        entries = sorted(resolver.entries(folder) or ())
        for entry in entries:
            if not entry.endswith("/"):
                yield f"{folder}/{entry}"
        stack += [
            f"{folder}/{entry[:-1]}"
            for entry in reversed(entries)
            if entry.endswith("/") and entry not in _FOREIGN
        ]
