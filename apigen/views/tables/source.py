"""Source of constraints and indexes: the same in a row class and in a migration, but for types.

Knows how SQLAlchemy spells them; what there is to spell comes from `apigen.views.tables.tables`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from operator import attrgetter

from apigen.evolve.operation import Index as IndexOperation
from apigen.expr.printed import Import, Spelling
from apigen.expr.scope import ObjectScope, ScopeField
from apigen.expr.sql_printer import SqlNames, print_sql
from apigen.ir.expr import TypedExpr
from apigen.ir.field import IndexMethod
from apigen.ir.system import ObjectStore, ObjectType, System
from apigen.ir.types import Default, Literal, LiteralDefault, TypeRef
from apigen.python.imports import ImportSet
from apigen.python.layout import owner
from apigen.python.literals import argument, literal, text
from apigen.views.tables.columns import stored_fields
from apigen.views.tables.parts import Check, Column, Index, Table
from apigen.views.tables.storage import migration_type


def spelling(system: System, imports: ImportSet) -> Spelling:
    """Return how printed rules call what they import."""

    def imported(wanted: Import) -> str:
        module = wanted.module
        if module.startswith("support."):
            module = f"{system.app.package}.{module}"
        if wanted.name:
            return imports.add(module, wanted.name)
        return imports.module(module, wanted.alias)

    return Spelling(imported=imported)


def object_scopes(system: System) -> Mapping[str, ObjectScope]:
    """Return what rules know of value objects."""
    return {
        qname: ObjectScope(
            fields=tuple(
                ScopeField(
                    name=field.name.text,
                    attribute=field.attribute,
                    type=field.type,
                    nullable=field.nullable,
                    span=field.span,
                    computed=field.computed,
                    default=_scalar_default(field.default),
                )
                for field in declared.fields
            ),
            in_columns=declared.store is ObjectStore.COLUMNS,
            value=declared.measure.value if declared.measure else None,
            unit=declared.measure.unit if declared.measure else None,
        )
        for qname, declared in system.types.items()
        if isinstance(declared, ObjectType)
    }


def check_source(check: Check, table: Table, system: System, imports: ImportSet) -> str:
    """Return source of a CHECK."""
    sa = imports.module("sqlalchemy", "sa")
    sql = check_sql(check)
    condition = text(sql) if sql is not None else check_expression(check, table, system, imports)
    return f"{sa}.CheckConstraint({condition}, name={text(check.name)})"


def check_sql(check: Check) -> str | None:
    """Return the condition as SQL that both databases read alike; None when it depends on them."""
    if check.bound is not None and check.bound.type is None:
        return check.bound.sql
    return check.sql


def check_expression(
    check: Check,
    table: Table,
    system: System,
    imports: ImportSet,
    called: Callable[[Column], str] = attrgetter("name"),
) -> str:
    """Return source of the condition as an expression of SQLAlchemy.

    Args:
        check: One whose `check_sql` is None.
        table: Its table.
        system: The system.
        imports: Gets what the expression needs.
        called: What a column is called in it.
    """
    sa = imports.module("sqlalchemy", "sa")
    if check.rule is not None:
        return rule_expression(check.rule, table, system, imports, called)
    columns = {column.name: called(column) for column in table.columns}
    bound = check.bound
    if bound is not None and bound.type is not None:
        kind = migration_type(bound.type, nullable=False, system=system, imports=imports)
        column = f"{sa}.column({text(columns[bound.column])}, {kind})"
        conditions = [
            f"{column} {operator} {_value(value, system, imports)}"
            for operator, value in bound.comparisons
        ]
        return conditions[0] if len(conditions) == 1 else f"{sa}.and_({', '.join(conditions)})"
    values = literal(list(check.values), imports)
    return f"{sa}.column({text(columns[check.column or ''])}).in_({values})"


def _value(value: object, system: System, imports: ImportSet) -> str:
    """Return source of a bound; instants and durations are written for each database."""
    source = literal(value, imports)
    module = f"{system.app.package}.support.infrastructure.sql_expressions"
    if isinstance(value, datetime):
        return f"{imports.add(module, 'instant')}({source})"
    if isinstance(value, timedelta):
        return f"{imports.add(module, 'duration')}({source})"
    return source


def rule_expression(
    rule: TypedExpr,
    table: Table,
    system: System,
    imports: ImportSet,
    called: Callable[[Column], str] = attrgetter("name"),
    inside: tuple[str, ...] = (),
) -> str:
    """Return source of a rule over the columns of a table as an expression of SQLAlchemy.

    Args:
        rule: The rule.
        table: The table.
        system: The system.
        imports: Gets what the expression needs.
        called: What a column is called in it.
        inside: Attributes down to the value object whose rule it is.
    """
    sa = imports.module("sqlalchemy", "sa")
    by_attribute = _columns_by_path(table, system)

    def column(owner: str, row: str | None, path: tuple[str, ...], type_: TypeRef) -> str:
        kind = migration_type(type_, nullable=True, system=system, imports=imports)
        return f"{sa}.column({text(called(by_attribute[(*inside, *path)]))}, {kind})"

    names = SqlNames(column=column, objects=object_scopes(system))
    return print_sql(rule, owner=table.owner, names=names, spelling=spelling(system, imports)).text


def _columns_by_path(table: Table, system: System) -> dict[tuple[str, ...], Column]:
    by_name = {column.name: column for column in table.columns}
    return {
        tuple(field.attribute for field in stored.path): by_name[stored.column]
        for stored in stored_fields(owner(system, table.owner), system)
    }


def index_arguments(index: Index, table: Table, system: System, imports: ImportSet) -> list[str]:
    """Return the arguments of an index that follow its name and columns."""
    arguments = ["unique=True"] if index.unique else []
    where = counted(index.where, table, system, imports, live_only=index.live_only)
    if where is not None:
        arguments += [f"sqlite_where={where}", f"postgresql_where={where}"]
    match index.method:
        case IndexMethod.HASH:
            arguments.append('postgresql_using="hash"')
        case IndexMethod.GIN | IndexMethod.TRGM:
            arguments.append('postgresql_using="gin"')
        case IndexMethod.BTREE:
            pass
    if index.trigrams:
        classes = dict.fromkeys(index.trigrams, "gin_trgm_ops")
        arguments.append(f"postgresql_ops={literal(classes, imports)}")
    if index.localized and index.unique:
        called = {column.name: column.field or column.name for column in table.columns}
        fields = literal([called[name] for name in index.columns], imports)
        arguments.append(f'info={{"fields": {fields}}}')
    if index.include:
        arguments.append(f"postgresql_include={literal(list(index.include), imports)}")
    return arguments


def index_columns(index: Index, imports: ImportSet) -> list[str]:
    """Return source of the columns of an index."""
    sa = imports.module("sqlalchemy", "sa")
    return [
        f"{sa}.text({argument(index_term(index, column))})"
        if column in index.descending or column in index.localized
        else text(column)
        for column in index.columns
    ]


def index_term(index: Index | IndexOperation, column: str) -> str:
    """Return a column of an index as SQL that both databases read alike."""
    term = f'"{column}"'
    if column in index.localized:
        texts = ", ".join(f"{term} ->> '{locale}'" for locale in index.locales)
        term = f"(coalesce({texts}))" if len(index.locales) > 1 else f"({texts})"
    return f"{term} DESC" if column in index.descending else term


def counted(
    where: TypedExpr | None, table: Table, system: System, imports: ImportSet, *, live_only: bool
) -> str | None:
    """Return source of the condition that says which rows count; None: all of them."""
    sa = imports.module("sqlalchemy", "sa")
    live = f'{sa}.text("NOT is_deleted")' if live_only else None
    rule = None if where is None else rule_expression(where, table, system, imports)
    if live and rule:
        return f"{sa}.and_({live}, {rule})"
    return live or rule


def _scalar_default(default: Default | None) -> Literal | None:
    value = default.value if isinstance(default, LiteralDefault) else None
    return value if not isinstance(value, list | dict) else None
