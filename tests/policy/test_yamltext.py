"""YAML without its surprises, and the place of everything."""

from __future__ import annotations

import pytest

from policy_bot.policy.yamltext import FileError, read


def test_words_that_yaml_would_turn_into_something_else_stay_words() -> None:
    text = "a: off\nb: yes\nc: 2027-01-31\nd: 010\ne: 1_000\nf: '5'\ng: 5\nh: true\ni: 1.5\nj:\n"
    assert read("f.yml", text).data == {
        "a": "off",
        "b": "yes",
        "c": "2027-01-31",
        "d": "010",
        "e": "1_000",
        "f": "5",
        "g": 5,
        "h": True,
        "i": 1.5,
        "j": None,
    }


def test_every_key_and_value_has_its_place() -> None:
    marked = read("f.yml", "policies:\n  a/b:\n    severity: error\nstages: [x, y]\n")
    assert marked.place(("policies", "a/b", "severity")) == (3, 5)
    assert marked.value_place(("policies", "a/b", "severity")) == (3, 15)
    assert marked.place(("stages", 1)) == (4, 13)
    assert marked.place(("policies", "a/b", "missing")) == (2, 3)


def test_places_count_from_the_line_the_text_begins_on() -> None:
    assert read("p.md", "title: x\n", first_line=2).place(("title",)) == (2, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2\n", "f.yml:2:1: `a` occurs twice, first on line 1"),
        ("a: &x 1\nb: *x\n", "anchors (`&`) and aliases (`*`) are not allowed"),
        ("a: " + "[" * 30, "nested too deeply"),
        ("a: b: c", "f.yml:1:5: not valid YAML: mapping values are not allowed here"),
        ("a: \x00", "not valid YAML"),
        ("a:\n\t- b", "f.yml:2:1: not valid YAML"),
        ("--- a\n--- b", "not valid YAML"),
        ("? [a]\n: b", "keys must be strings"),
        ("a: " + "x" * 300_000, "larger than 256 KiB"),
        ("a: \ud800", "not valid YAML"),
    ],
)
def test_what_is_refused_says_where_and_why(text: str, said: str) -> None:
    with pytest.raises(FileError) as error:
        read("f.yml", text)
    assert said in str(error.value)


def test_a_tag_makes_no_object() -> None:
    assert read("f.yml", "a: !!python/object/apply:os.system ['true']").data == {"a": ["true"]}


def test_an_alias_bomb_costs_nothing() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
        f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a}]"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(FileError):
        read("f.yml", bomb)
