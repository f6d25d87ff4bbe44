"""The modules of a project as they stand, analysed when first asked for."""

import ast
import builtins
from collections.abc import Callable, Mapping
from dataclasses import field

from apigen.merge.renaming.code import NotPython, read_code
from apigen.merge.renaming.names import module_name
from apigen.merge.renaming.scope_reader import scopes
from apigen.merge.renaming.scopes import Binding, Definition, Kind, Scope, Scopes, lookup
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined:
    """A definition of the project, found by name."""

    name: str
    """Where it is defined, dotted: an imported name leads to its origin."""
    analysis: Scopes
    """Of the module it stands in."""
    binding: Binding
    scope: Scope
    """In which it is bound."""

    @property
    def header(self) -> Scope:
        """Return the scope that annotations, bases and values of it are evaluated in."""
        inner = self.binding.scope
        if inner is None or inner.parent is None or self.binding.node is None:
            return inner or self.scope
        return inner.parent


@dataclass(slots=True, kw_only=True)
class Project:
    """A project by module."""

    read: Callable[[str], str | None]
    """Text of the file at a path; None when there is none."""
    found: dict[str, Scopes | None] = field(default_factory=dict)

    def module(self, name: str) -> Scopes | None:
        """Return the analysis of a module, None when the project has no such module."""
        if name not in self.found:
            self.found[name] = self._read(name)
        return self.found[name]

    def file(self, path: str) -> Scopes | None:
        """Return the analysis of the module at a path, None when it does not parse."""
        name = module_name(path)
        if name not in self.found:
            self.found[name] = self._analysed(path, name)
        return self.found[name]

    def defined(self, name: str, *, depth: int = 8) -> Defined | None:
        """Return what a dotted name stands for, through imports; None when it is not ours."""
        if not depth:
            return None
        module, rest = self._split(name)
        if module is None or not rest:
            return None
        scope = module.root
        for number, part in enumerate(rest):
            bindings = scope.bindings.get(part)
            if not bindings:
                return self._of_stars(module, rest, depth) if number == 0 else None
            binding = bindings[0]
            left = rest[number + 1 :]
            if binding.kind is Kind.IMPORT:
                return self.defined(".".join((binding.target, *left)), depth=depth - 1)
            if not left:
                return Defined(
                    name=f"{scope.name}.{part}", analysis=module, binding=binding, scope=scope
                )
            if binding.scope is None:
                return None
            scope = binding.scope
        return None

    def is_module(self, name: str) -> bool:
        """Whether a dotted name is a module of the project."""
        return self.module(name) is not None

    def is_own(self, name: str) -> bool:
        """Whether a dotted name begins with a package of the project."""
        return self.module(name.partition(".")[0]) is not None

    def _of_stars(self, module: Scopes, rest: list[str], depth: int) -> Defined | None:
        for star in module.root.stars:
            found = self.defined(".".join((star, *rest)), depth=depth - 1)
            if found is not None:
                return found
        return None

    def _split(self, name: str) -> tuple[Scopes | None, list[str]]:
        """Return the longest module that a dotted name begins with, and the rest."""
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            module = self.module(".".join(parts[:length]))
            if module is not None:
                return module, parts[length:]
        return None, parts

    def _read(self, name: str) -> Scopes | None:
        place = name.replace(".", "/")
        for path in (
            f"src/{place}.py",
            f"src/{place}/__init__.py",
            f"{place}.py",
            f"{place}/__init__.py",
        ):
            found = self._analysed(path, name)
            if found is not None:
                return found
        return None

    def _analysed(self, path: str, name: str) -> Scopes | None:
        text = self.read(path)
        if text is None:
            return None
        try:
            return scopes(read_code(text), name, is_package=path.endswith("/__init__.py"))
        except NotPython:
            return None


def dotted(node: ast.expr, scope: Scope) -> str | None:
    """Return the dotted name an expression of names and attributes stands for.

    Through the import that binds its first name; a name of the module itself begins with the
    module's. None for everything else.
    """
    match node:
        case ast.Name(id=name):
            home = lookup(scope, name)
            if home is None:
                root = scope
                while root.parent is not None:
                    root = root.parent
                is_builtin = hasattr(builtins, name) or not root.stars
                return f"{'builtins' if is_builtin else root.name}.{name}"
            binding = home.bindings[name][0] if name in home.bindings else None
            if binding is not None and binding.kind is Kind.IMPORT:
                return binding.target
            return f"{home.name}.{name}"
        case ast.Attribute(value=value, attr=attribute):
            base = dotted(value, scope)
            return f"{base}.{attribute}" if base is not None else None
        case _:
            return None


def members(node: ast.ClassDef, scope: Scope) -> Mapping[str, Binding]:
    """Return the members of a class, and what its methods set on `self`."""
    found = {name: bindings[-1] for name, bindings in scope.bindings.items()}
    for method in node.body:
        if not isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        inner = scope.bindings[method.name][0].scope
        for statement in ast.walk(method):
            match statement:
                case ast.Assign(
                    targets=[ast.Attribute(value=ast.Name(id="self"), attr=attribute)],
                    value=value,
                ):
                    made = Binding(kind=Kind.VARIABLE, value=value, scope=inner)
                    found.setdefault(attribute, made)
                case ast.AnnAssign(
                    target=ast.Attribute(value=ast.Name(id="self"), attr=attribute),
                    annotation=annotation,
                ):
                    made = Binding(kind=Kind.VARIABLE, annotation=annotation, scope=inner)
                    found.setdefault(attribute, made)
    return found


def is_decorated(node: Definition, *decorators: str) -> bool:
    """Whether a definition has one of the decorators, by their last name."""
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        match target:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                if name in decorators:
                    return True
    return False
