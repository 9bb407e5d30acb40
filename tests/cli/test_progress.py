"""Progress is for people who wait: on a terminal, after a second, and gone before the result."""

import io

from policy_bot.cli.progress import ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, *, quiet: bool = False) -> str:
    """What five projects of 0.4 s each write."""
    now = [0.0]

    def work() -> int:
        now[0] += 0.4
        return 1

    progress = ProgressLine("projects", 5, stream, quiet=quiet, clock=lambda: now[0])
    assert sum(progress.over(work() for _ in range(5))) == 5
    return stream.getvalue()


def test_after_a_second_a_line_is_rewritten_and_taken_away() -> None:
    said = shown(Terminal())
    assert said.split("\r\x1b[K") == ["", "3 of 5 projects", "4 of 5 projects", "5 of 5 projects", ""]


def test_a_log_and_who_wants_quiet_get_none() -> None:
    assert shown(io.StringIO()) == ""
    assert shown(Terminal(), quiet=True) == ""
