"""The calls by which a domain object checks its fields, as source; `entities` places them."""

from collections.abc import Mapping

from apigen.ir.field import Field
from apigen.ir.names import Name
from apigen.ir.system import Child, Entity, ExclusiveArc, ObjectType, Rule, ScalarType, System
from apigen.ir.types import (
    Constraints,
    EnumRef,
    IdOf,
    ListOf,
    LocalizedText,
    ManyOf,
    MapOf,
    ObjectRef,
    RefTo,
    Scalar,
    ScalarKind,
    SetOf,
    TypeRef,
    UnionRef,
)
from apigen.python import layout
from apigen.python.annotations import FORMAT_TYPES
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import literal, pattern, text
from apigen.views.domain.rules import rule_source

_NUMBERS = frozenset(
    {
        ScalarKind.INT,
        ScalarKind.BIGINT,
        ScalarKind.FLOAT,
        ScalarKind.DECIMAL,
        ScalarKind.DATE,
        ScalarKind.TIME,
        ScalarKind.DATETIME,
        ScalarKind.DURATION,
    }
)
_CHECKS: Mapping[ScalarKind, str] = {
    ScalarKind.INT: "check_integer",
    ScalarKind.BIGINT: "check_integer",
    ScalarKind.FLOAT: "check_real",
}
"""Numbers of limited width are checked even without bounds; others with `check_number`."""
_UNCHECKED = frozenset({ScalarKind.BOOL, ScalarKind.UUID, ScalarKind.ULID, ScalarKind.JSON})


def _variable(type_: TypeRef) -> str:
    """Return a variable for elements of a type, the same for no other type.

    All loops of a function share its variables, and mypy takes a variable's type from its first
    loop.
    """
    match type_:
        case Scalar(named=str() as named):
            return f"{Name.of(named.rpartition('.')[2]).snake}_item"
        case Scalar(kind=ScalarKind.STR | ScalarKind.TEXT):
            return "item"
        case Scalar(kind=kind):
            return f"{kind.value}_item"
        case ListOf(item=inner):
            return f"{_variable(inner)}s"
        case SetOf(item=inner):
            return f"{_variable(inner)}_set"
        case MapOf(item=inner):
            return f"{_variable(inner)}_map"
        case _:
            return "element"


