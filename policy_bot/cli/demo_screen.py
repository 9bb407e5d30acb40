"""Output of the demo in a terminal, 80 columns wide."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.text import Text

from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.state import CheckRun, Pull, ReviewComment

WIDTH = 80
GATES = {
    "blocked": ("✗", "red", "Merging is blocked: the required check sst-policy does not pass"),
    "clean": ("✓", "green", "Merging is open: the required check sst-policy passes"),
    "unstable": ("!", "yellow", "Merging is open, although a check does not pass"),
}
_FOLDED = re.compile(r"<details>.*?</details>|<!--.*?-->", re.DOTALL)
_SUGGESTION = re.compile(r"^(`{3,})suggestion\n(.*?)^\1$", re.DOTALL | re.MULTILINE)


class DemoScreen:
    """Prints the steps of the demo as they happen."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def title(self) -> None:
        """Prints the title."""
        self.console.print()
        self.console.print(" [bold]policy-bot demo[/]  a pull request and its review, all on this machine")
        self.console.print()

    def ready(self, what: str, where: str) -> None:
        """Prints that a component is running."""
        self._line("✓", "green", Text.assemble((f"{what:<16}", "bold"), where))

    def opened(self, pull: Pull, address: str) -> None:
        """Prints the pull request that was opened."""
        self._heading(f"Pull request #{pull.number}: {pull.title}")
        self.console.print(f"   [link={address}][underline]{address}[/][/]", soft_wrap=True)
        self.console.print()

    def pushed(self) -> None:
        """Prints the commit that fixes it."""
        self._heading("The fix is pushed")

    def verdict(self, run: CheckRun, seconds: float, requests: int) -> None:
        """Prints the check run."""
        good = run.conclusion == "success"
        sign, colour = ("✓", "green") if good else ("✗", "red")
        said = Text.assemble((f"{run.name}  ", "bold"), run.title or "")
        self._line(sign, colour, said)
        self._line(
            "", "", Text(f"{requests} requests to GitHub, {seconds:.1f} s after the push", "bright_black")
        )

    def comments(self, sandbox: Sandbox, pull: Pull) -> None:
        """Prints the review comments, each with its lines."""
        for comment in pull.comments:
            self.console.print()
            self._comment(comment, self._commented(comment))

    def annotations(self, run: CheckRun, pull: Pull) -> None:
        """Prints the annotations on lines without a comment."""
        commented = {(one.thread.path, one.thread.line) for one in pull.comments}
        for one in run.annotations:
            if (one["path"], one["end_line"]) not in commented:
                self.console.print()
                self.console.print(Text(f"   {one['path']}:{one['start_line']}", "bold yellow"))
                self._plainly(Padding(Text(str(one["message"])), (0, 2, 0, 5)))

    def gone(self, before: int, after: int) -> None:
        """Prints whether the comments were resolved or deleted."""
        what = "all comments are gone" if not after else f"{after} of {before} comments are still there"
        self._line("✓" if not after else "✗", "green" if not after else "red", Text(what))

    def gate(self, state: str) -> None:
        """Prints the state of the merge box."""
        sign, colour, words = GATES.get(state, ("✗", "red", f"Merging: {state}"))
        self.console.print()
        self._line(sign, colour, Text(words, "bold"))

    def since_nothing(self, seconds: float) -> None:
        """Prints the time from a service without an App to a gated pull request."""
        said = f"{seconds:.0f} s from a service without an App to a pull request that it gates"
        self._line("", "", Text(said, "bright_black"))

    def look(self, address: str, then: str) -> None:
        """Prints addresses to open in a browser."""
        self.console.print()
        self.console.print(f" Look at it:  [underline]{address}[/]", soft_wrap=True)
        self.console.print(f" {then}")
        self.console.print(" Ctrl+C ends the demo and removes its files.")

    def stays(self, address: str) -> None:
        """Prints how long the demo keeps running."""
        self.console.print(f" {address} stays available until you press Ctrl+C here.", soft_wrap=True)

    def result(self, failures: Sequence[str]) -> None:
        """Prints the result."""
        self.console.print()
        for failure in failures:
            self._line("✗", "red", Text(failure))
        if not failures:
            self._line("✓", "green", Text("The demo is complete."))
        self.console.print()

    def _heading(self, words: str) -> None:
        self.console.print()
        self.console.rule(Text(words, "bold"), align="left", style="bright_black")

    def _line(self, sign: str, colour: str, words: Text) -> None:
        self.console.print(
            Padding(Text.assemble((f"{sign or ' '} ", colour), words), (0, 0, 0, 1), expand=False)
        )

    def _comment(self, comment: ReviewComment, lines: Sequence[str]) -> None:
        thread = comment.thread
        first, last = thread.start_line or thread.line, thread.line
        span = f"{first}-{last}" if first != last else f"{last}"
        self.console.print(Text(f"   {thread.path}:{span}", "bold cyan"))
        for line in lines:
            self.console.print(Text(f"   {line.rstrip()}", "cyan"), overflow="ellipsis", no_wrap=True)
        self._plainly(Padding(self._body(comment.body, lines), (0, 2, 0, 5)))

    def _plainly(self, what: RenderableType) -> None:
        """Removes trailing spaces, which would remain in a pipe."""
        with self.console.capture() as shown:
            self.console.print(what)
        for line in shown.get().rstrip().splitlines():
            self.console.file.write(f"{line.rstrip()}\n")

    def _body(self, body: str, replaced: Sequence[str]) -> RenderableType:
        parts: list[RenderableType] = []
        pieces = _SUGGESTION.split(_FOLDED.sub("", body))
        for text, suggested in zip(pieces[::3], [*pieces[2::3], None], strict=True):
            if text.strip():
                parts.append(Markdown(text.strip()))
            if suggested is not None:
                parts.append(_suggestion(replaced, suggested))
        return Group(*parts)

    def _commented(self, comment: ReviewComment) -> list[str]:
        thread, store = comment.thread, comment.thread.pull.repository.store
        text = store.text(store.files(thread.commit).get(thread.path)).decode("utf-8", "replace")
        return text.splitlines()[(thread.start_line or thread.line) - 1 : thread.line]


def _suggestion(replaced: Sequence[str], suggested: str) -> Text:
    rows = [Text(f"- {line.rstrip()}", "red") for line in replaced]
    rows += [Text(f"+ {line.rstrip()}", "green") for line in suggested.splitlines()]
    return Text("\n").join(rows)
