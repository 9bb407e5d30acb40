"""The order in which SST runs a config: its top level, `app(input)`, then `run()`."""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.deployment import BlindSpot
from policy_bot.sst.heap import Class, Closure, Obj
from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.callables import call
from policy_bot.sst.interpreter.exports import Exports
from policy_bot.sst.interpreter.linker import Linker
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.sst import stage
from policy_bot.sst.nodes import Mark, Module
from policy_bot.sst.reasons import Why
from policy_bot.sst.recording import StaticImport
from policy_bot.sst.values import NOTHING, AbstractValue, Known, Unknown


def run_config(m: Machine, linker: Linker, module: Module, only_app: bool = False) -> None:
    """Evaluates the whole config, or until `app()` has returned, and fills the machine's recording."""
    recording = m.recording
    top = Mark(module.source, 0, 0)
    if module.error is not None:
        m.hide(module.error.reason, module.error)
    recording.imports = static_imports(module)
    exports = linker.loaded[recording.path] = Exports(recording.path)
    m.guarded(lambda: linker.evaluate(exports, module), top, "the config")
    exports.done = True
    found = exports.get("default")
    recording.root = found if found is not None else NOTHING
    if not isinstance(found, Known) or not isinstance(found.data, Obj):
        _unreadable(m, module, found)
        return
    root = Known(found.data, found.origin)
    recording.form = (
        "v2" if {"config", "stacks"} & set(root.data.props) and "run" not in root.data.props else "v3"
    )
    if recording.form == "v2":
        _run_v2(m, root, top)
        return
    m.phase = "app"
    _call_app(m, linker, root, top)
    m.phase = "run"
    if not only_app:
        recording.outputs = _call_key(m, root, "run", [], top)


def _call_app(m: Machine, linker: Linker, root: Known[Obj], top: Mark) -> None:
    """Calls `app()`, and records whether it does anything besides returning a value."""
    before, level = _traces(m, linker), m.path.push(None)
    m.recording.app = _call_key(m, root, "app", [Known(Obj({"stage": stage(m, None)}))], top)
    m.recording.app_alone = m.path.top is level and not level.log and _traces(m, linker) == before
    m.path.clear()


def _traces(m: Machine, linker: Linker) -> tuple[int, ...]:
    seen = m.recording
    return (
        m.order,
        len(linker.loaded),
        len(seen.blind_spots),
        len(seen.missing_globals),
        len(seen.app_imports),
    )


def _call_key(m: Machine, root: Known[Obj], key: str, given: list[AbstractValue], top: Mark) -> AbstractValue:
    def run() -> AbstractValue:
        function = get(m, root, key, top)
        return NOTHING if function is NOTHING else call(m, function, given, root, top)

    found = root.data.props.get(key)
    data = found.data if isinstance(found, Known) else None
    node = data.node if isinstance(data, (Closure, Class)) else top
    result = m.guarded(run, node, f"{key}()")
    return Unknown(Why.NOT_FOLLOWED_TO_END(f"{key}()"), node) if result is None else result


def _unreadable(m: Machine, module: Module, root: AbstractValue | None) -> None:
    if module.error is not None:
        m.recording.unreadable = BlindSpot(module.error.reason, module.error.span)
    elif root is None:
        m.recording.unreadable = BlindSpot(Why.NO_DEFAULT_EXPORT(), Mark(module.source, 0, 0).span)
    else:
        reason = root.reason if isinstance(root, Unknown) else Why.NOT_AN_OBJECT()
        export = next((s for s in module.block.statements if isinstance(s, nodes.Export)), None)
        m.recording.unreadable = BlindSpot(reason, (export or Mark(module.source, 0, 0)).span)


def static_imports(module: Module) -> list[StaticImport]:
    """The imports of the config itself, and whether TypeScript leaves them in place: unused ones are
    dropped.
    """
    found = [
        node for node in module.imports if node.specifier is not None and not getattr(node, "types", False)
    ]
    if not found:
        return []
    listed = []
    for node in found:
        assert node.specifier is not None
        bare = isinstance(node, nodes.Export) or not node.names
        listed.append(
            StaticImport(
                node.specifier, node.span, bare or any(module.uses(local) for _, local in node.names)
            )
        )
    return listed


def _run_v2(m: Machine, root: Known[Obj], top: Mark) -> None:
    """SST 2: `config(globals)`, then `stacks(app)`."""
    from policy_bot.sst.interpreter import v2

    m.phase = "run"
    m.recording.app = _call_key(m, root, "config", [Known(Obj({"stage": stage(m, None)}))], top)
    _call_key(m, root, "stacks", [v2.app(m, get(m, m.recording.app, "name", top), top)], top)
