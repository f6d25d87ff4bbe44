"""What class an expression is of, as far as annotations, constructors and returns tell.

No type checker: whatever is not plain is unknown, an empty tuple. Enough for `self`, parameters
and variables with annotations, what is made by calling a class or a function of the project,
loops over typed collections, and methods of generic base classes.
"""

import ast
import builtins
from collections.abc import Iterator
from dataclasses import field, replace

from apigen.merge.renaming.classes import DEPTH, Classes, Type, Types, plain, substituted
from apigen.merge.renaming.containers import MAPPINGS, SEQUENCES, first, item, of_mapping
from apigen.merge.renaming.project import dotted, is_decorated
from apigen.merge.renaming.scopes import Binding, Kind, Scope, lookup, surrounding
from apigen.values import dataclass

_COPIES = frozenset(
    {
        "dataclasses.replace",
        "copy.replace",
        "copy.copy",
        "copy.deepcopy",
        "builtins.next",
        "builtins.min",
        "builtins.max",
        "typing.assert_type",
    }
)
_ELEMENTS_OF = frozenset({"builtins.next", "builtins.min", "builtins.max"})
_COLLECTIONS_OF = frozenset(
    {
        "builtins.list",
        "builtins.tuple",
        "builtins.set",
        "builtins.frozenset",
        "builtins.sorted",
        "builtins.reversed",
        "builtins.iter",
    }
)
_MAKERS = frozenset({"model_validate", "model_validate_json", "model_construct", "model_copy"})


