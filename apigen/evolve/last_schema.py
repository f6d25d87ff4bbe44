"""The schema of the last run, also when git has united those of two branches.

Git keeps both forms of a line that both sides touched, and brings a removed line back when its
neighbour was changed elsewhere. Tombstones tell which are gone; today's schema tells which form of
two is right: the branch that wrote it has its revision in the project.
"""

import json
from collections.abc import Iterable
from dataclasses import replace

from apigen.diagnostics import Diagnostic, Span
from apigen.evolve.record import Lock
from apigen.ir.schema import Schema, TableShape


def last_schema(
    lock: Lock | None, today: Schema, buried: Iterable[str], span: Span
) -> tuple[Schema | None, tuple[Diagnostic, ...]]:
    """Return the schema as the revisions of the project make it; None before the first.

    Args:
        lock: The last run's.
        today: Today's schema.
        buried: Ids of what was removed.
        span: Of the lock.

    Returns:
        AG807 for a part of which two branches made two forms, neither of them today's.
    """
    if lock is None:
        return None, ()
    if lock.schema is None:
        # A lock of apigen 0.1, of which `staleness` has found that it is of today's spec.
        return today, ()
    schema = lock.schema
    found: tuple[Diagnostic, ...] = ()
    if lock.disputed:
        schema, found = _settled(lock, schema, today, span)
    return _without(schema, frozenset(buried)), found


def _settled(
    lock: Lock, schema: Schema, today: Schema, span: Span
) -> tuple[Schema, tuple[Diagnostic, ...]]:
    from apigen.evolve.schema_lines import schema_lines, schema_of_lines

    wanted = {json.dumps(line, ensure_ascii=False) for line in schema_lines(today)}
    found: list[Diagnostic] = []
    chosen: dict[tuple[str, str], str] = {}
    for versions in lock.disputed:
        kind, id = (str(part) for part in json.loads(versions[0])[:2])
        right = [version for version in versions if version in wanted]
        if right:
            chosen[kind, id] = right[0]
            continue
        names = " and ".join(dict.fromkeys(f"`{_name(version)}`" for version in versions))
        found.append(
            Diagnostic(
                code="AG807",
                message=f"two branches changed the {kind} {names} in different ways",
                span=span,
                help="in `.apigen/lock.json` keep the line that the newest revision of the"
                " database agrees with",
            )
        )
    lines = [
        json.loads(chosen[str(line[0]), str(line[1])])
        if (str(line[0]), str(line[1])) in chosen
        else line
        for line in schema_lines(schema)
    ]
    return schema_of_lines(lines), tuple(found)


def _name(line: str) -> str:
    facts = json.loads(line)[2]
    return str(facts.get("symbol") or facts.get("name") or "")


def _without(schema: Schema, buried: frozenset[str]) -> Schema:
    """Return the schema without what has a tombstone; it is mostly the same."""
    if not buried:
        return schema
    return Schema(
        tables=tuple(
            _table(table, buried)
            for table in schema.tables
            if buried.isdisjoint(table.id.split("."))
        )
    )


def _table(table: TableShape, buried: frozenset[str]) -> TableShape:
    columns = tuple(one for one in table.columns if buried.isdisjoint(one.id.split(".")))
    if len(columns) == len(table.columns):
        return table
    ids = {one.id for one in columns}
    return replace(
        table,
        columns=columns,
        foreign_keys=tuple(one for one in table.foreign_keys if one.column in ids),
        checks=tuple(one for one in table.checks if ids.issuperset(one.columns)),
        indexes=tuple(one for one in table.indexes if ids.issuperset(one.columns)),
        exclusions=tuple(
            one for one in table.exclusions if ids.issuperset((*one.equal, one.begin, one.end))
        ),
    )
