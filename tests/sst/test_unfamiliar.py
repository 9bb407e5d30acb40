"""What SST is asked for and the catalog does not have is unknown, never nothing; a near name is offered."""

from __future__ import annotations

import pytest

from policy_bot.sst.deployment import Context
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree

CONFIG = 'export default $config({ app() { return { name: "a", home: "aws" } }, async run() {\n%s\n} });\n'


def unknown(body: str) -> list[str]:
    tree = MemoryTree({"sst.config.ts": (CONFIG % body).encode()})
    [context] = read_project(tree, "sst.config.ts", [Context("production")]).contexts
    unseen = [subject.name for subject in context.subjects if subject.kind == "unseen"]
    assert unseen == [str(spot.reason) for spot in context.unknown]
    return unseen


@pytest.mark.parametrize(
    ("body", "called", "meant"),
    [
        ('new sst.aws.Functon("F", { handler: "a.h" })', "sst.aws.Functon", "sst.aws.Function"),
        ('new sst.aws.function("F", { handler: "a.h" })', "sst.aws.function", "sst.aws.Function"),
        ('sst.aws.Bukket.subscribe("name", "a.h")', "sst.aws.Bukket", "sst.aws.Bucket"),
        (
            'new sst.cloudflare.Workr("W", { handler: "a.ts" })',
            "sst.cloudflare.Workr",
            "sst.cloudflare.Worker",
        ),
    ],
)
def test_a_component_that_sst_does_not_have(body: str, called: str, meant: str) -> None:
    [reason] = unknown(body)
    assert f"`{called}`" in reason
    assert f"did you mean `{meant}`?" in reason


def test_a_component_of_a_newer_release() -> None:
    [reason] = unknown('new sst.aws.Teleporter("T", { subscriber: "a.handler" });')
    assert "sst.aws.Teleporter" in reason
    assert "did you mean" not in reason


def test_a_method_of_a_newer_release_that_is_given_a_function() -> None:
    [reason] = unknown('new sst.aws.Queue("Q").subscribeTwice("a.handler");')
    assert "sst.aws.Queue.subscribeTwice" in reason


def test_what_the_catalog_has_is_followed() -> None:
    assert (
        unknown('new sst.aws.Queue("Q").subscribe("a.handler"); new sst.aws.ApiGatewayV1("A").deploy();')
        == []
    )
