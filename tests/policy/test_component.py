"""Policies about any component: its arguments, and the error for an invalid path."""

from __future__ import annotations

import pytest

from policy_bot.policy.complaints import ExpressionError
from policy_bot.policy.expression import compile_expression
from policy_bot.policy.subjects import Case as Judged
from policy_bot.policy.subjects import cases
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree

CONFIG = """export default $config({
  app(input) { return { name: "app", home: "aws" } },
  async run() {
%s
  },
})
"""


def judged(body: str, name: str) -> Judged:
    """The component of that name, in production."""
    project = read_project(MemoryTree({"sst.config.ts": (CONFIG % body).encode()}), "sst.config.ts")
    return next(
        each for each in cases(project) if each.subject.kind == "component" and each.subject.name == name
    )


def answer(body: str, claim: str, name: str = "A") -> bool | None:
    case = judged(body, name)
    expression = compile_expression(claim, "component")
    values = {each: case.value(each) or case.subject.facts.get(each) for each in expression.names}
    return expression.decide({key: value for key, value in values.items() if value is not None}).value


BUCKET = 'new sst.aws.Bucket("A", %s)'


@pytest.mark.parametrize(
    ("args", "claim", "expected"),
    [
        ("{ access: 'public' }", 'args.access == "public"', True),
        ("{}", 'args.access == "public"', False),
        ("{ access: process.env.A }", 'args.access == "public"', None),
        ("{ access: process.env.A }", 'args.versioning == true', False),  # its neighbour is known
        ("{ access: process.env.A ? 'public' : 'cloudfront' }", "has(args.access)", True),
        ("{ access: process.env.A ? 'public' : undefined }", "has(args.access)", None),
        ("{ ...process.env.A }", "has(args.access)", None),
        ("undefined", "has(args.access)", False),
        ("{ cors: { allowOrigins: ['*', process.env.A] } }", '"*" in args.cors.allowOrigins', None),
        ("{ cors: { allowOrigins: ['*'] } }", '"*" in args.cors.allowOrigins', True),
        ("{ cors: false }", "has(args.cors.allowOrigins)", False),
        ("{ cors: false }", "!has(args.cors.allowOrigins) && has(args.cors)", True),
        ("{ access: 'public' }", 'type == "sst.aws.Bucket" && provider == "sst"', True),
    ],
)  # fmt: skip
def test_an_argument_is_known_or_unknown_by_itself(args: str, claim: str, expected: bool | None) -> None:
    assert answer(BUCKET % args, claim) is expected


@pytest.mark.parametrize("arguments", ['("A")', '("A", undefined)', '("A", "public")'])
def test_arguments_that_are_missing_or_no_object_have_no_keys(arguments: str) -> None:
    body = f"new sst.aws.Bucket{arguments}"
    assert judged(body, "A").subject.facts["args"].value == {}
    assert answer(body, "has(args.access)") is False


def test_a_transform_is_seen() -> None:
    body = """$transform(sst.aws.Bucket, (args) => { args.access = "public" })
    new sst.aws.Bucket("A")"""
    assert answer(body, 'args.access == "public"') is True


def test_a_resource_of_pulumi_and_what_it_refers_to() -> None:
    body = """const key = new aws.kms.Key("K", { enableKeyRotation: true })
    new aws.s3.Bucket("A", { acl: "public-read", key: key.arn })"""
    claim = 'type == "aws.s3.Bucket" && args.acl == "public-read" && args.key.type == "aws.kms.Key"'
    assert answer(body, claim) is True
    assert answer(body, '"aws.kms.Key/K" in references') is True


COMPONENTS = """const q = new sst.aws.Queue("Q", { dlq: "arn" })
    new sst.aws.Bucket("A", %s)
    %s"""


