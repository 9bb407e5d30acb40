"""Makes a pull request show its plan: compares the plan with the current state and writes the difference.

No write is ever repeated blindly. If GitHub's answer is lost (`Unsure`), the caller looks again and publishes
again, and whatever took effect is found by its mark or its `external_id`. Comments come first and the check
run last, so that a check that says "done" is true.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policy_bot.github import queries
from policy_bot.github.client import Client
from policy_bot.github.errors import Absent, Refused
from policy_bot.github.events import ACTION_RECHECK, CHECK_NAME
from policy_bot.github.snapshot import Run, ShownComment
from policy_bot.review import comment
from policy_bot.review.mark import Marker, digest
from policy_bot.review.plan import Annotation, Comment, Plan

BATCH = 50
"""How many annotations GitHub accepts in one request."""
MOST_REFUSED = 14
"""Maximum number of refused requests in search of the annotations that GitHub rejects: enough to find two."""
REVIEW_BODY = (
    "policy-bot commented on lines that this pull request changes. A comment disappears once its finding is"
    f" fixed; the check `{CHECK_NAME}` lists all findings."
)
"""The body of a review; it stays in the conversation even after all comments of the review are gone."""


@dataclass(frozen=True)
class CheckPlace:
    """Where a plan is shown: the repository, the head, the pull request (0: none), and the address of the
    details page.
    """

    name: str
    head: str
    number: int
    details_url: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """The changes needed in the comments."""

    new: tuple[Comment, ...]
    edits: tuple[tuple[str, str], ...]
    deletions: tuple[str, ...]


def difference(plan: Sequence[Comment], shown: Sequence[ShownComment], marker: Marker) -> Difference:
    """Compares the planned comments with our existing ones. Comments without our mark are not considered.

    A finding keeps its comment if it is still on its line. Otherwise the comment is removed; if somebody
    answered it, it says that the finding is fixed, or where it continues. Copies of one comment (from a
    repeated write) are reduced to one.
    """
    wanted = {digest(c.key): c for c in plan}
    kept: set[str] = set()
    edits: list[tuple[str, str]] = []
    deletions: list[str] = []
    for there in sorted(shown, key=lambda s: not s.answered):
        mark = marker.read(there.body)
        if mark is None:
            continue
        planned = wanted.get(mark.finding)
        at = (there.path, there.first, there.line)
        if planned and mark.finding not in kept and at == (planned.path, planned.first, planned.line):
            kept.add(mark.finding)
            if mark.content != digest(planned.body):
                edits.append((there.node, marker.signed(planned.key, planned.body)))
        elif not there.answered:
            deletions.append(there.node)
        else:
            body = comment.continues(planned.path, planned.line) if planned else comment.FIXED
            if mark.content != digest(body):
                edits.append((there.node, marker.signed_as(mark.finding, body)))
    new = tuple(c for key, c in wanted.items() if key not in kept)
    return Difference(new, tuple(edits), tuple(deletions))


def publish_comments(client: Client, place: CheckPlace, todo: Difference, marker: Marker) -> bool:
    """Posts, edits and removes comments. False if GitHub refuses (a line that is not in the diff, a locked
    conversation): the check contains everything too, so no verdict is lost.
    """
    accepted = not todo.new or _review(client, place, todo.new, marker)
    steps = [*((node, None) for node in todo.deletions), *todo.edits]
    for start in range(0, len(steps), BATCH):
        batch = steps[start : start + BATCH]
        removed = [node for node, body in batch if body is None]
        worded = [(node, body) for node, body in batch if body is not None]
        try:
            client.mutate(queries.tidy(removed, worded))
        except Absent:
            continue  # all of them were already gone
        except Refused:
            accepted = False  # a locked conversation: the verdict does not depend on it
    return accepted


def _review(client: Client, place: CheckPlace, comments: Sequence[Comment], marker: Marker) -> bool:
    body = {
        "commit_id": place.head,
        "event": "COMMENT",
        "body": REVIEW_BODY,
        "comments": [_commented(c, marker) for c in comments],
    }
    try:
        client.write("POST", f"/repos/{place.name}/pulls/{place.number}/reviews", body)
    except (Refused, Absent):
        return False
    return True


def _commented(planned: Comment, marker: Marker) -> Mapping[str, object]:
    one = {
        "path": planned.path,
        "body": marker.signed(planned.key, planned.body),
        "line": planned.line,
        "side": "RIGHT",
    }
    if planned.first < planned.line:
        one |= {"start_line": planned.first, "start_side": "RIGHT"}
    return one


@dataclass(frozen=True, slots=True)
class State:
    """The content of a check run's `external_id`: `pull/12/<words>/<annotations>/<how many are posted>`."""

    owner: str
    words: str
    annotations: str
    posted: int

    def __str__(self) -> str:
        return f"{self.owner}/{self.words}/{self.annotations}/{self.posted}"


