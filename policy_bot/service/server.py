"""The processes: `serve` (web and worker in one, SQLite), `web` and `worker` (apart, on Postgres)."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Mapping

from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from policy_bot.service.front import Front
from policy_bot.service.logs import logger
from policy_bot.service.running import GRACE_SECONDS, Running

# After the service's own grace, before granian ends the process by force.
KILL_SECONDS = int(GRACE_SECONDS) + 4

Build = Callable[[], tuple[Flask, Running]]


def run_web(
    build: Build, host: str, port: int, processes: int = 1, about: Mapping[str, object] | None = None
) -> None:
    """Serves until SIGTERM or SIGINT. `build` runs in each serving process; then `about` is logged."""
    said = {"address": f"http://{f'[{host}]' if ':' in host else host}:{port}", **(about or {})}
    # Forked, so that the processes share the lock on the state folder, and the memory of what is imported.
    multiprocessing.set_start_method("fork", force=True)
    server = Granian(
        "policy-bot",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        workers=processes,
        websockets=False,  # an upgrade is refused like any other request; see `front`
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
        log_level=LogLevels.error,  # its other messages are about itself
        log_dictconfig={"loggers": {"_granian": {"handlers": [], "propagate": True}}},
    )
    gc.freeze()  # collecting would copy the memory that processes share
    server.serve(target_loader=lambda: _begin(build, said), wrap_loader=False)


def _begin(build: Build, said: Mapping[str, object]) -> Front:
    app, running = build()
    gc.collect()
    gc.freeze()  # so that pages do not wait for the collection of loaded modules
    running.start()
    threading.Thread(target=_keep, args=(running, os.getppid()), name="keeper").start()
    # the process id, for a command that stops the service; the lock names it too
    logger().info("serving", process=os.getppid(), **said)
    return Front(app)


def _keep(running: Running, parent: int) -> None:
    """Stops the service after the server. Not a daemon thread, so that the process waits for it."""
    main = threading.main_thread()
    while main.is_alive():
        main.join(0.5)
        if os.getppid() != parent:  # killed: nothing else would end us
            parent = os.getppid()
            os.kill(os.getpid(), signal.SIGTERM)
    running.stop()


def run_worker(build: Callable[[], Running], about: Mapping[str, object] | None = None) -> None:
    """Works until SIGTERM or SIGINT. `about` is logged."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    running = build()
    running.start()
    logger().info("working", process=os.getpid(), **(about or {}))
    ended.wait()
    running.stop()
