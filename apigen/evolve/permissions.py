"""What a migration may not do unasked: AG804, AG805, AG808."""

from collections.abc import Iterator, Mapping

from apigen.diagnostics import Diagnostic, Severity, Span
from apigen.evolve.conversion import Way
from apigen.evolve.record import Permissions
from apigen.evolve.schema_difference import SchemaDifference, TablePair
from apigen.evolve.table_changes import own_columns
from apigen.evolve.value_parts import joins
from apigen.ir.schema import ColumnShape, Schema, TableShape

_DELETED = "is_deleted"
"""The column of soft delete."""


def refusals(
    old: Schema,
    found: SchemaDifference,
    *,
    permissions: Permissions,
    spans: Mapping[str, Span],
) -> tuple[Diagnostic, ...]:
    """Return what the owner has to agree to, or to say, before a migration can be written."""
    owners = _owners(old)
    accepted = permissions.data_loss
    causes: dict[tuple[str, str, str], Diagnostic] = {}
    for code, symbol, message, help_ in _findings(found, owners):
        if code != "AG805" and _is_accepted(symbol, owners, accepted):
            continue
        diagnostic = Diagnostic(
            code=code,
            severity=Severity.ERROR,
            message=message,
            span=_span(symbol, spans),
            help=help_,
        )
        causes.setdefault((code, symbol, message), diagnostic)
    return tuple(causes.values())


def _findings(
    found: SchemaDifference, owners: Mapping[str, str]
) -> Iterator[tuple[str, str, str, str]]:
    gone = {table.symbol for table in found.removed}
    for table in found.removed:
        if owners.get(table.symbol) in gone:
            # Said of what it belongs to.
            continue
        yield (
            "AG804",
            table.symbol,
            f"the table `{table.name}` goes with `{_bare(table.symbol)}`, and its rows with it",
            _agree(table.symbol),
        )
    carried = {table.id for table in (*found.added, *found.removed)}
    for pair in found.kept:
        yield from _of_table(pair, carried)


def _of_table(pair: TablePair, carried: set[str]) -> Iterator[tuple[str, str, str, str]]:
    keys: set[str] = set()
    if pair.rekeyed:
        keys = {*pair.before.key.columns, *pair.after.key.columns}
        name = _bare(pair.after.symbol)
        message = (
            f"`{name}` gets another kind of key, and every row that refers to it would need the"
            " new one"
        )
        help_ = (
            f"write the revision by hand (`alembic revision -m rekey_{pair.after.name}`): add the"
            " new key, give it to the rows and to what refers to them, then swap the constraints;"
            f" after that, --accept-data-loss {name} tells apigen that it is done"
        )
        yield "AG808", pair.after.symbol, message, help_
    for column in pair.removed:
        # What is computed can be worked out again: nothing is lost with it.
        again = column.derived or bool(column.digests)
        if column.id not in carried and column.id not in keys and not again:
            place = f"{pair.before.name}.{column.name}"
            message = f"the column `{place}` goes, and its values with it"
            if column.name == _DELETED:
                message = f"the column `{place}` goes, and rows that were deleted are live again"
            yield "AG804", column.symbol, message, _agree(column.symbol)
    for column in pair.added:
        if joins(column, pair.before) and column.joined is None:
            yield _part(column)
        has_value = column.fill is not None or bool(column.digests)
        if not column.nullable and not has_value and column.id not in {*carried, *keys}:
            yield _unknown(
                column,
                f"`{_bare(column.symbol)}` is required, and rows that are there have no"
                " value for it",
            )
    for one in own_columns(pair):
        after = one.after
        if one.way in (Way.CONVERTED, Way.LOST):
            yield (
                "AG804",
                after.symbol,
                f"values of `{pair.after.name}.{after.name}` do not all fit the new type",
                _agree(after.symbol),
            )
        if joins(after, pair.before) and after.joined is None:
            yield _part(after)
        if after.nullable or after.fill is not None:
            continue
        if one.before.nullable or one.way is Way.LOST:
            yield _unknown(
                after, f"`{_bare(after.symbol)}` is required now, and rows may have no value for it"
            )


def _unknown(column: ColumnShape, message: str) -> tuple[str, str, str, str]:
    return (
        "AG805",
        column.symbol,
        message,
        "say what they get with `backfill: …` or a default, or make it optional with `?`",
    )


def _part(column: ColumnShape) -> tuple[str, str, str, str]:
    code, symbol, _, help_ = _unknown(column, "")
    message = (
        f"`{column.name}` is a required part of `{_bare(symbol)}` now, and rows that have that"
        " value have no such part"
    )
    return code, symbol, message, help_


def _agree(symbol: str) -> str:
    return f"agree with --accept-data-loss {_bare(symbol)}, or keep it"


def _bare(symbol: str) -> str:
    """Return the name without its context."""
    return symbol.partition(".")[2] or symbol


def _owners(schema: Schema) -> dict[str, str]:
    """Return what each child, join table and column belongs to."""
    by_id = {table.id: table for table in schema.tables}
    owners: dict[str, str] = {}
    for table in schema.tables:
        owner = _parent(table, by_id)
        if owner is not None:
            owners[table.symbol] = owner.symbol
        for column in table.columns:
            if column.symbol != table.symbol:
                owners[column.symbol] = table.symbol
    return owners


def _parent(table: TableShape, by_id: Mapping[str, TableShape]) -> TableShape | None:
    """Return the table of the parent of a child's, or of the owner of a join table."""
    ends = (f"{table.id}.parent", f"{table.id}.owner")
    target = next((key.target for key in table.foreign_keys if key.column in ends), None)
    return by_id.get(target) if target is not None else None


def _is_accepted(symbol: str, owners: Mapping[str, str], accepted: frozenset[str]) -> bool:
    while True:
        if symbol in accepted or _bare(symbol) in accepted:
            return True
        owner = owners.get(symbol) or (symbol.rpartition(".")[0] if symbol.count(".") > 1 else "")
        if not owner or owner == symbol:
            return False
        symbol = owner


def _span(symbol: str, spans: Mapping[str, Span]) -> Span:
    while symbol and symbol not in spans:
        symbol = symbol.rpartition(".")[0]
    return spans[symbol]
