"""Values of a deployment as JSON: known ones directly, others as `{"$unknown": why}`, `{"$oneOf": [...]}`."""

from __future__ import annotations

import json
import math

from policy_bot.sst.deployment import Reference, Value


def plain(value: Value) -> object:
    """The value as JSON. A component is `{"$ref": type, "name": ..., "output": ...}`."""
    if value.is_known:
        return _known(value.value)
    if value.choices:
        return {"$oneOf": [_known(choice.value) for choice in value.choices]}
    return {"$unknown": str(value.reason)}


def _known(value: object) -> object:
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Reference):
        return {"$ref": value.type, "name": value.name, **({"output": value.output} if value.output else {})}
    if isinstance(value, float):
        # JSON has no NaN or infinity; a float without a fraction is written as the source's integer
        return str(value) if not math.isfinite(value) else int(value) if value.is_integer() else value
    return value


def brief(value: Value | None) -> str:
    """The value in a word or two, for a table."""
    if value is None:
        return ""
    if value.is_unknown:
        return "cannot tell"
    return " or ".join(dict.fromkeys(_word(_known(each.value)) for each in value.alternatives))


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
