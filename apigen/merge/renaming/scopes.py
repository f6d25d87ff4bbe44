"""The scopes of a module: what each name is bound to, and every place where it is spelled.

Python's own rules: class bodies are not seen from their functions, comprehensions are scopes of
their own, annotations may be texts, type parameters stand around what has them.
"""

import ast
from dataclasses import field
from enum import StrEnum

from apigen.merge.renaming.code import Code
from apigen.merge.renaming.names import Function
from apigen.values import dataclass

type Definition = Function | ast.ClassDef
type Step = int | str
"""How a bound value is taken from an expression: an index, `element` of it, or `entered`."""

TYPE_PARAMETERS = "type parameters"
"""Kind of a scope: between a definition and what it stands in."""


class Kind(StrEnum):
    """What binds a name."""

    IMPORT = "import"
    CLASS = "class"
    FUNCTION = "function"
    PARAMETER = "parameter"
    TYPE_PARAMETER = "type parameter"
    VARIABLE = "variable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One place that gives a name a meaning."""

    kind: Kind
    target: str = ""
    """Of an import: dotted, absolute."""
    is_alias: bool = False
    """Of an import: bound to another name than its own."""
    node: Definition | None = None
    scope: "Scope | None" = None
    """The scope a definition opens; of a variable, where its value is evaluated when not where it
    is bound."""
    annotation: ast.expr | None = None
    value: ast.expr | None = None
    steps: tuple[Step, ...] = ()


@dataclass(eq=False, slots=True, kw_only=True)
class Scope:
    """A module, class, function or comprehension, or the type parameters of a definition."""

    kind: str
    name: str
    """Dotted, from the module."""
    parent: "Scope | None"
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    elsewhere: dict[str, bool] = field(default_factory=dict)
    """Names declared global (true) or nonlocal."""
    stars: list[str] = field(default_factory=list)
    """Modules that everything is imported from; only of a module."""
    tests: dict[str, list[ast.expr]] = field(default_factory=dict)
    """Classes that `isinstance` asks for, by the name asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A name, spelled somewhere."""

    scope: Scope
    name: str
    start: int
    imports: str = ""
    """Dotted, when this is an imported name without an alias."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An expression or pattern, and where it is evaluated."""

    node: ast.Attribute | ast.Call | ast.MatchClass
    scope: Scope
    shift: int | None = None
    """In a text annotation: where its text begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scopes:
    """What `scopes` found in one module."""

    module: str
    package: str
    code: Code
    root: Scope
    all: tuple[Scope, ...]
    uses: tuple[Use, ...]
    places: tuple[Place, ...]
    imports: tuple[ast.Import | ast.ImportFrom, ...]


def lookup(scope: Scope, name: str) -> Scope | None:
    """Return the scope in which a name that is used in `scope` is bound, None for a builtin."""
    current: Scope | None = scope
    # A class is seen by itself, and through the type parameters of what it defines.
    is_class_seen = True
    while current is not None:
        is_global = current.elsewhere.get(name)
        if is_global:
            while current.parent is not None:
                current = current.parent
            return current
        is_seen = is_class_seen or current.kind != "class"
        if is_global is None and is_seen and name in current.bindings:
            return current
        is_class_seen = is_class_seen and current.kind == TYPE_PARAMETERS
        current = current.parent
    return None


def surrounding(scope: Scope) -> Scope | None:
    """Return the scope that what opens `scope` is bound in: its parent, past type parameters."""
    parent = scope.parent
    return parent.parent if parent is not None and parent.kind == TYPE_PARAMETERS else parent


def imported_module(node: ast.ImportFrom, package: str) -> str:
    """Return the absolute dotted name of the module an import reads from."""
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    parts = parts[: len(parts) - node.level + 1]
    return ".".join((*parts, node.module) if node.module else parts)
