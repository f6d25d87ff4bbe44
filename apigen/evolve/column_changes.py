"""Columns of a table that come, change or are made again with converted values."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from apigen.evolve.conversion import Way, conversion
from apigen.evolve.operation import (
    AddColumn,
    AlterColumn,
    DropColumn,
    Execute,
    FillColumn,
    Operation,
    RefuseValues,
    RenameColumn,
    ReplaceValues,
    SealColumn,
    TableName,
)
from apigen.evolve.resolving import Moment, column_of
from apigen.evolve.schema_difference import ColumnPair, TablePair
from apigen.evolve.sealed_columns import digested, sealed, unsealed
from apigen.evolve.steps import Step, step
from apigen.evolve.value_parts import joined_fill, joins
from apigen.ir.schema import ColumnShape, ColumnType, Condition, TableShape

_CONSTANT = "sa.literal("
_PLAIN = frozenset(
    {"Boolean", "Integer", "BigInteger", "String", "Text", "Double", "ScaledDecimal"}
)
"""Types whose constants may be a column's default in both databases."""
_LONGEST = 63


def has_constant(column: ColumnShape) -> bool:
    """Tell whether rows that are there get one value that both databases take as a default."""
    fill = column.fill
    return fill is not None and fill.expression.startswith(_CONSTANT) and column.type.name in _PLAIN


def added(
    columns: tuple[ColumnShape, ...],
    pair: TablePair,
    names: Moment,
    carried: Mapping[str, Operation],
) -> Iterator[Step]:
    """Yield what adds columns, fills them, and then requires what is required.

    Args:
        columns: The new columns.
        pair: Their table.
        names: What everything is called.
        carried: Id of a column to what fills it from somewhere else.
    """
    table = pair.after
    where = names.tables[table.id]
    parts = [column for column in columns if joins(column, pair.before)]
    whole = [column for column in columns if column not in parts]
    for column in columns:
        wanted = column_of(column, table)
        if column in whole and column.id not in carried and has_constant(column):
            assert column.fill is not None
            default = names.condition(column.fill, table.id)
            yield step(AddColumn(table=where, column=wanted, default=default))
        else:
            yield step(AddColumn(table=where, column=replace(wanted, nullable=True)))
    for column in columns:
        if column.digests:
            yield from (Step(up=(one,)) for one in digested(column, table, names))
        elif column.id in carried:
            yield Step(up=(carried[column.id],))
        elif column in parts:
            yield from (Step(up=(one,)) for one in _joined(column, pair, names))
        elif column.fill is not None and not has_constant(column):
            yield Step(up=(filled(column, table, names),))
    for column in whole:
        if column.digests:
            continue
        wanted = column_of(column, table)
        if column.id not in carried and has_constant(column):
            assert column.fill is not None
            default = names.condition(column.fill, table.id)
            yield step(
                AlterColumn(table=where, before=wanted, after=wanted, dropped_default=default)
            )
        elif not column.nullable:
            open_ = replace(wanted, nullable=True)
            # Going back drops the column: it need not be nullable before.
            yield Step(up=(AlterColumn(table=where, before=open_, after=wanted),))


def filled(column: ColumnShape, table: TableShape, names: Moment) -> FillColumn | SealColumn:
    """Return what gives rows without a value the one that the spec says."""
    assert column.fill is not None
    value = names.condition(column.fill, table.id)
    name = names.columns[table.id][column.id]
    if column.sealed:
        return sealed(column, table, names, value=value, target=name)
    return FillColumn(table=names.tables[table.id], column=name, type=column.type, value=value)


def part_filled(column: ColumnShape, table: TableShape, names: Moment) -> FillColumn:
    """Return what gives a required part of a value object to rows; no part is encrypted."""
    operation = filled(column, table, names)
    assert isinstance(operation, FillColumn)
    return replace(operation, part=True)


def _joined(column: ColumnShape, pair: TablePair, names: Moment) -> Iterator[FillColumn]:
    """Yield what gives a required part of a value object to the rows that have the object."""
    fill = joined_fill(column, pair.before)
    if fill is not None:
        yield part_filled(replace(column, fill=fill), pair.after, names)


def _completed(column: ColumnPair, pair: TablePair, names: Moment) -> Iterator[FillColumn]:
    if joins(column.after, pair.before):
        yield from _joined(column.after, pair, names)


