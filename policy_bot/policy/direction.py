"""The direction in which a fact improves under a rule: evident from a comparison, or else declared.

`require: timeout >= parameters.least` requires a higher `timeout`; `when: visibility < timeout`, with nothing
required, a higher `visibility` and a lower `timeout`. A name that is compared in both directions, or inside a
negation, has no evident direction.
"""

from __future__ import annotations

import re
from typing import Literal

from policy_bot.policy.policy import Rule
from policy_bot.regex import regex

Better = Literal["", "higher", "lower"]

_COMPARED = regex(r"([A-Za-z_][A-Za-z0-9_.]{0,99}|-?[0-9]{1,20})\s{0,9}(>=|<=|>|<)\s{0,9}(-?[\w.]{1,99})")
_NAME = regex(r"[A-Za-z_]")
_OPPOSITE: dict[Better, Better] = {"higher": "lower", "lower": "higher", "": ""}


def better(rule: Rule, fact: str) -> Better:
    """The direction in which `fact` improves under the rule; "" if it is not evident."""
    if fact in rule.better:
        return rule.better[fact]
    violation = rule.require == "false"
    text = rule.when if violation else rule.require
    if "!(" in text.replace(" ", "") or "?" in text:
        return ""
    found = {_wanted(match, fact) for match in _COMPARED.finditer(text)} - {""}
    if len(found) != 1:
        return ""
    (only,) = found
    return _OPPOSITE[only] if violation else only


def _wanted(match: re.Match[str], fact: str) -> Better:
    """The directions that make a comparison true: `a >= b` needs a higher a and a lower b."""
    left, sign, right = match.groups()
    if fact == left and _NAME.match(left):
        return "higher" if sign.startswith(">") else "lower"
    if fact == right:
        return "lower" if sign.startswith(">") else "higher"
    return ""
