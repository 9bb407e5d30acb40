"""T24: a stranger's policy files are parsed and their expressions compiled in the service's own process, for
minutes -> a reading process does it, whose end is a limit that names the file; and no installation holds all
reading processes.

Precedents: CVE-2026-23881 (Kyverno), CVE-2026-44937 (Fleet).
"""

from __future__ import annotations

import threading
from datetime import date

import pytest

from policy_bot.isolation import Bounds, Worker, Workers
from policy_bot.isolation.asking import judged, reviewed
from policy_bot.isolation.pool import HEAVY, _Turn
from policy_bot.isolation.questions import AboutRepository, ReviewRevision
from policy_bot.isolation.reader import Asker
from policy_bot.policy import builtin
from policy_bot.policy.engine import Judge
from policy_bot.policy.revision import Revision
from policy_bot.policy.settings import Settings
from policy_bot.sst.source import MemoryTree
from tests.bench.attacks import MANY, STAGES

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


def test_an_installation_leaves_a_reading_process_to_others() -> None:
    workers = Workers(3)
    held = [workers._take(Asker(1)) for _ in range(2)]
    third = threading.Thread(target=lambda: held.append(workers._take(Asker(1))))
    third.start()
    other = workers._take(Asker(2))
    assert len(held) == 2
    workers._hand_on(held.pop())
    third.join(10)
    assert len(held) == 2
    for turn in (*held, other):
        workers._hand_on(turn)


def test_one_that_holds_two_gives_one_back_where_another_has_none() -> None:
    workers = Workers(3)
    rich, poor = [workers._take(Asker(1)) for _ in range(2)], workers._take(Asker(2))
    given: list[object] = []
    waiting = threading.Thread(target=lambda: given.append(workers._take(Asker(3))))
    waiting.start()
    while not any(turn.wanted for turn in rich):
        assert waiting.is_alive()
        waiting.join(0.05)
    assert not poor.wanted
    workers._hand_on(next(turn for turn in rich if turn.wanted))
    waiting.join(10)
    assert len(given) == 1


def test_one_worker_at_a_time_takes_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    workers = Workers(3)
    monkeypatch.setattr(Worker, "resident", lambda _: HEAVY + 1)
    first, second = workers._take(Asker(1)), workers._take(Asker(2))
    assert not workers._is_second_heavy(first)
    assert workers._is_second_heavy(second)
    workers._hand_on(second)
    again: list[_Turn] = []
    waiting = threading.Thread(target=lambda: again.append(workers._take(Asker(2), heavy=True)))
    waiting.start()
    light = workers._take(Asker(3))  # nobody else waits behind a heavy question
    waiting.join(0.5)
    assert not again
    workers._hand_on(first)
    waiting.join(10)
    assert [turn.heavy for turn in again] == [True]
    for turn in (light, *again):
        workers._hand_on(turn)


def test_a_small_project_that_means_very_much_ends_as_a_limit_of_memory() -> None:
    padding = ", ".join(f'v{at}: "{at}"' for at in range(150))
    tree = MemoryTree({"sst.config.ts": (MANY % (STAGES, f"environment: {{ {padding} }}")).encode()})
    with Workers(1, Bounds(memory=80 << 20)) as reader:
        found = judged(reader, tree, "sst.config.ts", Judge(builtin.load(), Settings()))
    assert found.project.unreadable is not None
    assert str(found.project.unreadable.reason) == "limit: reading needs more than 80 MiB"
    assert found.project.unreadable.span.path == "sst.config.ts"