@pytest.mark.parametrize(
    ("args", "more", "claim", "expected"),
    [
        ("{}", "", 'project.components.exists(c, c.type == "sst.aws.Queue" && has(c.args.dlq))', True),
        ("{}", "", 'project.components.all(c, c.type != "sst.aws.Queue" || c.args.dlq == "arn")', True),
        ("{}", "", 'project.components.exists(c, c.type == "sst.aws.Cron")', False),
        ("{}", "", "project.components.filter(c, c.provider == \"sst\").size() == 2", True),
        (
            "{ access: process.env.A }",
            "",
            'project.components.exists(c, c.type == "sst.aws.Bucket" && c.args.access == "public")',
            None,
        ),
        (
            "{}",
            "if (process.env.A) new sst.aws.Cron('C', {})",
            'project.components.exists(c, c.type == "sst.aws.Cron")',
            None,
        ),
        (
            "{}",
            "if (process.env.A) new sst.aws.Cron('C', {})",
            'project.components.exists(c, c.type == "sst.aws.Queue")',
            True,
        ),
        ("{}", "await import(process.env.X)", 'project.components.exists(c, c.type == "sst.aws.Cron")', None),
    ],
)  # fmt: skip
def test_a_relation_is_true_of_what_may_exist(
    args: str, more: str, claim: str, expected: bool | None
) -> None:
    assert answer(COMPONENTS % (args, more), claim) is expected


def test_more_components_than_are_looked_at_are_unknown() -> None:
    body = "for (let i = 0; i < 201; i++) new sst.aws.Bucket(`B${i}`)\nnew sst.aws.Bucket('A')"
    assert answer(body, 'project.components.exists(c, c.type == "sst.aws.Bucket")') is None


@pytest.mark.parametrize(
    ("claim", "column", "message", "hint"),
    [
        (
            'type == "sst.aws.Bucket" && args.acess == "public"',
            29,
            "`sst.aws.Bucket` has no argument `acess`",
            "Did you mean `args.access`?",
        ),
        (
            'has(args.vpc) && (type in ["sst.aws.Nextjs", "sst.aws.Astro"]) && args.server.timout == "x"',
            67,
            "none of these types has an argument `server.timout`",
            "Did you mean `args.server.timeout`?",
        ),
        (
            'type == "sst.aws.Bucket" && args.versioning == "yes"',
            29,
            "`args.versioning` is true or false, never a text",
            "Compare it with that.",
        ),
        (
            'project.components.exists(c, c.type == "sst.aws.Queue" && has(c.args.dql))',
            63,
            "`sst.aws.Queue` has no argument `dql`",
            "Did you mean `c.args.dlq`?",
        ),
        (
            "has(args.vpc) && foo",
            18,
            "a component has no fact `foo`",
            "`policy-bot facts component` lists them.",
        ),
    ],
)
def test_a_path_that_sst_does_not_have_is_an_error(claim: str, column: int, message: str, hint: str) -> None:
    with pytest.raises(ExpressionError) as error:
        compile_expression(claim, "component")
    assert (error.value.column, error.value.message, error.value.hint) == (column, message, hint)


@pytest.mark.parametrize(
    "claim",
    [
        'type == "aws.s3.Bucket" && args.anything == 1',  # not SST's: its types are not known
        'type == "sst.aws.Bucket" || args.anything == 1',  # the type is not bound
        'type != "sst.aws.Bucket" && args.anything == 1',
        'type == "sst.aws.Function" && args.environment.ANYTHING == "1"',  # a record
        'type == "sst.aws.Function" && args.transform.function.anything == 1',  # a type of Pulumi's
        '"args.acess" == name && type == "sst.aws.Bucket"',  # a text
    ],
)
def test_what_the_types_leave_open_is_not_checked(claim: str) -> None:
    compile_expression(claim, "component")


FUNCTION = 'new sst.aws.Function("F", { handler: "a.h", %s })'


@pytest.mark.parametrize(
    ("args", "claim"),
    [
        ("url: true", 'authorization == "none"'),
        ('url: { authorization: "iam" }', 'authorization == "iam"'),
        ("", 'authorization == "" && !vpc && environment.size() == 0 && concurrency == -1'),
        ('environment: { STRIPE_KEY: "x" }', 'environment.exists(n, n.endsWith("_KEY"))'),
        ('link: [new sst.aws.Bucket("B")]', '"sst.aws.Bucket/B" in linked'),
        ('permissions: [{ actions: ["s3:*"], resources: ["*"] }]', '"s3:*" in permissions'),
        ('vpc: new sst.aws.Vpc("V"), layers: ["a"], concurrency: { reserved: 2 }',
         "vpc && layers == 1 && concurrency == 2"),
    ],
)  # fmt: skip
def test_what_a_function_may_reach_is_a_fact(args: str, claim: str) -> None:
    project = read_project(
        MemoryTree({"sst.config.ts": (CONFIG % (FUNCTION % args)).encode()}), "sst.config.ts"
    )
    function = next(each for each in project.contexts[0].subjects if each.kind == "function")
    assert compile_expression(claim, "function").decide(function.facts).value is True
