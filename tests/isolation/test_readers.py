"""All readers agree on a valid project, and those that can be killed survive hostile ones."""

import gc
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from policy_bot.isolation import (
    Bounds,
    Forked,
    InProcess,
    Reader,
    ReaderProcess,
    Workers,
    local,
    local_reader,
    read_in_stages,
)
from policy_bot.isolation.kept import REPEATS, Kept
from policy_bot.isolation.launch import Child, fork
from policy_bot.isolation.local import get_ready, let_go
from policy_bot.sst.deployment import Context
from policy_bot.sst.source import MemoryTree, SourceTree
from tests.isolation import hostile
from tests.isolation.projects import GOOD, functions, project, reasons
from tests.waiting import LONG, until

CONFIG = "sst.config.ts"
KILLABLE = [Forked, ReaderProcess]


@pytest.fixture(params=KILLABLE, ids=lambda kind: kind.__name__)
def reader(request: pytest.FixtureRequest) -> Iterator[Kept]:
    with request.param() as reader:
        yield reader


@pytest.mark.parametrize("kind", [InProcess, Forked, ReaderProcess, Workers], ids=lambda kind: kind.__name__)
def test_every_reader_says_the_same(kind: type[Reader]) -> None:
    tree = project(good=GOOD)
    with kind() as reader, InProcess() as plain:
        assert reader.find(tree) == [CONFIG]
        assert reader.read(tree, CONFIG) == plain.read(tree, CONFIG)
        asked = [Context("staging"), Context("dev", True)]
        assert [deployment.context for deployment in reader.read(tree, CONFIG, asked).contexts] == asked


def test_a_project_that_is_expected_is_read_once_and_is_the_same(reader: Kept) -> None:
    tree = Counted(project(good=GOOD))
    reader.expect(tree, CONFIG)
    with InProcess() as plain:
        assert reader.read(tree, CONFIG) == plain.read(project(good=GOOD), CONFIG)
    assert tree.reads.count(CONFIG) == 1


def test_another_project_than_the_expected_one_may_be_read(reader: Kept) -> None:
    reader.expect(MemoryTree({CONFIG: hostile.BRACES}), CONFIG)
    assert functions(reader.read(project(good=GOOD), CONFIG)) == ["Good 120", "Own 60"]


@pytest.mark.parametrize(
    "bomb", [hostile.BRACES, hostile.BANGS, hostile.NESTED, hostile.PARENTHESES, hostile.NOISE, hostile.HUGE]
)
def test_a_hostile_file_costs_only_itself(reader: Kept, bomb: bytes) -> None:
    found = reader.read(project(good=GOOD, bomb=bomb, later=GOOD.replace(b"Good", b"Later")), CONFIG)
    assert {"Good 120", "Own 60"} <= set(functions(found))
    assert any("bomb" in reason or CONFIG in reason for reason in reasons(found))
    assert functions(reader.read(project(good=GOOD), CONFIG)) == ["Good 120", "Own 60"]


def test_a_path_that_no_file_can_have_is_no_file(reader: Kept) -> None:
    tree = Counted(project(good=GOOD))
    config = tree.read(CONFIG) or b""
    odd = MemoryTree({**project(good=GOOD).files, CONFIG: config.replace(b'"./good"', rb'"./\ud800"')})
    with InProcess() as plain:
        assert functions(reader.read(odd, CONFIG)) == functions(plain.read(odd, CONFIG)) == ["Own 60"]


def test_a_hostile_config_is_cannot_tell_with_the_limit_it_broke(reader: Kept) -> None:
    found = reader.read(MemoryTree({CONFIG: hostile.BRACES}), CONFIG)
    assert found.contexts == ()
    assert found.unreadable is not None
    assert str(found.unreadable.reason) in [f"limit: {end}" for end in hostile.ENDS]


def test_more_hostile_files_than_anyone_has_by_mistake_end_the_reading(reader: Kept) -> None:
    bombs = {f"bomb{number}": hostile.BRACES for number in range(REPEATS + 1)}
    found = reader.read(project(**bombs), CONFIG)
    assert reasons(found) == {f"{CONFIG}: limit: too many files of the project exceed a limit"}


class Counted:
    """A tree that counts how often it was asked."""

    def __init__(self, below: SourceTree) -> None:
        self.below = below
        self.reads: list[str] = []

    def read(self, path: str) -> bytes | None:
        self.reads.append(path)
        return self.below.read(path)

    def list(self, folder: str) -> Sequence[str] | None:
        return self.below.list(folder)


def test_a_reading_that_is_begun_again_asks_for_no_file_twice(reader: Kept) -> None:
    tree = Counted(project(good=GOOD, bomb=hostile.BRACES))
    reader.read(tree, CONFIG)
    assert "bomb.ts" in tree.reads
    assert len(tree.reads) == len(set(tree.reads))


class Failing(Counted):
    """A tree on a network that is gone."""

    def read(self, path: str) -> bytes | None:
        raise ConnectionError(path)


