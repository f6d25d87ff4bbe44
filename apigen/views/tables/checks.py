"""The checks of a table: bounds, stored enum values, rules that the database can tell."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from apigen.ir.field import Origin
from apigen.ir.system import Child, Entity, ExclusiveArc, System
from apigen.ir.types import EnumRef, LocalizedText, Scalar
from apigen.views.tables.bounds import bounds_of
from apigen.views.tables.parts import Check
from apigen.views.tables.storage import (
    Stored,
    base_type,
    in_columns,
    shortened,
    stored_columns,
    stored_values,
)


def checks(owner: Entity | Child, stored: Iterable[Stored], system: System) -> tuple[Check, ...]:
    """Return the checks of an owner's table: of its fields, its rules and its exclusive arcs."""
    found = [*_field_checks(owner.table, stored, system)]
    found += _null_together(owner, system)
    found += [_arc(owner, arc) for arc in owner.arcs]
    found += [
        Check(
            id=f"rule:{rule.code}",
            name=shortened(f"ck_{owner.table}_{rule.code}"),
            rule=rule.expr,
        )
        for rule in owner.invariants
        if rule.db
    ]
    return _distinct_names(found)


def _field_checks(table: str, stored: Iterable[Stored], system: System) -> Iterator[Check]:
    for column in stored:
        if column.cipher is not None:
            continue
        base = base_type(column.type, system)
        if isinstance(base, EnumRef):
            yield Check(
                id=f"values:{column.id}",
                name=shortened(f"ck_{table}_{column.column}_values"),
                column=column.column,
                values=_enum_values(base, system),
            )
        elif column.path[0].origin is Origin.SYNTH:
            # Nobody but the program gives it a value, and rows that are there need no look.
            continue
        elif isinstance(base, LocalizedText):
            yield Check(
                id=f"text:{column.id}",
                name=shortened(f"ck_{table}_{column.column}_text"),
                sql=_default_text(base, column),
            )
        elif isinstance(base, Scalar) and base is column.type:
            for bound in bounds_of(base, column.column):
                yield Check(
                    id=f"{bound.kind}:{column.id}",
                    name=shortened(f"ck_{table}_{column.column}_{bound.kind}"),
                    bound=bound,
                )


def _default_text(type_: LocalizedText, column: Stored) -> str:
    """Return that there is a text for the default locale, and that it is as long as it may be.

    Those of other locales, which may come and go, are looked at by the domain alone.
    """
    found = f"(\"{column.column}\" ->> '{type_.default}')"
    limits = (">=", type_.item.constraints.min), ("<=", type_.item.constraints.max)
    lengths = [f"length({found}) {sign} {limit}" for sign, limit in limits if limit]
    condition = " AND ".join((f"{found} IS NOT NULL", *lengths))
    return f'"{column.column}" IS NULL OR ({condition})' if column.nullable else condition


def _enum_values(ref: EnumRef, system: System) -> tuple[str, ...]:
    return tuple(stored_values(ref.target, system))


def _null_together(owner: Entity | Child, system: System) -> Iterator[Check]:
    """Yield, for each nullable value object, that its required columns are null together."""
    for field in owner.fields:
        if not field.nullable or in_columns(field.type, system) is None:
            continue
        required = [
            f'("{column.column}" IS NULL)'
            for column in stored_columns(field, system)
            if not any(inner.nullable for inner in column.path[1:])
        ]
        if len(required) > 1:
            first, *others = required
            yield Check(
                id=f"together:{field.id}",
                name=shortened(f"ck_{owner.table}_{field.column}_together"),
                sql=" AND ".join(f"{first} = {other}" for other in others),
            )


def _arc(owner: Entity | Child, arc: ExclusiveArc) -> Check:
    columns = {field.attribute: field.column for field in owner.fields}
    ids = sorted(field.id for field in owner.fields if field.attribute in arc.attributes)
    terms = " + ".join(
        f'CASE WHEN "{columns[name]}" IS NULL THEN 0 ELSE 1 END' for name in arc.attributes
    )
    return Check(
        id=f"arc:{','.join(ids)}",
        name=shortened(arc.name),
        sql=f"{terms} {'<=' if arc.nullable else '='} 1",
    )


def _distinct_names(checks: Iterable[Check]) -> tuple[Check, ...]:
    taken: set[str] = set()
    found = []
    for check in checks:
        name, number = check.name, 2
        while name in taken:
            name, number = shortened(f"{check.name}_{number}"), number + 1
        taken.add(name)
        found.append(replace(check, name=name))
    return tuple(found)
