"""Questions and their answers cross the pipe whole."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import Any, get_args, get_type_hints

import pytest

from policy_bot.isolation import InProcess, Reader, ReaderProcess, codec
from policy_bot.isolation.answering import Answering
from policy_bot.isolation.asking import judged
from policy_bot.isolation.questions import packing
from policy_bot.isolation.questions.projects import JudgeProject, ProveFixes
from policy_bot.policy import builtin, changes, yamltext
from policy_bot.policy.engine import Judge
from policy_bot.policy.settings import Settings
from policy_bot.review.fixes import is_fixable
from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.source import MemoryTree, SourceTree
from policy_bot.sst.span import Span
from tests.flows.configs import PACKAGE, config

packing.learn_more()
APART = {Span, Judge}
"""Spans have rows of their own; a judge is sent by the digest of its rules."""


def _records(hint: object) -> Iterator[type]:
    """The records that a type hint names, its parts included."""
    for part in get_args(hint):
        yield from _records(part)
    if isinstance(hint, type) and codec._parts(hint):
        yield hint


@pytest.mark.parametrize("cls", codec._PROJECT.fields, ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_whatever_a_record_holds_can_be_sent_too(cls: Any) -> None:
    names = {**vars(yamltext), **vars(changes), **vars(packing), **vars(sys.modules[cls.__module__])}
    held = {each for hint in get_type_hints(cls, names).values() for each in _records(hint)}
    assert held - APART <= codec._PROJECT.fields.keys()


def test_findings_cross_the_pipe_as_they_were() -> None:
    source = config('streaming: true,\n      timeout: "60 seconds"')
    tree = MemoryTree({"sst.config.ts": source.encode(), "package.json": PACKAGE.encode()})
    judge = Judge(builtin.load(), Settings())

    def found(reader: Reader) -> object:
        with reader:
            return judged(reader, tree, JudgeProject("sst.config.ts", judge)).judgement.findings

    assert found(ReaderProcess()) == found(InProcess()) != ()


def test_a_judgement_alone_says_which_findings_have_no_fix_to_prove() -> None:
    """It takes no second reading. What can be written is left to `ProveFixes`."""
    judge, reads = Judge(builtin.load(), Settings.default()), list[str]()
    chat = (
        'new sst.aws.Function("Chat", { handler: "a.b", url: true, streaming: true, timeout: "9 seconds" });'
    )
    site = 'new sst.aws.Nextjs("Web", { server: { timeout: "60 seconds" } });'  # which SST 3.9 does not read
    text = (
        f"export default $config({{ app: () => ({{ name: 'a', home: 'aws' }}), run() {{ {chat} {site} }} }});"
    )
    package = '{"dependencies": {"sst": "3.9.0"}}'
    tree = MemoryTree({"sst.config.ts": text.encode(), "package.json": package.encode()})

    def read(tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        reads.append(path)
        return InProcess().read(tree, path, contexts)

    at = Answering(tree, read, nullcontext)
    answer = JudgeProject("sst.config.ts", judge, drafts=True).answered(at)
    fixable = {each.policy for each in answer.judgement.findings if is_fixable(each, judge)}
    assert fixable > {"timeout/too-short", "timeout/ignored-key"}
    assert [name.partition(":")[0] for name in answer.unwritable] == ["timeout/ignored-key"]
    assert reads == ["sst.config.ts"]


def test_no_fix_is_tried_once_the_time_is_over() -> None:
    judge = Judge(builtin.load(), Settings.default())
    arguments = '{ handler: "a.b", url: true, streaming: true, timeout: "9 seconds" }'
    chats = "".join(f'new sst.aws.Function("F{number}", {arguments});' for number in range(3))
    text = (
        f"export default $config({{ app: () => ({{ name: 'a', home: 'aws' }}), async run() {{ {chats} }} }});"
    )
    tree = MemoryTree({"sst.config.ts": text.encode()})
    wanted = {finding.fingerprint for finding in judge([InProcess().read(tree, "sst.config.ts")]).findings}
    going = iter([True, True, False])
    at = Answering(tree, InProcess().read, nullcontext, lambda: next(going))
    tried = ProveFixes("sst.config.ts", judge, frozenset(wanted)).answered(at)
    assert len(tried) == 2
    assert all(fix is not None for each in tried.values() for fix in each.fixes)
