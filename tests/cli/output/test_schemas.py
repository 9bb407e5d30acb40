"""Each JSON document keeps to the JSON Schema that is published for it."""

import json
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


@pytest.mark.parametrize("report", [BROKEN, CLEAN, EMPTY, MIXED, ON_TRIAL])
def test_check(report: json_format.Report) -> None:
    valid(json_format.render(report), "check")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("check --format json", "check"),
        ("inspect --format json", "inspect"),
        ("settings --format json", "settings-report"),
    ],
)
def test_what_a_command_prints(
    words: str,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "sst.config.ts").write_text(CONFIG.replace("url: true", "url: process.env.U"))
    monkeypatch.chdir(tmp_path)
    main(words.split())
    valid(capsys.readouterr().out, name)


def test_a_document_with_a_wrong_field_is_refused() -> None:
    document = json.loads(json_format.render(MIXED))
    document["projects"][0]["findings"][0]["verdict"] = "maybe"
    with pytest.raises(jsonschema.ValidationError):
        valid(json.dumps(document), "check")
