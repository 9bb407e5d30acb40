"""Wake-ups between processes: a job of procrastinate that says "look", next to the work items.

At most one such job waits at a time (`queueing_lock`). A worker that runs it and finds a row requests the
next one before processing the row, so that as many workers join as there is work. The job names no row: the
order is decided when a row is taken, so ten thousand rows in bulk never queue before a person's.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status
from sqlalchemy import Connection

from policy_bot.service.logs import logger, plain
from policy_bot.service.wakeups import LONGEST_SLEEP, Ready, TakeRow

TASK = "policy_bot.look"
QUEUE = "policy-bot"
# After a lost connection (Postgres restarts) the worker starts again.
RECONNECT_SECONDS = 1.0


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

    def start(self, work: TakeRow, ready: Ready, slots: int) -> None:
        """Begins to work."""
        self._thread = threading.Thread(
            target=self._keep_running, args=(work, ready, slots), name="jobs", daemon=True
        )
        self._thread.start()

    def stop(self, seconds: float) -> bool:
        """Stops the worker; its current work ends at its next step."""
        self._stopping.set()
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

        loop = asyncio.get_running_loop()
        async with app.open_async():
            await _clear(app)
            self._connected.set()
            polling = asyncio.create_task(poll())
            working = asyncio.create_task(
                app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=slots,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=LONGEST_SLEEP,  # requested before it listened
                    delete_jobs="always",
                )
            )
            try:
                await asyncio.wait([polling, working], return_when=asyncio.FIRST_COMPLETED)
                for task in (polling, working):
                    if task.done():
                        task.result()
            finally:
                polling.cancel()
                working.cancel()
                await asyncio.gather(polling, working, return_exceptions=True)


async def _clear(app: procrastinate.App) -> None:
    """Deletes the jobs of workers that have died. Nothing is lost: the rows are due."""
    for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=120):
        await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)


def prepare(url: str) -> None:
    """Creates procrastinate's tables if there are none."""
    address = url.replace("postgresql+psycopg:", "postgresql:", 1)
    app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=address))
    with app.open():
        if not app.check_connection():
            app.schema_manager.apply_schema()