def opened(pair: TablePair, column: ColumnPair, names: Moment) -> Iterator[Step]:
    """Yield what makes a column wider or optional where it stands."""
    where = names.tables[pair.after.id]
    wanted = column_of(column.after, pair.after)
    current = replace(wanted, type=column.before.type, nullable=column.before.nullable)
    wider = column.way in (Way.IN_PLACE, Way.RESCALED) and not _shrinks(column)
    becomes = replace(
        current,
        type=wanted.type if wider else current.type,
        nullable=current.nullable or wanted.nullable,
    )
    if becomes != current:
        found = step(AlterColumn(table=where, before=current, after=becomes))
        if becomes.nullable and not current.nullable and column.before.fill is not None:
            # Going back, rows that were left empty meanwhile get what they got then.
            found = replace(found, down=(filled(column.before, pair.after, names), *found.down))
        yield found
    if column.way is Way.RESCALED:
        places = [int(one.type.arguments[1]) for one in (column.before, column.after)]
        by = 10 ** (places[1] - places[0])
        yield Step(
            up=(_sqlite(where, wanted.name, f"{{c}} * {by}"),),
            down=(_sqlite(where, wanted.name, f"{{c}} / {by}"),),
        )


def closed(pair: TablePair, column: ColumnPair, names: Moment) -> Iterator[Step]:
    """Yield what fills a column and then requires it, or makes the text of an enum shorter."""
    where = names.tables[pair.after.id]
    wanted = column_of(column.after, pair.after)
    current = replace(
        wanted,
        type=column.before.type if _shrinks(column) else wanted.type,
        nullable=column.before.nullable or wanted.nullable,
    )
    if current.nullable and not wanted.nullable and column.after.fill is not None:
        yield Step(up=(filled(column.after, pair.after, names),))
    yield from (Step(up=(one,)) for one in _completed(column, pair, names))
    if current != wanted:
        yield step(AlterColumn(table=where, before=current, after=wanted))


def _shrinks(column: ColumnPair) -> bool:
    before, after = column.before.type, column.after.type
    if column.way is not Way.IN_PLACE or after.name != "String":
        return False
    return before.name == "Text" or int(before.arguments[0]) > int(after.arguments[0])


def restored_values(pair: TablePair, names: Moment) -> Iterator[Step]:
    """Yield what rewrites the stored texts of enum members that are stored in another way."""
    for before, after in (*pair.checks.changed, *pair.checks.kept):
        if not before.values or not after.values:
            continue
        stored = dict(before.values)
        moved = tuple(
            (stored[member], value)
            for member, value in after.values
            if stored.get(member, value) != value
        )
        if moved:
            yield step(
                ReplaceValues(
                    table=names.tables[pair.after.id],
                    column=names.columns[pair.after.id][after.columns[0]],
                    values=moved,
                )
            )


def recomputed(pair: TablePair, names: Moment) -> Iterator[Step]:
    """Yield what works out stored fields anew whose rule says something else."""
    for column in pair.columns:
        before, after = column.before, column.after
        if not (after.derived and after.fill is not None and before.fill != after.fill):
            continue
        if column.way is Way.LOST:
            continue
        table = pair.after
        back = before.derived and before.fill is not None
        yield Step(
            up=(replace(filled(after, table, names), only_null=False),),
            down=(replace(filled(before, table, names), only_null=False),) if back else (),
        )


def renamed_elements(pair: TablePair, names: Moment) -> Iterator[Step]:
    """Yield what gives elements of lists and sets the names that members of their enum have."""
    where = names.tables[pair.after.id]
    for column in pair.columns:
        known = dict(column.before.members)
        moved = {
            known[member]: name
            for member, name in column.after.members
            if known.get(member, name) != name
        }
        if moved:
            name = names.columns[pair.after.id][column.after.id]
            back = {new: old for old, new in moved.items()}
            yield Step(up=(_elements(where, name, moved),), down=(_elements(where, name, back),))