def test_what_the_tree_raises_goes_through_and_the_next_reading_is_right(reader: Kept) -> None:
    with pytest.raises(ConnectionError):
        reader.read(Failing(project()), CONFIG)
    assert functions(reader.read(project(good=GOOD), CONFIG)) == ["Good 120", "Own 60"]


class Murderous(Counted):
    """A tree whose reading is killed from outside, the first time a file is asked for."""

    reader: Kept

    def read(self, path: str) -> bytes | None:
        if not self.reads and self.reader._child is not None:
            os.kill(self.reader._child.pid, signal.SIGKILL)
        return super().read(path)


def test_a_process_that_is_killed_from_outside_is_replaced_and_no_file_is_blamed(reader: Kept) -> None:
    tree = Murderous(project(good=GOOD))
    tree.reader = reader
    found = reader.read(tree, CONFIG)
    assert functions(found) == ["Good 120", "Own 60"]
    assert reasons(found) == set()


def test_no_file_descriptor_and_no_process_is_left(reader: Kept) -> None:
    def held() -> int:
        return len(list(Path("/dev/fd").iterdir()))

    reader.read(project(), CONFIG)
    gc.collect()  # what earlier tests have left is closed now, not meanwhile
    before = held()
    for _ in range(3):
        reader.read(project(bomb=hostile.BRACES), CONFIG)
    assert held() == before
    reader.close()
    assert held() == before - 3  # both ends of the line, and the notes
    reader.expect(project(good=GOOD), CONFIG)
    reader.close()
    assert held() == before - 3


def test_memory_has_a_bound_of_its_own() -> None:
    with Forked(Bounds(memory=48 * 1024 * 1024, parse=60)) as reader:
        found = reader.read(project(good=GOOD, bomb=hostile.BRACES), CONFIG)
    assert any("bomb.ts: reading needs more than 48 MiB of memory" in reason for reason in reasons(found))


def test_a_process_that_read_before_has_as_much_memory_as_a_fresh_one() -> None:
    launched: list[Child] = []

    def counting(bounds: Bounds) -> Child:
        launched.append(fork(bounds))
        return launched[-1]

    with Kept(counting, Bounds(memory=48 * 1024 * 1024, parse=60)) as reader:
        reader.read(project(good=GOOD), CONFIG)
        reader.read(project(bomb=hostile.BRACES), CONFIG)
        assert len(launched) == 2  # the one that dies, and the one that reads the rest
        reader.read(project(good=GOOD), CONFIG)
        assert len(launched) == 2


def test_a_project_says_how_much_it_means() -> None:
    with Workers(1) as reader:
        small, large = reader.read(project(), CONFIG), reader.read(project(good=GOOD), CONFIG)
    assert 500 < small.weight < large.weight < 50_000


def test_a_pool_serves_several_threads_at_once() -> None:
    answers: list[list[str]] = []
    with Workers(2) as reader:

        def work(number: int) -> None:
            bomb = {"bomb": hostile.BRACES} if number % 4 == 0 else {}
            answers.append(functions(reader.read(project(good=GOOD, **bomb), CONFIG)))

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [["Good 120", "Own 60"]] * 8


def test_who_reads_many_projects_in_a_row_queues_like_all(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    begun, go_on = threading.Event(), threading.Semaphore(0)

    def read(_worker: ReaderProcess, _tree: SourceTree, path: str, _contexts: object = None) -> None:
        order.append(path)
        begun.set()
        go_on.acquire()

    monkeypatch.setattr(ReaderProcess, "read", read)
    with Workers(1) as reader:

        def many() -> None:
            for _ in range(4):
                reader.read(project(), "many")

        first = threading.Thread(target=many)
        first.start()
        begun.wait(LONG)
        other = threading.Thread(target=lambda: reader.read(project(), "other"))
        other.start()
        until(lambda: bool(reader._waiting))  # it queues
        go_on.release(5)
        for thread in (first, other):
            thread.join(LONG)
    assert order == ["many", "other", "many", "many", "many"]


def test_the_cli_forks_where_it_may() -> None:
    with local_reader() as reader:
        assert isinstance(reader, Forked if threading.active_count() == 1 else ReaderProcess)


def test_what_was_started_ahead_is_taken_or_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "_has_threads", lambda: False)
    for taken in (True, False):
        get_ready()
        [child] = local._early
        if taken:
            with local_reader() as reader:
                assert functions(reader.read(project(good=GOOD), CONFIG)) == ["Good 120", "Own 60"]
        let_go()
        assert local._early == []
        with pytest.raises(ProcessLookupError):
            os.kill(child.pid, 0)


def test_stages_of_the_settings_are_read_in_addition_to_its_own() -> None:
    with InProcess() as reader:
        own = [deployment.context for deployment in reader.read(project(), CONFIG).contexts]
        found = read_in_stages(reader.read, project(), CONFIG, ["production", "qa"])
        assert [deployment.context for deployment in found.contexts] == [*own, Context("qa")]
