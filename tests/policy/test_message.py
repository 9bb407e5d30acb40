from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policy_bot.policy.message import duration, fill, fill_code, tame
from policy_bot.sst.deployment import Value
from policy_bot.sst.reasons import said


def test_holes_are_filled_by_type() -> None:
    values = {
        "name": Value("Chat"),
        "timeout": Value(300),
        "url": Value(True),
        "keys": Value([Value("a"), Value("b")]),
        "either": Value.one_of((Value(20), Value(60)), said("?")),
        "hidden": Value.unknown(said("?")),
    }
    assert fill("{name} {timeout:duration} {timeout} {url} {keys}", values) == "Chat 5 minutes 300 true a, b"
    assert fill("{either:duration} {hidden}", values) == "20 seconds or 1 minute unknown"


def test_durations_are_written_as_sst_reads_them() -> None:
    assert [duration(n) for n in (1, 20, 60, 90, 3600, 86400)] == [
        "1 second",
        "20 seconds",
        "1 minute",
        "90 seconds",
        "1 hour",
        "1 day",
    ]


def test_code_is_filled_with_plain_words_only() -> None:
    assert fill_code('"{timeout_text} seconds"', {"timeout_text": Value("300")}) == '"300 seconds"'
    assert fill_code('"{timeout_text} seconds"', {"timeout_text": Value('1"; evil()')}) is None
    assert fill_code('"{timeout_text} seconds"', {"timeout_text": Value.unknown(said("?"))}) is None
    assert fill_code("{ timeout: 3 }", {}) == "{ timeout: 3 }"


@given(st.text())
def test_tame_text_is_one_short_line(text: str) -> None:
    result = tame(text)
    assert len(result) <= 80
    assert "\n" not in result
    assert "`" not in result
    assert result.isprintable() or all(ch.isprintable() or ch == " " for ch in result)


def test_a_sentence_is_cut_between_words() -> None:
    why = "It must start with a letter and can only contain alphanumeric characters and hyphens."
    assert tame(why) == "It must start with a letter and can only contain alphanumeric characters and..."
    assert fill("{why}", {"why": Value(why)}) == why
    assert fill("{why}", {"why": Value(why * 3)}).endswith("must start with a...")
    assert tame("x" * 90) == "x" * 77 + "..."