def _elements(table: TableName, column: str, renamed: Mapping[str, str]) -> Execute:
    name, olds = quoted(column), ", ".join(map(_text, renamed))
    whens = " ".join(f"WHEN {_text(old)} THEN {_text(new)}" for old, new in renamed.items())
    each = f"CASE value {whens} ELSE value END"
    arrays = f"jsonb_array_elements_text({name})"
    return Execute(
        postgresql=(
            f"UPDATE {qualified(table)} SET {name} = (SELECT jsonb_agg({each} ORDER BY place)"  # noqa: S608
            f" FROM {arrays} WITH ORDINALITY AS found (value, place))"
            f" WHERE EXISTS (SELECT 1 FROM {arrays} AS found (value) WHERE value IN ({olds}))"
        ),
        sqlite=(
            f"UPDATE {quoted(table.name)} SET {name} = (SELECT json_group_array(value) FROM"  # noqa: S608
            f" (SELECT {each} AS value FROM json_each({name}) ORDER BY key))"
            f" WHERE EXISTS (SELECT 1 FROM json_each({name}) WHERE value IN ({olds}))"
        ),
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def refused_values(pair: TablePair, names: Moment) -> Iterator[Step]:
    """Yield what stops while rows hold a member of an enum that goes.

    Args:
        pair: The table.
        names: What everything is called before anything changes.
    """
    where = pair.before.id
    lost = {column.after.id for column in pair.columns if column.way is Way.LOST}
    found = [
        (before.columns[0], _gone(before.values, after.values), False)
        for before, after in pair.checks.changed
        if before.values and after.values and not lost & {*before.columns}
    ]
    found += [
        (column.before.id, _gone(column.before.members, column.after.members), True)
        for column in pair.columns
        if column.after.members
    ]
    for id_, gone, inside in found:
        if gone:
            refused = RefuseValues(
                table=names.tables[where],
                column=names.columns[where][id_],
                values=gone,
                inside=inside,
            )
            yield Step(up=(refused,))


def _gone(
    before: tuple[tuple[str, str], ...], after: tuple[tuple[str, str], ...]
) -> tuple[str, ...]:
    """Return what was stored for members that go."""
    known = dict(before)
    now = {value for id_, value in after if known.get(id_, value) == value}
    still = {id_ for id_, _ in after}
    return tuple(value for id_, value in before if id_ not in still and value not in now)


def swapped(pair: TablePair, column: ColumnPair, names: Moment) -> Iterator[Step]:
    """Yield what makes a column again with another type: new column, copy, swap.

    Constraints and indexes on it must be away.
    """
    where = names.tables[pair.after.id]
    after, before = column.after, column.before
    wanted = column_of(after, pair.after)
    new = replace(wanted, name=f"{wanted.name[: _LONGEST - 5]}__new", nullable=True)
    old = replace(wanted, type=before.type, nullable=before.nullable)
    yield step(AddColumn(table=where, column=new))
    there = _carried_over(pair, names, before, after, old.name, new.name)
    if there is not None and column.way is not Way.LOST:
        yield Step(up=(there,))
    if after.fill is not None:
        fill = filled(after, pair.after, names)
        yield Step(up=(replace(fill, column=new.name),))
    for one in _completed(column, pair, names):
        yield Step(up=(replace(one, column=new.name),))
    yield Step(down=tuple(_back(pair, column, names, old.name, new.name)))
    yield Step(
        up=(DropColumn(table=where, column=old),),
        down=(AddColumn(table=where, column=replace(old, nullable=True)),),
    )
    yield step(RenameColumn(table=where, before=new.name, after=wanted.name))
    if not wanted.nullable:
        open_ = replace(wanted, nullable=True)
        yield step(AlterColumn(table=where, before=open_, after=wanted))


def _back(
    pair: TablePair, column: ColumnPair, names: Moment, old: str, new: str
) -> Iterator[Operation]:
    where = names.tables[pair.after.id]
    before = column.before
    back = None
    if column.way is not Way.LOST:
        back = _carried_over(pair, names, column.after, before, new, old)
    if back is not None:
        yield back
    if before.fill is not None:
        yield replace(filled(before, pair.after, names), column=old)
    if not before.nullable and (back is not None or before.fill is not None):
        wanted = replace(column_of(before, pair.before), name=old)
        yield AlterColumn(table=where, before=replace(wanted, nullable=True), after=wanted)
    for digests in pair.removed:
        if digests.digests == before.id:
            yield from digested(digests, pair.before, names, source=old)


def _carried_over(
    pair: TablePair,
    names: Moment,
    before: ColumnShape,
    after: ColumnShape,
    source: str,
    target: str,
) -> Operation | None:
    """Return what gives a column the values of another, of another type."""
    if after.sealed and not before.sealed:
        value = Condition(sql=quoted(source))
        return sealed(after, pair.after, names, value=value, target=target)
    if before.sealed and not after.sealed:
        return unsealed(before, pair.after, names, source=source, into=after, target=target)
    return _converted(names.tables[pair.after.id], source, target, before.type, after.type)


def _converted(
    table: TableName, source: str, target: str, before: ColumnType, after: ColumnType
) -> Execute | None:
    found = conversion(before, after)
    if found is None:
        return None
    return Execute(
        postgresql=_update(qualified(table), target, found.postgresql, source),
        sqlite=_update(quoted(table.name), target, found.sqlite, source),
    )


def _sqlite(table: TableName, column: str, value: str) -> Execute:
    return Execute(postgresql=None, sqlite=_update(quoted(table.name), column, value, column))


def _update(table: str, target: str, value: str, source: str) -> str:
    read = value.replace("{c}", quoted(source))
    return f"UPDATE {table} SET {quoted(target)} = {read}"  # noqa: S608 (quoted names)


def quoted(name: str) -> str:
    """Return an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'


def qualified(table: TableName) -> str:
    """Return a table as PostgreSQL calls it."""
    prefix = f"{quoted(table.schema)}." if table.schema else ""
    return prefix + quoted(table.name)
