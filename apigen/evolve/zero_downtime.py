"""A migration in pieces that a busy PostgreSQL takes: expand, then contract.

The scheme, in the order of applying; a piece without steps is left out:

1. expand: what the version before does not notice (new tables and columns, columns that may be
   empty). A renamed table leaves a view under its old name. Added constants are defaults.
2. fill: rows that are there get their values, in a transaction without any change of a table.
3. indexes: made and dropped CONCURRENTLY, outside of a transaction.
4. contract, when no process of the version before runs any more: constraints are added NOT VALID,
   rows written meanwhile are filled, helpers go.
5. validate: the rows are checked without stopping writes; NOT NULL through a checked CHECK.
6. finish: what is unique gets its index CONCURRENTLY.
7. exclusions: of all constraints the one that PostgreSQL can neither add NOT VALID nor build
   CONCURRENTLY. Its table is read and written again when the index is there.
8. loss: columns and tables go.

`indexes` and `finish` stay half done when they stop halfway, so each statement of theirs can be run
again; every other piece is one transaction.

Two things are quick but are seen by a version that still runs: another name of a column, and the
swap of a column whose type changes under its old name. A `column:` of its own avoids both.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import IntEnum

from apigen.evolve.column_changes import qualified, quoted
from apigen.evolve.descending_indexes import put_back_once
from apigen.evolve.operation import (
    AddConstraint,
    AlterColumn,
    Check,
    CreateIndex,
    DigestColumn,
    DropColumn,
    DropConstraint,
    DropIndex,
    Exclusion,
    Execute,
    FillColumn,
    OpenColumn,
    Operation,
    RenameColumn,
    RenameTable,
    ReplaceValues,
    SealColumn,
    TableName,
    Unique,
    ValidateConstraint,
)
from apigen.evolve.revision_names import Naming
from apigen.evolve.steps import Step, step
from apigen.ir.schema import Condition
from apigen.values import dataclass

_LONGEST = 63
_WAIT = "Apply it when no process of the version before runs any more."


_AGAIN = (
    " It is not one transaction: stopped halfway (a value that is there twice), it is run again"
    " and begins anew."
)


class Phase(IntEnum):
    """A piece."""

    EXPAND = 0
    FILL = 1
    INDEXES = 2
    CONTRACT = 3
    VALIDATE = 4
    FINISH = 5
    EXCLUSIONS = 6


_SUFFIX = {
    Phase.EXPAND: "",
    Phase.FILL: "_fill",
    Phase.INDEXES: "_indexes",
    Phase.CONTRACT: "_contract",
    Phase.VALIDATE: "_validate",
    Phase.FINISH: "_finish",
    Phase.EXCLUSIONS: "_exclusions",
}
_NOTES = {
    Phase.EXPAND: "The version before goes on working.",
    Phase.FILL: "Gives rows that are there their values.",
    Phase.INDEXES: "Makes and drops indexes while the tables are in use." + _AGAIN,
    Phase.CONTRACT: _WAIT,
    Phase.VALIDATE: "Checks the rows that are there, while the tables are in use.",
    Phase.FINISH: "Makes the other indexes while the tables are in use." + _AGAIN,
    Phase.EXCLUSIONS: "Nobody reads or writes the tables while the indexes of their exclusions are"
    " made: PostgreSQL has no way to do that while they are in use. Apply it when that may be;"
    " until then nothing refuses rows that overlap.",
}
_RENAMES = (
    "Apply it together with the new version: the version before does not find the columns that are"
    " renamed here. A field that keeps its `column:` needs no such moment."
)
WAITING = _WAIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Steps that make one revision."""

    phase: Phase
    steps: tuple[Step, ...]
    naming: Naming

    @property
    def autocommit(self) -> bool:
        """Whether a transaction around it would be in the way."""
        return self.phase in (Phase.INDEXES, Phase.FINISH)


def pieces(steps: Iterable[Step], called: Naming) -> tuple[Piece, ...]:
    """Return the steps that lose nothing, in pieces."""
    given = put_back_once(steps)
    remade = {
        one.table
        for found in given
        for one in found.up
        if isinstance(one, RenameColumn) and one.before.endswith("__new")
    }
    closed = {
        (one.table, one.after.name)
        for found in given
        for one in found.up
        if isinstance(one, AlterColumn) and _closes(one)
    }
    phased: dict[Phase, list[Step]] = {phase: [] for phase in Phase}
    for found in given:
        for phase, one in _phased(found, remade, closed):
            phased[phase].append(one)
    # Nobody waits for a check, but for what comes after NOT NULL: its lock is kept to the end.
    phased[Phase.VALIDATE].sort(key=_locks)
    # A view stands on all columns of its table: it comes after them, and goes back before them.
    phased[Phase.EXPAND].sort(key=_is_view)
    return tuple(
        Piece(
            phase=phase,
            steps=tuple(made),
            naming=Naming(
                slug=called.slug + _SUFFIX[phase],
                message=called.message,
                notes=(*called.notes, _RENAMES if _renames(phase, made) else _NOTES[phase]),
            ),
        )
        for phase, made in phased.items()
        if made
    )


def _renames(phase: Phase, made: Iterable[Step]) -> bool:
    return phase is Phase.EXPAND and any(
        isinstance(one, RenameColumn) for found in made for one in found.up
    )


def _locks(found: Step) -> bool:
    return not all(isinstance(one, ValidateConstraint) for one in found.up)


def _is_view(found: Step) -> bool:
    return any(
        isinstance(one, Execute) and (one.postgresql or "").startswith("CREATE VIEW")
        for one in found.up
    )


