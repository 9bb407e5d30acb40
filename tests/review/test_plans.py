"""Whole plans of a pull request: title, summary, comments and annotations (`plans.md`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_bot.policy.finding import Judgement
from policy_bot.record import replace
from policy_bot.review.diff import FileDiff, diff, hunks
from policy_bot.review.lines import HeadLines
from policy_bot.review.plan import Plan, plan
from policy_bot.review.ratchet import Ratcheted
from policy_bot.review.review import Review
from policy_bot.sst.deployment import BlindSpot
from policy_bot.sst.reasons import Why
from policy_bot.sst.span import Span
from tests.review.findings import finding
from tests.review.test_summary import EXCUSE, LINKS, project

FILE = Path(__file__).with_name("plans.md")
TEXT = b"\n" * 9
SHOWN = {
    "diff": diff([FileDiff("sst.config.ts", "added", None, hunks("@@ -0,0 +1,9 @@\n" + "+\n" * 9))]),
    "lines": HeadLines({"sst.config.ts": TEXT}, {"sst.config.ts": TEXT}),
    "links": LINKS,
}
UNREAD = [BlindSpot(Why.SYNTAX_ERROR(), Span(path, 3, 1, 3, 1, 0, 0)) for path in ("a.ts", "b.ts", "c.ts")]
LONG = BlindSpot(
    Why.FILE_SIZE(9_000_000), Span("apps/web/infrastructure/generated/routes.ts", 1, 1, 1, 1, 0, 0)
)
UNKNOWN = finding(
    "Unseen", 4, verdict="unknown", names=("Unseen",), message="Cannot tell: the timeout is unknown."
)
CAUSE = [
    finding(f"F{at}", at, names=(f"F{at}",), message=f"`F{at}` stops after 60 seconds.") for at in range(1, 9)
]
EXCUSED = finding("Excused", 5, excuse=EXCUSE, gates=False)
PLANS = {
    "nothing": Review(Judgement((project("production"),), ())),
    "no project": Review(Judgement((), ())),
    "an error, a warning and an unknown one": Review(
        Judgement((project("production", "dev"),), ()),
        Ratcheted((finding(), finding("Site", 2, "warning", names=("Site",)), UNKNOWN), (finding("Old", 7),)),
        notes=("The settings have a mistake.",),
        basis="Judged: the merge of `abc` into `def`.",
        **SHOWN,  # type: ignore[arg-type]
    ),
    "one cause at many places": Review(Judgement((), ()), Ratcheted(tuple(CAUSE), ()), **SHOWN),  # type: ignore[arg-type]
    "excused and older": Review(
        Judgement((project("production"),), ()),
        Ratcheted((EXCUSED,), (finding("Old", 3), replace(EXCUSED, fingerprint="other"))),
        **SHOWN,  # type: ignore[arg-type]
    ),
    "not enforced": Review(
        Judgement((), ()),
        Ratcheted(
            (finding(trial="2027-03-01", gates=False), finding("B", 2, trial="evaluate", gates=False)), ()
        ),
        held_back=True,
        **SHOWN,  # type: ignore[arg-type]
    ),
    "unreadable": Review(Judgement((), (), tuple(UNREAD))),
    "unreadable, with a long path": Review(Judgement((), (), (LONG,))),
    "unreadable and an error": Review(Judgement((), (), (UNREAD[0],)), Ratcheted((finding(),), ()), **SHOWN),  # type: ignore[arg-type]
    "on a branch": Review(
        Judgement((project("production"),), ()),
        Ratcheted((), (finding(), UNKNOWN, EXCUSED)),
        occasion="branch",
    ),
    "fixes that were not tried": Review(Judgement((), (), (), 3), Ratcheted((finding(),), ())),
}


def written() -> str:
    return "\n".join(f"# {name}\n\n{shown(plan(review))}" for name, review in PLANS.items())


def shown(made: Plan) -> str:
    parts = [f"{made.conclusion}: {made.title}\n\n{made.summary}\n"]
    parts += [
        f"## annotation, {each.level}, {each.path}:{each.line}, {each.title}\n\n{each.message}\n"
        for each in made.annotations
    ]
    parts += [
        f"## comment, {each.path}:{each.first}-{each.line}, {each.key}\n\n{each.body}\n"
        for each in made.comments
    ]
    return "\n".join(parts)


@pytest.mark.parametrize("name", PLANS)
def test_a_plan(name: str) -> None:
    assert f"# {name}\n\n{shown(plan(PLANS[name]))}" in FILE.read_text()


if __name__ == "__main__":  # after a change that is meant: python -m tests.review.test_plans
    FILE.write_text(written())
