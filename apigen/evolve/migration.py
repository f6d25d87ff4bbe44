"""The revisions that make one schema of another: renames first, losses last and on their own.

Works on schemas alone, so it needs no database; what was done by hand in older revisions stays.
A revision's id is a hash of both schemas and of what it stands on: two runs, two machines and two
branches that do the same agree.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from apigen.diagnostics import Outcome, Span
from apigen.evolve.cardinality import carried
from apigen.evolve.column_changes import refused_values
from apigen.evolve.losses import column_drops, is_out_of_order, table_drops
from apigen.evolve.operation import (
    AddConstraint,
    CreateExtension,
    CreateSchema,
    DropSchema,
    Operation,
)
from apigen.evolve.part_changes import refused_overlaps
from apigen.evolve.permissions import refusals
from apigen.evolve.record import Permissions
from apigen.evolve.resolving import Moment, moment
from apigen.evolve.revision import Revision
from apigen.evolve.revision_names import Naming, loss_naming, naming
from apigen.evolve.schema_difference import SchemaDifference, difference
from apigen.evolve.schema_lines import schema_lines
from apigen.evolve.steps import Step, downward, step, upward
from apigen.evolve.table_changes import table_changes
from apigen.evolve.table_renames import renames
from apigen.evolve.zero_downtime import WAITING, Phase, dropped, opened, pieces
from apigen.ir.schema import NO_TABLES, Schema, TableShape

_FIRST = Naming(slug="initial", message="Make all tables.")


def first_revision(schema: Schema) -> Revision:
    """Return the revision that makes all tables."""
    (made,) = _revisions(NO_TABLES, schema, (), _FIRST)
    return made


def revisions(
    old: Schema | None,
    new: Schema,
    *,
    heads: tuple[str, ...] = (),
    permissions: Permissions = Permissions(),  # noqa: B008 (a frozen value)
    zero_downtime: bool = False,
    spans: Mapping[str, Span],
) -> Outcome[tuple[Revision, ...]]:
    """Return the revisions to write, in the order of applying; none without a difference.

    Args:
        old: What the revisions so far make; None when that is nothing.
        new: What there should be.
        heads: The newest revisions on disk. None: the whole schema is made. Several: they are
            joined first.
        permissions: What the owner agreed to lose.
        zero_downtime: Expand, then contract, and take no lock that stops a busy table.
        spans: Where things stand, by qualified name; `""` is the root file.

    Returns:
        No value after AG804, AG805 or AG808.
    """
    if not heads or old is None:
        made = _revisions(NO_TABLES, new, _joined(heads)[1], _FIRST)
        return Outcome(value=(*_joined(heads)[0], *made))
    found = difference(old, new)
    refused = refusals(old, found, permissions=permissions, spans=spans)
    if refused:
        return Outcome(value=None, diagnostics=refused)
    joining, stands_on = _joined(heads)
    return Outcome(
        value=(
            *joining,
            *_revisions(old, new, stands_on, naming(found), zero_downtime=zero_downtime),
        )
    )


def _joined(heads: tuple[str, ...]) -> tuple[tuple[Revision, ...], tuple[str, ...]]:
    """Return the revision that joins several heads, and what the next one stands on."""
    heads = tuple(sorted(heads))
    if len(heads) < 2:
        return (), heads
    id_ = _hash("join", *heads)
    joining = Revision(
        id=id_,
        down=heads,
        slug="join",
        message=f"Join {' and '.join(heads)}.",
        operations=(),
        notes=("Two branches of development each added a revision. They change different parts.",),
    )
    return (joining,), (id_,)


def _revisions(
    old: Schema, new: Schema, down: tuple[str, ...], called: Naming, *, zero_downtime: bool = False
) -> tuple[Revision, ...]:
    found = difference(old, new, rewrites=not zero_downtime)
    before, meantime = moment(old), moment(old, new)
    early = is_out_of_order(found)
    moved = carried(found, meantime)
    changes = [table_changes(pair, meantime, moved.new_columns, early=early) for pair in found.kept]
    safe = [
        *_beginnings(old, new),
        *renames(found, before, meantime),
        *_created(found, meantime, moved.new_tables),
        *(one for change in changes for one in change.safe),
        *_circles(found.added, meantime),
    ]
    guards = [
        one
        for pair in found.kept
        for one in (*refused_values(pair, before), *refused_overlaps(pair, before))
    ]
    names = before if early else meantime
    drops = [
        *column_drops(found, names, moved.old_columns, early=early),
        *table_drops(found, names, moved.old_tables),
    ]
    if early:
        drops = [*guards, *drops]
    else:
        safe = [*guards, *safe]
    converted = [one for change in changes for one in change.swaps]
    endings = [*([] if early else drops), *_endings(old, new)]
    swaps = [*converted, *endings]
    lost = loss_naming(found)
    if zero_downtime:
        given = (drops if early else [], [*safe, *converted], endings)
        texts = (_text(old), _text(new))
        return _in_pieces(given, (called, lost), texts, down, converts=bool(converted))
    parts = [(safe, called, False), (swaps, lost, True)]
    if early:
        parts.insert(0, (drops, lost, True))
    made: list[Revision] = []
    for number, (steps, named, loses) in enumerate(parts):
        if not upward(steps):
            continue
        id_ = _hash(str(number), _text(old), _text(new), *down)
        made.append(_revision(id_, down, steps, named, loses=loses))
        down = (id_,)
    return tuple(made)


def _in_pieces(
    steps: tuple[list[Step], list[Step], list[Step]],
    called: tuple[Naming, Naming],
    texts: tuple[str, str],
    down: tuple[str, ...],
    *,
    converts: bool,
) -> tuple[Revision, ...]:
    """Return revisions that a busy database takes, for steps that lose first, in between, last.

    Args:
        steps: The three.
        called: Names of what is safe, and of what loses something.
        texts: Both schemas.
        down: What the first stands on.
        converts: In between, columns lose values by another type.
    """
    first, safe, losing = steps
    opening = opened(losing)
    made: list[Revision] = []

    def add(found: Iterable[Step], named: Naming, *, loses: bool = False) -> Revision | None:
        nonlocal down
        if not upward(found):
            return None
        id_ = _hash(str(len(made)), *texts, *down)
        one = _revision(id_, down, [*found], named, loses=loses)
        down = (id_,)
        made.append(replace(one, zero_downtime=True, waits_for_code=loses))
        return one

    add(first, called[1], loses=True)
    for piece in pieces([*safe, *opening], called[0]):
        if add(piece.steps, piece.naming) is not None:
            cuts = converts and piece.phase is Phase.CONTRACT
            made[-1] = replace(
                made[-1],
                autocommit=piece.autocommit,
                waits_for_code=piece.phase >= Phase.CONTRACT,
                is_destructive=cuts,
                notes=(*made[-1].notes, *(called[1].notes if cuts else ())),
            )
    lost = replace(called[1], notes=(*called[1].notes, WAITING))
    add([dropped(one) for one in losing], lost, loses=True)
    return tuple(made)


def _revision(
    id_: str, down: tuple[str, ...], steps: list[Step], named: Naming, *, loses: bool
) -> Revision:
    return Revision(
        id=id_,
        down=down,
        slug=named.slug,
        message=named.message,
        operations=upward(steps),
        undo=downward(steps),
        notes=named.notes,
        is_destructive=loses,
    )


def _beginnings(old: Schema, new: Schema) -> list[Step]:
    """Return what has to be there before tables are: schemas and extensions."""
    there = _schemas(old)
    steps = [step(CreateSchema(name=name)) for name in _schemas(new) if name not in there]
    known = _extensions(old)
    steps += [step(CreateExtension(name=one)) for one in _extensions(new) if one not in known]
    return steps


def _endings(old: Schema, new: Schema) -> list[Step]:
    known = _schemas(new)
    return [
        Step(up=(DropSchema(name=name),), down=(CreateSchema(name=name),))
        for name in _schemas(old)
        if name not in known
    ]


def _schemas(schema: Schema) -> list[str]:
    return sorted({table.schema for table in schema.tables if table.schema is not None})


def _extensions(schema: Schema) -> list[str]:
    """Return the extensions of PostgreSQL that a schema needs."""
    found: list[str] = []
    if any(index.trigrams for table in schema.tables for index in table.indexes):
        found.append("pg_trgm")
    # GiST itself knows ranges, and what is equal of nothing else.
    if any(one.equal for table in schema.tables for one in table.exclusions):
        found.append("btree_gist")
    return found


def _created(found: SchemaDifference, names: Moment, moved: Mapping[str, Operation]) -> list[Step]:
    steps: list[Step] = []
    for table in found.added:
        steps.append(step(names.created(table)))
        if table.id in moved:
            steps.append(Step(up=(moved[table.id],)))
    return steps


def _circles(tables: Iterable[TableShape], names: Moment) -> list[Step]:
    """Return the keys of circles, which PostgreSQL gets when all tables are there."""
    return [
        step(
            AddConstraint(
                table=names.tables[table.id],
                constraint=names.foreign_key(key, table.id),
                only="postgresql",
            )
        )
        for table in tables
        for key in table.foreign_keys
        if key.deferred
    ]


def _text(schema: Schema) -> str:
    return json.dumps(schema_lines(schema), ensure_ascii=False)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
