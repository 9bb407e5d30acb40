"""Regular expressions: only simple ones are matched, in bounded time; the result of others is unknown."""

from __future__ import annotations

import re
from collections.abc import Callable

from policy_bot.regex import regex
from policy_bot.sst.atoms import UNDEFINED, RegExp
from policy_bot.sst.heap import Arr, Closure, Cursor, Data, Native
from policy_bot.sst.interpreter.builtins.arguments import Undetermined, data_of, first, for_each_choice, text
from policy_bot.sst.interpreter.builtins.dialect import not_run, translated
from policy_bot.sst.interpreter.builtins.table import Builtin, Result, lifted, methods, pure
from policy_bot.sst.interpreter.callables import call
from policy_bot.sst.interpreter.errors import throw
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.operators import stage_seen
from policy_bot.sst.interpreter.properties import ESCAPED_IN_SOURCE
from policy_bot.sst.utf16 import joined, units
from policy_bot.sst.values import AbstractValue, Known, Placed

Pattern = re.Pattern[str]
Match = re.Match[str]


def _ready(m: Machine, pattern: Data, subject: str) -> Pattern:
    """The pattern in Python's dialect, if matching it is known to have the same result and to be cheap."""
    if not isinstance(pattern, RegExp):
        return re.compile(re.escape(text(pattern)))
    return translated(m, pattern, subject)


def _stateless(pattern: Data) -> None:
    """With `g` or `y`, `test` and `exec` begin where the last match ended, which is not modelled."""
    if isinstance(pattern, RegExp) and set(pattern.flags) & set("gy"):
        raise not_run()


def split(m: Machine, pattern: RegExp, this: str) -> list[str]:
    """`text.split(/pattern/)`."""
    ready = _ready(m, pattern, this)
    if ready.groups or any(not found[0] for found in ready.finditer(this)):
        raise not_run()
    return ready.split(this)


def search(m: Machine, this: str, pattern: Data = UNDEFINED) -> int:
    """`text.search(/pattern/)`."""
    found = _from(m, pattern, this).search(this)
    return -1 if found is None else found.start()


def _from(m: Machine, pattern: Data, this: str) -> Pattern:
    """`search` and `match` convert a string to a regular expression."""
    if isinstance(pattern, RegExp):
        return _ready(m, pattern, this)
    return _ready(m, RegExp("(?:)" if pattern is UNDEFINED else text(pattern), ""), this)


def match(m: Machine, this: str, pattern: Data = UNDEFINED) -> Result:
    """`text.match(/pattern/)`: null, the groups, or with `g` all matches."""
    ready = _from(m, pattern, this)
    if isinstance(pattern, RegExp) and "g" in pattern.flags:
        return [found[0] for found in ready.finditer(this)] or None
    _stateless(pattern)
    found = ready.search(this)
    return None if found is None else _match_array(found, this)


def match_all(m: Machine, this: str, pattern: Data = UNDEFINED) -> AbstractValue:
    """`text.matchAll(/pattern/g)`."""
    if isinstance(pattern, RegExp) and "g" not in pattern.flags:
        throw("TypeError", None)
    ready = _from(m, pattern, this)
    found = [_match_array(one, this) for one in ready.finditer(this)]
    m.allocate(len(found) * (ready.groups + 1))
    return Known(Cursor(list(found)))


def _groups(found: Match) -> list[Known]:
    """The match and its groups; one that did not take part is undefined."""
    parts = (found[0], *found.groups())
    return [Known(UNDEFINED if part is None else joined(part)) for part in parts]


def _match_array(found: Match, this: str) -> AbstractValue:
    made = Arr(list(_groups(found)))
    made.props = {"index": Known(found.start()), "input": Known(joined(this)), "groups": Known(UNDEFINED)}
    return Known(made)


