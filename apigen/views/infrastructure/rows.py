"""What the template of row classes is given: one class a table."""

from collections.abc import Mapping

from apigen.ir.system import Child, Context, Entity, System
from apigen.ir.types import ManyOf, RefTo, Scalar, ScalarKind
from apigen.python import layout
from apigen.python.annotations import optional
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text
from apigen.values import dataclass
from apigen.views.infrastructure.exclusions import exclusion_source
from apigen.views.tables.ciphers import CipherConstant, constants, definitions
from apigen.views.tables.columns import position_column
from apigen.views.tables.parts import Column, Index, Table
from apigen.views.tables.service_tables import has_history
from apigen.views.tables.source import check_source, index_arguments, index_columns
from apigen.views.tables.storage import (
    base_type,
    column_type,
    join_class,
    row_annotation,
    row_class,
)
from apigen.views.tables.tables import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAttribute:
    """A mapped attribute: a column or a collection of owned rows."""

    name: str
    annotation: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowClass:
    """One row class."""

    name: str
    bases: str
    docstring: str
    table: str
    arguments: tuple[str, ...]
    """Items of `__table_args__`."""
    attributes: tuple[RowAttribute, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBeside:
    """The table of the moves, or of the changes, of one kind of aggregate."""

    name: str
    """`ORDER_HISTORY`, `ORDER_CHANGES`."""
    maker: str
    """What makes it of its owner's."""
    row: str
    table: str
    """Literal: key of the owner's table in the metadata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsModule:
    """The rows of one context."""

    docstring: str
    imports: tuple[str, ...]
    ciphers: tuple[CipherConstant, ...]
    rows: tuple[RowClass, ...]
    beside: tuple[TableBeside, ...]


def rows_module(context: Context, system: System) -> RowsModule:
    """Return the view of a context's rows."""
    made = tables(system, only=context)
    module = f"{layout.persistence(system, context.name.snake)}.rows"
    ciphers = constants(context)
    names = [*(_class_of(table, system) for table in made), *ciphers.values()]
    imports = ImportSet(module, names)
    definitions_ = definitions(context, system, imports)
    rows = tuple(_row(table, ciphers, system, imports) for table in made)
    beside = tuple(
        TableBeside(
            name=name,
            maker=imports.use(layout.support(system, f"infrastructure.{module}", maker)),
            row=row_class(entity.qname, system),
            table=text(f"{entity.schema}.{entity.table}" if entity.schema else entity.table),
        )
        for entity in context.entities
        for is_there, name, module, maker in (
            (has_history(entity), history_constant(entity), "history", "history_table"),
            (entity.audit is not None, changes_constant(entity), "changes", "changes_table"),
            (entity.logs_reads, reads_constant(entity), "reads", "reads_table"),
        )
        if is_there
    )
    return RowsModule(
        docstring=docstring(f"Rows of the context {context.name.text}, one class a table."),
        imports=imports.render(),
        ciphers=definitions_,
        rows=rows,
        beside=beside,
    )


def history_constant(entity: Entity) -> str:
    """Return the name of the table of an aggregate's moves: `ORDER_HISTORY`."""
    return f"{entity.name.snake.upper()}_HISTORY"


def changes_constant(entity: Entity) -> str:
    """Return the name of the table of an aggregate's changes: `ORDER_CHANGES`."""
    return f"{entity.name.snake.upper()}_CHANGES"


def reads_constant(entity: Entity) -> str:
    """Return the name of the table of who was shown an aggregate: `ORDER_READS`."""
    return f"{entity.name.snake.upper()}_READS"


def _class_of(table: Table, system: System) -> str:
    if table.many is not None:
        return join_class(table.owner, table.many, system)
    return row_class(table.owner, system)


def _row(table: Table, ciphers: Mapping[str, str], system: System, imports: ImportSet) -> RowClass:
    session = f"{system.app.package}.infrastructure.persistence.session"
    base = imports.add(session, "Row")
    if table.versioned:
        versioned = imports.use(layout.support(system, "infrastructure.rows", "VersionedRow"))
        base = f"{versioned}, {base}"
    columns = [
        column
        for column in table.columns
        if not (table.versioned and column.attribute == "version")
    ]
    attributes = [_column(column, ciphers, system, imports) for column in columns]
    if table.many is None:
        attributes += _collections(layout.owner(system, table.owner), system, imports)
    return RowClass(
        name=_class_of(table, system),
        bases=base,
        docstring=docstring(f"A row of the table {table.name}.", indent=4),
        table=text(table.name),
        arguments=tuple(_table_arguments(table, system, imports)),
        attributes=tuple(attributes),
    )


def _table_arguments(table: Table, system: System, imports: ImportSet) -> list[str]:
    arguments = [check_source(check, table, system, imports) for check in table.checks]
    arguments += [_index(index, table, system, imports) for index in table.indexes]
    arguments += [exclusion_source(one, table, system, imports) for one in table.exclusions]
    options = {}
    if table.schema is not None:
        options["schema"] = text(table.schema)
    if any(column.drawn for column in table.columns):
        # Numbers of deleted rows are not drawn again, as on PostgreSQL.
        options["sqlite_autoincrement"] = "True"
    if options:
        arguments.append("{" + ", ".join(f'"{k}": {v}' for k, v in options.items()) + "}")
    return arguments


def _index(index: Index, table: Table, system: System, imports: ImportSet) -> str:
    sa = imports.module("sqlalchemy", "sa")
    columns = ", ".join(index_columns(index, imports))
    if index.is_constraint:
        return f"{sa}.UniqueConstraint({columns}, name={text(index.name)})"
    arguments = [text(index.name), columns, *index_arguments(index, table, system, imports)]
    return f"{sa}.Index({', '.join(arguments)})"


def _column(
    column: Column, ciphers: Mapping[str, str], system: System, imports: ImportSet
) -> RowAttribute:
    sa = imports.module("sqlalchemy", "sa")
    mapped_column = imports.add("sqlalchemy.orm", "mapped_column")
    attribute = column.attribute
    arguments = [text(column.name)] if attribute != column.name else []
    arguments.append(_type(column, ciphers, system, imports))
    key = column.foreign_key
    if key is not None:
        options = [text(f"{key.target_table}.{key.target_column}"), f"name={text(key.name)}"]
        if key.on_delete is not None:
            options.append(f"ondelete={text(key.on_delete)}")
        if key.deferred:
            options.append("use_alter=True")
        arguments.append(f"{sa}.ForeignKey({', '.join(options)})")
    if column.primary_key:
        arguments.append("primary_key=True")
        if not column.drawn:
            arguments.append("autoincrement=False")
    info = {}
    if column.field is not None:
        info["field"] = text(column.field)
    if column.parent:
        info["parent"] = "True"
    # The annotation of a JSON value admits None, which would make the column nullable.
    is_json = base_type(column.type, system) == Scalar(kind=ScalarKind.JSON)
    if is_json and column.cipher is None:
        arguments.append(f"nullable={column.nullable}")
    if info:
        arguments.append("info={" + ", ".join(f'"{k}": {v}' for k, v in info.items()) + "}")
    return RowAttribute(
        name=attribute,
        annotation=f"{imports.add('sqlalchemy.orm', 'Mapped')}["
        + _annotation(column, system, imports)
        + "]",
        source=f"{mapped_column}({', '.join(arguments)})",
    )


_ENCRYPTION = "infrastructure.field_encryption"
_ENCRYPTED = "infrastructure.encrypted_columns"


def _type(column: Column, ciphers: Mapping[str, str], system: System, imports: ImportSet) -> str:
    for field, name in ((column.cipher, "Ciphertext"), (column.digest, "BlindIndex")):
        if field is not None:
            kind = imports.use(layout.support(system, _ENCRYPTED, name))
            return f"{kind}({ciphers[field.id]})"
    return column_type(
        column.type,
        nullable=column.nullable,
        system=system,
        imports=imports,
        generated=column.drawn,
    )


def _annotation(column: Column, system: System, imports: ImportSet) -> str:
    if column.digest is not None:
        digest = imports.use(layout.support(system, _ENCRYPTION, "Digest"))
        return optional(digest, column.nullable)
    if column.cipher is None:
        return row_annotation(column.type, nullable=column.nullable, system=system, imports=imports)
    sealed = imports.use(layout.support(system, _ENCRYPTION, "Sealed"))
    value = row_annotation(column.type, nullable=False, system=system, imports=imports)
    return optional(f"{sealed}[{value}]", column.nullable)


def _collections(owner: Entity | Child, system: System, imports: ImportSet) -> list[RowAttribute]:
    """Return the relationships to owned rows."""
    found = []
    for field in owner.fields:
        if isinstance(field.type, ManyOf):
            assert field.join is not None
            kind = join_class(owner.qname, field, system)
            arguments = [f"order_by={text(f'{kind}.{spell(field.join.target_column)}')}"]
            if field.type.target == owner.qname:
                arguments.append(_foreign_keys(kind, field.join.owner_column))
            found.append(_owned(spell(field.attribute), f'list["{kind}"]', arguments, imports))
    for child in owner.children:
        kind = row_class(child.qname, system)
        arguments = []
        annotation = f'"{kind} | None"' if child.to_one else f'list["{kind}"]'
        if not child.to_one:
            order = spell(child.order_by or position_column(child, system))
            arguments.append(f"order_by={text(f'{kind}.{order}')}")
        targets = {inner.type.target for inner in child.fields if isinstance(inner.type, RefTo)}
        if owner.qname in targets:
            arguments.append(_foreign_keys(kind, child.parent_column))
        if spell(child.attribute) != child.attribute:
            arguments.append(f'info={{"field": {text(child.attribute)}}}')
        found.append(_owned(spell(child.attribute), annotation, arguments, imports))
    return found


def _foreign_keys(kind: str, column: str) -> str:
    """Return the argument that says which of several foreign keys leads to the owner."""
    return f"foreign_keys={text(f'{kind}.{spell(column)}')}"


def _owned(name: str, annotation: str, extra: list[str], imports: ImportSet) -> RowAttribute:
    arguments = ['cascade="all, delete-orphan"', 'lazy="selectin"', "passive_deletes=True", *extra]
    relationship = imports.add("sqlalchemy.orm", "relationship")
    mapped = imports.add("sqlalchemy.orm", "Mapped")
    return RowAttribute(
        name=name,
        annotation=f"{mapped}[{annotation}]",
        source=f"{relationship}({', '.join(arguments)})",
    )