class CheckWriter:
    """Writes checks for one module."""

    def __init__(self, system: System, imports: ImportSet) -> None:
        """Write for the module whose imports these are."""
        self._system = system
        self._imports = imports

    def _call(self, name: str, *arguments: str) -> str:
        symbol = layout.support(self._system, "domain.constraints", name)
        return f"{self._imports.use(symbol)}({', '.join(arguments)})"

    def field(self, field: Field) -> tuple[str, ...]:
        """Return the statements that check one stored field of `self`."""
        source = f"self.{spell(field.attribute)}"
        return self._value(text(field.wire), source, field.type, field.nullable)

    def computed(self, field: Field) -> tuple[str, ...]:
        """Return the statements that check what a computed field comes to."""
        if isinstance(field.type, ObjectRef):
            work_out = f"lambda: self.{spell(field.attribute)}"
            return (self._call("check_computed", text(field.wire), work_out),)
        return self.field(field)

    def _value(self, name: str, source: str, type_: TypeRef, nullable: bool) -> tuple[str, ...]:
        match type_:
            case Scalar(named=str() as named):
                declared = self._system.types[named]
                assert isinstance(declared, ScalarType)
                if not has_checks(declared):
                    return ()
                check = self._imports.use(layout.scalar_check(self._system, declared))
                return (f"{check}({name}, {source})",)
            case Scalar():
                return self.scalar(name, source, type_)
            case ListOf(item=item, constraints=bounds) | SetOf(item=item, constraints=bounds):
                return (
                    *self._size(name, source, bounds),
                    *self._elements(name, source, item, nullable),
                )
            case MapOf(item=item, constraints=bounds):
                values = f"({source} or {{}}).values()" if nullable else f"{source}.values()"
                return (
                    *self._size(name, source, bounds),
                    *self._elements(name, source, Scalar(kind=ScalarKind.TEXT), nullable, "key"),
                    *self._elements(name, values, item, nullable=False),
                )
            case ManyOf(constraints=bounds):
                return self._size(name, source, bounds)
            case LocalizedText(item=item, default=default):
                texts = layout.support(self._system, "domain.localized", "check_localized")
                stated = (f"default={text(default)}", *_text_bounds(item))
                return (f"{self._imports.use(texts)}({', '.join((name, source, *stated))})",)
            case EnumRef() | ObjectRef() | UnionRef() | IdOf() | RefTo():
                # An enum has no wrong members, a value object checks itself, an id its table.
                return ()

    def _elements(
        self, name: str, source: str, item: TypeRef, nullable: bool, variable: str = ""
    ) -> tuple[str, ...]:
        variable = variable or _variable(item)
        checks = self._value(name, variable, item, nullable=False)
        if not checks:
            return ()
        body = "\n    ".join(line for check in checks for line in check.split("\n"))
        iterated = f"{source} or ()" if nullable else source
        return (f"for {variable} in {iterated}:\n    {body}",)

    def _size(self, name: str, source: str, bounds: Constraints) -> tuple[str, ...]:
        stated = [
            f"{key}={value}"
            for key, value in (("minimum", bounds.min), ("maximum", bounds.max))
            if value is not None
        ]
        return (self._call("check_length", name, source, *stated),) if stated else ()

    def scalar(self, name: str, source: str, scalar: Scalar) -> tuple[str, ...]:
        """Return the statements that check a scalar by its constraints."""
        bounds, kind = scalar.constraints, scalar.kind
        if kind in _UNCHECKED:
            return ()
        if kind is ScalarKind.BYTES:
            return self._size(name, source, bounds)
        if kind in _NUMBERS:
            return self._number(name, source, scalar)
        stated = _text_bounds(scalar)
        if kind in FORMAT_TYPES:
            stated.append(f"format={text(kind.value)}")
        return (self._call("check_string", name, source, *stated),)

    def _number(self, name: str, source: str, scalar: Scalar) -> tuple[str, ...]:
        bounds = scalar.constraints
        calls: list[str] = []
        if scalar.kind is ScalarKind.DECIMAL:
            digits = (f"precision={bounds.precision}", f"scale={bounds.scale}")
            calls.append(self._call("check_digits", name, source, *digits))
        stated = [
            f"{key}={literal(value, self._imports)}"
            for key, value in (
                ("minimum", bounds.min),
                ("maximum", bounds.max),
                ("gt", bounds.gt),
                ("lt", bounds.lt),
            )
            if value is not None
        ]
        if scalar.kind is ScalarKind.BIGINT:
            stated.insert(0, "bits=64")
        if scalar.kind in _CHECKS or stated:
            check = _CHECKS.get(scalar.kind, "check_number")
            calls.append(self._call(check, name, source, *stated))
        if bounds.step is not None:
            step = literal(bounds.step, self._imports)
            calls.append(self._call("check_step", name, source, step))
        return tuple(calls)

    def child(self, child: Child) -> tuple[str, ...]:
        """Return the statements that check the children in one collection."""
        name, source = text(child.attribute), f"self.{spell(child.attribute)}"
        if child.to_one:
            return (self._call("check_child", name, source),)
        stated = [
            f"{key}={value}"
            for key, value in (("minimum", child.min), ("maximum", child.max))
            if value is not None
        ]
        calls = [self._call("check_children", name, source, *stated)]
        if child.key is not None:
            keys = f"[item.{spell(child.key)} for item in {source}]"
            calls.append(self._call("check_distinct", name, keys))
        return tuple(calls)

    def arc(self, arc: ExclusiveArc, owner: Entity | Child) -> str:
        """Return the statement that counts the references of an arc of `owner`."""
        wire = {field.attribute: field.wire for field in owner.fields}
        count = " + ".join(f"(self.{spell(name)} is not None)" for name in arc.attributes)
        names = ", ".join(wire[name] for name in arc.attributes)
        how, sign = ("at most one", "<=") if arc.nullable else ("exactly one", "==")
        return self._call(
            "check_invariant",
            f"{count} {sign} 1",
            f"code={text(arc.name)}",
            f"message={text(f'Must have {how} of {names}.')}",
        )

    def rule(self, rule: Rule) -> str:
        """Return the statement that checks an invariant."""
        condition = rule_source(rule.expr, system=self._system, imports=self._imports)
        return self._call(
            "check_invariant",
            condition,
            f"code={text(rule.code)}",
            f"message={text(rule.message)}",
        )


def _text_bounds(scalar: Scalar) -> list[str]:
    """Return the arguments that state what each text has to meet."""
    bounds = scalar.constraints
    stated = [
        f"{key}={value}"
        for key, value in (("minimum", bounds.min), ("maximum", bounds.max))
        if value is not None
    ]
    if bounds.pattern is not None:
        stated.append(f"pattern={pattern(bounds.pattern)}")
    return stated


def has_checks(declared: ScalarType) -> bool:
    """Tell whether values of a named scalar are checked at all."""
    scalar = declared.type
    if not isinstance(scalar, Scalar) or scalar.kind in _UNCHECKED:
        return False
    bounds = scalar.constraints
    limits = (bounds.min, bounds.max, bounds.gt, bounds.lt, bounds.step)
    if scalar.kind in _NUMBERS:
        is_bounded = any(limit is not None for limit in limits)
        return is_bounded or scalar.kind is ScalarKind.DECIMAL or scalar.kind in _CHECKS
    return scalar.kind is not ScalarKind.BYTES or any(limit is not None for limit in limits)


def stored(owner: ObjectType) -> tuple[Field, ...]:
    """Return the fields of a value object that hold a value of their own."""
    return tuple(field for field in owner.fields if field.computed is None)
