// Starts `policy-bot lsp` for each folder of the workspace and shows what it reports.
"use strict";

const path = require("node:path");
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const LANGUAGES = ["typescript", "javascript", "yaml", "markdown"];
const clients = new Map(); // by the folder's URI
let log;

function command(folder) {
  const [program, ...words] = vscode.workspace.getConfiguration("policyBot", folder).get("command");
  const isPath = program.includes("/") || program.includes("\\");
  return { command: isPath ? path.resolve(folder.uri.fsPath, program) : program, args: words };
}

async function start(folder) {
  const key = folder.uri.toString();
  if (folder.uri.scheme !== "file" || clients.has(key)) return;
  const client = new LanguageClient(
    "policyBot",
    `policy-bot (${folder.name})`,
    { ...command(folder), options: { cwd: folder.uri.fsPath } },
    {
      documentSelector: LANGUAGES.map((language) => ({
        scheme: "file",
        language,
        pattern: `${folder.uri.fsPath}/**`,
      })),
      workspaceFolder: folder,
      outputChannel: log,
    },
  );
  clients.set(key, client);
  try {
    await client.start();
  } catch (error) {
    clients.delete(key);
    const reason = String(error?.message ?? error).replace(/\.$/, ""); // a missing command is a string
    const hint = "Install it with `pip install 'policy-bot[lsp]'`, or set `policyBot.command`.";
    vscode.window.showErrorMessage(`policy-bot could not be started: ${reason}. ${hint}`);
  }
}

async function stop(folder) {
  const key = folder.uri.toString();
  const client = clients.get(key);
  clients.delete(key);
  if (client) await client.stop();
}

async function restart() {
  const folders = vscode.workspace.workspaceFolders ?? [];
  await Promise.all(folders.map(stop));
  await Promise.all(folders.map(start));
}

async function activate(context) {
  log = vscode.window.createOutputChannel("policy-bot");
  context.subscriptions.push(
    log,
    vscode.commands.registerCommand("policyBot.restart", restart),
    vscode.commands.registerCommand("policyBot.showLog", () => log.show()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("policyBot.command")) return restart();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
      await Promise.all([...removed.map(stop), ...added.map(start)]);
    }),
  );
  await restart();
}

async function deactivate() {
  await Promise.all((vscode.workspace.workspaceFolders ?? []).map(stop));
}

module.exports = { activate, deactivate };
