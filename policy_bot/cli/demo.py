"""`policy-bot demo`: runs the service and a small GitHub locally and plays the story of one pull request."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from policy_bot.cli import demo_story as story
from policy_bot.cli.problem import Problem

if TYPE_CHECKING:
    from policy_bot.cli.demo_screen import DemoScreen
    from policy_bot.sandbox.sandbox import Sandbox
    from policy_bot.sandbox.state import CheckRun, Pull

PATIENCE = 60.0  # seconds to wait for each verdict
REPOSITORY = "acme/shop"
LAST_PORT = 65535
_ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
LOG_LINES = 8  # number of log lines shown if the demo fails


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "demo",
        help="show a review on a local stand-in for GitHub",
        description="Starts the service and a local stand-in for GitHub, opens a pull request with a "
        "faulty config, shows the review and the failing check, and pushes the fix. In a "
        "terminal it keeps running so that you can look around.",
    )
    parser.add_argument("--once", action="store_true", help="do not wait for input; exit at the end")
    parser.add_argument("--port", type=_port, default=0, help="port of the sandbox (default: a free one)")
    parser.set_defaults(run=run)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > LAST_PORT:
        raise argparse.ArgumentTypeError(f"`{text}` is not a port: use 0 (any free port) to {LAST_PORT}")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Plays the demo. Exit status 0 if everything came out as expected, else 1."""
    from rich.console import Console

    from policy_bot.cli.demo_screen import WIDTH, DemoScreen
    from policy_bot.sandbox.sandbox import Sandbox
    from policy_bot.sandbox.state import wall_clock

    stays = sys.stdout.isatty() and sys.stdin.isatty() and not args.once
    columns = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
    screen = DemoScreen(Console(width=columns, highlight=False))
    sandbox = Sandbox(clock=wall_clock)

    def wait(address: str) -> None:
        if stays:
            sandbox.notice = story.NOW
            screen.look(address, "Press Enter to push the fix, or apply the suggestions there yourself.")
            sys.stdin.readline()
            sandbox.notice = ""

    ended = _ends_on_signals()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="policy-bot-demo-")))
        try:
            succeeded = Story(sandbox, screen, folder, wait).tell(stack, args.port)
            if succeeded and stays:
                sandbox.notice = story.AFTERWARDS
                screen.stays(sandbox.url)
            while succeeded and stays and not ended.wait(1):
                pass
        except KeyboardInterrupt:  # the user stopped the demo, or the terminal was closed
            return 0
        finally:
            _ignore_signals()  # further signals must not interrupt the clean-up
    return 0 if succeeded else 1


def _ends_on_signals() -> threading.Event:
    """Ends the demo and its processes on Ctrl+C, SIGTERM and a closed terminal (SIGHUP).

    Sets the event besides raising `KeyboardInterrupt`, since an exception raised in a destructor is lost. A
    signal that is ignored at the start (`nohup`) stays ignored.
    """
    ended = threading.Event()

    def end(*_: object) -> None:
        ended.set()
        raise KeyboardInterrupt

    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)
    return ended


def _ignore_signals() -> None:
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)