def publish_check(client: Client, place: CheckPlace, owner: str, plan: Plan, runs: Sequence[Run]) -> bool:
    """Makes our newest check run on the head show the plan; True if anything had to be written.

    `owner` is what the run stands for (`pull/12`, `group`, `branch`). Annotations can be added to a run but
    not removed, so if they differ, a new run replaces it (GitHub uses the newest run of a name), as it does
    if GitHub refuses the update.
    """
    words = digest("\0".join((plan.conclusion, plan.title, plan.summary)))
    notes = digest("\0".join(map(repr, plan.annotations)))
    run = runs[0] if runs else None
    there = state(run.external_id) if run else None
    grows = there is not None and (there.annotations == notes or there.posted == 0)
    if run is not None and there is not None and run.id and grows:
        posted = min(there.posted, len(plan.annotations))
        same = str(there) == str(State(owner, words, notes, len(plan.annotations)))
        settled = run.status == "COMPLETED" and run.conclusion == plan.conclusion and not run.reset
        if same and settled:
            return False
    else:
        run, posted = None, 0
    number, made, every = run.id if run else 0, False, len(plan.annotations)
    size, refused = BATCH, 0
    while True:
        batch = plan.annotations[posted : posted + size]
        external = str(State(owner, words, notes, posted + len(batch)))
        try:
            written, conclusion = _write_run(client, place, number, plan, batch, external)
        except (Refused, Absent):
            if number and not made:  # a run that cannot be updated any more
                number, posted = 0, 0
            elif not batch:
                raise
            elif refused == MOST_REFUSED:
                posted = every
            elif len(batch) > 1:  # one that GitHub does not accept must not cost the verdict, nor the others
                size, refused = len(batch) // 2, refused + 1
            else:
                size, refused, posted = BATCH, refused + 1, posted + 1
            continue
        if number and not made and conclusion != plan.conclusion:  # GitHub kept the old one
            number, posted = 0, 0
            continue
        number, made, posted = written, True, posted + len(batch)
        if posted >= every:
            return True


def state(external: str) -> State | None:
    """Parses our `external_id`."""
    parts = external.rsplit("/", 3)
    if len(parts) != 4 or not parts[3].isdigit():
        return None
    return State(parts[0], parts[1], parts[2], int(parts[3]))


def _write_run(
    client: Client, place: CheckPlace, number: int, plan: Plan, batch: Sequence[Annotation], external: str
) -> tuple[int, str]:
    """Creates a run, or updates it by its id; returns its id, and its current conclusion."""
    body: dict[str, object] = {
        "name": CHECK_NAME,
        "status": "completed",
        "conclusion": plan.conclusion,
        "external_id": external,
        "output": {
            "title": plan.title,
            "summary": plan.summary,
            "annotations": [_annotated(a) for a in batch],
        },
        "actions": [] if plan.conclusion == "success" else [RECHECK],
    }
    if place.details_url:
        body["details_url"] = place.details_url
    if number:
        run = client.write("PATCH", f"/repos/{place.name}/check-runs/{number}", body)
    else:
        run = client.write("POST", f"/repos/{place.name}/check-runs", body | {"head_sha": place.head})
    return int(run["id"]), str(run.get("conclusion") or "")


RECHECK = {
    "label": "Check again",
    "description": "Judge it with the newest base.",
    "identifier": ACTION_RECHECK,
}


def _annotated(annotation: Annotation) -> Mapping[str, object]:
    return {
        "path": annotation.path,
        "start_line": annotation.line,
        "end_line": annotation.line,
        "annotation_level": annotation.level,
        "title": annotation.title,
        "message": annotation.message,
    }
