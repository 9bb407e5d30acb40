"""Places between the reader's bytes and the editor's UTF-16."""

from lsprotocol.types import Position, Range

from policy_bot.cli.editor.positions import Text
from policy_bot.sst.span import Span

# an emoji is four bytes of UTF-8 and two units of UTF-16
TEXT = Text('// 🙂 é\nconst a = "🙂";\n'.encode())


def test_columns_are_counted_in_utf16() -> None:
    span = Span("a.ts", 2, 11, 2, 17, 21, 27)
    assert TEXT.range(span) == Range(Position(1, 10), Position(1, 14))


def test_an_offset_and_its_position_are_the_same_place() -> None:
    for offset in (0, 3, 7, 10, 21, 27):
        assert TEXT.offset(TEXT.range_of(offset, offset).start) == offset


def test_a_position_past_the_end_is_the_end() -> None:
    assert TEXT.offset(Position(0, 99)) == 10
    assert TEXT.offset(Position(99, 0)) == len('// 🙂 é\nconst a = "🙂";\n'.encode())
