"""Whatever a file holds, reading it ends, within its bounds, without an exception."""

from __future__ import annotations

from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from policy_bot.sst.deployment import Context
from policy_bot.sst.freeze import freeze
from policy_bot.sst.heap import Obj
from policy_bot.sst.interpreter import Interpreter, evaluate
from policy_bot.sst.limits import Limits
from policy_bot.sst.places import literal_of, place_of
from policy_bot.sst.source import MemoryTree
from policy_bot.sst.syntax import parse
from policy_bot.sst.values import Known

LIMITS = Limits(
    fuel=5_000,
    iterations=500,
    allocation=100_000,
    records=300,
    string=5_000,
    collection=1_000,
    file_bytes=20_000,
)

SEED = (Path(__file__).parent / "seed.ts").read_bytes()

PIECES = [
    b"{", b"}", b"(", b")", b"[", b"]", b",", b";", b"=>", b"...", b"?.", b"??=", b"await ", b"new ",
    b"class A {", b"this", b"super(", b"yield ", b"import(", b"${", b"`", b"'", b'\\', b"/", b"//", b"/*",
    b"*", b"=", b"-1", b"1e9", b"undefined", b"null", b"process.env.X", b"sst.aws.Function", b"return ",
    b"throw ", b"if (", b"else ", b"for (;;)", b"while (1)", b"switch (", b"case ", b"\n", b"\x00", b"\xff",
]  # fmt: skip


def run(data: bytes) -> None:
    """Reads and evaluates everything there is to it."""
    tree = MemoryTree({"sst.config.ts": data, "a.ts": b"export const a = 1; import './sst.config';"})
    for context in (Context("production"), Context("dev", dev=True)):
        made = Interpreter(tree, "sst.config.ts", LIMITS).run(context)
        for value in (
            made.root,
            made.app,
            made.outputs,
            *(argument for c in made.constructions for argument in c.arguments),
        ):
            freeze(value)
            if isinstance(value, Known) and isinstance(value.data, Obj):
                literal_of(value.data)
                for key in value.data.props:
                    place_of(value.data, key)
    evaluate(tree, "sst.config.ts", LIMITS)


def test_the_seed_itself_is_read_without_a_hidden_place_but_the_unseen_ones() -> None:
    tree = MemoryTree({"sst.config.ts": SEED, "a.ts": b"export const a = 1;"})
    made = Interpreter(tree, "sst.config.ts").run(Context("p"))
    assert made.unreadable is None
    assert len(made.constructions) == 3


@given(st.binary(max_size=300))
@example(b"")
@example(b"\x00")
@example(b"\xef\xbb\xbf")
@settings(max_examples=80)
def test_random_bytes(data: bytes) -> None:
    parse(data, "a.ts", LIMITS)
    parse(data, "a.js", LIMITS)
    run(b"export default $config({ run() {" + data + b"} })")


@given(
    st.lists(
        st.tuples(st.integers(0, len(SEED)), st.integers(0, 12), st.sampled_from(PIECES)),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=120)
def test_a_program_with_pieces_put_in_and_taken_out(edits: list[tuple[int, int, bytes]]) -> None:
    data = SEED
    for at, taken, piece in edits:
        data = data[:at] + piece + data[at + taken :]
    run(data)


@given(st.lists(st.sampled_from(PIECES), max_size=40))
@settings(max_examples=80)
def test_pieces_in_any_order(pieces: list[bytes]) -> None:
    run(b"export default $config({ async run() { let a = 1, b = {}; " + b" ".join(pieces) + b" } })")


WORDS = st.sampled_from(
    [
        "a",
        "b",
        "this",
        "process.env.X",
        "1",
        '"t"',
        "[]",
        "{}",
        "[1, 2]",
        "{ a: 1 }",
        "null",
        "undefined",
        "sst.aws.Queue",
        "f",
        "(x) => x",
    ]
)
SIGNS = st.sampled_from(["+", "-", "*", "%", "===", "<", "&&", "||", "??", "in", "instanceof", "**", ">>"])
CALLS = st.sampled_from(
    [
        "map",
        "filter",
        "reduce",
        "push",
        "slice",
        "split",
        "replace",
        "apply",
        "then",
        "keys",
        "get",
        "toString",
        "sort",
        "join",
        "flat",
        "call",
        "concat",
        "at",
        "find",
    ]
)


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A program that parses: statements of expressions over a few names."""

    def expression(depth: int) -> str:
        if depth == 0:
            return draw(WORDS)
        kind = draw(st.integers(0, 9))
        one, two = expression(depth - 1), expression(depth - 1)
        return [
            f"({one} {draw(SIGNS)} {two})".replace("- -", "-").replace("(- ", "("),
            f"({one} ? {two} : a)",
            f"({one})?.{draw(CALLS)}({two})",
            f"({one})[{two}]",
            f"[...({one}), {two}]",
            f"{{ ...({one}), k: {two} }}" if depth < 3 else f"[{one}]",
            f"((x) => {{ if (x) return {one}; for (const y of [x]) b = {two}; }})({two})",
            f"`${{{one}}}`",
            f"new (class {{ v = {one} }})().v",
            f"(a = {one})",
        ][kind]

    lines = [
        f"try {{ a = ({expression(3)}); }} catch (e) {{ b = e; }}" for _ in range(draw(st.integers(1, 4)))
    ]
    return (
        "let a = 1, b = 2; function f(...x) { return x.length ? x[0] : f(1); }\n"
        + "\n".join(lines)
        + "\nreturn [a, b];"
    )


@given(programs())
@settings(max_examples=120)
def test_programs_that_parse(body: str) -> None:
    run(f"export default $config({{ async run() {{ {body} }} }})".encode())
