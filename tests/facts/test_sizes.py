"""Memory and processor of a function: written, defaulted, set by a transform, hidden."""

from __future__ import annotations

import pytest

from tests.facts.program import V3, V4, Fact, cases, holds, name_of

A = 'new sst.aws.Function("A", { handler: "a.h", %s });'


def size(memory: object, architecture: object = "x86_64") -> dict[str, dict[str, object]]:
    return {"A": {"memory": memory, "architecture": architecture}}


RAW = '$transform(aws.lambda.Function, (args) => { args.memorySize = 256; args.architectures = ["arm64"] });'
TIMED = "$transform(aws.lambda.Function, (args) => { args.timeout = 60 });"
FACTS = [
    Fact(A % "", facts=size(1024)),
    Fact(A % 'memory: "512 MB", architecture: "arm64"', facts=size(512, "arm64")),
    Fact(A % 'memory: "2 GB", architecture: "x86_64"', facts=size(2048)),
    Fact(A % 'memory: "1.5 GB"', facts=size(1536)),
    Fact(A % 'memory: $app.stage === "production" ? "3 GB" : "1 GB"', facts=size(3072)),
    Fact('$transform(sst.aws.Function, (a) => { a.memory ??= "4 GB" });' + A % "", facts=size(4096)),
    Fact(A % "transform: { function: { memorySize: 3008 } }", facts=size(3008)),
    Fact(A % "transform: { function: (args) => { args.timeout = 60 } }", facts=size(1024)),
    Fact(RAW + A % 'memory: "2 GB"', facts=size(256, "arm64")),
    Fact(TIMED + A % 'memory: "2 GB"', facts=size(2048)),
    Fact(
        A % "memory: process.env.M as any",
        facts=size({"unknown": "process.env.M is set outside the repository"}),
    ),
    Fact(
        A % 'memory: "2048"',
        facts=size({"unknown": "SST stops here: Invalid size 2048"}),
        crash="Invalid size 2048",
    ),
    Fact('new aws.lambda.Function("A", { handler: "a.h", memorySize: 512 });', facts=size(512)),
    Fact('new aws.lambda.Function("A", { handler: "a.h" });', facts=size(128)),
]


@pytest.mark.parametrize(("fact", "version"), cases(FACTS), ids=name_of)
def test_size(fact: Fact, version: str) -> None:
    assert version in (V3, V4)
    holds(fact, version)
