"""Reading files: encodings, line ends, grammars, errors, places."""

from __future__ import annotations

import pytest

from policy_bot.sst.limits import Limits
from policy_bot.sst.nodes import ExpressionStatement, Literal
from policy_bot.sst.reasons import Why
from policy_bot.sst.syntax import Parsed, SyntaxProblem, parse
from policy_bot.sst.syntax.text import number, unescape
from tests.sst.programs import examples, plain, record


def test_a_byte_order_mark_and_crlf_leave_places_as_they_are() -> None:
    module = parse(b"\xef\xbb\xbf'one';\r\n  'two';\r\n", "a.ts")
    assert not isinstance(module, SyntaxProblem)
    spans = [statement.span for statement in module.block.statements]
    assert [(span.line, span.column, span.start) for span in spans] == [(1, 4, 3), (2, 3, 13)]


def test_columns_count_bytes() -> None:
    module = parse("const é = 1; 'x'".encode(), "a.ts")
    assert not isinstance(module, SyntaxProblem)
    assert module.block.statements[1].span.column == 15


def test_bytes_that_are_not_utf8_are_replaced() -> None:
    module = parse(b"'\xff\xfe' ; 'ok'", "a.ts")
    assert not isinstance(module, SyntaxProblem)
    last = module.block.statements[-1]
    assert isinstance(last, ExpressionStatement)
    assert isinstance(last.expression, Literal)
    assert last.expression.data == "ok"


@pytest.mark.parametrize("data", [b"\xff\xfe'\x00", b"\xfe\xff\x00'"])
def test_utf16_is_not_read(data: bytes) -> None:
    assert parse(data, "a.ts") == SyntaxProblem(Why.NOT_UTF8())


def test_the_first_error_has_a_place() -> None:
    module = parse(b"const a = 1;\nconst b = ;\n", "a.ts")
    assert not isinstance(module, SyntaxProblem)
    assert module.error is not None
    assert module.error.span.line == 2


@pytest.mark.parametrize(
    ("code", "column", "reason"),
    [
        ("f({ url: true );", 14, "a syntax error: `}` is missing here or before"),
        ("f([1, 2 );", 8, "a syntax error: `]` is missing here or before"),
        ("const x = 1 +;", 13, "a syntax error: an expression is expected after `+`"),
        ("f({\n  a: g(1, 2\n  },\n});", 3, "a syntax error: `}` does not fit here; `,` or `)` is expected"),
    ],
)
def test_what_the_parser_missed_is_reported(code: str, column: int, reason: str) -> None:
    module = parse(code.encode(), "a.ts")
    assert not isinstance(module, SyntaxProblem)
    assert module.error is not None
    assert (module.error.span.column, str(module.error.reason)) == (column, reason)


@pytest.mark.parametrize("name", ["a.ts", "a.mts", "a.tsx", "a.js", "a.mjs"])
def test_each_kind_of_file_has_its_grammar(name: str) -> None:
    module = parse(b"export const a = (x) => x + 1;", name)
    assert not isinstance(module, SyntaxProblem)
    assert module.error is None


def test_casts_by_brackets_are_read_in_ts() -> None:
    assert plain(record("return <any>5").outputs) == 5


def test_a_file_is_parsed_once_for_all_contexts() -> None:
    parsed = Parsed(Limits())
    assert parsed.module("a.ts", b"1") is parsed.module("a.ts", b"1")
    assert parsed.module("a.ts", b"1") is not parsed.module("a.ts", b"2")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"a\nb", "a\nb"),
        (r"\x41\u0042\u{1F600}", "AB\U0001f600"),
        (r"\ud83d\ude00", "\U0001f600"),
        (r"\'\"\\", "'\"\\"),
        ("a\\\nb", "ab"),
        (r"\q", "q"),
    ],
)
def test_escapes(text: str, value: str) -> None:
    assert unescape(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[
            ("300", 300),
            ("0x1F", 31),
            ("1_000", 1000),
            ("1.50", 1.5),
            ("1e3", 1000),
            (".5", 0.5),
            ("0b11", 3),
        ],
        *[("10n", None), ("9" * 500, None)],
    ],
)
def test_numbers(text: str, value: object) -> None:
    assert number(text) == value


@pytest.mark.parametrize(("body", "expected"), examples("types.ts"))
def test_types_are_no_part_of_the_program(body: str, expected: object) -> None:
    assert plain(record(body).outputs) == expected