def opened(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return what lets the next version leave out columns that go with these steps."""
    return tuple(
        Step(up=(_opening(one),), down=tuple(_closing(found)))
        for found in steps
        for one in found.up
        if isinstance(one, DropColumn) and not one.column.nullable
    )


def _opening(operation: DropColumn) -> AlterColumn:
    column = operation.column
    return AlterColumn(table=operation.table, before=column, after=replace(column, nullable=True))


def _closing(found: Step) -> Iterator[Operation]:
    """Yield NOT NULL of a column that came back with values."""
    return (one for one in found.down if isinstance(one, AlterColumn))


def dropped(found: Step) -> Step:
    """Return a step that loses something, when the column may be empty since `opened`."""
    ups = tuple(
        replace(one, column=replace(one.column, nullable=True))
        if isinstance(one, DropColumn)
        else one
        for one in found.up
    )
    # `opened` goes back after it, and requires what it required.
    closings = any(isinstance(one, DropColumn) for one in found.up)
    downs = tuple(one for one in found.down if not (closings and isinstance(one, AlterColumn)))
    return Step(up=ups, down=downs)


def _phased(
    found: Step, remade: set[TableName], closed: set[tuple[TableName, str]]
) -> Iterator[tuple[Phase, Step]]:
    if not found.up:
        yield Phase.CONTRACT, found
        return
    operation = found.up[0]
    match operation:
        case RenameTable(before=before, after=after):
            yield Phase.EXPAND, found
            yield from _view(before, after)
        case AddConstraint(only=None):
            yield from _constraint(operation, found)
        case CreateIndex(only="sqlite"):
            yield Phase.FINISH, found
        case DropIndex(only=None, index=index, table=table):
            yield Phase.INDEXES, step(DropIndex(table=table, index=index, concurrently=True))
        case CreateIndex(only=None, index=index, table=table):
            # SQLite forgets the order in an index when it makes the table again.
            late = index.unique or table in remade or index.is_kept_by_hand
            made = step(CreateIndex(table=table, index=index, concurrently=True))
            yield Phase.FINISH if late else Phase.INDEXES, made
        case AlterColumn(dropped_default=default) if default is not None:
            # Going back, the version before has to find it.
            back = replace(operation, dropped_default=None, default=default)
            yield Phase.CONTRACT, Step(up=found.up, down=(back,))
        case AlterColumn() if _closes(operation):
            yield from _required(operation, found)
        case RenameColumn(before=name) if name.endswith("__new"):
            yield Phase.CONTRACT, found
        case DropColumn():
            yield Phase.CONTRACT, found
        case SealColumn() | OpenColumn() | DigestColumn():
            yield Phase.FILL, found
            # The version before has gone on writing the old column.
            again: Operation = operation
            if isinstance(operation, SealColumn):
                again = replace(operation, only_null=False)
            yield Phase.CONTRACT, Step(up=(again,))
        case FillColumn() | ReplaceValues() | Execute():
            yield Phase.FILL, found
            place = (
                (operation.table, operation.column) if isinstance(operation, FillColumn) else None
            )
            is_part = isinstance(operation, FillColumn) and operation.part
            if is_part or place in closed or (isinstance(operation, Execute) and remade):
                yield Phase.CONTRACT, Step(up=found.up)
        case _:
            yield Phase.EXPAND, found


def _closes(operation: AlterColumn) -> bool:
    return operation.before.nullable and not operation.after.nullable


def _constraint(operation: AddConstraint, found: Step) -> Iterator[tuple[Phase, Step]]:
    if isinstance(operation.constraint, Exclusion):
        yield Phase.EXCLUSIONS, found
        return
    unchecked = replace(operation, unchecked=True)
    if isinstance(operation.constraint, Unique):
        yield Phase.FINISH, Step(up=(unchecked,), down=found.down)
        return
    yield Phase.CONTRACT, Step(up=(unchecked,), down=found.down)
    validated = ValidateConstraint(table=operation.table, name=operation.constraint.name)
    yield Phase.VALIDATE, Step(up=(validated,))


def _required(operation: AlterColumn, found: Step) -> Iterator[tuple[Phase, Step]]:
    """Yield NOT NULL by way of a CHECK, which PostgreSQL believes instead of reading the table."""
    table, name = operation.table, operation.after.name
    helper = Check(
        name=f"nn_{table.name}_{name}"[:_LONGEST],
        condition=Condition(sql=f"{quoted(name)} IS NOT NULL"),
    )
    added = AddConstraint(table=table, constraint=helper, unchecked=True, only="postgresql")
    yield (
        Phase.CONTRACT,
        Step(
            up=(added,), down=(DropConstraint(table=table, constraint=helper, only="postgresql"),)
        ),
    )
    validated = ValidateConstraint(table=table, name=helper.name)
    yield Phase.VALIDATE, Step(up=(validated,))
    yield (
        Phase.VALIDATE,
        Step(
            up=(operation, DropConstraint(table=table, constraint=helper, only="postgresql")),
            down=(added, *found.down),
        ),
    )


def _view(before: TableName, after: TableName) -> Iterator[tuple[Phase, Step]]:
    """Yield a view under a table's old name, for the version before."""
    name = qualified(before)
    made: Operation = Execute(
        postgresql=f"CREATE VIEW {name} AS SELECT * FROM {qualified(after)}",  # noqa: S608
        sqlite=None,
    )
    gone: Operation = Execute(
        postgresql=f"-- squawk-ignore ban-drop-view\nDROP VIEW {name}", sqlite=None
    )
    yield Phase.EXPAND, Step(up=(made,), down=(gone,))
    yield Phase.CONTRACT, Step(up=(gone,), down=(made,))
