from __future__ import annotations

import re

import jsonschema
import yaml

from policy_bot.policy import builtin, pages
from policy_bot.policy.editorschema import policy_schema
from policy_bot.policy.expression import compile_expression
from policy_bot.policy.functions import OFFERED
from policy_bot.policy.page import check, front
from policy_bot.sst.shape import SHAPES
from tests.policies.test_packs import FILES, ROOT

SCHEMA = policy_schema()


def test_the_schema_admits_every_shipped_policy() -> None:
    for text in FILES.values():
        matter = front(text)
        assert matter is not None
        jsonschema.validate(yaml.safe_load(matter), SCHEMA)


def test_the_schema_refuses_a_misspelt_key() -> None:
    validator = jsonschema.Draft7Validator(SCHEMA)
    assert list(validator.iter_errors({"title": "Something bad", "severity": "error", "sinse": "0.1.0"}))


def test_a_page_shows_its_cases_as_a_reader_wants_them() -> None:
    [policy] = [policy for policy in builtin.load() if policy.id == "streaming/v2-experimental"]
    text = pages.page(policy)
    assert text.startswith("# streaming/v2-experimental\n")
    assert "| error | high | recommended, guide | yes | `>=2.43.0` |" in text
    assert "// ✗ no effect" in text
    assert "```ts\n// open-next.config.ts\n" in text
    assert "// fail" not in text
    assert "## Cases" not in text


def test_the_index_has_every_policy() -> None:
    text = pages.index(builtin.load())
    assert all(f"[`{policy.id}`]({policy.id}.md)" in text for policy in builtin.load())


def test_the_guide_has_every_fact_and_every_function() -> None:
    stale = "<!-- {0}: generated -->\nstale words\n<!-- end of {0} -->\n"
    text = pages.with_tables(f"before\n{stale.format('functions')}between\n{stale.format('facts')}after\n")
    assert text.startswith("before\n")
    assert "\nbetween\n" in text
    assert text.endswith("after\n")
    assert "stale words" not in text
    assert all(f"| `{name}` |" in text for shape in SHAPES.values() for name in shape)
    assert all(f"| `{name}` |" in text for name in OFFERED)


def test_the_worked_rules_of_the_guide_compile() -> None:
    text = (ROOT / "policies/README.md").read_text()
    rules = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(when:.*?)```", text, re.DOTALL)]
    assert len(rules) == 3
    for rule in rules:
        for claim in rule.values():
            compile_expression(claim, "function", {"least": "int", "prefixes": "list"})


def test_headings_are_checked() -> None:
    page = "---\n---\n## What it does\n## Why it is bad\n## Example\n## Use instead\n"
    assert list(check(page, False, False)) == []
    assert [what for _, what, _ in check(page, True, True)] == ["the page lacks `## Options`, `## Fix`"]
    inside = page.replace("## Example\n", "```ts\n## Example\n```\n")
    assert [what for _, what, _ in check(inside, False, False)] == ["the page lacks `## Example`"]
