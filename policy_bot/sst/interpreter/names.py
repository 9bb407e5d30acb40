"""Names that the program declares nowhere: globals of SST and of JavaScript, and providers' namespaces."""

from __future__ import annotations

import re
from collections.abc import Collection

from policy_bot.regex import regex
from policy_bot.sst.atoms import UNDEFINED, Namespace
from policy_bot.sst.heap import Obj, Scope
from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.errors import error_of
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.sst import sst_global
from policy_bot.sst.nodes import Node, Source
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import AbstractValue, Known, Unknown, slots

_PROVIDERS = {"sst", "aws", "cloudflare", "pulumi"}
"""Names that are namespaces even in a file with syntax errors; other names may be declared in its unread
part.
"""


def undeclared(m: Machine, node: Node, name: str, scope: Scope) -> AbstractValue:
    """A name that nothing declares: a global of SST, or a provider's namespace."""
    found = sst_global(m, name, node, scope)
    if found is not None:
        return found
    if name == "arguments":
        return Unknown(Why.UNSUPPORTED("arguments"), node)
    found = m.linker.module_name(name, scope.frame.source.path) if m.linker is not None else None
    if found is not None:
        return found
    found = _global_property(m, node, name)
    if found is not None:
        return found
    found = _of_javascript(m, name)
    if found is not None:
        assert m.linker is not None
        m.linker.root.vars[name] = found
        return found
    source = scope.frame.source
    if name in _PROVIDERS or (not source.broken and name in _namespaces(m, name)):
        space = Known(Namespace(name))
        if m.linker is not None:
            m.linker.root.vars[name] = space
        return space
    if m.phase == "config" or m.lenient or source.broken or _is_ambient(m, source):
        m.may_throw(node)
        return Unknown(Why.UNDECLARED(name), node)
    raise error_of("ReferenceError", node, f"{name} is not defined")


_GLOBAL = ("globalThis", "global")


def _global_property(m: Machine, node: Node, name: str) -> AbstractValue | None:
    """`globalThis` itself, or a name that the program has set as its property."""
    assert m.linker is not None
    names = m.linker.root.vars
    if name in _GLOBAL:
        made = Obj(slots())
        made.props.born = 0  # type: ignore[attr-defined]  # not made in the branch that names it first
        made.rest = Unknown(Why.RUN_TIME_ONLY(name))
        names.update(dict.fromkeys(_GLOBAL, Known(made)))
    known = names.get(_GLOBAL[0])
    if isinstance(known, Known) and isinstance(known.data, Obj):
        return known if name in _GLOBAL else get(m, known, name, node) if name in known.data.props else None
    return None


def _of_javascript(m: Machine, name: str) -> AbstractValue | None:
    if name in _PROVIDERS:
        return None
    from policy_bot.sst.interpreter.builtins.globals import builtin

    return builtin(m, name)


def _is_ambient(m: Machine, source: Source) -> bool:
    """Whether names may be declared elsewhere."""
    assert m.linker is not None
    return _GLOBAL[0] in m.linker.root.vars or _DECLARE.search(source.data) is not None


_DECLARE = regex(rb"\bdeclare\b")


def _namespaces(m: Machine, name: str) -> Collection[str]:
    """The providers whose namespaces are globals (`app().providers`); any name in lower case, if they are
    unknown.

    SST names them after the package, without dashes and without the part that means Pulumi:
    "@pulumiverse/vercel", "aws-native".
    """
    providers = get(m, m.recording.app, "providers", None) if isinstance(m.recording.app, Known) else None
    data = providers.data if isinstance(providers, Known) else None
    if m.phase == "run" and (data is UNDEFINED or (isinstance(data, Obj) and data.rest is None)):
        keys = list(data.props) if isinstance(data, Obj) else []
        return {part.replace("-", "") for key in keys for part in re.split("[@/.]|pulumi-", key) if part}
    return (name,) if m.phase != "app" and name[:1].islower() and name.isidentifier() else ()
