"""Reads the argument types of SST's components from its TypeScript source, one release at a time.

Only declarations are read: interfaces, type aliases, and the signatures of classes. The result says of every
object type which keys it has and whether it admits others. What is not understood (a conditional type, a type
of Pulumi) admits everything, so that an incomplete reading can only make the data more permissive.
"""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_typescript.language_typescript()))
Type = tuple[Any, ...]
"""A type as written: its form, and what the form needs (`("union", [...])`, `("ref", name, [arguments])`)."""

ANY: Type = ("any",)
_PRIMITIVES = {"string": "s", "number": "n", "boolean": "b"}
_NOTHING = {"undefined", "null", "void", "never"}
_TRANSPARENT = {"Input", "Output", "Promise", "Prettify", "NonNullable", "Readonly", "Partial", "Required",
                "Unwrap", "OutputInstance", "PulumiInput", "UnwrappedObject"}  # fmt: skip


@dataclass
class Method:
    """A public method: the types of its parameters, one list for each overload."""

    overloads: list[list[Type]] = field(default_factory=list)


@dataclass
class ClassType:
    """A class: what it extends, the parameters of its constructor, its public methods (those of the class
    itself as `static subscribe`), its static classes.
    """

    extends: str = ""
    constructor: list[list[Type]] = field(default_factory=list)
    methods: dict[str, Method] = field(default_factory=dict)
    statics: dict[str, str] = field(default_factory=dict)


@dataclass
class Module:
    """What one source file declares."""

    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    exported_from: list[tuple[str, str, str]] = field(default_factory=list)
    types: dict[str, tuple[list[str], Type]] = field(default_factory=dict)
    classes: dict[str, ClassType] = field(default_factory=dict)


def _text(node: Node | None) -> str:
    return (node.text or b"").decode() if node is not None else ""


def read_module(source: bytes) -> Module:
    """The declarations of a source file."""
    module = Module()
    for node in _PARSER.parse(source).root_node.named_children:
        _statement(module, node)
    return module


def _statement(module: Module, node: Node) -> None:
    if node.type == "export_statement":
        inner = node.child_by_field_name("declaration")
        if inner is not None:
            _statement(module, inner)
        elif (origin := node.child_by_field_name("source")) is not None:
            _exported(module, node, _text(origin).strip("\"'"))
    elif node.type == "import_statement":
        _imported(module, node)
    elif node.type == "interface_declaration":
        module.types[_text(node.child_by_field_name("name"))] = (_generics(node), _interface(node))
    elif node.type == "type_alias_declaration":
        value = node.child_by_field_name("value")
        module.types[_text(node.child_by_field_name("name"))] = (_generics(node), _type(value))
    elif node.type in ("class_declaration", "abstract_class_declaration"):
        module.classes[_text(node.child_by_field_name("name"))] = _class(node)


def _exported(module: Module, node: Node, origin: str) -> None:
    spaces = [child for child in node.named_children if child.type == "namespace_export"]
    clauses = [child for child in node.named_children if child.type == "export_clause"]
    if spaces:
        module.exported_from.append((origin, "*", _text(spaces[0].named_children[0])))
    elif clauses:
        for each in clauses[0].named_children:
            name = _text(each.child_by_field_name("name"))
            module.exported_from.append((origin, name, _text(each.child_by_field_name("alias")) or name))
    else:
        module.exported_from.append((origin, "*", ""))


def _imported(module: Module, node: Node) -> None:
    origin = _text(node.child_by_field_name("source")).strip("\"'")
    for clause in (child for child in node.named_children if child.type == "import_clause"):
        for part in clause.named_children:
            for each in part.named_children if part.type == "named_imports" else ():
                name = _text(each.child_by_field_name("name"))
                module.imports[_text(each.child_by_field_name("alias")) or name] = (origin, name)


def _generics(node: Node) -> list[str]:
    found = node.child_by_field_name("type_parameters")
    return [_text(each.child_by_field_name("name")) for each in found.named_children] if found else []


def _interface(node: Node) -> Type:
    own = _object(node.child_by_field_name("body"))
    above = [
        _type(each)
        for child in node.named_children
        if child.type == "extends_type_clause"
        for each in child.named_children
    ]
    return ("inter", [own, *above]) if above else own


def _object(body: Node | None) -> Type:
    keys: dict[str, Type] = {}
    rest: Type | None = None
    for member in body.named_children if body is not None else ():
        name = member.child_by_field_name("name")
        if member.type == "property_signature" and name is not None and name.type != "computed_property_name":
            keys[_text(name).strip("\"'")] = _annotated(member)
        elif member.type == "method_signature" and name is not None:
            keys[_text(name).strip("\"'")] = ("fn",)
        elif member.type == "index_signature" or member.type not in ("comment", "call_signature"):
            rest = ANY
    return ("obj", keys, rest)


