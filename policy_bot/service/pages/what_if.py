"""What-if: reads and judges a pasted config as if it were in a pull request, and stores nothing.

The config is as hostile as any repository's, so a reading process reads it. One at a time: others are asked
to try again. The permanent link contains the input.
"""

from __future__ import annotations

import base64
import binascii
import difflib
import json
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from policy_bot.isolation.asking import judged, proved_fixes
from policy_bot.isolation.questions.projects import JudgeProject
from policy_bot.isolation.reader import Reader
from policy_bot.policy import builtin
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Finding, Fix, Judgement
from policy_bot.policy.inforce import in_force
from policy_bot.policy.layers import RepositoryTraits
from policy_bot.policy.revision import Revision
from policy_bot.record import replace
from policy_bot.review.fixes import is_fixable
from policy_bot.service.audit import in_words
from policy_bot.service.pages.access import Access
from policy_bot.sst.deployment import Function, Project
from policy_bot.sst.source import MemoryTree

LARGEST = 64 * 1024
"""Maximum characters of all files together."""
LONGEST_LINK = 6_000
"""Maximum characters of a permanent link that proxies and browsers accept."""
CONFIG = "sst.config.ts"
PROFILES = ("recommended", "guide")
EXAMPLE = """\
export default $config({
  app: () => ({ name: "shop", home: "aws" }),
  async run() {
    new sst.aws.Function("Chat", {
      handler: "chat.handler",
      url: true,
      streaming: true,
      timeout: $app.stage === "production" ? "60 seconds" : "300 seconds",
    });
  },
});
"""


@dataclass(frozen=True)
class WhatIfInput:
    """The input. A line `// file: path` in the text begins another file."""

    text: str = EXAMPLE
    version: str = ""
    stage: str = ""
    profile: str = "recommended"

    @property
    def files(self) -> dict[str, bytes]:
        """The files by path; the first one is the config."""
        files: dict[str, list[str]] = {CONFIG: []}
        path = CONFIG
        for line in self.text.splitlines():
            if line.startswith("// file:"):
                path = line.removeprefix("// file:").strip() or path
            files.setdefault(path, []).append(line)
        found = {path: "\n".join(lines).encode() for path, lines in files.items()}
        if self.version:
            found.setdefault("package.json", json.dumps({"dependencies": {"sst": self.version}}).encode())
        return found

    @property
    def link(self) -> str:
        """The input encoded for an address; "" if it is too long."""
        packed = zlib.compress(json.dumps([self.text, self.version, self.stage, self.profile]).encode(), 9)
        text = base64.urlsafe_b64encode(packed).decode().rstrip("=")
        return text if len(text) <= LONGEST_LINK else ""

    @staticmethod
    def of(link: str) -> WhatIfInput | None:
        """Decodes the input in an address; None if it is invalid."""
        try:
            packed = base64.urlsafe_b64decode(link + "=" * (-len(link) % 4))
            text, version, stage, profile = json.loads(zlib.decompressobj().decompress(packed, 2 * LARGEST))
        except (ValueError, TypeError, binascii.Error, zlib.error, RecursionError):
            return None
        return _checked(text, version, stage, profile)


def _checked(text: object, version: object, stage: object, profile: object) -> WhatIfInput | None:
    if not (isinstance(text, str) and isinstance(version, str) and isinstance(stage, str)):
        return None
    if len(text) > LARGEST or len(version) > 40 or len(stage) > 64 or profile not in PROFILES:
        return None
    return WhatIfInput(text, version.strip(), stage.strip(), str(profile))


@dataclass(frozen=True)
class WhatIfResult:
    """The result."""

    judgement: Judgement
    project: Project
    diffs: Mapping[str, str]
    """By fingerprint: the first proved fix as a unified diff."""

    @property
    def functions(self) -> list[tuple[str, str, list[tuple[str, str, str, str]]]]:
        """Each function: its source form, its name, and a row of values for each context."""
        rows: dict[tuple[str, str], list[tuple[str, str, str, str]]] = {}
        for deployment in self.project.contexts:
            for function in deployment.functions:
                rows.setdefault((_entry(function), in_words(function.name)), []).append(
                    (
                        str(deployment.context),
                        in_words(function.effective.get("timeout_seconds")),
                        in_words(function.effective.get("streaming")),
                        in_words(function.effective.get("url")),
                    )
                )
        return [(entry, name, values) for (entry, name), values in rows.items()]