@dataclass(frozen=True, slots=True)
class Receivers:
    """Answers for one project."""

    classes: Classes
    asked: set[tuple[Scope, str]] = field(default_factory=set)
    """Variables being looked at: one may be made from itself."""

    def of(self, node: ast.expr, scope: Scope, depth: int = DEPTH) -> Types:
        """Return what the value of an expression is."""
        if not depth:
            return ()
        less = depth - 1
        match node:
            case ast.Name():
                return self._named(node, scope, less)
            case ast.Attribute():
                return self._attribute(node, scope, less)
            case ast.Call():
                return self._called(node, scope, less)
            case ast.Await(value=value) | ast.NamedExpr(value=value) | ast.Starred(value=value):
                return self.of(value, scope, less)
            case ast.IfExp(body=body, orelse=other):
                return (*self.of(body, scope, less), *self.of(other, scope, less))
            case ast.BoolOp(values=values):
                return tuple(found for value in values for found in self.of(value, scope, less))
            case ast.Subscript(value=value, slice=index):
                return self._subscript(value, index, scope, less)
            case ast.List(elts=parts) | ast.Set(elts=parts) | ast.Tuple(elts=parts):
                first = self.of(parts[0], scope, less) if parts else ()
                return (Type(kind="instance", name="list", args=(first,)),)
            case ast.Constant(value=value):
                return () if value is None else (plain(type(value).__name__),)
            case ast.JoinedStr():
                return (plain("str"),)
            case ast.Dict() | ast.DictComp():
                return (plain("dict"),)
            case ast.Compare():
                return (plain("bool"),)
            case _:
                return ()

    def bound(self, binding: Binding, scope: Scope, depth: int = DEPTH) -> Types:
        """Return what a bound name is."""
        if binding.kind is Kind.IMPORT:
            return self._by_name(binding.target, depth)
        if binding.node is not None:
            kind = "class" if binding.kind is Kind.CLASS else "function"
            return (Type(kind=kind, name=f"{scope.name}.{binding.node.name}"),)
        place = binding.scope or scope
        if binding.annotation is not None:
            return self.classes.annotated(binding.annotation, place, depth)
        if binding.value is None:
            return ()
        found = self.of(binding.value, place, depth)
        for step in binding.steps:
            found = self._stepped(found, step, depth)
        return found

    def _named(self, node: ast.Name, scope: Scope, depth: int) -> Types:
        home = lookup(scope, node.id)
        if home is None:
            name = dotted(node, scope) or ""
            if name != f"builtins.{node.id}":
                return self._by_name(name, depth)
            made = isinstance(getattr(builtins, node.id, None), type)
            return (Type(kind="class", name=node.id),) if made else ()
        if home.kind == "function" and (itself := self._self(home, node.id)) is not None:
            return (itself,)
        if (home, node.id) in self.asked:
            return ()
        self.asked.add((home, node.id))
        try:
            found = [
                one
                for binding in home.bindings.get(node.id, ())
                for one in self.bound(binding, home, depth)
            ]
            found += self._tested(node.id, scope, depth)
            return tuple(dict.fromkeys(found))
        finally:
            self.asked.remove((home, node.id))

    def _tested(self, name: str, scope: Scope, depth: int) -> Iterator[Type]:
        """Yield what `isinstance` says of a name anywhere in a function."""
        current: Scope | None = scope
        while current is not None and current.kind != "module":
            for test in current.tests.get(name, ()):
                for kind in test.elts if isinstance(test, ast.Tuple) else [test]:
                    yield from self._stepped(self.of(kind, current, depth), "made", depth)
            current = current.parent

    def _self(self, function: Scope, name: str) -> Type | None:
        """Return what the first parameter of a method is."""
        owner = surrounding(function)
        if owner is None or owner.kind != "class" or next(iter(function.bindings), None) != name:
            return None
        if function.bindings[name][0].kind is not Kind.PARAMETER:
            return None
        method = owner.bindings.get(function.name.rpartition(".")[2], [None])[0]
        node = method.node if method is not None else None
        if node is None or isinstance(node, ast.ClassDef) or is_decorated(node, "staticmethod"):
            return None
        kind = "class" if is_decorated(node, "classmethod") else "instance"
        return Type(kind=kind, name=owner.name)

    def _attribute(self, node: ast.Attribute, scope: Scope, depth: int) -> Types:
        name = dotted(node, scope)
        if name is not None and self.classes.project.defined(name) is not None:
            found = self._by_name(name, depth)
            if found:
                return found
        return tuple(
            found
            for owner in self.of(node.value, scope, depth)
            for found in self._read(owner, node.attr, depth)
        )

    def _read(self, owner: Type, name: str, depth: int) -> Types:
        """Return what reading an attribute gives."""
        member = self.classes.member(owner, name, depth)
        if member is None:
            return of_mapping(owner, name)
        binding = member.binding
        if isinstance(binding.node, ast.FunctionDef | ast.AsyncFunctionDef):
            method = Type(
                kind="function",
                name=f"{member.owner}.{name}",
                bound=tuple(member.substitution.items()),
                owner=owner,
            )
            is_property = is_decorated(binding.node, "property", "cached_property", "setter")
            return self._returned(method, depth) if is_property else (method,)
        found = self.bound(binding, member.scope, depth)
        return tuple(substituted(one, member.substitution) for one in found)

    def _by_name(self, name: str, depth: int) -> Types:
        defined = self.classes.project.defined(name) if depth else None
        if defined is None:
            return () if self.classes.project.is_own(name) else (_class(name),)
        return self.bound(defined.binding, defined.scope, depth - 1)

    def _called(self, node: ast.Call, scope: Scope, depth: int) -> Types:
        name = dotted(node.func, scope)
        if name == "builtins.super":
            return self._class_around(scope)
        if name in _COLLECTIONS_OF and node.args:
            inner = self._stepped(self.of(node.args[0], scope, depth), "element", depth)
            return (Type(kind="instance", name="list", args=(inner,)),)
        if name in {"builtins.enumerate", "builtins.zip"}:
            rows = [
                self._stepped(self.of(one, scope, depth), "element", depth) for one in node.args
            ]
            parts = ((), *rows[:1]) if name == "builtins.enumerate" else tuple(rows)
            pair = Type(kind="instance", name="tuple", args=parts)
            return (Type(kind="instance", name="list", args=((pair,),)),)
        if name in _COPIES and node.args:
            found = self.of(node.args[0], scope, depth)
            return self._stepped(found, "element", depth) if name in _ELEMENTS_OF else found
        if isinstance(node.func, ast.Attribute) and node.func.attr in _MAKERS:
            owners = self.of(node.func.value, scope, depth)
            return tuple(replace(one, kind="instance") for one in owners)
        found_types: list[Type] = []
        for target in self.of(node.func, scope, depth):
            if target.kind == "class":
                found_types.append(replace(target, kind="instance"))
            elif target.kind == "function":
                found_types += self._returned(target, depth)
            elif target.kind == "made":
                found_types.append(replace(target, kind="instance"))
        return tuple(found_types)

    def _class_around(self, scope: Scope) -> Types:
        """Return what `super` is of: what the class does not have, its bases have."""
        current: Scope | None = scope
        while current is not None and current.kind != "class":
            current = current.parent
        return (Type(kind="instance", name=current.name),) if current is not None else ()

    def _returned(self, function: Type, depth: int) -> Types:
        defined = self.classes.project.defined(function.name) if depth else None
        if defined is None or not isinstance(
            defined.binding.node, ast.FunctionDef | ast.AsyncFunctionDef
        ):
            return ()
        returns = defined.binding.node.returns
        if isinstance(returns, ast.Name) and returns.id == "Self" and function.owner is not None:
            return (replace(function.owner, kind="instance"),)
        found = self.classes.annotated(returns, defined.header, depth - 1)
        return tuple(substituted(one, dict(function.bound)) for one in found)

    def _subscript(self, value: ast.expr, index: ast.expr, scope: Scope, depth: int) -> Types:
        found: list[Type] = []
        for owner in self.of(value, scope, depth):
            if owner.kind == "class":
                found.append(replace(owner, args=self.classes.arguments(index, scope, depth)))
            elif owner.name in MAPPINGS:
                found += owner.args[1] if len(owner.args) == 2 else ()
            elif owner.name in SEQUENCES:
                found += (owner,) if isinstance(index, ast.Slice) else first(owner)
        return tuple(found)

    def _stepped(self, found: Types, step: int | str, depth: int) -> Types:
        match step:
            case "element":
                return tuple(one for owner in found for one in first(owner))
            case "made":
                return tuple(replace(one, kind="instance") for one in found if one.kind == "class")
            case "entered":
                return self._entered(found, depth)
            case int():
                return tuple(one for owner in found for one in item(owner, step))
            case _:
                return ()

    def _entered(self, found: Types, depth: int) -> Types:
        result: list[Type] = []
        for owner in found:
            for name in ("__aenter__", "__enter__"):
                methods = self._read(owner, name, depth)
                result += [one for method in methods for one in self._returned(method, depth)]
        return tuple(result) or found


def _class(name: str) -> Type:
    return Type(kind="class", name=name.rpartition(".")[2])
