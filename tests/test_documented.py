"""Every command, option and setting is documented: one that no page names is a failure."""

from __future__ import annotations

import argparse
import importlib
import re
from pathlib import Path

import pytest

from policy_bot.cli.main import COMMANDS, READING, main
from policy_bot.policy import builtin
from policy_bot.policy.inforce import understand
from policy_bot.policy.revision import Revision
from policy_bot.policy.schema import OrganisationFile, OrganisationWaiver, RepositoryFile
from policy_bot.policy.settings import LayerName
from policy_bot.service.settings import AppSettings, AuditSettings, DatabaseSettings, ServiceSettings

DOCS = Path(__file__).parents[1] / "docs"
SHARED = "Options of check, inspect and fix"


def sections(page: Path) -> dict[str, str]:
    """The parts of a page by their heading of the second level."""
    parts = re.split(r"^## (.+)$", page.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def options(command: str) -> set[str]:
    """Every long option of a command."""
    subparsers = argparse.ArgumentParser().add_subparsers()
    importlib.import_module(COMMANDS[command][0]).register(subparsers)
    actions = subparsers.choices[command]._actions
    return {option for action in actions for option in action.option_strings if option.startswith("--")} - {
        "--help"
    }


def test_the_page_has_a_section_for_each_command_and_no_other() -> None:
    assert set(sections(DOCS / "cli.md")) == {*COMMANDS, SHARED}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_option_is_on_the_page_and_each_on_the_page_exists(command: str) -> None:
    found = sections(DOCS / "cli.md")
    text = found[command] + (found[SHARED] if command in READING else "")
    assert set(re.findall(r"--[a-z][a-z-]*", text)) == options(command)


READ_BY = {
    "`serve`": ServiceSettings,
    "`web`": ServiceSettings,
    "`worker`": ServiceSettings,
    "`migrate`, `jobs`": DatabaseSettings,
    "`audit`": AuditSettings,
    "`doctor`": AppSettings,
}
"""The settings that a command loads; `test_a_command_loads_the_settings_of_its_column` compares."""


def test_the_table_says_which_command_reads_which_variable() -> None:
    text = (DOCS / "operations.md").read_text()
    header = next(line for line in text.splitlines() if line.startswith("| variable | `serve`"))
    columns = [cell.strip() for cell in header.strip("| ").split(" | ")][1:]
    rows = [line for line in text.partition(header)[2].splitlines()[2:] if line.startswith("|")][:4]
    said = {
        (variable, column): value == "yes"
        for row in rows
        for names, *values in [[cell.strip() for cell in row.strip("| ").split(" | ")]]
        for variable in re.findall(r"`(\w+)`", names)
        for column, value in zip(columns, values, strict=True)
    }
    read = {
        (field.upper(), column): field in READ_BY[column].model_fields
        for field in ServiceSettings.model_fields
        for column in columns
    }
    assert said == read


@pytest.mark.parametrize("column", READ_BY)
def test_a_command_loads_the_settings_of_its_column(column: str) -> None:
    for command in re.findall(r"`(\w+)`", column):
        source = (DOCS.parent / f"policy_bot/cli/{command}.py").read_text()
        loaded = re.search(r"configured\(args, (\w+)\)", source)
        assert (loaded[1] if loaded else "ServiceSettings") == READ_BY[column].__name__
        assert loaded or "starting(args)" in source


@pytest.mark.parametrize("field", [*ServiceSettings.model_fields])
def test_each_environment_variable_is_on_the_operators_page(field: str) -> None:
    assert f"`{field.upper()}`" in (DOCS / "operations.md").read_text()


@pytest.mark.parametrize("field", sorted({*OrganisationFile.model_fields, *RepositoryFile.model_fields}))
def test_each_setting_is_on_the_page_of_settings(field: str) -> None:
    assert re.search(rf"\b{field.replace('_', '-')}\b", (DOCS / "settings.md").read_text())


def blocks_of_settings() -> list[tuple[str, str]]:
    """Every example of settings in README and docs, with its page."""
    pages = [DOCS.parent / "README.md", *sorted(DOCS.glob("*.md"))]
    found = [(page.name, text) for page in pages for text in YAML.findall(page.read_text())]
    return [(name, text) for name, text in found if SETTINGS.search(text)]


YAML = re.compile(r"```ya?ml\n(.*?)```", re.DOTALL)
SETTINGS = re.compile(
    rf"^({'|'.join(field.alias or name for name, field in OrganisationFile.model_fields.items())}):",
    re.MULTILINE,
)
FILES: dict[str, LayerName] = {"policy-bot.yml": "organisation", ".github/policy-bot.yml": "repository"}


@pytest.mark.parametrize(("page", "text"), blocks_of_settings())
def test_each_example_of_settings_names_its_file_and_is_good_there(page: str, text: str) -> None:
    path = text.split(",", maxsplit=1)[0].removeprefix("# ")
    assert path in FILES, f"{page}: the first line says which file it is"
    revision = Revision.of({path: text.encode()}, path.rpartition("/")[0])
    understand(revision, FILES[path], builtin.load())


def test_the_page_of_settings_has_an_example_of_either_file() -> None:
    firsts = {text.split(",")[0] for page, text in blocks_of_settings() if page == "settings.md"}
    assert firsts == {f"# {path}" for path in FILES}


@pytest.mark.parametrize(
    "key", [field.alias or name for name, field in OrganisationWaiver.model_fields.items()]
)
def test_each_key_of_a_waiver_is_in_the_table(key: str) -> None:
    assert f"\n| `{key}` | " in sections(DOCS / "settings.md")["Waivers"]


def test_each_guarantee_names_a_test_that_exists() -> None:
    text = (DOCS / "guarantees.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 8
    for row in rows:
        names = re.findall(r"`(tests/[^`]+)`", row)
        assert names, row
        for name in names:
            path, _, function = name.partition("::")
            assert f"def {function}(" in (DOCS.parent / path).read_text() or not function, name


def test_each_test_that_a_page_names_exists() -> None:
    for page in [*DOCS.parent.glob("*.md"), *DOCS.rglob("*.md")]:
        for path in re.findall(r"`(tests/[a-z0-9_/]+\.py)", page.read_text()):
            assert (DOCS.parent / path).is_file(), f"{page.name}: {path}"


@pytest.mark.parametrize("words", [["inspect"], ["inspect", "--streams"], ["check", "--explain"]])
def test_what_the_readme_shows_is_what_the_example_gives(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (DOCS.parent / "README.md").read_text()
    [shown] = re.findall(rf"```console\n\$ policy-bot {' '.join(words)}\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(DOCS / "example")
    main(words)
    assert capsys.readouterr().out.startswith(shown)