class WhatIf:
    """Reads and judges one input at a time."""

    def __init__(self, reader: Callable[[], Reader], today: Callable[[], date]) -> None:
        self._make, self._today = reader, today
        self._turn = threading.Lock()

    def __call__(self, given: WhatIfInput) -> WhatIfResult | None:
        """Judges an input; None while another one is being judged."""
        if not self._turn.acquire(blocking=False):
            return None
        try:
            with self._make() as reader:
                return self._tried(given, reader)
        finally:
            self._turn.release()

    def _tried(self, given: WhatIfInput, reader: Reader) -> WhatIfResult:
        tree, judge = MemoryTree(given.files), self._judge(given)
        found = judged(reader, tree, JudgeProject(CONFIG, judge, functions=True))
        fixable = frozenset(each.fingerprint for each in found.judgement.findings if is_fixable(each, judge))
        fixes = proved_fixes(reader, tree, CONFIG, judge, fixable) if fixable else {}
        findings = tuple(
            replace(each, fixes=fixes.get(each.fingerprint, ())) for each in found.judgement.findings
        )
        judgement = replace(found.judgement, findings=findings)
        return WhatIfResult(judgement, found.project, dict(_diffs(findings, given.files)))

    def _judge(self, given: WhatIfInput) -> Judge:
        stages = f"stages: [{json.dumps(given.stage)}]\n" if given.stage else ""
        revision = Revision.of({"policy-bot.yml": f"extends: {given.profile}\n{stages}".encode()})
        found = in_force(
            revision, None, RepositoryTraits("example", frozenset(), ""), builtin.load(), self._today()
        )
        return Judge(found.policies, found.settings)


def blueprint(access: Access, what_if: WhatIf) -> Blueprint:
    """`/what-if`."""
    pages = Blueprint("what_if", __name__, template_folder="templates")

    @pages.get("/what-if")
    def ask() -> str:
        access.required()
        link = request.args.get("input")
        if link is None:
            return _page(WhatIfInput(), None)
        given = WhatIfInput.of(link)
        if given is None:
            abort(400, "This link is damaged: it contains no config.")
        return _page(given, _result(given))

    @pages.post("/what-if")
    def answer() -> str | Response:
        access.required()
        form = request.form
        given = _checked(
            form.get("text", "").replace("\r\n", "\n"),
            form.get("version", ""),
            form.get("stage", ""),
            form.get("profile", ""),
        )
        if given is None:
            abort(400, f"Give a config of at most {LARGEST // 1024} KiB.")
        if given.link:
            return redirect(url_for("what_if.ask", input=given.link), 303)
        return _page(given, _result(given))

    def _result(given: WhatIfInput) -> WhatIfResult:
        tried = what_if(given)
        if tried is None:
            abort(503, "Another config is being read; try again in a few seconds.")
        return tried

    def _page(given: WhatIfInput, tried: WhatIfResult | None) -> str:
        return render_template("pages/what_if.html", given=given, tried=tried, profiles=PROFILES)

    return pages


def _entry(function: Function) -> str:
    if function.via == "component":
        return "URL" if in_words(function.effective.get("url")) == "yes" else "component"
    return f"{in_words(function.owner_name)} {function.via}"


def _diffs(findings: Sequence[Finding], files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for finding in findings:
        for fix in finding.fixes[:1]:
            yield finding.fingerprint, "".join(_diff(fix, files))


def _diff(fix: Fix, files: Mapping[str, bytes]) -> Iterator[str]:
    for path in sorted({edit.path for edit in fix.edits}):
        before = after = files.get(path, b"")
        for edit in sorted(fix.edits, key=lambda each: -each.start):
            if edit.path == path:
                after = after[: edit.start] + edit.text.encode() + after[edit.end :]
        old, new = (text.decode("utf-8", "replace").splitlines(keepends=True) for text in (before, after))
        yield from (f"{line.rstrip()}\n" for line in difflib.unified_diff(old, new, path, path, n=2))
