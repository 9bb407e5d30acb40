"""In a local run, a lockfile that projects share is sent to a reading process once."""

from collections.abc import Iterable

import pytest

from policy_bot.isolation import wire
from policy_bot.isolation.kept import Forked
from policy_bot.isolation.wire import Frame, LargeFiles, Line
from policy_bot.sst.source import MemoryTree
from tests.flows.configs import config

FILLER = "x" * 100_000


def lockfile(release: str) -> bytes:
    return f'{{"packages": {{"node_modules/sst": {{"version": "{release}"}}, "{FILLER}": {{}}}}}}'.encode()


def tree(release: str) -> MemoryTree:
    source = config("streaming: true").encode()
    return MemoryTree(
        {"a/sst.config.ts": source, "b/sst.config.ts": source, "package-lock.json": lockfile(release)}
    )


def test_a_lockfile_is_sent_once_unless_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    sent, send_all = list[Frame](), Line.send_all

    def noted(self: Line, frames: Iterable[Frame]) -> None:
        listed = list(frames)
        sent.extend(listed)
        send_all(self, listed)

    with Forked() as reader:
        reader.get_ready()
        monkeypatch.setattr(Line, "send_all", noted)
        before, after = tree("4.1.0"), tree("4.2.0")
        asked = [(before, "a"), (before, "b"), (after, "a"), (after, "b"), (before, "b")]
        read = [reader.read(each, f"{folder}/sst.config.ts").version.high for each, folder in asked]
    assert read == ["4.1.0", "4.1.0", "4.2.0", "4.2.0", "4.1.0"]
    large = [frame.kind for frame in sent if frame.kind == wire.SAME or len(frame.content) > len(FILLER)]
    assert large == [wire.FILE, wire.SAME, wire.FILE, wire.SAME, wire.FILE]


def test_the_last_large_files_are_kept() -> None:
    files = LargeFiles()
    for number in range(wire.MOST_LARGE + 1):
        files.put(f"{number}.lock", FILLER.encode())
    files.put("small.lock", b"small")
    assert [files.get(f"{number}.lock") is not None for number in range(3)] == [False, True, True]
    assert files.get("small.lock") is None
