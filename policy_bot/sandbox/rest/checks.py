"""Check runs, with GitHub's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from policy_bot.sandbox.problem import invalid, not_found
from policy_bot.sandbox.rest.route import ApiCall, Reply, operation
from policy_bot.sandbox.shapes import Json
from policy_bot.sandbox.state import CheckRun

CONCLUSIONS = {"action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"}
STATUSES = {"queued", "in_progress", "completed"}
LEVELS = {"notice", "warning", "failure"}
LONGEST_TEXT = 65_535
LARGEST_MESSAGE = 64 * 1024
MOST_ANNOTATIONS = 50
MOST_ACTIONS = 3
ACTION_LENGTHS = {"label": 20, "description": 40, "identifier": 20}


@operation("POST", "/repos/{owner}/{repo}/check-runs", "checks:write")
def create(call: ApiCall) -> object:
    """Creates a check run on a commit."""
    name, sha = call.required("name", "head_sha")
    if sha not in call.repository.store.commits:
        raise invalid(f"No commit found for SHA: {sha}")
    _check(call.body)
    suite = call.world.suite(call.repository, sha)
    run = CheckRun(
        call.world.new_id(),
        call.repository,
        call.sandbox.registration.id,
        suite,
        sha,
        name,
        call.sandbox.clock(),
    )
    _apply(run, call)
    call.repository.checks.append(run)
    call.sandbox.events.check_run("created", run, call.world.bot)
    if run.status == "completed":
        call.sandbox.events.check_run("completed", run, call.world.bot)
    return Reply(201, call.views.check_run(run))


@operation("PATCH", "/repos/{owner}/{repo}/check-runs/{check_run_id}", "checks:write")
def update(call: ApiCall, check_run_id: int) -> object:
    """Updates a check run; annotations are added to the existing ones."""
    run = _run(call, check_run_id)
    _check(call.body)
    was = run.status
    _apply(run, call)
    if run.status == "completed" != was:
        call.sandbox.events.check_run("completed", run, call.world.bot)
    return call.views.check_run(run)


def _run(call: ApiCall, number: int) -> CheckRun:
    for run in call.repository.checks:
        if run.id == number:
            return run
    raise not_found()


def _check(body: Mapping[str, Any]) -> None:
    """Validates the fields; raises GitHub's 422."""
    if body.get("status", "queued") not in STATUSES:
        raise _refused(f"{body['status']} is not a member of {sorted(STATUSES)}.")
    if body.get("conclusion") is not None and body["conclusion"] not in CONCLUSIONS:
        raise _refused(f"{body['conclusion']} is not a member of {sorted(CONCLUSIONS)}.")
    if body.get("status") == "completed" and not body.get("conclusion"):
        raise _refused('"conclusion" wasn\'t supplied.')
    output = body.get("output")
    if output is not None:
        _check_output(output)
    actions = body.get("actions") or ()
    if len(actions) > MOST_ACTIONS:
        raise _refused(f"No more than {MOST_ACTIONS} items are allowed; {len(actions)} were supplied.")
    for action in actions:
        for field, most in ACTION_LENGTHS.items():
            _within(action.get(field), most, field)


def _check_output(output: Mapping[str, Any]) -> None:
    missing = [f'"{name}"' for name in ("title", "summary") if not isinstance(output.get(name), str)]
    if missing:
        raise _refused(f"{', '.join(missing)} {'wasn' if len(missing) == 1 else 'weren'}'t supplied.")
    for name in ("summary", "text"):
        if output.get(name) is not None:
            _within_bytes(output[name], LONGEST_TEXT, name)
    given: Sequence[Mapping[str, Any]] = output.get("annotations") or ()
    if len(given) > MOST_ANNOTATIONS:
        raise _refused(f"No more than {MOST_ANNOTATIONS} items are allowed; {len(given)} were supplied.")
    for annotation in given:
        _check_annotation(annotation)


def _check_annotation(one: Mapping[str, Any]) -> None:
    for name in ("path", "start_line", "end_line", "annotation_level", "message"):
        if one.get(name) in {None, ""}:
            raise _refused(f'"{name}" wasn\'t supplied.')
    if one["annotation_level"] not in LEVELS:
        raise _refused(f"{one['annotation_level']} is not a member of {sorted(LEVELS)}.")
    if not 1 <= one["start_line"] <= one["end_line"]:
        raise _refused("start_line must be positive and not after end_line.")
    columns = "start_column" in one or "end_column" in one
    if columns and one["start_line"] != one["end_line"]:
        raise _refused("start_column and end_column need start_line and end_line to be the same.")
    if (
        len(one["message"].encode()) > LARGEST_MESSAGE
        or len(str(one.get("raw_details") or "").encode()) > LARGEST_MESSAGE
    ):
        raise _refused(f"Only {LARGEST_MESSAGE} bytes are allowed in message and raw_details.")
    _within(one.get("title") or "", 255, "title")


def _within(text: object, most: int, name: str) -> None:
    if not isinstance(text, str):
        raise _refused(f'"{name}" wasn\'t supplied.')
    if len(text) > most:
        raise _refused(f"Only {most} characters are allowed; {len(text)} were supplied.")


def _within_bytes(text: object, most: int, name: str) -> None:
    """GitHub limits a summary by its UTF-8 bytes (its own 422 says so)."""
    _within(text, most, name)
    size = len(str(text).encode())
    if size > most:
        raise _refused(f"Only {most} bytes are allowed; {size} were supplied.")


def _refused(why: str) -> Exception:
    return invalid(f"Invalid request.\n\n{why}")


def _apply(run: CheckRun, call: ApiCall) -> None:
    body = call.body
    call.world.reset.discard(run.suite)
    run.name = body.get("name", run.name)
    run.status = body.get("status", run.status)
    run.external_id = body.get("external_id", run.external_id)
    run.details_url = body.get("details_url", run.details_url)
    run.actions = body.get("actions", run.actions)
    if "started_at" in body:
        run.started = _moment(body["started_at"])
    if body.get("conclusion"):
        run.status, run.conclusion = "completed", body["conclusion"]
        run.completed = _moment(body["completed_at"]) if "completed_at" in body else call.sandbox.clock()
    elif run.status != "completed":
        run.conclusion = run.completed = None
    output: Json = body.get("output") or {}
    for name in ("title", "summary", "text"):
        if name in output:
            setattr(run, name, output[name])
    added: Any = output.get("annotations") or ()
    run.annotations += [dict(annotation) for annotation in added]


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise _refused(f"{text} is not a date-time.") from None
