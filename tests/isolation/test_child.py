"""What the reading process may not do, whoever tells it to."""

import gc
import os
import signal
from pathlib import Path

import pytest

from policy_bot.isolation import child as reading_process
from policy_bot.isolation import launch, wire
from policy_bot.isolation.activity import Notes, shared
from policy_bot.isolation.limits import Bounds, confine


def in_a_confined_process(deed: str) -> int:
    """Exit status of a confined child that tries something: 0 it could, 7 it could not."""
    pid = os.fork()
    if pid == 0:
        confine(Bounds())
        try:
            exec(deed, {"os": os})
        except (OSError, MemoryError):
            os._exit(7)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_it_has_no_more_memory_than_it_needs() -> None:
    assert in_a_confined_process("bytearray(600 * 1024 * 1024)") == 7


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_it_writes_no_file(tmp_path: Path) -> None:
    # SIGXFSZ is ignored by Python, so that the write itself fails
    assert in_a_confined_process(f"os.write(os.open('{tmp_path}/file', 65, 0o600), b'x')") == 7


class _NoMemoryLeft:
    """A line on which a question comes and nothing can be sent."""

    def receive(self) -> wire.Frame:
        raise MemoryError


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_without_memory_even_for_a_report_it_ends_as_a_failed_allocation_does() -> None:
    """The parent takes SIGABRT for the limit of memory, and an exit for a fault of ours."""
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        reading_process.serve(_NoMemoryLeft(), Notes(shared()), Bounds())  # type: ignore[arg-type]
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGABRT


def test_a_worker_inherits_neither_environment_nor_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_PRIVATE_KEY", "canary")
    child = launch.start(Bounds())
    try:
        child.line.send(wire.QUESTION, b'{"path": "sst.config.ts", "contexts": null}')
        assert child.line.receive().kind in {wire.READ, wire.LIST}
        with open(f"/proc/{child.pid}/environ", "rb") as environ:
            assert b"canary" not in environ.read()
        opened = sorted(int(name) for name in os.listdir(f"/proc/{child.pid}/fd"))
        assert opened == [0, 1, 2, *opened[3:]]
        files = {os.readlink(f"/proc/{child.pid}/fd/{each}").partition(":")[0] for each in opened[3:]}
        assert files == {"pipe", "/memfd"}  # its two ends of the line, and its notes
        assert len(opened) == 6
    finally:
        child.end()


def test_a_worker_that_cannot_start_keeps_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError("too many processes")

    monkeypatch.setattr("subprocess.Popen", refuse)
    gc.collect()  # what earlier tests have left is closed now, not meanwhile
    before = os.listdir("/proc/self/fd")
    with pytest.raises(BlockingIOError):
        launch.start(Bounds())
    assert os.listdir("/proc/self/fd") == before


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_fork_cannot_speak_for_another_one() -> None:
    """The parent holds the lines of all, and a fork inherits what its parent holds."""
    one, other = launch.fork(Bounds()), launch.fork(Bounds())
    try:
        other.line.send(wire.QUESTION, b'{"path": "sst.config.ts", "contexts": null}')
        assert other.line.receive().kind in {wire.READ, wire.LIST}
        held = {os.readlink(f"/proc/{other.pid}/fd/{each}") for each in os.listdir(f"/proc/{other.pid}/fd")}
        ours = {os.readlink(f"/proc/self/fd/{each}") for each in (one.line.source, one.line.sink)}
        assert not held & ours
    finally:
        one.end()
        other.end()


def test_it_ends_when_its_parent_hangs_up() -> None:
    child = launch.start(Bounds())
    child.line.close()
    assert child._wait() == 0