def replace(
    m: Machine, this: Known, given: list[AbstractValue], everywhere: bool, node: Placed | None
) -> AbstractValue:
    """`text.replace(pattern, by)`; `by` is a string or a function."""
    by = first(given, 1)
    function = by.data if isinstance(by, Known) else None
    if isinstance(function, (Closure, Native)):
        subject, pattern = data_of(this), data_of(first(given))
        return lifted(m, _replaced(m, subject, pattern, everywhere, _calling(m, by, node)), this.origin, node)

    def once(some: list[Known]) -> AbstractValue:
        subject, pattern, template = (value.data for value in some)
        filled = _filling(units(text(template)))
        return lifted(m, _replaced(m, subject, pattern, everywhere, filled), this.origin, node)

    return for_each_choice(m, [this, first(given), by], once)


Writer = Callable[[Match], str]


def _replaced(m: Machine, subject: Data, pattern: Data, everywhere: bool, writer: Writer) -> str:
    if isinstance(pattern, RegExp):
        if everywhere and "g" not in pattern.flags:
            throw("TypeError", None)
        everywhere = "g" in pattern.flags
        if "y" in pattern.flags:
            raise not_run()
    this = units(text(subject))
    sought = pattern if isinstance(pattern, RegExp) else units(text(pattern))
    return _ready(m, sought, this).sub(writer, this, count=0 if everywhere else 1)


def _calling(m: Machine, by: AbstractValue, node: Placed | None) -> Writer:
    """A function receives the match, the groups, the index and the whole string."""

    def written(found: Match) -> str:
        groups = [
            Known(UNDEFINED if group is None else joined(group)) for group in (found[0], *found.groups())
        ]
        given: list[AbstractValue] = [*groups, Known(found.start()), Known(joined(found.string))]
        return units(text(data_of(call(m, by, given, None, node))))

    return written


def _filling(template: str) -> Writer:
    """Expands `$&`, `$1`, `` $` `` and so on in a replacement string (GetSubstitution of ECMA-262)."""
    if "$" not in template:
        return lambda found: template
    return lambda found: re.sub(r"\$(?:([$&`'])|(\d\d?))", lambda mark: _filled(mark, found), template)


def _filled(mark: Match, found: Match) -> str:
    sign, digits = mark[1], mark[2]
    if sign is not None:
        parts = {
            "$": "$",
            "&": found[0],
            "`": found.string[: found.start()],
            "'": found.string[found.end() :],
        }
        return parts[sign]
    for count in (2, 1):
        index = int(digits[:count])
        if len(digits) >= count and 0 < index <= found.re.groups:
            return (found[index] or "") + digits[count:]
    return mark[0]


_NAMES = regex(r"\^?(?:\((?:\?:)?)?([\w|-]{1,400})\)?\$?")


def _stages(m: Machine, pattern: RegExp, subject: Data) -> None:
    """Records the stages that a pattern names: `/^(live|prod)$/.test($app.stage)`."""
    names = _NAMES.fullmatch(pattern.source)
    for name in names[1].split("|") if names else ():
        stage_seen(m, subject, name)


def _test(m: Machine, pattern: RegExp, subject: Data = UNDEFINED) -> bool:
    _stateless(pattern)
    _stages(m, pattern, subject)
    this = units(text(subject))
    return _ready(m, pattern, this).search(this) is not None


def _exec(m: Machine, pattern: RegExp, subject: Data = UNDEFINED) -> Result:
    _stateless(pattern)
    _stages(m, pattern, subject)
    this = units(text(subject))
    found = _ready(m, pattern, this).search(this)
    return None if found is None else _match_array(found, this)


def _to_string(m: Machine, pattern: RegExp) -> str:
    if set(pattern.source) & ESCAPED_IN_SOURCE:
        raise Undetermined
    return f"/{pattern.source}/{''.join(sorted(pattern.flags))}"


METHODS = methods(
    "RegExp",
    [
        Builtin("test", pure(_test), 1),
        Builtin("exec", pure(_exec), 1),
        Builtin("toString", pure(_to_string)),
    ],
)
