"""The data on arguments: derived as SST declares them, and right about what is known of single releases."""

from __future__ import annotations

import pytest

from policy_bot.sst.catalog import arguments as catalog
from policy_bot.sst.catalog.lambdas import COMPONENTS
from tests.facts.sst_types import Module, Release, read_module

SOURCE = {
    "index.ts": 'export * as aws from "./aws/index.js"',
    "aws/index.ts": 'export * from "./queue.js"\nexport { Old as Renamed } from "./old.js"',
    "input.ts": "export type Input<T> = any",
    "aws/old.ts": "export class Old { constructor(name: string, args: { a?: string }) {} }",
    "aws/queue.ts": """
import { Input } from "../input.js"
import * as aws from "@pulumi/aws"
interface Outer { outer?: Input<string>; shared: { inner?: number } | boolean }
export interface QueueArgs extends Omit<Outer, "outer"> {
  fifo?: Input<boolean | { dedupe?: Input<boolean> }>
  tags?: Input<Record<string, Input<string>>>
  many?: Input<Input<{ item?: string }>[]>
  raw?: aws.sqs.QueueArgs
  transform?: { queue?: Transform<aws.sqs.QueueArgs> }
}
export class Queue extends Component {
  constructor(name: string, args?: QueueArgs, opts?: Options) {}
  public subscribe(handler: Input<string | { handler: string }>, args?: { batch?: number }) {}
  private hidden(args: { secret?: string }) {}
}
""",
}


@pytest.fixture
def release() -> Release:
    modules: dict[str, Module] = {path: read_module(text.encode()) for path, text in SOURCE.items()}
    return Release(modules.get)


def test_components_have_the_names_of_a_config(release: Release) -> None:
    assert [name for name, _ in release.components()] == ["sst.aws.Queue", "sst.aws.Renamed"]


def test_an_interface_has_what_it_extends_without_what_it_omits(release: Release) -> None:
    found = dict(release.components())["sst.aws.Queue"]
    assert found.arguments[0] == ["@aws/queue#QueueArgs"]
    assert sorted(release.objects["aws/queue#QueueArgs"].keys) == [
        "fifo", "many", "raw", "shared", "tags", "transform",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "form"),
    [
        ("fifo", ["b", "@aws/queue#QueueArgs&0.fifo"]),
        ("tags", [["{", ["s"]]]),
        ("many", [["[", ["@aws/queue#QueueArgs&0.many[]"]]]),
        ("raw", ["*"]),  # a type of Pulumi's: not known, so anything
    ],
)
def test_what_wraps_a_type_is_taken_off(release: Release, key: str, form: list[object]) -> None:
    dict(release.components())
    assert release.objects["aws/queue#QueueArgs"].keys[key] == form


def test_only_public_methods_are_listed(release: Release) -> None:
    assert list(dict(release.components())["sst.aws.Queue"].methods) == ["subscribe"]


FACTS = [
    # component, dotted path, first release that has it, last; where each is in SST's source
    ("sst.aws.Function", "timeout", "3.0.0", "4.17.0"),  # aws/function.ts, every tag
    ("sst.aws.Function", "url.authorization", "3.0.0", "4.17.0"),
    ("sst.aws.Function", "live", "3.0.0", "4.17.0"),  # deprecated and still honoured
    ("sst.aws.Nextjs", "server.timeout", "3.10.7", "4.17.0"),  # aws/ssr-site.ts, v3.10.7
    ("sst.aws.Nextjs", "transform.imageOptimization", "3.0.0", "3.9.44"),  # aws/nextjs.ts, to v3.9.44
    ("sst.aws.Queue", "dlq", "3.0.0", "4.17.0"),  # aws/queue.ts
    ("sst.aws.Queue", "visibilityTimeout", "3.0.0", "4.17.0"),
    ("sst.aws.Bucket", "access", "3.1.9", "4.17.0"),  # aws/bucket.ts, v3.1.9
]


@pytest.mark.parametrize(("component", "path", "first", "last"), FACTS)
def test_an_argument_exists_from_its_release_on(component: str, path: str, first: str, last: str) -> None:
    *outer, key = path.split(".")
    form = catalog.arguments(component, catalog.ALL)
    for each in outer:
        found = catalog.fields(form, catalog.ALL)
        assert found is not None
        form = found.form(each)
    assert catalog.present(form, key) == (first, last)


def test_a_release_without_a_tag_has_the_types_of_the_one_before() -> None:
    assert catalog.between("4.17.1", "4.17.1") == catalog.between("4.17.0", "4.17.0")._replace(  # type: ignore[union-attr]
        open_ended=True
    )


@pytest.mark.parametrize("version", ["2.49.8", "9.0.0", "0.0.1"])
def test_nothing_is_reported_of_releases_without_data(version: str) -> None:
    assert catalog.between(version, version) is None


def test_every_component_that_makes_functions_is_known() -> None:
    assert set(COMPONENTS) - set(catalog.components()) == {"aws.lambda.Function"}
