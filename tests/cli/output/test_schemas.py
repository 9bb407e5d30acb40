"""Each JSON document keeps to the JSON Schema that is published for it."""

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from policy_bot.cli.main import main
from policy_bot.cli.output import json as json_format
from tests.cli.examples import BROKEN, CLEAN, EMPTY, MIXED, ON_TRIAL
from tests.cli.test_main import CONFIG

DOCS = Path(__file__).parents[3] / "docs"


def valid(document: str, name: str) -> None:
    schema = json.loads((DOCS / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith(f"/{name}.schema.json")
    jsonschema.validate(json.loads(document), schema)


ORGANISATION = """\
mode: evaluate
policies:
  timeout/too-short: {enforce-from: 2999-01-01, parameters: {least: 600}}
allow: [timeout/*]
lock: [timeout/too-short.least]
select:
  - where: {repositories: [w*]}
    unknown: fail
approvers: ["@acme/all"]
waivers:
  - {policy: ops/logging, repository: w, path: a, reason: r, expires: 2020-01-01, approved-by: "@acme/all"}
"""
REPOSITORY = """\
stages: [qa]
policies:
  timeout/too-short: {parameters: {least: 60, stages: [qa]}}
waivers:
  - {policy: timeout/lambda-max, path: a, reason: r, expires: 2999-01-01, approved-by: "@acme/platform"}
"""


def objects(schema: object) -> Iterator[dict[str, object]]:
    """Every description of an object with named fields in a schema."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for part in schema.values():
            yield from objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects(part)


@pytest.mark.parametrize("name", ["check", "inspect", "settings-report", "audit", "policies"])
def test_a_schema_names_every_field(name: str) -> None:
    schema = json.loads((DOCS / f"{name}.schema.json").read_text())
    assert all(each.get("additionalProperties") is False for each in objects(schema))


@pytest.mark.parametrize("report", [BROKEN, CLEAN, EMPTY, MIXED, ON_TRIAL])
def test_check(report: json_format.Report) -> None:
    valid(json_format.render(report), "check")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("check --format json", "check"),
        ("inspect --format json", "inspect"),
        ("settings --format json", "settings-report"),
        ("settings --format json --organisation ../org", "settings-report"),
        ("explain --format json", "policies"),
        ("explain timeout/too-short --format json", "policies"),
        ("check --format json ../web --organisation ../org", "check"),
        ("check --format json --dev --stage qa", "check"),
        ("inspect --format json --dev --stage qa", "inspect"),
    ],
)
def test_what_a_command_prints(
    words: str,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "org").mkdir()
    (tmp_path / "org/policy-bot.yml").write_text(ORGANISATION)
    (tmp_path / "web/.github").mkdir(parents=True)
    (tmp_path / "web/.github/policy-bot.yml").write_text(REPOSITORY)
    (tmp_path / "web/sst.config.ts").write_text(CONFIG.replace("url: true", "url: process.env.U"))
    monkeypatch.chdir(tmp_path / "web")
    main(words.split())
    valid(capsys.readouterr().out, name)


def test_a_document_with_a_wrong_field_is_refused() -> None:
    document = json.loads(json_format.render(MIXED))
    document["projects"][0]["findings"][0]["verdict"] = "maybe"
    with pytest.raises(jsonschema.ValidationError):
        valid(json.dumps(document), "check")
