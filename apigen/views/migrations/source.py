"""How a migration spells tables, columns, constraints and indexes."""

import re

from apigen.evolve.column_changes import quoted
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
from apigen.ir.schema import ColumnType, Condition
from apigen.python.imports import ImportSet
from apigen.python.literals import argument, literal, text
from apigen.values import dataclass
from apigen.views.tables.source import index_term
from apigen.views.tables.storage import type_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """Writes source for one revision."""

    imports: ImportSet
    package: str
    zero_downtime: bool = False
    """Tell squawk why, where it would warn."""
    autocommit: bool = False
    """What stops halfway stays half done, so that every statement can be run again."""

    @property
    def sa(self) -> str:
        """Return how SQLAlchemy is called."""
        return self.imports.module("sqlalchemy", "sa")

    def type(self, type_: ColumnType, *, nullable: bool) -> str:
        """Return source of a column type."""
        if type_.name == "Json":
            type_ = ColumnType(name="Json", arguments=(f"nullable={nullable}",))
        return type_source(type_, self.imports, package=self.package)

    def column(self, column: Column, default: Condition | None = None) -> str:
        """Return source of a column."""
        arguments = [text(column.name), self.type(column.type, nullable=column.nullable)]
        if column.is_key and not column.drawn:
            arguments.append("autoincrement=False")
        arguments.append(f"nullable={column.nullable}")
        if default is not None:
            arguments.append(f"server_default={self.condition(default)}")
        return f"{self.sa}.Column({', '.join(arguments)})"

    def condition(self, condition: Condition) -> str:
        """Return source of a condition as an argument that takes texts of SQL."""
        if condition.sql:
            return text(condition.sql)
        for entry in condition.imports:
            own = entry.startswith("support.")
            self.imports.take(f"{self.package}.{entry}" if own else entry)
        return condition.expression

    def created(self, created: CreateTable) -> str:
        """Return the call that makes a table; a trailing comma keeps an item a line."""
        items = [text(created.table.name)]
        items += [self.column(column) for column in created.columns]
        items += [self._item(constraint) for constraint in created.constraints]
        items += in_schema(created.table)
        if created.table.drawn:
            items.append("sqlite_autoincrement=True")
        return f"op.create_table({', '.join(items)},)"

    def _item(self, constraint: Constraint) -> str:
        name = f"name={text(constraint.name)}"
        match constraint:
            case PrimaryKey(columns=columns):
                return f"{self.sa}.PrimaryKeyConstraint({', '.join(map(text, columns))}, {name})"
            case Unique(columns=columns):
                return f"{self.sa}.UniqueConstraint({', '.join(map(text, columns))}, {name})"
            case Check(condition=condition):
                return f"{self.sa}.CheckConstraint({self.condition(condition)}, {name})"
            case Exclusion():
                return self._excluded(constraint)
            case ForeignKey():
                pass
        target = constraint.target
        place = f"{target.schema}.{target.name}" if target.schema else target.name
        arguments = [
            f"[{text(constraint.column)}]",
            f"[{text(f'{place}.{constraint.target_column}')}]",
            name,
        ]
        if constraint.on_delete is not None:
            arguments.append(f"ondelete={text(constraint.on_delete)}")
        if constraint.deferred:
            # SQLite takes it with the table, PostgreSQL when all tables are there.
            arguments.append("use_alter=True")
        return f"{self.sa}.ForeignKeyConstraint({', '.join(arguments)})"

    def _excluded(self, exclusion: Exclusion) -> str:
        dialect = self.imports.add("sqlalchemy.dialects", "postgresql")
        arguments = ", ".join(self._exclude_arguments(exclusion))
        name = f"name={text(exclusion.name)}"
        # SQLite has no such constraint.
        made = f"{dialect}.ExcludeConstraint({arguments}, {name})"
        return f'{made}.ddl_if(dialect="postgresql")'

    def late_exclusion(self, exclusion: Exclusion, table: TableName) -> str:
        """Return the call that adds an exclusion on PostgreSQL."""
        arguments = [
            text(exclusion.name),
            text(table.name),
            *self._exclude_arguments(exclusion),
            *in_schema(table),
        ]
        return f"op.create_exclude_constraint({', '.join(arguments)})"

    def _exclude_arguments(self, exclusion: Exclusion) -> list[str]:
        begin, end = quoted(exclusion.begin), quoted(exclusion.end)
        made = f"{exclusion.range}({begin}, {end})"
        # A range that is empty, or would end before it begins, is in nobody's way.
        filled = f"({begin} < {end}) IS NOT FALSE"
        if exclusion.live_only:
            filled += " AND NOT is_deleted"
        where = f"{self.sa}.text({text(filled)})"
        if exclusion.where is not None:
            where = f"{self.sa}.and_({where}, {self.condition(exclusion.where)})"
        return [
            *(f'({text(column)}, "=")' for column in exclusion.equal),
            f'({self.sa}.literal_column({text(made)}), "&&")',
            f"where={where}",
            'using="gist"',
        ]

    def refused_overlaps(self, table: TableName, exclusion: Exclusion) -> str:
        """Return the call that stops a migration while rows overlap that must not."""
        module = f"{self.package}.support.infrastructure.migration_environment"
        called = self.imports.add(module, "refuse_overlaps")
        arguments = [
            text(table.name),
            text(exclusion.name),
            f"key={literal([*exclusion.key], self.imports)}",
            f"equal={literal([*exclusion.equal], self.imports)}",
            f"overlap=({text(exclusion.begin)}, {text(exclusion.end)})",
        ]
        where = self._where(exclusion)
        if where is not None:
            arguments.append(f"where={where}")
        return f"{called}({', '.join([*arguments, *in_own_schema(table)])})"

    def index(self, index: Index, table: TableName, *more: str) -> str:
        """Return the call that makes an index."""
        columns = [
            f"{self.sa}.text({argument(index_term(index, column))})"
            if column in index.descending or column in index.localized
            else text(column)
            for column in index.columns
        ]
        arguments = [text(index.name), text(table.name), f"[{', '.join(columns)}]"]
        if index.unique:
            arguments.append("unique=True")
        where = self._where(index)
        if where is not None:
            arguments += [f"sqlite_where={where}", f"postgresql_where={where}"]
        if index.method:
            arguments.append(f'postgresql_using="{index.method}"')
        if index.trigrams:
            classes = dict.fromkeys(index.trigrams, "gin_trgm_ops")
            arguments.append(f"postgresql_ops={literal(classes, self.imports)}")
        if index.include:
            arguments.append(f"postgresql_include={literal(list(index.include), self.imports)}")
        return f"op.create_index({', '.join([*arguments, *in_schema(table), *more])})"

    def _where(self, part: Index | Exclusion) -> str | None:
        live = f'{self.sa}.text("NOT is_deleted")' if part.live_only else None
        rule = self.condition(part.where) if part.where is not None else None
        if live and rule:
            return f"{self.sa}.and_({live}, {rule})"
        return live or rule

    def added_constraint(self, constraint: PrimaryKey | Unique | Check | ForeignKey) -> str:
        """Return the call, without its object, that adds a constraint inside a batch."""
        name = text(constraint.name)
        match constraint:
            case PrimaryKey(columns=columns):
                return f"create_primary_key({name}, [{', '.join(map(text, columns))}])"
            case Unique(columns=columns):
                return f"create_unique_constraint({name}, [{', '.join(map(text, columns))}])"
            case Check(condition=condition):
                return f"create_check_constraint({name}, {self.condition(condition)})"
            case ForeignKey():
                pass
        arguments = [
            name,
            text(constraint.target.name),
            f"[{text(constraint.column)}]",
            f"[{text(constraint.target_column)}]",
        ]
        if constraint.on_delete is not None:
            arguments.append(f"ondelete={text(constraint.on_delete)}")
        if constraint.target.schema:
            arguments.append(f"referent_schema={schema_name(constraint.target.schema)}")
        return f"create_foreign_key({', '.join(arguments)})"

    def unchecked(self, constraint: Check | ForeignKey, table: TableName) -> str:
        """Return the call that adds a constraint NOT VALID on PostgreSQL."""
        if isinstance(constraint, ForeignKey):
            return self.late_key(constraint, table)[:-1] + ", postgresql_not_valid=True)"
        arguments = [
            text(constraint.name),
            text(table.name),
            self.condition(constraint.condition),
            *in_schema(table),
            "postgresql_not_valid=True",
        ]
        return f"op.create_check_constraint({', '.join(arguments)})"

    def late_key(self, key: ForeignKey, table: TableName) -> str:
        """Return the call that adds a foreign key on PostgreSQL alone."""
        arguments = [
            text(key.name),
            text(table.name),
            text(key.target.name),
            f"[{text(key.column)}]",
            f"[{text(key.target_column)}]",
        ]
        if key.on_delete is not None:
            arguments.append(f"ondelete={text(key.on_delete)}")
        if table.schema:
            arguments.append(f"source_schema={text(table.schema)}")
        if key.target.schema:
            arguments.append(f"referent_schema={text(key.target.schema)}")
        return f"op.create_foreign_key({', '.join(arguments)})"


KINDS: dict[type, str] = {
    PrimaryKey: "primary",
    Unique: "unique",
    Check: "check",
    ForeignKey: "foreignkey",
}
"""What Alembic calls a kind of constraint."""


def in_schema(table: TableName) -> list[str]:
    """Return the argument for calls that SQLAlchemy translates for SQLite itself."""
    return [f"schema={text(table.schema)}"] if table.schema is not None else []


def in_own_schema(table: TableName) -> list[str]:
    """Return the argument for calls that take what they are given."""
    return [f"schema={schema_name(table.schema)}"] if table.schema is not None else []


def schema_name(schema: str) -> str:
    """Return the variable that holds a schema: None on SQLite, which has none."""
    return "schema_" + re.sub(r"\W", "_", schema)


def statement(sql: str, *, because: str = "") -> str:
    """Return source of the call that runs SQL; a colon is no parameter.

    Args:
        sql: The statement.
        because: A rule of squawk that it breaks on purpose.
    """
    if because:
        sql = f"-- squawk-ignore {because}\n{sql}"
    return f"op.execute({argument(sql.replace(':', '\\:'))})"
