"""Files that cost a parser in C much time or memory; each was measured."""

# 8 KB that cost the parser 10 s and 4.6 GiB, and 16 KB that cost it 24 s
BRACES = b"{a:}" * 2_000
BANGS = b"!>" * 8_000
# a parser's stack, a recursive walker's stack
NESTED = b"export default $config(" + b"[" * 100_000 + b"]" * 100_000 + b")"
PARENTHESES = b"(" * 98_000
# no text at all: what a fuzzer sends first
NOISE = bytes(range(256)) * 1_000
# over every limit of size
HUGE = b"const a = 1;\n" * 800_000

ENDS = ("parsing takes more than 0.25 s", "reading needs more than 128 MiB of memory")
"""How a parse of `BRACES` ends: it takes memory so fast that the machine decides which limit is first."""
