"""The work items: requested work, taken under a lease, and completed by compare-and-set.

It is level-triggered: an event says "look again", regardless of the last look. So wake-ups may be lost or
doubled, workers may die, evaluations may end late: the item is due until its newest request is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, literal, not_, or_, select, update
from sqlalchemy.sql.dml import Insert

from policy_bot.github.events import PullKey
from policy_bot.service.store.tables import due
from policy_bot.service.store.upserts import insert

# A lease is renewed long before it ends; a lost worker is replaced within this time.
LEASE_SECONDS = 40.0
# After this many starts without an end, by error or by loss of the worker, a row has failed and needs a
# person.
MOST_ATTEMPTS = 8
# Marks a request that starts at once, regardless of the row's pause.
AT_ONCE = -1.0
# After this many starts in quick succession, even a new head has to wait.
HURRIED = 8
# A second look within this many seconds counts as part of the first.
SOON = 15.0


@dataclass(frozen=True, slots=True)
class EnqueueRequest:
    """A request to look at something (again), `at_once` if a person pressed a button. `count` is the number
    of requests folded into one row.
    """

    kind: str  # pull, commit, refresh
    key: PullKey
    head: str = ""
    urgent: bool = True
    delivery: str = ""
    count: int = 1
    at_once: bool = False

    @property
    def row(self) -> str:
        """The key of its row; contains the installation, so that no two tenants can share one."""
        key = self.key
        what = {"pull": f"pull/{key.number}", "commit": f"commit/{key.sha or key.ref}"}.get(
            self.kind, self.kind
        )
        return f"{key.installation}/{key.repository}/{what}"


@dataclass(frozen=True, slots=True)
class Taken:
    """A row under lease. `wanted` is the request that an evaluation that begins now will have completed."""

    row: str
    kind: str
    key: PullKey
    wanted: int
    attempts: int
    urgent: bool
    lease: str
    delivery: str
    due_since: float
    head: str = ""


def folded(requests: Iterable[EnqueueRequest]) -> list[EnqueueRequest]:
    """Returns the newest request of each row, ordered by key so that two writers never deadlock."""
    rows: dict[str, EnqueueRequest] = {}
    for request in requests:
        before = rows.get(request.row)
        rows[request.row] = request if before is None else _after(before, request)
    return [rows[row] for row in sorted(rows)]


def _after(before: EnqueueRequest, request: EnqueueRequest) -> EnqueueRequest:
    return EnqueueRequest(
        request.kind,
        request.key,
        request.head or before.head,
        request.urgent or before.urgent,
        request.delivery or before.delivery,
        before.count + request.count,
        before.at_once or request.at_once,
    )


def want(connection: Connection, requests: Sequence[EnqueueRequest], now: float) -> None:
    """Makes the rows due."""
    rows = [_new_row(request, now) for request in folded(requests)]
    if rows:
        connection.execute(_upsert(connection.dialect.name), rows)


_NEVER_RUN: dict[str, object] = {
    **dict.fromkeys(("done", "burst", "attempts"), 0),
    **dict.fromkeys(("not_before", "rest_until", "started_at", "lease_until", "judged_at"), 0.0),
    **dict.fromkeys(("last_error", "lease", "judged_head", "basis"), ""),
}


def _new_row(request: EnqueueRequest, now: float) -> dict[str, object]:
    given = {
        "key": request.row,
        "kind": request.kind,
        "head": request.head,
        "urgent": request.urgent,
        "delivery": request.delivery,
    }
    return {
        **_NEVER_RUN,
        **given,
        **_columns(request.key),
        "rest_until": AT_ONCE if request.at_once else 0.0,
        "wanted": request.count,
        "state": "waiting",
        "due_since": now,
    }


def _columns(key: PullKey) -> dict[str, object]:
    return {
        name: getattr(key, name) for name in ("installation", "repository", "name", "number", "ref", "sha")
    }


@cache  # building a statement costs more than running it
def _upsert(dialect: str) -> Insert:
    statement = insert(dialect, due)
    new, running, waiting = statement.excluded, due.c.state == "running", due.c.state == "waiting"
    upsert: Insert = statement.on_conflict_do_update(
        index_elements=[due.c.key],
        set_={
            "wanted": due.c.wanted + new.wanted,
            "name": new.name,
            "ref": new.ref,
            "head": case((new.head == "", due.c.head), else_=new.head),
            "urgent": or_(new.urgent, and_(due.c.urgent, or_(waiting, running))),
            "state": case((running, "running"), else_="waiting"),
            # since when someone waits: bulk work for which a person now waits begins again
            "due_since": case(
                (and_(waiting, or_(due.c.urgent, not_(new.urgent))), due.c.due_since), else_=new.due_since
            ),
            # bulk work waits for the end of a back-off, but not for a look that was planned for later
            "not_before": case((or_(new.urgent, due.c.attempts == 0), 0.0), else_=due.c.not_before),
            # a button and a new head start at once; repeated requests pause
            "rest_until": case((_at_once(new), 0.0), else_=due.c.rest_until),
            "attempts": case((running, due.c.attempts), else_=0),
            "delivery": case((new.delivery == "", due.c.delivery), else_=new.delivery),
        },
    )
    return upsert


def _at_once(new: Any) -> Any:
    pushed = and_(new.urgent, new.head != "", new.head != due.c.head, due.c.burst < HURRIED)
    return or_(new.rest_until < 0, pushed)


def gone(connection: Connection, rows: Sequence[str]) -> None:
    """Drops these rows: the pull requests are closed."""
    if rows:
        idle = case((due.c.state == "running", "running"), else_="idle")
        connection.execute(update(due).where(due.c.key.in_(rows)).values(done=due.c.wanted, state=idle))


_NEWEST = select(due.c.wanted, due.c.lease).where(due.c.key == bindparam("row"))


def superseded(connection: Connection, taken: Taken) -> bool:
    """Whether an evaluation has become useless: something newer is wanted, or its lease was lost."""
    row = connection.execute(_NEWEST, {"row": taken.row}).first()
    return row is None or row.wanted > taken.wanted or row.lease != taken.lease


def finish(
    connection: Connection,
    taken: Taken,
    now: float,
    head: str,
    again: float | None = None,
    basis: str = "",
) -> bool:
    """Completes the lease's work, up to what was wanted when it was taken. False if the lease was lost.
    `basis` is the basis of the verdict on `head` (`github/basis.py`).

    Later requests keep the row due. With `again` it is due once more after that many seconds: in bulk, or as
    urgently as before if that is soon.
    """
    more = due.c.wanted > taken.wanted
    values: dict[str, Any] = {
        "done": taken.wanted,
        "state": case((more, "waiting"), else_="idle"),
        "judged_head": head,
        "basis": basis,
        "judged_at": now,
    }
    if again is not None:
        urgent = due.c.urgent if again <= SOON else and_(due.c.urgent, more)
        later = {"wanted": due.c.wanted + 1, "state": "waiting", "urgent": urgent}
        values |= later | {"not_before": case((more, 0.0), else_=now + again), "due_since": now}
    return _release(connection, taken, {**values, "attempts": 0, "last_error": ""})


def give_back(connection: Connection, taken: Taken) -> bool:
    """Ends the lease without a result or an error: superseded, stopped, or held by a limit."""
    return _release(connection, taken, {"state": "waiting", "attempts": due.c.attempts - 1})


def put_off(connection: Connection, taken: Taken, now: float) -> bool:
    """Ends the lease of a row for which GitHub has no answer; False if it was lost. The row is tried again
    for as long as that lasts, less and less often, so that others of its installation need not wait.
    """
    newer = due.c.wanted > taken.wanted
    attempts = min(taken.attempts, MOST_ATTEMPTS - 2)
    wait = case((newer, 0.0), else_=now + min(300.0, 10.0 * 2.0**attempts))
    return _release(connection, taken, {"state": "waiting", "not_before": wait, "attempts": attempts})


def fail(connection: Connection, taken: Taken, now: float, error: str, for_good: bool = False) -> bool:
    """Records a failure: the row is tried again later, or has failed permanently after the last attempt, or
    at once if `for_good`. False if the lease was lost.
    """
    last = for_good or taken.attempts >= MOST_ATTEMPTS
    newer = due.c.wanted > taken.wanted
    wait = min(900.0, 2.0 * 3.0 ** (taken.attempts - 1))
    values = {
        "state": case((newer, "waiting"), else_="failed" if last else "waiting"),
        "not_before": case((newer, 0.0), else_=now + wait),
        "attempts": case((newer, 0), else_=due.c.attempts),
        "last_error": error[:2000],
    }
    return _release(connection, taken, values)


def _release(connection: Connection, taken: Taken, values: Mapping[str, Any]) -> bool:
    mine = and_(due.c.key == taken.row, due.c.lease == taken.lease, due.c.state == "running")
    done = connection.execute(update(due).where(mine).values(lease="", lease_until=0.0, **values))
    return done.rowcount == 1


def renew(connection: Connection, leases: Sequence[str], now: float) -> None:
    """Renews these leases, then ends those that nobody renewed, whose workers are lost."""
    if leases:
        mine = and_(due.c.lease.in_(leases), due.c.state == "running")
        connection.execute(update(due).where(mine).values(lease_until=now + LEASE_SECONDS))
    _lose(connection, due.c.lease_until < now)


def lose_all(connection: Connection) -> None:
    """Ends every lease. Only for the process that holds the state folder: the previous holders are dead."""
    _lose(connection, literal(True))


def _lose(connection: Connection, which: Any) -> None:
    lost = case((due.c.attempts >= MOST_ATTEMPTS, "failed"), else_="waiting")
    why = case((due.c.last_error == "", "the worker was lost"), else_=due.c.last_error)
    query = update(due).where(due.c.state == "running", which)
    connection.execute(query.values(state=lost, lease="", lease_until=0.0, last_error=why))


def retry(connection: Connection, now: float, row: str = "") -> int:
    """Makes failed rows due again, all or one; returns how many."""
    which = due.c.key == bindparam("row", row) if row else literal(True)
    query = update(due).where(due.c.state == "failed", which)
    values = {
        "state": "waiting",
        "attempts": 0,
        "not_before": 0.0,
        "due_since": now,
        "wanted": due.c.wanted + 1,
    }
    return connection.execute(query.values(values)).rowcount
