"""Wake-ups between processes: a job of procrastinate that says "look", next to the work items.

At most one such job waits at a time (`queueing_lock`). A worker that runs it and finds a row requests the
next one before processing the row, so that as many workers join as there is work. The job names no row: the
order is decided when a row is taken, so ten thousand rows in bulk never queue before a person's.

Chores are procrastinate's periodic tasks: each time, one of all workers gets the job. The job only calls a
thread that does the chore, so that one that waits for GitHub does not delay the end of the process.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status
from sqlalchemy import Connection

from policy_bot.service.housekeeping import LEAVE_SECONDS, WHEN_CALLED, Chore, Housekeeping
from policy_bot.service.logs import logger, plain
from policy_bot.service.wakeups import LONGEST_SLEEP, Ready, TakeRow

TASK = "policy_bot.look"
QUEUE = "policy-bot"
CHORES = "policy-bot-chores"  # with a worker of its own, so that they need not wait for evaluations
# After a lost connection (Postgres restarts) the worker starts again.
RECONNECT_SECONDS = 1.0
# After so many seconds without a heartbeat, a worker's jobs are deleted. Nothing is lost: the rows stay due.
STALLED_SECONDS = 120


class Jobs:
    """The engine on procrastinate. `web` only requests jobs; `worker` also runs them."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql+psycopg:", "postgresql:", 1)
        self._asking = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=self._url))
        self._stopping = threading.Event()
        self._connected = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._times: Sequence[tuple[str, Chore]] = ()
        self._house = Housekeeping("chores", ())

    def wake_with(self, connection: Connection) -> None:
        """Requests a wake-up in the transaction of `connection`: the job exists exactly if its rows do."""
        raw = connection.connection.dbapi_connection
        with contextlib.suppress(AlreadyEnqueued), connection.begin_nested():
            self._asking.configure_task(TASK, queue=QUEUE, queueing_lock=TASK, connection=raw).defer()

    def wake(self) -> None:
        """Does nothing: wake-ups are requested in the rows' transaction, and the worker looks by itself."""

    def alive(self) -> bool:
        """For `worker`, whether it is connected; `web` only needs the database, which is probed anyway."""
        return self._thread is None or self._connected.is_set()

    def start(self, work: TakeRow, ready: Ready, slots: int, chores: Sequence[Chore] = ()) -> None:
        """Begins to work."""
        self._times = [(_cron(chore.every), chore) for chore in chores]
        for chore in chores:
            chore.first = chore.every = WHEN_CALLED
        self._house = Housekeeping("chores", chores)
        self._house.start()
        self._thread = threading.Thread(
            target=self._keep_running, args=(work, ready, slots), name="jobs", daemon=True
        )
        self._thread.start()

    def stop(self, seconds: float) -> bool:
        """Stops the worker; its current work ends at its next step."""
        self._stopping.set()
        self._house.stop(LEAVE_SECONDS)
        if self._loop is not None and self._main is not None:
            with contextlib.suppress(RuntimeError):  # it has ended meanwhile
                self._loop.call_soon_threadsafe(self._main.cancel)
        if self._thread is not None:
            self._thread.join(seconds)
        return self._thread is None or not self._thread.is_alive()

    def _keep_running(self, work: TakeRow, ready: Ready, slots: int) -> None:
        with ThreadPoolExecutor(slots, "worker") as threads:
            while not self._stopping.is_set():
                try:
                    asyncio.run(self._run(work, ready, slots, threads))
                except asyncio.CancelledError:
                    return
                except Exception as error:
                    logger().error("the work engine lost its database", error=plain(error))
                self._connected.clear()
                self._stopping.wait(RECONNECT_SECONDS)

    def _register(self, app: procrastinate.App) -> None:
        """Registers the chores and the deletion of stalled jobs as periodic tasks."""

        def timed(cron: str, name: str, do: Callable[[], Awaitable[None]]) -> None:
            @app.periodic(cron=cron)
            @app.task(name=f"policy_bot.{name}", queue=CHORES, queueing_lock=name)
            async def run(timestamp: int) -> None:
                await do()

        async def call(chore: Chore) -> None:
            self._house.call(chore)

        async def rescue() -> None:
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
                await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)

        timed(_cron(60), "rescue", rescue)
        for cron, chore in self._times:
            timed(cron, chore.name, partial(call, chore))

    async def _run(self, work: TakeRow, ready: Ready, slots: int, threads: ThreadPoolExecutor) -> None:
        self._loop, self._main = asyncio.get_running_loop(), asyncio.current_task()
        app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(conninfo=self._url, min_size=1, max_size=4)
        )
        asking = app.configure_task(TASK, queue=QUEUE, queueing_lock=TASK)

        async def ask() -> None:
            with contextlib.suppress(AlreadyEnqueued):
                await asking.defer_async()

        def found() -> None:
            asyncio.run_coroutine_threadsafe(ask(), loop)

        @app.task(name=TASK, queue=QUEUE)
        async def look() -> None:
            while await loop.run_in_executor(threads, work, found):
                pass

        async def poll() -> None:
            while True:
                if await loop.run_in_executor(None, ready):
                    await ask()
                await asyncio.sleep(LONGEST_SLEEP)

        self._register(app)
        loop = asyncio.get_running_loop()
        async with app.open_async():
            self._connected.set()
            polling = asyncio.create_task(poll())
            tasks = [polling] + [
                asyncio.create_task(
                    app.run_worker_async(
                        queues=[queue],
                        concurrency=concurrency,
                        install_signal_handlers=False,
                        fetch_job_polling_interval=LONGEST_SLEEP,  # requested before it listened
                        delete_jobs="always",
                    )
                )
                for queue, concurrency in ((QUEUE, slots), (CHORES, 1))
            ]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in tasks:
                    if task.done():
                        task.result()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


def _cron(seconds: float) -> str:
    """A schedule for every so many seconds: minutes that divide an hour, or seconds that divide a minute."""
    return f"*/{seconds // 60:.0f} * * * *" if seconds >= 60 else f"* * * * * */{seconds:.0f}"


def prepare(url: str) -> None:
    """Creates procrastinate's tables if there are none."""
    address = url.replace("postgresql+psycopg:", "postgresql:", 1)
    app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=address))
    with app.open():
        if not app.check_connection():
            app.schema_manager.apply_schema()