def _annotated(node: Node) -> Type:
    annotation = node.child_by_field_name("type")
    return _type(annotation.named_children[0]) if annotation and annotation.named_children else ANY


def _type(node: Node | None) -> Type:
    if node is None:
        return ANY
    children = [child for child in node.named_children if child.type != "comment"]
    match node.type:
        case "predefined_type":
            name = _text(node)
            if name in _NOTHING:
                return ("union", [])
            return ("prim", _PRIMITIVES[name]) if name in _PRIMITIVES else ANY
        case "type_identifier":
            return ("ref", _text(node), [])
        case "generic_type":
            name = node.child_by_field_name("name")
            given = node.child_by_field_name("type_arguments")
            return ("ref", _text(name), [_type(each) for each in given.named_children] if given else [])
        case "literal_type":
            return _literal(children[0])
        case "template_literal_type":
            return ("prim", "s")
        case "union_type":
            return ("union", [_type(child) for child in children])
        case "intersection_type":
            return ("inter", [_type(child) for child in children])
        case "parenthesized_type" | "readonly_type" | "optional_type":
            return _type(children[0])
        case "array_type":
            return ("arr", _type(children[0]))
        case "tuple_type":
            return ("arr", ("union", [_type(child) for child in children]))
        case "object_type":
            return _object(node)
        case "function_type" | "constructor_type":
            return ("fn",)
        case "index_type_query":
            return ("prim", "s")
        case "lookup_type":
            return ("lookup", _type(children[0]), _type(children[1]))
        case _:
            return ANY


def _literal(node: Node) -> Type:
    if node.type == "string":
        return ("lit", _text(node).strip("\"'`"))
    if node.type in ("true", "false"):
        return ("prim", "b")
    return ("union", []) if node.type in ("null", "undefined") else ("prim", "n")


def _class(node: Node) -> ClassType:
    made = ClassType()
    heritage = next((child for child in node.named_children if child.type == "class_heritage"), None)
    for clause in heritage.named_children if heritage else ():
        if clause.type == "extends_clause":
            made.extends = _text(clause.child_by_field_name("value"))
    body = node.child_by_field_name("body")
    for member in body.named_children if body is not None else ():
        _member(made, member)
    return made


def _member(made: ClassType, member: Node) -> None:
    hidden = any(
        child.type == "accessibility_modifier" and _text(child) != "public" for child in member.children
    )
    name = _text(member.child_by_field_name("name"))
    if hidden or name.startswith("#"):
        return
    if member.type in ("method_definition", "method_signature"):
        if any(child.type in ("get", "set") for child in member.children):
            return
        parameters = member.child_by_field_name("parameters")
        given = [
            _annotated(each)
            for each in (parameters.named_children if parameters else ())
            if each.type in ("required_parameter", "optional_parameter")
        ]
        if name == "constructor":
            made.constructor.append(given)
        else:
            static = "static " if any(child.type == "static" for child in member.children) else ""
            made.methods.setdefault(static + name, Method()).overloads.append(given)
    elif member.type == "public_field_definition":
        value = member.child_by_field_name("value")
        if value is not None and value.type == "identifier" and "static" in {c.type for c in member.children}:
            made.statics[name] = _text(value)


@dataclass
class ObjectType:
    """An object type: the forms of its keys, and whether it has no others."""

    keys: dict[str, list[Any]] = field(default_factory=dict)
    closed: bool = True


@dataclass
class Signature:
    """A component: the forms of its constructor's parameters after the name, and of its methods'."""

    arguments: list[list[Any]]
    methods: dict[str, list[list[Any]]]


