"""An editor's session, over the real protocol with the real process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

CONFIG = """\
export default $config({
  app: () => ({ name: "shop", home: "aws", removal: "retain", protect: true }),
  async run() {
    new sst.aws.Function("Chat", {
      handler: "chat.handler",
      url: true,
      streaming: true,
      timeout: $app.stage === "production" ? "60 seconds" : "300 seconds",
    });
  },
});
"""

WATCHING = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    )
)


class Editor:
    """What somebody at an editor does and sees."""

    def __init__(self, client: LanguageClient, root: Path) -> None:
        self.client, self.root = client, root
        self.shown: dict[str, list[types.Diagnostic]] = {}
        self.news = asyncio.Event()
        self.watched: list[str] = []

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    def document(self, path: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(path))

    def opens(self, path: str, text: str) -> None:
        item = types.TextDocumentItem(self.uri(path), "typescript", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def changes_on_disk(self, path: str, text: str) -> None:
        (self.root / path).write_text(text)
        event = types.FileEvent(self.uri(path), types.FileChangeType.Changed)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    def types(self, path: str, text: str) -> None:
        document = types.VersionedTextDocumentIdentifier(2, self.uri(path))
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))

    async def sees(self, path: str, holds: Callable[[set[object]], bool]) -> list[types.Diagnostic]:
        """The diagnostics of a file, as soon as their codes are as expected."""
        while not holds({each.code for each in self.shown.get(path, [])} if path in self.shown else {...}):
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), 60)
        return self.shown[path]


@asynccontextmanager
async def editor(root: Path) -> AsyncIterator[Editor]:
    client = LanguageClient("test", "1")
    seen = Editor(client, root)

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def published(given: types.PublishDiagnosticsParams) -> None:
        path = given.uri.removeprefix(root.as_uri() + "/")
        seen.shown[path] = list(given.diagnostics)
        seen.news.set()

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def registered(given: types.RegistrationParams) -> None:
        seen.watched = [each.method for each in given.registrations]

    await client.start_io(sys.executable, "-m", "policy_bot.cli.main", "lsp")
    await client.initialize_async(
        types.InitializeParams(WATCHING, root_uri=root.as_uri(), root_path=str(root))
    )
    client.initialized(types.InitializedParams())
    try:
        yield seen
    finally:
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()


def test_a_session(tmp_path: Path) -> None:
    (tmp_path / "sst.config.ts").write_text("export default $config({});\n")

    async def session() -> None:
        async with editor(tmp_path) as at:
            # unsaved text counts, not what the disk has
            at.opens("sst.config.ts", CONFIG)
            shown = await at.sees("sst.config.ts", lambda codes: "timeout/too-short" in codes)
            [short] = [each for each in shown if each.code == "timeout/too-short"]
            assert short.severity == types.DiagnosticSeverity.Error
            assert short.range.start == types.Position(7, 6)
            assert "In production." in short.message

            # values stage by stage, above the function and on hover
            lenses = await at.client.text_document_code_lens_async(
                types.CodeLensParams(at.document("sst.config.ts"))
            )
            assert lenses
            assert [each.command.title for each in lenses if each.command] == [
                "60 s in production, 300 s in sst dev · streams"
            ]
            hover = await at.client.text_document_hover_async(
                types.HoverParams(at.document("sst.config.ts"), types.Position(4, 10))
            )
            assert hover
            assert isinstance(hover.contents, types.MarkupContent)
            assert "**timeout** 60 s in production" in hover.contents.value

            # a proved fix
            actions = await at.client.text_document_code_action_async(
                types.CodeActionParams(
                    at.document("sst.config.ts"), short.range, types.CodeActionContext([short])
                )
            )
            assert actions
            edits = [
                edit.new_text
                for action in actions
                if isinstance(action, types.CodeAction) and action.edit and action.edit.changes
                for edit in action.edit.changes[at.uri("sst.config.ts")]
            ]
            assert any("300 seconds" in text for text in edits)
            assert "      // policy-bot: ignore timeout/too-short -- \n" in edits

            # typed away, and gone
            at.types("sst.config.ts", CONFIG.replace('"60 seconds"', '"300 seconds"'))
            await at.sees("sst.config.ts", lambda codes: "timeout/too-short" not in codes)

    asyncio.run(session())


def test_an_ignore_on_the_line_hides_the_finding_and_needs_a_reason(tmp_path: Path) -> None:
    (tmp_path / "sst.config.ts").write_text("export default $config({});\n")
    without = CONFIG.replace(
        "      timeout", "      // policy-bot: ignore timeout/too-short -- \n      timeout"
    )

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.opens("sst.config.ts", without)
            shown = await at.sees("sst.config.ts", lambda codes: "timeout/too-short" in codes)
            [mistake] = [each for each in shown if "it has no reason" in each.message]
            assert mistake.range.start == types.Position(7, 6)
            at.types("sst.config.ts", without.replace(" -- ", " -- the upstream closes first"))
            shown = await at.sees("sst.config.ts", lambda codes: "timeout/too-short" not in codes)
            assert not [each for each in shown if "ignore" in each.message]

    asyncio.run(session())


def test_a_mistake_in_the_settings_is_underlined_there(tmp_path: Path) -> None:
    (tmp_path / "sst.config.ts").write_text(CONFIG)
    settings = "policies:\n  timeout/to-short: off\n"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.opens(".github/policy-bot.yml", settings)
            shown = await at.sees(".github/policy-bot.yml", lambda codes: codes == {None})
            assert "Did you mean `timeout/too-short`?" in shown[0].message
            assert shown[0].range.start.line == 1
            at.types(".github/policy-bot.yml", settings.replace("to-short", "too-short"))
            await at.sees(".github/policy-bot.yml", lambda codes: codes == set())

    asyncio.run(session())


def test_a_config_is_judged_by_the_last_valid_settings_while_they_have_a_mistake(tmp_path: Path) -> None:
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "policy-bot.yml").write_text("policies:\n  timeout/to-short: off\n")
    off = "policies:\n  timeout/too-short: off\n"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.opens("sst.config.ts", CONFIG)
            shown = await at.sees("sst.config.ts", lambda codes: {None, "timeout/too-short"} <= codes)
            [mistaken] = [each for each in shown if each.code is None]
            assert mistaken.severity == types.DiagnosticSeverity.Warning
            assert mistaken.range.start == types.Position(0, 0)
            assert ".github/policy-bot.yml:2:3: there is no policy `timeout/to-short`" in mistaken.message
            assert await at.client.text_document_code_lens_async(
                types.CodeLensParams(at.document("sst.config.ts"))
            )
            at.opens(".github/policy-bot.yml", off)
            await at.sees("sst.config.ts", lambda codes: codes & {None, "timeout/too-short"} == set())
            at.types(".github/policy-bot.yml", off + "  timeout/to-long: off\n")
            await at.sees("sst.config.ts", lambda codes: None in codes and "timeout/too-short" not in codes)

    asyncio.run(session())


def test_an_imported_file_that_changes_on_disk_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "limits.ts").write_text('export const chat = "60 seconds";')
    config = 'import { chat } from "./limits";\n' + CONFIG.replace('"60 seconds"', "chat")

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.opens("sst.config.ts", config)
            await at.sees("sst.config.ts", lambda codes: "timeout/too-short" in codes)
            assert at.watched == ["workspace/didChangeWatchedFiles"]
            at.changes_on_disk("limits.ts", 'export const chat = "300 seconds";')
            await at.sees("sst.config.ts", lambda codes: "timeout/too-short" not in codes)

    asyncio.run(session())


@pytest.mark.parametrize("bomb", ["{a:}" * 2_000])
def test_a_hostile_file_costs_only_its_own_diagnostics(tmp_path: Path, bomb: str) -> None:
    for name in ("good", "bad"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "sst.config.ts").write_text(CONFIG if name == "good" else bomb)

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.opens("bad/sst.config.ts", bomb)
            at.opens("good/sst.config.ts", CONFIG)
            await at.sees("good/sst.config.ts", lambda codes: "timeout/too-short" in codes)
            unread = {"config/reader-limit", "config/syntax-error"}
            assert len(await at.sees("bad/sst.config.ts", lambda codes: bool(codes & unread))) == 1

    asyncio.run(session())
