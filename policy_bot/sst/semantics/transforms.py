"""Applies transforms as SST does: a component's `transform.*`, the program's `$transform`, Lambda-level
arguments.

Order, last wins: defaults, the definition, the component's transform, `$transform(sst.aws.Function)` in the
order of registration, `args.transform.function` (seconds as a number), `$transform(aws.lambda.Function)`.
Source: `platform/src/components/component.ts`, `aws/helpers/function-builder.ts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.domain import over as laid_over
from policy_bot.sst.domain import overwritten, presence
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Closure, Construction, Native, Obj
from policy_bot.sst.reasons import CONDITION, Reason, Why
from policy_bot.sst.recording import MethodCall, Recording, Transform
from policy_bot.sst.semantics.lookup import is_nothing, joined, lookup
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OneOf, Unknown, because, is_nullish

FUNCTION = "sst.aws.Function"
RAW_FUNCTION = "aws.lambda.Function"


def copied(obj: Obj) -> Obj:
    """A shallow copy, as by `{...obj}`, that keeps the places of its keys."""
    copy = Obj(dict(obj.props), obj.node)
    copy.rest, copy.spreads = obj.rest, obj.spreads
    copy.assigned = dict(obj.assigned) if obj.assigned else None
    return copy


def over(under: dict[str, AbstractValue], obj: Obj) -> Obj:
    """`{...under, ...obj}`: a key of `obj` wins even if it is `undefined`."""
    merged = copied(obj)
    merged.props = _merged(under, obj)
    return merged


def _merged(under: Mapping[str, AbstractValue], obj: Obj) -> dict[str, AbstractValue]:
    """The keys of both; those of `obj` win if they certainly exist."""
    rest = obj.rest
    made = dict(under) if rest is None else {key: overwritten(value, rest) for key, value in under.items()}
    for key, value in obj.props.items():
        made[key] = laid_over(made.get(key), value)
    return made


class Transforms:
    """Applies the `$transform`s of one recording to components that SST itself constructs."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.machine = recording.machine
        self.by_type: dict[str, list[Transform]] = {}
        for each in recording.transforms:
            self.by_type.setdefault(each.type, []).append(each)
        self._defaults: dict[int, tuple[bool, bool]] = {}

    def component(self, transform: AbstractValue, args: Obj, name: AbstractValue) -> Obj:
        """`transform(x, name, args)`: merges an object over the arguments; a function changes them in
        place.
        """
        transform = strip(transform)
        if isinstance(transform, Unknown):
            return _uncertain(args, args, transform)
        if isinstance(transform, OneOf):
            results = [self.component(choice, copied(args), name) for choice in transform.choices]
            return _joined(results, transform.reason)
        data = transform.data
        if isinstance(data, Obj):
            merged = copied(args)
            merged.props = _merged(args.props, data)
            for key, value in data.props.items():
                if presence(value) is None:
                    merged.props[key] = because(value, None, "component transform")
            merged.rest = data.rest or args.rest
            if data.assigned or data.node:
                merged.spreads = [*(merged.spreads or ()), transform]
                merged.assigned = {
                    k: v for k, v in (merged.assigned or {}).items() if k not in data.props
                } or None
            return merged
        if isinstance(data, (Closure, Native)):
            self.machine.call(transform, [Known(args), Known(Obj()), name])
        return args

    def function(
        self, args: Obj, record: Construction | MethodCall, name: AbstractValue, immediate: bool = False
    ) -> Obj:
        """`$transform(sst.aws.Function, ...)` on a Lambda that SST constructs for `record`, in order of
        registration.
        """
        for transform, sure, why in self.reaching(FUNCTION, record, immediate):
            args = self.apply(transform, args, name, sure, why)
        return args

    def raw(
        self, args: Obj, record: Construction | MethodCall, name: AbstractValue, type_: str = RAW_FUNCTION
    ) -> Obj:
        """`$transform(aws.lambda.Function, ...)`: Lambda-level arguments, always applied last."""
        for transform, sure, why in self.reaching(type_, record, False):
            args = self.apply(transform, args, name, sure, why)
        return args

    def apply(
        self, transform: Transform, args: Obj, name: AbstractValue, sure: bool, why: Reason | None
    ) -> Obj:
        """Applies one `$transform`; if it may not reach the arguments, the result is either."""
        changed = copied(args)
        self.machine.call(transform.callback, [Known(changed), Known(Obj()), name])
        if not isinstance(strip(transform.callback), Known):
            return _uncertain(args, changed, Unknown(Why.TRANSFORM_CALLBACK(), transform.node))
        return changed if sure else _joined([args, changed], why or CONDITION)

    def reaching(
        self, type_: str, record: Construction | MethodCall, immediate: bool
    ) -> Iterator[tuple[Transform, bool, Reason | None]]:
        """The transforms that reach the components of `record`: transform, certain, reason if not."""
        for transform in self.by_type.get(type_, ()):
            if transform.order < record.order:
                yield transform, transform.certain, transform.reason
            elif immediate:
                continue
            elif transform.tick == record.tick:
                yield transform, transform.certain, transform.reason
            else:
                yield transform, False, Why.LATE_TRANSFORM()

    def missing(self, record: Construction | MethodCall, immediate: bool) -> Transform | None:
        """The `$transform` with a default timeout that is registered too late for `record`."""
        for transform in self.by_type.get(FUNCTION, ()):
            late = transform.order > record.order and (immediate or transform.tick != record.tick)
            if late and self.sets_default(transform)[0]:
                return transform
        return None

    def sets_default(self, transform: Transform) -> tuple[bool, bool]:
        """Whether the callback sets a timeout if there is none, and whether it overrides an existing one."""
        if id(transform) not in self._defaults:
            self._defaults[id(transform)] = (self._probe(transform, None), self._probe(transform, "1 second"))
        return self._defaults[id(transform)]

    def _probe(self, transform: Transform, before: str | None) -> bool:
        """Whether the callback changes a timeout: calls it with sample arguments and undoes its effects."""
        return self.machine.rehearse(lambda: self._changes(transform, before))

    def _changes(self, transform: Transform, before: str | None) -> bool:
        args = Obj({} if before is None else {"timeout": Known(before)})
        self.machine.call(transform.callback, [Known(args), Known(Obj()), Known("probe")])
        after = lookup(self.machine, Known(args), "timeout")
        return not (isinstance(after, Known) and (is_nothing(after.data) or after.data == before))

    def lambda_level(
        self, args: Obj, path: str, inputs: Obj, name: AbstractValue
    ) -> tuple[Obj, AbstractValue]:
        """The Lambda-level arguments after the transform at `path`, and the raw timeout that it sets."""
        value = lookup(self.machine, Known(args), path)
        if is_nullish(value):
            return inputs, NOTHING
        before = inputs.props["timeout"]
        results = []
        raw: AbstractValue = NOTHING
        for choice in (value,) if isinstance(value, (Known, Unknown)) else value.choices:
            level = self.component(choice, copied(inputs), name)
            if level.rest is not None:
                level = _uncertain(level, level, Unknown(level.rest.reason, level.rest.node))
            after = level.props.get("timeout", NOTHING)
            raw = after if after is not before else raw
            results.append(level)
        return _joined(results, value.reason if isinstance(value, OneOf) else CONDITION), raw


def _uncertain(before: Obj, after: Obj, unclear: Unknown) -> Obj:
    """Arguments that unknown code may have changed: all keys are uncertain."""
    blurred = copied(after)
    blurred.props = {
        key: Unknown(unclear.reason, unclear.node, value.origin) for key, value in before.props.items()
    }
    blurred.rest = unclear
    return blurred


def _joined(objects: list[Obj], reason: Reason) -> Obj:
    """An arguments object that may be any of several."""
    first = copied(objects[-1])
    keys = {key: None for obj in objects for key in obj.props}
    first.props = {
        key: joined([obj.props.get(key, Known(UNDEFINED)) for obj in objects], reason) for key in keys
    }
    first.rest = next((obj.rest for obj in objects if obj.rest), None)
    return first