class Story:
    """Plays the demo chapter by chapter. `wait` is called with the page's address before the fix."""

    def __init__(
        self, sandbox: Sandbox, screen: DemoScreen, folder: Path, wait: Callable[[str], None]
    ) -> None:
        self.sandbox = sandbox
        self.screen = screen
        self.folder = folder
        self.wait = wait
        self.failures: list[str] = []
        self.began = 0.0

    def tell(self, stack: ExitStack, port: int) -> bool:
        """Plays all chapters; returns whether the results were as expected. `stack` ends what it starts."""
        self.screen.title()
        self._begin(stack, port)
        pull = self._open()
        address = self.sandbox.shapes.pull_page(pull)
        if not self.failures:
            self.wait(address)
            if pull.state == "open":  # otherwise the user applied the suggestions and merged the pull request
                self._fix(pull)
        self.screen.result(self.failures)
        if self.failures:
            self._show_log()
        return not self.failures

    def _begin(self, stack: ExitStack, port: int) -> None:
        from policy_bot.cli.demo_service import HOST, service
        from policy_bot.sandbox.server import delivering, served

        sandbox = self.sandbox
        try:
            address = stack.enter_context(served(sandbox, HOST, port))
        except OSError as error:
            raise Problem(
                f"port {port} cannot be used ({os.strerror(error.errno or 0)}): choose another with --port"
            ) from None
        self.screen.ready("GitHub sandbox", address)
        self.began = time.monotonic()
        shop = sandbox.repository(REPOSITORY, {"sst.config.ts": story.BEFORE, "package.json": story.PACKAGE})
        sandbox.require(shop)
        ours = stack.enter_context(service(sandbox, self.folder))
        self._set_up(ours.setup_address())
        self.screen.ready("App registered", "from a manifest, on the set-up page of `policy-bot serve`")
        ours.wait_until_ready()
        self.screen.ready("policy-bot", f"{ours.address}, with a SQLite file")
        stack.enter_context(delivering(sandbox, f"{ours.address}/webhook"))
        head = shop.branches["main"]
        self._until(lambda: bool(sandbox.world.latest_runs(shop, head)))
        self.screen.ready("App installed", f"on {REPOSITORY}, where its check is required for merging")

    def _set_up(self, address: str) -> None:
        """Does what a person does on the set-up page: registers the App, installs it, starts the service."""
        from policy_bot.sandbox.browser import Browser, UnexpectedPage

        browser = Browser()
        try:
            browser.open(address)
            browser.press("Register the App at GitHub")  # GitHub creates the App and redirects back
            checks = browser.address
            browser.open(browser.link("Install it"))
            browser.open(checks)
            browser.press("Start the service")
        except UnexpectedPage as error:
            raise Problem(f"the App could not be set up: {error}") from None

    def _open(self) -> Pull:
        sandbox = self.sandbox
        shop = sandbox.world.repository(REPOSITORY)
        began, asked = time.monotonic(), len(sandbox.requests)
        with sandbox.lock:
            pull = sandbox.open_pull(
                shop,
                {"sst.config.ts": story.WRONG},
                title=story.TITLE,
                body=story.BODY,
                branch="stream-answers",
            )
        self.screen.opened(pull, sandbox.shapes.pull_page(pull))
        self._until(lambda: self._run(pull) is not None)
        run, seconds = self._run(pull), time.monotonic() - began
        if run is None:
            self.failures.append("No check run came for the pull request.")
            return pull
        self.screen.verdict(run, seconds, _since(sandbox, asked))
        self.screen.comments(sandbox, pull)
        self.screen.annotations(run, pull)
        state = sandbox.world.mergeable_state(pull)
        self.screen.gate(state)
        self.screen.since_nothing(time.monotonic() - self.began)
        self._judge_wrong(pull, run, state)
        return pull

    def _judge_wrong(self, pull: Pull, run: CheckRun, state: str) -> None:
        lines = {
            line
            for one in pull.comments
            for line in range(one.thread.start_line or one.thread.line or 0, (one.thread.line or 0) + 1)
        }
        for text, line in story.WRONG_LINES.items():
            if line not in lines:
                self.failures.append(f"There is no comment on sst.config.ts:{line} ({text.strip()}).")
        if f"sst.config.ts:{story.HIDDEN_LINE}" not in (run.summary or ""):
            self.failures.append(
                f"The check does not name sst.config.ts:{story.HIDDEN_LINE}, whose timeout is unknown."
            )
        if not any("suggestion" in comment.body for comment in pull.comments):
            self.failures.append("No comment has a suggestion.")
        if (run.conclusion, state) != ("failure", "blocked"):
            self.failures.append(
                f"The check says {run.conclusion} and merging is {state}: it should be blocked."
            )

    def _fix(self, pull: Pull) -> None:
        sandbox = self.sandbox
        commented = len(pull.comments)
        began, asked = time.monotonic(), len(sandbox.requests)
        sandbox.push(pull, {"sst.config.ts": story.FIXED}, "Give them the time they need")
        self.screen.pushed()
        self._until(lambda: self._run(pull) is not None and not pull.comments)
        run, seconds = self._run(pull), time.monotonic() - began
        if run is None:
            self.failures.append("No check run came for the fix.")
            return
        self.screen.verdict(run, seconds, _since(sandbox, asked))
        self.screen.gone(commented, len(pull.comments))
        state = sandbox.world.mergeable_state(pull)
        self.screen.gate(state)
        if pull.comments:
            self.failures.append(f"{len(pull.comments)} comments are still there after the fix.")
        if (run.conclusion, state) != ("success", "clean"):
            self.failures.append(
                f"The check says {run.conclusion} and merging is {state}: it should be open."
            )

    def _run(self, pull: Pull) -> CheckRun | None:
        with self.sandbox.lock:
            runs = self.sandbox.world.latest_runs(pull.repository, pull.head_sha)
        return next((run for run in runs if run.status == "completed"), None)

    def _until(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not true() and time.monotonic() < end:
            time.sleep(0.02)

    def _show_log(self) -> None:
        lines = (self.folder / "service.log").read_text(errors="replace").splitlines()
        print("\n".join(["The end of the service's log:", *lines[-LOG_LINES:]]), file=sys.stderr)


def _since(sandbox: Sandbox, asked: int) -> int:
    """Number of requests since then, without those for tokens (one an hour)."""
    return sum(not request.path.endswith("/access_tokens") for request in sandbox.requests[asked:])
