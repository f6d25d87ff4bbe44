"""The classes of a project: what an annotation stands for, and who has a member.

Follows aliases, base classes and the type variables of generic ones, in the modules as they stand.
"""

import ast
import builtins
from collections.abc import Mapping
from dataclasses import field, replace

from apigen.merge.renaming.project import Defined, Project, dotted, members
from apigen.merge.renaming.scopes import Binding, Scope, Scopes
from apigen.values import dataclass

type Types = tuple["Type", ...]
"""What a value may be; empty: unknown."""
type Substitution = Mapping[str, Types]

_TRANSPARENT = frozenset(
    {
        "Annotated",
        "Optional",
        "Union",
        "Final",
        "ClassVar",
        "Mapped",
        "Required",
        "NotRequired",
        "ReadOnly",
        "Awaitable",
    }
)
_ANYTHING = frozenset({"object", "Any"})
DEPTH = 12
"""Steps from one definition to the next before nothing is known: definitions may be circular."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """An instance of a class, a class itself, or a function."""

    kind: str
    """instance, class, function, variable (of a generic)."""
    name: str
    """Where it is defined, dotted; the last name alone for what is not the project's."""
    args: tuple[Types, ...] = ()
    bound: tuple[tuple[str, Types], ...] = ()
    """Of a method: what the type variables of its class stand for."""
    owner: "Type | None" = None
    """Of a method: what it was read from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of a class, found in it or in a base."""

    owner: str
    """The class that has it, dotted."""
    binding: Binding
    analysis: Scopes
    scope: Scope
    substitution: Substitution


@dataclass(frozen=True, slots=True)
class Classes:
    """Answers for one project."""

    project: Project
    known: dict[str, Mapping[str, Binding]] = field(default_factory=dict)
    """Members by class: they are asked for often."""
    formerly: Mapping[str, str] = field(default_factory=dict)
    """Classes that their owner renamed, dotted, to the name apigen gave them."""

    def member(self, owner: Type, name: str, depth: int = DEPTH) -> Member | None:
        """Return a member of a class of the project, looked up in its bases too."""
        defined = self.project.defined(owner.name) if depth else None
        if defined is None or not isinstance(defined.binding.node, ast.ClassDef):
            return None
        node, scope = defined.binding.node, defined.binding.scope
        assert scope is not None
        substitution = _substitution(node, owner.args)
        if defined.name not in self.known:
            self.known[defined.name] = members(node, scope)
        binding = self.known[defined.name].get(name)
        if binding is not None:
            return Member(
                owner=defined.name,
                binding=binding,
                analysis=defined.analysis,
                scope=scope,
                substitution=substitution,
            )
        for base in node.bases:
            for kind in self.annotated(base, defined.header, depth - 1):
                inherited = self.member(substituted(kind, substitution), name, depth - 1)
                if inherited is not None:
                    return inherited
        return None

    def ancestors(self, name: str, depth: int = DEPTH) -> tuple[str, ...]:
        """Return a class and its bases that are the project's, dotted."""
        defined = self.project.defined(name) if depth else None
        if defined is None or not isinstance(defined.binding.node, ast.ClassDef):
            return ()
        found = [defined.name]
        if defined.name in self.formerly:
            found.append(self.formerly[defined.name])
        for base in defined.binding.node.bases:
            for kind in self.annotated(base, defined.header, depth - 1):
                found += self.ancestors(kind.name, depth - 1)
        return tuple(dict.fromkeys(found))

    def annotated(self, node: ast.expr | None, scope: Scope, depth: int = DEPTH) -> Types:
        """Return what a value with an annotation is."""
        if node is None or not depth:
            return ()
        less = depth - 1
        match node:
            case ast.Constant(value=str(text)):
                try:
                    return self.annotated(ast.parse(text, mode="eval").body, scope, less)
                except SyntaxError:
                    return ()
            case ast.BinOp(left=left, right=right):
                return (*self.annotated(left, scope, less), *self.annotated(right, scope, less))
            case ast.Subscript(value=value, slice=index):
                return self._subscripted(value, index, scope, less)
            case ast.Name() | ast.Attribute():
                return self._class_named(node, scope, less)
            case _:
                return ()

    def _subscripted(self, value: ast.expr, index: ast.expr, scope: Scope, depth: int) -> Types:
        last = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
        arguments = self.arguments(index, scope, depth)
        if last == "type":
            return tuple(replace(one, kind="class") for one in arguments[0])
        if last in _TRANSPARENT:
            used = arguments if last == "Union" else arguments[:1]
            return tuple(found for argument in used for found in argument)
        return tuple(replace(one, args=arguments) for one in self.annotated(value, scope, depth))

    def arguments(self, index: ast.expr, scope: Scope, depth: int) -> tuple[Types, ...]:
        """Return what stands between the brackets of a generic."""
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        return tuple(self.annotated(part, scope, depth) for part in parts)

    def _class_named(self, node: ast.expr, scope: Scope, depth: int) -> Types:
        name = dotted(node, scope)
        if name is None:
            return ()
        defined = self.project.defined(name)
        if defined is not None:
            return self._alias(defined, depth)
        last = name.rpartition(".")[2]
        is_variable = name == f"builtins.{last}" and not hasattr(builtins, last)
        if last in _ANYTHING:
            return ()
        if is_variable or self.project.is_own(name):
            return (Type(kind="variable", name=last),)
        return (plain(last),)

    def _alias(self, defined: Defined, depth: int) -> Types:
        if isinstance(defined.binding.node, ast.ClassDef):
            return (Type(kind="instance", name=defined.name),)
        match defined.binding.value:
            case ast.Call(func=ast.Name(id="TypeVar") | ast.Attribute(attr="TypeVar")):
                return (Type(kind="variable", name=defined.name.rpartition(".")[2]),)
        return self.annotated(defined.binding.value, defined.header, depth)


def plain(name: str) -> Type:
    """Return an instance of a class that is not the project's."""
    return Type(kind="instance", name=name.rpartition(".")[2])


def _substitution(node: ast.ClassDef, arguments: tuple[Types, ...]) -> Substitution:
    """Return what the type variables of a class stand for."""
    parameters = [str(getattr(parameter, "name", "")) for parameter in node.type_params]
    if not parameters:
        for base in node.bases:
            match base:
                case ast.Subscript(value=ast.Name(id="Generic" | "Protocol"), slice=index):
                    parts = index.elts if isinstance(index, ast.Tuple) else [index]
                    parameters = [part.id for part in parts if isinstance(part, ast.Name)]
    return dict(zip(parameters, arguments, strict=False))


def substituted(found: Type, substitution: Substitution) -> Type:
    """Return a type with the variables of its class replaced by what they stand for."""
    if found.kind == "variable":
        known = substitution.get(found.name, ())
        return known[0] if known else found
    args = tuple(tuple(substituted(one, substitution) for one in row) for row in found.args)
    return replace(found, args=args)
