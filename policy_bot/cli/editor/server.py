"""The language server: connects the editor and the session.

Reading takes milliseconds but may take seconds, so one separate thread does it. Only the newest text is read
once the thread is free.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlparse

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from policy_bot import __version__
from policy_bot.cli.editor import actions, completion, diagnostics, functions
from policy_bot.cli.editor.positions import Text
from policy_bot.cli.editor.session import Session
from policy_bot.isolation.reader import Reader
from policy_bot.policy.revision import FILE_NAME

Result = TypeVar("Result")


class EditorServer(LanguageServer):
    """A server for one editor and one folder."""

    def __init__(self, reader: Reader) -> None:
        super().__init__("policy-bot", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.session = Session(Path.cwd(), reader)
        self.reading = ThreadPoolExecutor(1, "reading")
        self._changed: list[str] = []
        self._refreshing: asyncio.Task[None] | None = None
        self._published: set[str] = set()

    def path(self, uri: str) -> str | None:
        """A document's path relative to the folder, with `/`; None if it is outside."""
        parsed = urlparse(uri)
        try:
            place = Path(unquote(parsed.path)).relative_to(self.session.root)
        except ValueError:
            return None
        return place.as_posix() if parsed.scheme == "file" else None

    def changed(self, path: str) -> None:
        """Schedules a new reading of everything that a change of this file affects."""
        if path not in self._changed:
            self._changed.append(path)
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.ensure_future(self._refresh())

    async def read(self) -> Session:
        """The session, once all typed text is read."""
        while self._refreshing is not None and not self._refreshing.done():
            await asyncio.shield(self._refreshing)
        return self.session

    async def in_thread(self, work: Callable[..., Result], *given: object) -> Result:
        """Runs work that may read a project in the reading thread."""
        return await asyncio.get_running_loop().run_in_executor(self.reading, work, *given)

    async def _refresh(self) -> None:
        while self._changed:
            paths, self._changed = self._changed, []
            for path in paths:
                await self.in_thread(self.session.refresh, path)
            self._publish(await self.in_thread(diagnostics.by_file, self.session))

    def _publish(self, found: dict[str, list[types.Diagnostic]]) -> None:
        for path in {*found, *self._published}:
            uri = (self.session.root / path).as_uri()
            shown = types.PublishDiagnosticsParams(uri, found.get(path, []))
            self.text_document_publish_diagnostics(shown)
        self._published = {path for path, each in found.items() if each}


def make(reader: Reader) -> EditorServer:
    """Makes a server with its request handlers."""
    server = EditorServer(reader)
    _documents(server)
    _questions(server)
    return server


def _documents(server: EditorServer) -> None:
    @server.feature(types.INITIALIZED)
    async def begun(given: types.InitializedParams) -> None:
        root = server.workspace.root_path
        server.session.root = Path(root) if root else Path.cwd()
        await _watch(server)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def typed(given: types.DidOpenTextDocumentParams | types.DidChangeTextDocumentParams) -> None:
        uri = given.text_document.uri
        path = server.path(uri)
        if path is not None:
            server.session.open[path] = server.workspace.get_text_document(uri).source.encode()
            server.changed(path)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(given: types.DidCloseTextDocumentParams) -> None:
        path = server.path(given.text_document.uri)
        if path is not None and server.session.open.pop(path, None) is not None:
            server.changed(path)  # unsaved text is discarded

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def on_disk(given: types.DidChangeWatchedFilesParams) -> None:
        for path in filter(None, (server.path(change.uri) for change in given.changes)):
            server.changed(path)


async def _watch(server: EditorServer) -> None:
    """Asks the editor to report changes of files on disk, if it can."""
    workspace = server.client_capabilities.workspace
    watched = workspace.did_change_watched_files if workspace else None
    if watched and watched.dynamic_registration:
        every = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher("**/*")])
        files = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, every)
        await server.client_register_capability_async(types.RegistrationParams([files]))


def _questions(server: EditorServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(given: types.HoverParams) -> types.Hover | None:
        session, path = await server.read(), server.path(given.text_document.uri)
        for made in functions.of_file(session, path) if path else ():
            where = Text(session.text(made.span.path)).range(made.span)
            if where.start <= given.position <= where.end:
                lines = "\n\n".join(filter(None, functions.explained(made)))
                return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, lines), where)
        return None

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    async def lenses(given: types.CodeLensParams) -> list[types.CodeLens]:
        session, path = await server.read(), server.path(given.text_document.uri)
        text = Text(session.text(path)) if path else Text(b"")
        return [
            types.CodeLens(text.range(made.span), types.Command(functions.summary(made), ""))
            for made in (functions.of_file(session, path) if path else ())
        ]

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions([types.CodeActionKind.QuickFix]))
    async def fixes(given: types.CodeActionParams) -> list[types.CodeAction]:
        session, path = await server.read(), server.path(given.text_document.uri)
        if path is None:
            return []
        shown = [*given.context.diagnostics]
        return await server.in_thread(actions.of_range, session, path, given.range, shown)

    @server.feature(types.TEXT_DOCUMENT_COMPLETION)
    def complete(given: types.CompletionParams) -> list[types.CompletionItem]:
        path = server.path(given.text_document.uri)
        line = given.position.line
        lines = server.workspace.get_text_document(given.text_document.uri).source.split("\n")
        text = "\n".join([*lines[:line], lines[line][: given.position.character], *lines[line + 1 :]])
        if path is not None and path.rpartition("/")[2] == FILE_NAME:
            return completion.in_settings(text, line, server.session.settings_schema(path))
        if path is not None and path.endswith(".md") and "policies/" in path:
            from policy_bot.policy.editorschema import policy_schema  # an eighth of the start-up time

            return completion.in_policy(text, line, policy_schema())
        return []
