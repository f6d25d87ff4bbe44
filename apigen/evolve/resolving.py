"""Parts of a schema with the names they have at one moment of a migration."""

from collections.abc import Mapping

from apigen.evolve.operation import (
    Check,
    Column,
    Constraint,
    CreateTable,
    Exclusion,
    ForeignKey,
    Index,
    PrimaryKey,
    TableName,
    Unique,
)
from apigen.ir.schema import (
    CheckShape,
    ColumnShape,
    Condition,
    ExclusionShape,
    ForeignKeyShape,
    IndexShape,
    Schema,
    TableShape,
)
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What tables and columns are called."""

    tables: Mapping[str, TableName]
    """By id."""
    columns: Mapping[str, Mapping[str, str]]
    """By the table's id, then the column's."""

    def condition(self, condition: Condition, table: str) -> Condition:
        """Return a condition over the columns of a table."""
        names = self.columns[table]
        if condition.sql:
            quoted = {id_: name.replace('"', '""') for id_, name in names.items()}
            return Condition(sql=_filled(condition.sql, quoted))
        return Condition(expression=_filled(condition.expression, names), imports=condition.imports)

    def foreign_key(self, key: ForeignKeyShape, table: str) -> ForeignKey:
        """Return a foreign key of a table."""
        return ForeignKey(
            name=key.name,
            column=self.columns[table][key.column],
            target=self.tables[key.target],
            target_column=self.columns[key.target][key.target_column],
            on_delete=key.on_delete,
            deferred=key.deferred,
        )

    def check(self, check: CheckShape, table: str) -> Check:
        """Return a CHECK of a table."""
        if not check.values:
            return Check(name=check.name, condition=self.condition(check.condition, table))
        column = self.columns[table][check.columns[0]]
        values = [value for _, value in check.values]
        return Check(
            name=check.name,
            condition=Condition(
                expression=f"sa.column({column!r}).in_({values!r})", imports=("sqlalchemy as sa",)
            ),
        )

    def index(self, index: IndexShape, table: str) -> Index:
        """Return an index of a table."""
        names = self.columns[table]
        return Index(
            name=index.name,
            columns=tuple(names[id_] for id_ in index.columns),
            descending=tuple(names[id_] for id_ in index.descending),
            include=tuple(names[id_] for id_ in index.include),
            unique=index.unique,
            live_only=index.live_only,
            where=self.condition(index.where, table) if index.where is not None else None,
            method=index.method,
            trigrams=tuple(names[id_] for id_ in index.trigrams),
            localized=tuple(names[id_] for id_ in index.localized),
            locales=index.locales,
        )

    def unique(self, index: IndexShape, table: str) -> Unique:
        """Return a uniqueness over all rows of a table."""
        names = self.columns[table]
        return Unique(name=index.name, columns=tuple(names[id_] for id_ in index.columns))

    def exclusion(self, exclusion: ExclusionShape, table: TableShape) -> Exclusion:
        """Return an exclusion of a table."""
        names, where = self.columns[table.id], exclusion.where
        return Exclusion(
            name=exclusion.name,
            key=tuple(names[id_] for id_ in table.key.columns),
            equal=tuple(names[id_] for id_ in exclusion.equal),
            begin=names[exclusion.begin],
            end=names[exclusion.end],
            range=exclusion.range,
            live_only=exclusion.live_only,
            where=self.condition(where, table.id) if where is not None else None,
        )

    def primary_key(self, table: TableShape, name: str) -> PrimaryKey:
        """Return the key of a table under a name."""
        names = self.columns[table.id]
        return PrimaryKey(name=name, columns=tuple(names[id_] for id_ in table.key.columns))

    def created(self, table: TableShape) -> CreateTable:
        """Return what makes a table."""
        constraints: list[Constraint] = [self.primary_key(table, table.key.name)]
        constraints += [self.foreign_key(key, table.id) for key in table.foreign_keys]
        constraints += [self.check(check, table.id) for check in table.checks]
        constraints += [
            self.unique(index, table.id) for index in table.indexes if index.is_constraint
        ]
        constraints += [self.exclusion(one, table) for one in table.exclusions]
        return CreateTable(
            table=self.tables[table.id],
            columns=tuple(column_of(column, table) for column in table.columns),
            constraints=tuple(constraints),
            indexes=tuple(
                self.index(index, table.id) for index in table.indexes if not index.is_constraint
            ),
        )


def column_of(column: ColumnShape, table: TableShape) -> Column:
    """Return a column as it is written."""
    return Column(
        name=column.name,
        type=column.type,
        nullable=column.nullable,
        is_key=column.id in table.key.columns,
        drawn=column.drawn,
    )


def table_name(table: TableShape) -> TableName:
    """Return where a table stands."""
    return TableName(
        name=table.name,
        schema=table.schema,
        drawn=any(column.drawn for column in table.columns),
    )


def moment(*schemas: Schema) -> Moment:
    """Return the names of several schemas; of what is in two, the last one's."""
    tables: dict[str, TableName] = {}
    columns: dict[str, dict[str, str]] = {}
    for schema in schemas:
        for table in schema.tables:
            tables[table.id] = table_name(table)
            names = columns.setdefault(table.id, {})
            names |= {column.id: column.name for column in table.columns}
    return Moment(tables=tables, columns=columns)


def _filled(text: str, names: Mapping[str, str]) -> str:
    # Not `format`: an id has dots, which would be attributes there.
    for id_, name in names.items():
        text = text.replace(f"{{{id_}}}", name)
    return text.replace("{{", "{").replace("}}", "}")
