"""Running a text as an SST config, for the tests: what it gives and what it records."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.deployment import Context
from policy_bot.sst.heap import Arr, Closure, Instance, Obj, Output, Property
from policy_bot.sst.interpreter import Interpreter
from policy_bot.sst.limits import Limits
from policy_bot.sst.recording import Recording
from policy_bot.sst.source import MemoryTree
from policy_bot.sst.values import AbstractValue, Known, OneOf, OptionalItem, Unknown

HERE = Path(__file__).parent
PRODUCTION = Context("production")


def examples(name: str) -> list[Any]:
    """The examples of a file next to the tests: blocks of `// => expected` and the program that gives it."""
    blocks = re.split(r"^// => ", (HERE / name).read_text(), flags=re.MULTILINE)[1:]
    pairs = [block.partition("\n") for block in blocks]
    return [
        pytest.param(body.strip(), json.loads(expected), id=body.split("\n")[0][:60])
        for expected, _, body in pairs
    ]


def record(
    body: str,
    files: Mapping[str, str] | None = None,
    context: Context = PRODUCTION,
    limits: Limits | None = None,
    before: str = "",
    app: str = 'return { name: "app", home: "aws" };',
) -> Recording:
    """The recording of a config whose `run()` has this body."""
    config = (
        f"{before}\nexport default $config({{\n  app(input) {{ {app} }},\n  async run() {{\n{body}\n}} }});\n"
    )
    tree = {"sst.config.ts": config.encode()} | {path: text.encode() for path, text in (files or {}).items()}
    return Interpreter(MemoryTree(tree), "sst.config.ts", limits).run(context)


def result_of(body: str, **given: Any) -> Any:
    """What `run()` returns, as plain data."""
    return plain(record(body, **given).outputs)


def plain(abstract: AbstractValue | OptionalItem) -> Any:
    """An abstract value as plain data: `$unknown`, `$oneOf` and the like for what has no plain form."""
    if isinstance(abstract, OptionalItem):
        return {"$perhaps": plain(abstract.value)}
    if isinstance(abstract, Unknown):
        return {"$unknown": str(abstract.reason)}
    if isinstance(abstract, OneOf):
        return {"$oneOf": [plain(choice) for choice in abstract.choices]}
    data = abstract.data
    if isinstance(data, Obj):
        rest = {"...": plain(data.rest)} if data.rest is not None else {}
        return {key: plain(value) for key, value in data.props.items()} | rest
    if isinstance(data, Arr):
        return [plain(item) for item in data.items] + (
            [{"...": str(data.open.reason)}] if data.open is not None else []
        )
    if isinstance(data, Output):
        return {"$output": plain(data.inner)}
    if isinstance(data, Instance):
        return f"<{data.type}>"
    if isinstance(data, Property):
        return f"<{data.instance.type}.{data.path}>"
    if isinstance(data, Closure):
        return "<function>"
    if data is UNDEFINED:
        return "$undefined"
    if isinstance(data, float) and (math.isnan(data) or math.isinf(data)):
        return "$NaN" if math.isnan(data) else None
    assert isinstance(abstract, Known)
    return data
