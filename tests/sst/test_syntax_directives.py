"""Comments addressed to policy-bot, as data of a project."""

from __future__ import annotations

import pytest

from policy_bot.sst.deployment import Directive
from policy_bot.sst.nodes import Module
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree
from policy_bot.sst.syntax import parse
from policy_bot.sst.syntax.directives import LONGEST, MOST_IN_FILE


def directives(text: str, path: str = "a.ts") -> tuple[Directive, ...]:
    module = parse(text.encode(), path)
    assert isinstance(module, Module)
    return module.directives


def test_a_comment_next_to_code_and_one_alone_on_its_line() -> None:
    trailing, alone = directives("const a = 1; // policy-bot: ignore x/y -- z\r\n  //policy-bot:ignore q\r\n")
    assert (trailing.text, trailing.alone) == ("ignore x/y -- z", False)
    assert (trailing.span.line, trailing.span.column, trailing.span.end_line) == (1, 14, 1)
    assert (alone.text, alone.alone, alone.span.line) == ("ignore q", True, 2)


@pytest.mark.parametrize(
    "text",
    [
        "/* policy-bot: ignore x/y -- z */ const a = 1;",
        "class A { /* policy-bot: ignore x/y -- z */ b = 1; }",
        "f(/* policy-bot: ignore x/y -- z */);",
        "const a = {\n  // policy-bot: ignore x/y -- z\n  b: 1 };",
        "const a = b ?? ; // policy-bot: ignore x/y -- z",
    ],
)
def test_a_comment_is_found_wherever_one_may_be(text: str) -> None:
    (found,) = directives(text)
    assert found.text == "ignore x/y -- z"


def test_between_tags_the_braces_are_no_code() -> None:
    (found,) = directives("const a = <p>\n  {/* policy-bot: ignore x/y -- z */}\n</p>;", "a.tsx")
    assert found.alone


@pytest.mark.parametrize(
    "text",
    [
        'const a = "// policy-bot: ignore x/y -- z";',
        "const a = `\n// policy-bot: ignore x/y -- z\n`;",
        "const a = /policy-bot: ignore/;",
        "// see policy-bot: ignore x/y -- z",
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert directives(text) == ()


def test_their_number_and_length_are_bounded() -> None:
    found = directives("// policy-bot: ignore a/b -- c\n" * (MOST_IN_FILE + 5))
    assert len(found) == MOST_IN_FILE
    (long,) = directives("// policy-bot: ignore a/b -- " + "x" * 5_000)
    assert len(long.text) < LONGEST


def test_how_deep_a_file_goes_does_not_matter() -> None:
    assert len(directives("// policy-bot: ignore a/b -- c\n" + "(" * 3_000 + ")" * 3_000)) == 1


def test_a_project_has_those_of_every_file_that_it_imports() -> None:
    files = {
        "sst.config.ts": "// policy-bot: ignore a/b -- one\nexport default $config({ app: () => ({}),\n"
        '  async run() { await import("./infra/api"); } });\n',
        "infra/api.ts": "// policy-bot: ignore a/b -- two\nexport const a = 1;\n",
        "infra/other.ts": "// policy-bot: ignore a/b -- three\n",
    }
    project = read_project(MemoryTree({path: text.encode() for path, text in files.items()}), "sst.config.ts")
    assert [(each.span.path, each.text) for each in project.directives] == [
        ("infra/api.ts", "ignore a/b -- two"),
        ("sst.config.ts", "ignore a/b -- one"),
    ]
