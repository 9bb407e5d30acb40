"""Share of small faults in the code that the tests find: a mutation score.

    python -m tests.bench.mutation policy_bot/sst/catalog --sample 50 --seed 1

Changes one place at a time (`tests/bench/mutants.py`) in a copy of the tree and runs the tests that execute
the changed line, quick ones first. A failure, or more than five times the usual CPU time, kills the mutant.
Survivors are for a person to judge: either the change makes no difference, or a test is missing.

The tests are collected once; a process is forked for each mutant, in which functions get their changed code.
A change to what runs while modules are imported has its effect then: for these a process is forked that has
imported nothing of the product, and runs all tests but the longest.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import functools
import gc
import importlib
import os
import pickle
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import TextIO

import coverage
import pytest

from tests.bench.mutants import Mutant, mutants_of

ROOT = Path(__file__).parents[2]
IGNORED = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__")
TESTS = {
    "sst": "tests/sst tests/facts tests/policies",
    "policy": "tests/policy tests/policies tests/review tests/service/evaluation/test_policy_review.py",
    "review": "tests/review tests/flows tests/service/evaluation tests/policies",
    "github": "tests/github tests/flows tests/service/evaluation",
    "service": "tests/service tests/flows",
}
SLOW = 8.0  # seconds of CPU time: longer tests are left out
LONG = 0.5  # likewise, if it is not known that the test has to do with the change
MEMORY = 4 << 30
BROKEN = 99  # exit status if the measurement itself fails
OPTIONS = ["-n0", "-p", "no:cacheprovider", "--assert=plain", "--basetemp=basetemp"]
RECORD, KILLER, OUTPUT, VERDICTS = map(Path, ("record.pickle", "killer.txt", "output.txt", "verdicts.txt"))
Times = dict[str, float]


class Recorder:
    """The duration of every test that passes, and the lines that it executes."""

    def __init__(self, files: list[Path]) -> None:
        self.traced = coverage.Coverage(data_file=None, include=list(map(str, files)), config_file=False)
        self.times: Times = {}
        self.failed: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        forget()  # otherwise the first caller alone executes a cached function
        self.traced.switch_context(item.nodeid)
        begin = time.process_time()
        try:
            return (yield)  # type: ignore[return-value]
        finally:
            self.times[item.nodeid] = time.process_time() - begin

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self.failed.add(report.nodeid)


class Session:
    """Runs the mutants in functions from a session that has collected all tests."""

    def __init__(self, files: list[Path], mutants: list[Mutant], out: TextIO) -> None:
        self.files, self.mutants, self.out = files, mutants, out

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        import_all(self.files)
        forked(3600, lambda: record(session, self.files))
        lines, times, _ = pickle.loads(RECORD.read_bytes())
        for mutant in self.mutants:
            tests = times.keys() & {
                test for line in mutant.lines for test in lines[mutant.file].get(line, [])
            }
            chosen = {test: times[test] for test in tests}
            work = functools.partial(changed, session, mutant.file, dict(mutant.codes()), chosen)
            judge(mutant, chosen, work, self.out)
        return True


class Fresh:
    """Runs all tests, quick ones first."""

    def __init__(self, times: Times) -> None:
        self.times = times

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        run(session, self.times)
        return True


def import_all(files: list[Path]) -> None:
    for file in files:
        with contextlib.suppress(Exception):  # a script of a migration, which only its tool can import
            importlib.import_module(".".join(file.relative_to(Path.cwd()).with_suffix("").parts))


def record_imports(files: list[Path]) -> int:
    """Notes the lines that run while the product is imported, some of them in functions."""
    traced = coverage.Coverage(data_file=None, include=list(map(str, files)), config_file=False)
    traced.start()
    import_all(files)
    traced.stop()
    data = traced.get_data()
    RECORD.write_bytes(pickle.dumps({file: set(data.lines(str(file)) or []) for file in files}))
    return 0


def record(session: pytest.Session, files: list[Path]) -> int:
    recorder = Recorder(files)
    session.config.pluginmanager.register(recorder)
    recorder.traced.start()
    for item, following in zip(session.items, [*session.items[1:], None], strict=True):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    recorder.traced.stop()
    data = recorder.traced.get_data()
    lines = {file: data.contexts_by_lineno(str(file)) for file in files}
    times = {
        test: spent for test, spent in recorder.times.items() if spent < SLOW and test not in recorder.failed
    }
    modules = [name for name in sys.modules if not name.startswith(("policy_bot", "tests"))]
    RECORD.write_bytes(pickle.dumps((lines, times, modules)))
    return 0


def changed(session: pytest.Session, file: Path, codes: dict[CodeType, CodeType], times: Times) -> int:
    """Gives the functions their changed code and runs the tests."""
    forget()
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename == str(file):
            each.__code__ = codes.pop(each.__code__, each.__code__)
    assert not codes, "the function was not found"
    return run(session, times)


def run(session: pytest.Session, times: Times) -> int:
    """Runs these tests up to the first failure. Those of about the same duration keep their order: they share
    fixtures.
    """

    class Stop:
        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.failed:
                KILLER.write_text(report.nodeid)
                os._exit(1)

    session.config.pluginmanager.register(Stop())
    items = [item for item in session.items if item.nodeid in times]
    items.sort(key=lambda item: (times[item.nodeid] > 0.05) + (times[item.nodeid] > 0.5))
    for item, following in zip(items, [*items[1:], None], strict=True):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    os._exit(0)


def forget() -> None:
    """Empties the caches of the product."""
    for cache in _caches():
        if cache.__module__.startswith("policy_bot"):
            cache.cache_clear()


@functools.cache
def _caches() -> list[functools._lru_cache_wrapper[object]]:
    return [each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper)]


def forked(limit: float, work: Callable[[], int]) -> int | None:
    """Runs a function in a child: its exit status, None if it does not end."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit) + 1))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        try:
            os._exit(work())
        except BaseException:
            OUTPUT.write_text(traceback.format_exc())
            os._exit(BROKEN)
    done = status = 0
    until = time.monotonic() + 10 * limit  # by the clock; the limit is CPU time, which others do not use up
    while not done and time.monotonic() < until:
        time.sleep(0.02)
        done, status = os.waitpid(child, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # with all that a test started
    if not done:
        os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if done else None


def pytest_quietly(arguments: list[str], plugin: object) -> int:
    output = os.open(OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    return pytest.main([*OPTIONS, *arguments], [plugin])


def judge(mutant: Mutant, times: Times, work: Callable[[], int], out: TextIO) -> None:
    """Runs a mutant and prints what became of it."""
    KILLER.write_text("")
    begin, source = time.monotonic(), mutant.file.read_text()
    mutant.file.write_text(ast.unparse(mutant.tree()))  # for processes that import it themselves
    status = forked(20 + 5 * sum(times.values()), work) if times else 0
    mutant.file.write_text(source)
    if status == BROKEN:
        raise SystemExit(OUTPUT.read_text())
    path, verdict = mutant.file.relative_to(Path.cwd()), "survived" if status == 0 else "killed"
    with VERDICTS.open("a") as verdicts:
        print(path.parent, verdict, file=verdicts)
    how = f"{KILLER.read_text() or status} ({len(times)} tests, {time.monotonic() - begin:.1f} s)"
    change = f"{mutant.before!r} -> {mutant.after!r}"
    print(f"{verdict} {path}:{mutant.lines.start} {change} {how}", file=out, flush=True)


def measure(files: list[Path], folders: list[str], sample: int, seed: int, out: TextIO) -> None:
    """Prints each mutant of a seeded sample, and the score of each folder."""
    everything = [mutant for file in files for mutant in mutants_of(file)]
    print(f"{len(everything)} mutants", flush=True)
    mutants = random.Random(seed).sample(everything, min(sample, len(everything)))
    forked(3600, lambda: record_imports(files))
    imported = pickle.loads(RECORD.read_bytes())
    early = [each for each in mutants if each.at_import or imported[each.file] & set(each.lines)]
    session = Session(files, [mutant for mutant in mutants if mutant not in early], out)
    if forked(100_000, lambda: pytest_quietly(folders, session)) != 0:
        raise SystemExit(OUTPUT.read_text())
    lines, times, modules = pickle.loads(RECORD.read_bytes())
    for name in modules:  # children need not import them again
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    for mutant in early:
        of_file = {test for tests in lines[mutant.file].values() for test in tests}
        chosen = {test: spent for test, spent in times.items() if test in of_file or spent < LONG}
        judge(mutant, chosen, functools.partial(pytest_quietly, folders, Fresh(chosen)), out)
    counted = Counter(tuple(line.split()) for line in VERDICTS.read_text().splitlines())
    for folder, number in sorted(Counter(folder for folder, _ in counted.elements()).items()):
        print(f"{folder}: {counted[folder, 'killed']} of {number} killed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--sample", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tests", nargs="+", help="folders of tests")
    asked = parser.parse_args()
    tests = asked.tests or TESTS[Path(asked.folders[0]).parts[1]].split()
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        shutil.copytree(ROOT, tree, ignore=IGNORED, symlinks=True)
        os.chdir(tree)
        sys.path[:] = [str(tree), *(path for path in sys.path if path not in ("", str(ROOT)))]
        os.environ |= {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
        for name in [name for name in sys.modules if name == "tests" or name.startswith("tests.")]:
            del sys.modules[name]
        files = [file for each in asked.folders for file in sorted((tree / each).rglob("*.py"))]
        measure(files, tests, asked.sample, asked.seed, os.fdopen(os.dup(1), "w"))


if __name__ == "__main__":
    main()
