"""What is different between two schemas: parts matched by their stable ids.

Names and order are no difference here, but of the pair that has them; what is done about a
difference is `apigen.evolve.migration`.
"""

from collections.abc import Iterable

from apigen.evolve.conversion import Way, way
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

type Part = ForeignKeyShape | CheckShape | IndexShape | ExclusionShape
"""What stands on columns of a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPair:
    """A column of both schemas."""

    before: ColumnShape
    after: ColumnShape
    way: Way
    """How values get from one type to the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts[PartT]:
    """Parts of one kind of a table of both schemas."""

    added: tuple[PartT, ...]
    removed: tuple[PartT, ...]
    changed: tuple[tuple[PartT, PartT], ...]
    """Before and after, different in more than the name."""
    kept: tuple[tuple[PartT, PartT], ...]
    """Before and after, different in the name at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePair:
    """A table of both schemas."""

    before: TableShape
    after: TableShape
    columns: tuple[ColumnPair, ...]
    added: tuple[ColumnShape, ...]
    removed: tuple[ColumnShape, ...]
    foreign_keys: Parts[ForeignKeyShape]
    checks: Parts[CheckShape]
    indexes: Parts[IndexShape]
    exclusions: Parts[ExclusionShape]
    rekeyed: bool
    """The primary key is of other columns, or of another type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaDifference:
    """Two schemas, part by part."""

    added: tuple[TableShape, ...]
    """As they are made best."""
    removed: tuple[TableShape, ...]
    kept: tuple[TablePair, ...]
    """Those that are equal are left out: of many tables one or two change."""


def difference(old: Schema, new: Schema, *, rewrites: bool = True) -> SchemaDifference:
    """Match the tables of two schemas.

    Args:
        old: One.
        new: The other.
        rewrites: PostgreSQL may write a table anew in place; else such a column is made again.
    """
    before = {table.id: table for table in old.tables}
    after = {table.id for table in new.tables}
    pairs = [(before[table.id], table) for table in new.tables if table.id in before]
    rekeyed = {one.id for one, other in pairs if _is_rekeyed(one, other)}
    return SchemaDifference(
        added=tuple(table for table in new.tables if table.id not in before),
        removed=tuple(table for table in old.tables if table.id not in after),
        kept=tuple(
            _pair(one, other, rekeyed, rewrites=rewrites)
            for one, other in pairs
            if one != other or rekeyed
        ),
    )


def _is_rekeyed(before: TableShape, after: TableShape) -> bool:
    types = {column.id: (column.type, column.drawn) for column in after.columns}
    kinds = [types.get(column.id) for column in before.columns if column.id in before.key.columns]
    was = [
        (column.type, column.drawn) for column in before.columns if column.id in before.key.columns
    ]
    if set(before.key.columns) == set(after.key.columns):
        # A key that follows another table's is judged there.
        own = set(before.key.columns) - {key.column for key in before.foreign_keys}
        return bool(own) and kinds != was
    return True


def _pair(before: TableShape, after: TableShape, rekeyed: set[str], *, rewrites: bool) -> TablePair:
    found = {column.id: column for column in before.columns}
    names = {column.id for column in after.columns}
    return TablePair(
        before=before,
        after=after,
        columns=tuple(
            ColumnPair(
                before=found[column.id],
                after=column,
                way=_without_rewrite(
                    _way(found[column.id], column, before, after, rekeyed), column, rewrites
                ),
            )
            for column in after.columns
            if column.id in found
        ),
        added=tuple(column for column in after.columns if column.id not in found),
        removed=tuple(column for column in before.columns if column.id not in names),
        foreign_keys=_parts(before.foreign_keys, after.foreign_keys),
        checks=_parts(before.checks, after.checks),
        indexes=_parts(before.indexes, after.indexes),
        exclusions=_parts(before.exclusions, after.exclusions),
        rekeyed=before.id in rekeyed,
    )


def _way(
    before: ColumnShape,
    after: ColumnShape,
    old: TableShape,
    new: TableShape,
    rekeyed: set[str],
) -> Way:
    targets = [
        next((key.target for key in table.foreign_keys if key.column == before.id), None)
        for table in (old, new)
    ]
    if targets[0] != targets[1] and None not in targets:
        # The keys of one table mean nothing to another.
        return Way.LOST
    if targets[1] in rekeyed:
        return Way.SAME
    if any(check.values and after.id in check.columns for check in new.checks):
        is_text = before.type.name in ("String", "Text")
        return (
            Way.IN_PLACE if is_text and before.type != after.type else way(before.type, after.type)
        )
    return way(before.type, after.type)


def _without_rewrite(found: Way, column: ColumnShape, rewrites: bool) -> Way:
    is_rewrite = found is Way.RESCALED or (
        found is Way.IN_PLACE and column.type.name == "BigInteger"
    )
    return Way.KEPT if is_rewrite and not rewrites else found


def _parts[PartT: (ForeignKeyShape, CheckShape, IndexShape, ExclusionShape)](
    before: Iterable[PartT], after: Iterable[PartT]
) -> Parts[PartT]:
    old = {part.id: part for part in before}
    new = {part.id: part for part in after}
    both = [(old[id_], part) for id_, part in new.items() if id_ in old]
    # Two of one name can not be there together: the one replaces the other.
    names = {part.name: id_ for id_, part in new.items() if id_ not in old}
    replaced = {
        id_: names[part.name] for id_, part in old.items() if id_ not in new and part.name in names
    }
    both += [(old.pop(one), new.pop(other)) for one, other in replaced.items()]
    return Parts(
        added=tuple(part for id_, part in new.items() if id_ not in old),
        removed=tuple(part for id_, part in old.items() if id_ not in new),
        changed=tuple(pair for pair in both if _facts(pair[0]) != _facts(pair[1])),
        kept=tuple(pair for pair in both if _facts(pair[0]) == _facts(pair[1])),
    )


def _facts(part: Part) -> tuple[object, ...]:
    """Return all of a part but its name and what makes no difference in a database."""
    match part:
        case ForeignKeyShape():
            return (part.column, part.target, part.target_column, part.on_delete)
        case CheckShape():
            values = tuple(sorted(value for _, value in part.values))
            return (part.condition.sql, part.condition.expression, values, sorted(part.columns))
        case IndexShape():
            return (
                part.columns,
                part.descending,
                part.include,
                part.unique,
                part.live_only,
                _words(part.where),
                part.method,
                part.trigrams,
                part.localized,
                part.locales,
            )
        case ExclusionShape():
            return (
                sorted(part.equal),
                part.begin,
                part.end,
                part.range,
                part.live_only,
                _words(part.where),
            )


def _words(where: Condition | None) -> tuple[str, str] | None:
    return (where.sql, where.expression) if where is not None else None


def columns_of(part: Part, table: TableShape) -> set[str]:
    """Return the ids of the columns that a part of a table stands on."""
    match part:
        case ForeignKeyShape():
            return {part.column}
        case CheckShape():
            return set(part.columns)
        case IndexShape():
            return {*part.columns, *part.include} | _counting(part, table)
        case ExclusionShape():
            return {*part.equal, part.begin, part.end} | _counting(part, table)


def _counting(part: IndexShape | ExclusionShape, table: TableShape) -> set[str]:
    """Return the ids of the columns that say which rows count."""
    found: set[str] = set()
    if part.live_only:
        found |= {column.id for column in table.columns if column.name == "is_deleted"}
    if part.where is not None:
        text = part.where.sql + part.where.expression
        found |= {column.id for column in table.columns if f"{{{column.id}}}" in text}
    return found