class Release:
    """The types of one release. `load` gives the module at a path below `platform/src/components`."""

    def __init__(self, load: Callable[[str], Module | None]) -> None:
        self.load = load
        self.objects: dict[str, ObjectType] = {}

    # --- names -------------------------------------------------------------------------------------------

    def module_at(self, origin: str, specifier: str) -> tuple[str, Module] | None:
        """The module that a relative specifier names from another one."""
        if not specifier.startswith("."):
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(origin), specifier))
        path = path.removesuffix(".js").removesuffix(".ts")
        for candidate in (f"{path}.ts", f"{path}/index.ts"):
            module = self.load(candidate)
            if module is not None:
                return candidate, module
        return None

    def find(self, path: str, name: str, depth: int = 0) -> tuple[str, str] | None:
        """The file that declares a name seen in `path`, and its name there."""
        module = self.load(path)
        if module is None or depth > 8:
            return None
        if name in module.types or name in module.classes:
            return path, name
        if name in module.imports:
            specifier, original = module.imports[name]
            there = self.module_at(path, specifier)
            return self.find(there[0], original, depth + 1) if there else None
        for specifier, original, alias in module.exported_from:
            there = self.module_at(path, specifier)
            if there and original == "*" and not alias and (found := self.find(there[0], name, depth + 1)):
                return found
            if there and alias == name and original != "*":
                return self.find(there[0], original, depth + 1)
        return None

    # --- forms -------------------------------------------------------------------------------------------

    def form(self, type_: Type, path: str, name: str, given: dict[str, Type], depth: int = 0) -> list[Any]:
        """The alternatives that a type allows: "s", "n", "b", "f", "*" (anything), `=text` (a literal),
        "@name" (an object type), `["[", form]` (a list), `["{", form]` (a record).
        """
        if depth > 24:
            return ["*"]

        def again(inner: Type) -> list[Any]:
            return self.form(inner, path, name, given, depth + 1)

        match type_[0]:
            case "prim":
                return [type_[1]]
            case "lit":
                return ["=" + type_[1]]
            case "fn":
                return ["f"]
            case "union":
                return _unique(each for inner in type_[1] for each in again(inner))
            case "arr":
                inner = self.form(type_[1], path, f"{name}[]", given, depth + 1)
                return [["[", inner]]
            case "obj":
                return [self.object(type_, path, name, given, depth)]
            case "inter":
                return self.intersection([again(each) for each in type_[1]], name)
            case "lookup":
                return self.lookup(again(type_[1]), type_[2])
            case "ref":
                return self.reference(type_[1], type_[2], path, name, given, depth)
        return ["*"]

    def object(self, type_: Type, path: str, name: str, given: dict[str, Type], depth: int) -> str:
        """Registers an inline object type under its name."""
        while name in self.objects:
            name += "'"
        made = self.objects[name] = ObjectType(closed=type_[2] is None)
        for key, each in type_[1].items():
            made.keys[key] = self.form(each, path, f"{name}.{key}", given, depth + 1)
        return f"@{name}"

    def reference(
        self, word: str, arguments: list[Type], path: str, name: str, given: dict[str, Type], depth: int
    ) -> list[Any]:
        """The form of a named type."""

        def again(inner: Type) -> list[Any]:
            return self.form(inner, path, name, given, depth + 1)

        if word in given:
            return again(given[word]) if given[word] != ("ref", word, []) else ["*"]
        if word in _TRANSPARENT and arguments:
            return again(arguments[0])
        if word == "Transform" and arguments:
            return _unique([*again(arguments[0]), "f"])
        if word in ("Array", "ReadonlyArray") and arguments:
            return [["[", self.form(arguments[0], path, f"{name}[]", given, depth + 1)]]
        if word == "Record" and len(arguments) == 2:
            value = self.form(arguments[1], path, f"{name}{{}}", given, depth + 1)
            keys = again(arguments[0])
            if keys and all(isinstance(key, str) and key.startswith("=") for key in keys):
                self.objects[name] = ObjectType({key[1:]: value for key in keys})
                return [f"@{name}"]
            return [["{", value]]
        if word in ("Omit", "Pick") and len(arguments) == 2:
            return self.part(again(arguments[0]), again(arguments[1]), word == "Omit")
        if word in ("Exclude", "Extract") and arguments:
            return again(arguments[0])
        return self.declared(word, arguments, path, depth, given)

    def declared(
        self, word: str, arguments: list[Type], path: str, depth: int, given: dict[str, Type]
    ) -> list[Any]:
        """The form of a type that SST declares; anything for one that it does not."""
        there = self.find(path, word)
        if there is None:
            return ["*"]
        module = self.load(there[0])
        assert module is not None
        if there[1] in module.classes:
            return ["c"]
        generics, type_ = module.types[there[1]]
        full = f"{there[0].removesuffix('.ts')}#{there[1]}"
        if generics:
            bound = dict.fromkeys(generics, ANY)
            for each, argument in zip(generics, arguments, strict=False):
                bound[each] = (
                    given.get(argument[1], ANY) if argument[0] == "ref" and argument[1] in given else argument
                )
            return self.form(type_, there[0], f"{full}<{zlib.crc32(repr(bound).encode())}>", bound, depth + 1)
        if full in self.objects:
            return [f"@{full}"]
        if type_[0] == "inter":
            return self.named_intersection(full, type_, there[0], depth)
        return self.form(type_, there[0], full, {}, depth + 1)

    def named_intersection(self, full: str, type_: Type, path: str, depth: int) -> list[Any]:
        """An interface with what it extends; registered first, as it may contain itself."""
        made = self.objects[full] = ObjectType()
        parts = [
            self.form(each, path, f"{full}&{number}", {}, depth + 1) for number, each in enumerate(type_[1])
        ]
        whole = self.intersection(parts, full)
        if whole != [f"@{full}"]:
            del self.objects[full]
        elif made.keys is not self.objects[full].keys:
            made.keys, made.closed = self.objects[full].keys, self.objects[full].closed
        return whole

    def intersection(self, parts: list[list[Any]], name: str) -> list[Any]:
        """All parts at once: their keys together. A text with `& {}` is a text."""
        simple = [part for part in parts if part and all(_is_simple(each) for each in part)]
        if simple:
            return simple[0]
        merged = ObjectType()
        for part in parts:
            for each in part:
                if isinstance(each, str) and each.startswith("@"):
                    other = self.objects[each[1:]]
                    merged.closed = merged.closed and other.closed
                    for key, form in other.keys.items():
                        merged.keys[key] = _unique([*form, *merged.keys.get(key, [])])
                elif (isinstance(each, list) and each[0] == "{") or each in ("*", "c", "f"):
                    merged.closed = False
                else:
                    return ["*"]
        self.objects[name] = merged
        return [f"@{name}"]

    def part(self, form: list[Any], keys: list[Any], without: bool) -> list[Any]:
        """`Omit` and `Pick`."""
        names = {key[1:] for key in keys if isinstance(key, str) and key.startswith("=")}
        found: list[Any] = []
        for each in form:
            if isinstance(each, str) and each.startswith("@"):
                other = self.objects[each[1:]]
                name = f"{each[1:]}{'-' if without else '+'}{','.join(sorted(names))}"
                kept = {key: value for key, value in other.keys.items() if (key in names) != without}
                self.objects[name] = ObjectType(kept, other.closed)
                found.append(f"@{name}")
            else:
                found.append(each)
        return found

    def lookup(self, form: list[Any], key: Type) -> list[Any]:
        """`T["key"]`."""
        if key[0] != "lit":
            return ["*"]
        found: list[Any] = []
        for each in form:
            if isinstance(each, str) and each.startswith("@"):
                found += self.objects[each[1:]].keys.get(key[1], ["*"])
            elif each == "*" or isinstance(each, list):
                found.append("*")
        return _unique(found) or ["*"]

    # --- components --------------------------------------------------------------------------------------

    def components(self, path: str = "index.ts", prefix: str = "sst") -> Iterator[tuple[str, Signature]]:
        """Every class that the index exports, by its name in a config (`sst.aws.Queue`)."""
        module = self.load(path)
        if module is None:
            return
        for name in module.classes:
            yield from self.component(path, name, f"{prefix}.{name}")
        for specifier, original, alias in module.exported_from:
            there = self.module_at(path, specifier)
            if there is None:
                continue
            if original == "*":
                inside = f"{prefix}.{alias}" if alias else prefix
                yield from self.components(there[0], inside)
            elif (found := self.find(there[0], original)) is not None:
                yield from self.component(*found, f"{prefix}.{alias}")

    def component(self, path: str, name: str, full: str, depth: int = 0) -> Iterator[tuple[str, Signature]]:
        """The signature of a class, and those of its static classes (`sst.aws.Vpc.v1`)."""
        module = self.load(path)
        made = module.classes.get(name) if module else None
        if made is None or depth > 2:
            return
        overloads, home = self.constructor(path, made)
        if overloads and overloads[0] and overloads[0][0] == ("prim", "s"):
            arguments = self.parameters([each[1:] for each in overloads], home, f"{full}()")
            methods = {
                method: self.parameters(each.overloads, path, f"{full}.{method}()")
                for method, each in made.methods.items()
            }
            yield full, Signature(arguments, methods)
        for static, original in made.statics.items():
            found = self.find(path, original)
            if found is not None:
                yield from self.component(*found, f"{full}.{static}", depth + 1)

    def constructor(self, path: str, made: ClassType) -> tuple[list[list[Type]], str]:
        """The parameters of a class's constructor, or of that which it inherits."""
        while not made.constructor and made.extends:
            found = self.find(path, made.extends)
            module = self.load(found[0]) if found else None
            if found is None or module is None or found[1] not in module.classes:
                return [], path
            path, made = found[0], module.classes[found[1]]
        return made.constructor, path

    def parameters(self, overloads: list[list[Type]], path: str, name: str) -> list[list[Any]]:
        """The form of each parameter, over all overloads."""
        longest = max((len(each) for each in overloads), default=0)
        return [
            _unique(
                form
                for each in overloads
                if at < len(each)
                for form in self.form(each[at], path, f"{name}{at}", {})
            )
            for at in range(longest)
        ]


def _is_simple(form: Any) -> bool:
    return isinstance(form, str) and (form in ("s", "n", "b") or form.startswith("="))


def _unique(forms: Any) -> list[Any]:
    found: list[Any] = []
    for each in forms:
        if each not in found:
            found.append(each)
    return found
