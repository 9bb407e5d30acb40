"""T24: the service parses a stranger's policy files and compiles their expressions in its own process, for
minutes -> a reading process does so, with a limit that names the file, and no installation occupies all
reading processes.

Precedents: CVE-2026-23881 (Kyverno), CVE-2026-44937 (Fleet).
"""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest

from policy_bot.isolation import Bounds, InProcess, Workers
from policy_bot.isolation.answering import Question
from policy_bot.isolation.asking import judged, reviewed
from policy_bot.isolation.pool import _Turn
from policy_bot.isolation.questions.policies import AboutRepository, ReviewRevision
from policy_bot.isolation.questions.projects import JudgeProject, ProjectJudged
from policy_bot.isolation.reader import NOBODY, Asker, Unanswered
from policy_bot.policy import builtin
from policy_bot.policy.engine import Judge
from policy_bot.policy.revision import Revision
from policy_bot.policy.settings import Settings
from policy_bot.service.evaluation.steps import Superseded
from policy_bot.sst.reasons import Why
from policy_bot.sst.source import MemoryTree, SourceTree
from tests.bench.attacks import MANY, STAGES
from tests.flows.configs import CLEAN
from tests.waiting import LONG, until

CLAIMS = "\n".join(
    f"""  - subject: function
    when: "{" || ".join(f"name.matches('a{rule}b{at}')" for at in range(120))}"
    require: "true"
    at: name
    message: words that say what is wrong"""
    for rule in range(60)
)
SLOW = f"---\ntitle: A title\nseverity: warning\nsince: 0.1.0\nrules:\n{CLAIMS}\n---\n## What it does\n"


def question(files: dict[str, str]) -> ReviewRevision:
    after = Revision(".github", files)
    about = AboutRepository("shop")
    return ReviewRevision(
        Revision(".github"), after, "repository", None, about, builtin.load(), date(2026, 1, 1)
    )


def test_a_policy_file_that_takes_too_long_is_named() -> None:
    with Workers(1, Bounds(project=0.2)) as reader:
        found = reviewed(reader, question({".github/policies/acme/slow.md": SLOW}))
    (problem,) = found.problems
    assert problem.path == ".github/policies/acme/slow.md"
    assert problem.what == "limit: reading .github/policies/acme/slow.md takes more than 0.2 s"


def test_policy_files_that_take_too_long_together_are_reported_at_one_that_is_there() -> None:
    class Slow(InProcess):
        def ask(self, tree: SourceTree, question: Question, asker: Asker = NOBODY) -> object:
            raise Unanswered(Why.ANSWER_TIME("reading the policy files", 10.0))

    found = reviewed(Slow(), question({".github/policies/acme/slow.md": SLOW}))
    assert [problem.path for problem in found.problems] == [".github/policies/acme/slow.md"]


def test_an_installation_leaves_a_reading_process_to_others() -> None:
    workers = Workers(3)
    held = [workers._take(Asker(1)) for _ in range(2)]
    third = threading.Thread(target=lambda: held.append(workers._take(Asker(1))))
    third.start()
    other = workers._take(Asker(2))
    assert len(held) == 2
    workers._hand_on(held.pop())
    third.join(LONG)
    assert len(held) == 2
    for turn in (*held, other):
        workers._hand_on(turn)


def test_one_that_holds_two_gives_one_back_where_another_has_none() -> None:
    workers = Workers(3)
    rich, poor = [workers._take(Asker(1)) for _ in range(2)], workers._take(Asker(2))
    given: list[object] = []
    waiting = threading.Thread(target=lambda: given.append(workers._take(Asker(3))))
    waiting.start()
    until(lambda: any(turn.wanted for turn in rich))
    assert not poor.wanted
    workers._hand_on(next(turn for turn in rich if turn.wanted))
    waiting.join(LONG)
    assert len(given) == 1


def test_one_worker_at_a_time_takes_much_memory_and_the_next_is_paused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("policy_bot.isolation.pool.HEAVY", 1)  # each reading process is heavy
    with Workers(3) as workers:
        first = workers._take(Asker(1))
        workers._heavy.append(first)
        found: list[ProjectJudged] = []
        second = threading.Thread(target=lambda: found.append(judge_one(workers, Asker(2))))
        second.start()
        until(lambda: len(workers._heavy) > 1)
        paused = workers._heavy[1]
        until(lambda: state(paused) == "T")
        workers._hand_on(first)
        second.join(LONG)
        assert not second.is_alive()
        assert state(paused) != "T"
    assert [each.project.unreadable for each in found] == [None]


def test_one_that_is_paused_is_given_up_if_its_evaluation_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policy_bot.isolation.pool.HEAVY", 1)
    with Workers(3) as workers:
        first = workers._take(Asker(1))
        workers._heavy.append(first)

        def newer_push() -> None:
            if len(workers._heavy) > 1:
                raise Superseded

        with pytest.raises(Superseded):
            judge_one(workers, Asker(2, newer_push))
        workers._hand_on(first)
        assert workers._heavy == []


def judge_one(workers: Workers, asker: Asker) -> ProjectJudged:
    """Judges a small project."""
    tree = MemoryTree({"sst.config.ts": CLEAN["sst.config.ts"].encode()})
    return judged(workers, tree, JudgeProject("sst.config.ts", Judge(builtin.load(), Settings())), asker)


def state(turn: _Turn) -> str:
    """The state of a reading process as the kernel gives it, T if it is stopped."""
    child = turn.worker._child
    if child is None:
        return ""
    return Path(f"/proc/{child.pid}/stat").read_text().rpartition(") ")[2][0]


def test_a_small_project_that_means_very_much_ends_as_a_limit_of_memory() -> None:
    padding = ", ".join(f'v{at}: "{at}"' for at in range(150))
    tree = MemoryTree({"sst.config.ts": (MANY % (STAGES, f"environment: {{ {padding} }}")).encode()})
    with Workers(1, Bounds(memory=80 << 20, project=LONG)) as reader:
        found = judged(reader, tree, JudgeProject("sst.config.ts", Judge(builtin.load(), Settings())))
    assert found.project.unreadable is not None
    assert str(found.project.unreadable.reason) == "limit: reading needs more than 80 MiB of memory"
    assert found.project.unreadable.span.path == "sst.config.ts"
