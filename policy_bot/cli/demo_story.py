"""Contents of the demo: a config, a pull request that breaks it in several ways, and its fix."""

from __future__ import annotations

BEFORE = """\
/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    return {
      name: "shop",
      home: "aws",
      removal: input?.stage === "production" ? "retain" : "remove",
      protect: ["production"].includes(input?.stage),
    };
  },
  async run() {
    new sst.aws.Bucket("Uploads");
  },
});
"""

WRONG = """\
/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app(input) {
    return {
      name: "shop",
      home: "aws",
      removal: input?.stage === "production" ? "retain" : "remove",
      protect: ["production"].includes(input?.stage),
      streaming: true,
    };
  },
  async run() {
    new sst.aws.Bucket("Uploads");

    new sst.aws.Function("Chat", {
      handler: "src/chat.handler",
      url: true,
      streaming: !$dev,
      timeout: "60 seconds",
    });
    new sst.aws.Function("Report", {
      handler: "src/report.handler",
      timeout: 300,
    });
    new sst.aws.Function("Export", {
      handler: "src/export.handler",
      timeout: "20 minutes",
    });
    new sst.aws.Function("Summary", {
      handler: "src/summary.handler",
      url: true,
      streaming: !$dev,
      timeout: process.env.TIMEOUT,
    });
  },
});
"""

FIXED = (
    WRONG.replace("      streaming: true,\n", "")
    .replace('"60 seconds"', '"5 minutes"')
    .replace("timeout: 300,", 'timeout: "300 seconds",')
    .replace('"20 minutes"', '"15 minutes"')
    .replace("process.env.TIMEOUT", '"5 minutes"')
)

PACKAGE = '{ "name": "shop", "private": true, "dependencies": { "sst": "3.17.14" } }\n'

TITLE = "Stream the answers of the chat"
BODY = """\
The chat answers word by word now. Besides:

- a report and an export, both long
- a summary whose timeout comes from the environment
"""

WRONG_LINES = {line: WRONG.splitlines().index(line) + 1 for line in (
    "      streaming: true,",
    '      timeout: "60 seconds",',
    "      timeout: 300,",
    '      timeout: "20 minutes",',
)}  # fmt: skip
"""Text of the lines that must get a comment."""

HIDDEN_LINE = WRONG.splitlines().index("      timeout: process.env.TIMEOUT,") + 1
"""The line whose timeout is unknown: the check names it but does not fail because of it."""

NOW = (
    "This is the demo. Read the comments, then press Enter in the terminal to push the fix, or apply the"
    " suggestions here. Ctrl+C in the terminal ends it."
)
"""Text that the pages show while the pull request is wrong."""

AFTERWARDS = "This is the demo. Merge the pull request if you like; Ctrl+C in the terminal ends it."
"""Text of the check after the fix."""
