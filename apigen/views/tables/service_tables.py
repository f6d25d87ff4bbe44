"""Tables that no entity has: of events, messages, requests, tasks, moves, changes and reads.

They say the same as the support package's `outbox_table`, `inbox_table`, `idempotency_table`,
`task_table`, `schedule_table`, `history_table`, `changes_table`, `reads_table`; the generated tests
of migrations compare the two. Their ids are their names, or belong to an entity.
"""

from collections.abc import Sequence
from dataclasses import replace

from apigen.ir.schema import (
    ColumnShape,
    ColumnType,
    ForeignKeyShape,
    IndexShape,
    KeyShape,
    TableShape,
)
from apigen.ir.system import Entity, System

OUTBOX, INBOX = "outbox_events", "processed_messages"
IDEMPOTENCY = "idempotency_keys"
TASKS, SCHEDULES = "background_tasks", "task_schedules"

_UUID = ColumnType(name="Uuid")
_TEXT = ColumnType(name="Text")
_INTEGER = ColumnType(name="Integer")
_INSTANT = ColumnType(name="UtcDateTime")
_KEY = ColumnType(name="String", arguments=("200",))
_STATE = ColumnType(name="String", arguments=("64",))

type _Column = tuple[str, ColumnType, bool]
"""Name, type, and whether it may be null."""


def service_tables(system: System, made: Sequence[TableShape]) -> tuple[TableShape, ...]:
    """Return the tables that the system needs beside those of its entities.

    Args:
        system: The system.
        made: The tables of its entities.
    """
    found: list[TableShape] = []
    if system.has_outbox:
        found.append(_outbox())
    if system.has_inbox:
        found.append(_inbox())
    if system.has_idempotency:
        found.append(_idempotency())
    if system.has_tasks:
        found += (_tasks(), _schedules())
    by_symbol = {table.symbol: table for table in made}
    found += (
        _history(entity, by_symbol[entity.qname])
        for context in system.contexts
        for entity in context.entities
        if has_history(entity)
    )
    found += (
        _changes(entity, by_symbol[entity.qname])
        for context in system.contexts
        for entity in context.entities
        if entity.audit is not None
    )
    found += (
        _reads(entity, by_symbol[entity.qname])
        for context in system.contexts
        for entity in context.entities
        if entity.logs_reads
    )
    return tuple(found)


def has_history(entity: Entity) -> bool:
    """Tell whether every move of the entity's lifecycle is kept."""
    return entity.lifecycle is not None and entity.lifecycle.history


def _outbox() -> TableShape:
    columns: tuple[_Column, ...] = (
        ("id", _UUID, False),
        ("event_id", _UUID, False),
        ("event_type", _KEY, False),
        ("consumer", _KEY, True),
        ("body", _TEXT, False),
        ("created_at", _INSTANT, False),
        ("due_at", _INSTANT, False),
        ("attempts", _INTEGER, False),
        ("published_at", _INSTANT, True),
        ("dead_at", _INSTANT, True),
        ("error", _TEXT, True),
    )
    return _table(OUTBOX, columns, key=("id",), indexes=("due_at", "published_at"))


def _inbox() -> TableShape:
    columns: tuple[_Column, ...] = (
        ("consumer", _KEY, False),
        ("message_key", _KEY, False),
        ("processed_at", _INSTANT, False),
    )
    return _table(INBOX, columns, key=("consumer", "message_key"), indexes=("processed_at",))


def _idempotency() -> TableShape:
    columns: tuple[_Column, ...] = (
        ("scope", _STATE, False),
        ("key", ColumnType(name="String", arguments=("255",)), False),
        ("fingerprint", _STATE, False),
        ("claim_id", _UUID, False),
        ("claimed_until", _INSTANT, False),
        ("committed_at", _INSTANT, True),
        ("status", _INTEGER, True),
        ("headers", _TEXT, True),
        ("body", _TEXT, True),
        ("expires_at", _INSTANT, False),
    )
    return _table(IDEMPOTENCY, columns, key=("scope", "key"), indexes=("expires_at",))


def _tasks() -> TableShape:
    columns: tuple[_Column, ...] = (
        ("id", _UUID, False),
        ("name", _KEY, False),
        ("queue", _KEY, False),
        ("priority", _INTEGER, False),
        ("state", _STATE, False),
        ("input", _TEXT, False),
        ("unique_key", _KEY, True),
        ("created_at", _INSTANT, False),
        ("due_at", _INSTANT, True),
        ("rank_at", _INSTANT, False),
        ("attempts", _INTEGER, False),
        ("claim_id", _UUID, True),
        ("started_at", _INSTANT, True),
        ("finished_at", _INSTANT, True),
        ("scheduled_for", _INSTANT, True),
        ("progress_done", _INTEGER, True),
        ("progress_total", _INTEGER, True),
        ("progress_message", _TEXT, True),
        ("error_code", _KEY, True),
        ("error_message", _TEXT, True),
        ("actor_id", _KEY, True),
        ("correlation_id", _KEY, True),
        ("trace_parent", _STATE, True),
    )
    table = _table(TASKS, columns, key=("id",), indexes=("due_at", "finished_at"))
    once = IndexShape(
        id=f"uq:{TASKS}.unique_key",
        name=f"uq_{TASKS}_unique_key",
        columns=(f"{TASKS}.name", f"{TASKS}.unique_key"),
        unique=True,
    )
    return replace(table, indexes=(*table.indexes, once))


def _schedules() -> TableShape:
    columns: tuple[_Column, ...] = (
        ("name", _KEY, False),
        ("schedule", _KEY, False),
        ("next_due_at", _INSTANT, False),
        ("last_due_at", _INSTANT, True),
    )
    return _table(SCHEDULES, columns, key=("name", "schedule"), indexes=())


def _table(
    name: str, columns: Sequence[_Column], *, key: tuple[str, ...], indexes: tuple[str, ...]
) -> TableShape:
    return TableShape(
        id=name,
        name=name,
        schema=None,
        symbol=name,
        columns=_columns(name, columns),
        key=KeyShape(name=f"pk_{name}", columns=tuple(f"{name}.{column}" for column in key)),
        indexes=tuple(
            IndexShape(
                id=f"ix:{name}.{column}", name=f"ix_{name}_{column}", columns=(f"{name}.{column}",)
            )
            for column in indexes
        ),
    )


def _columns(table: str, columns: Sequence[_Column]) -> tuple[ColumnShape, ...]:
    return tuple(
        ColumnShape(id=f"{table}.{name}", name=name, symbol=table, type=type_, nullable=nullable)
        for name, type_, nullable in columns
    )


def _history(entity: Entity, owner: TableShape) -> TableShape:
    columns: tuple[_Column, ...] = (
        ("from_state", _STATE, True),
        ("to_state", _STATE, False),
        ("actor_id", _KEY, True),
        ("correlation_id", _KEY, True),
        ("occurred_at", _INSTANT, False),
    )
    return _beside(entity, owner, "history", columns, is_owned=True)


def _changes(entity: Entity, owner: TableShape) -> TableShape:
    columns: tuple[_Column, ...] = (
        ("operation", _STATE, False),
        ("changes", ColumnType(name="Json"), False),
        ("actor_id", _KEY, True),
        ("correlation_id", _KEY, True),
        ("occurred_at", _INSTANT, False),
    )
    # It outlives the rows that it is about.
    return _beside(entity, owner, "changes", columns, is_owned=False)


def _reads(entity: Entity, owner: TableShape) -> TableShape:
    columns: tuple[_Column, ...] = (
        ("fields", ColumnType(name="Json"), False),
        ("actor_id", _KEY, True),
        ("correlation_id", _KEY, True),
        ("occurred_at", _INSTANT, False),
    )
    return _beside(entity, owner, "reads", columns, is_owned=False)


def _beside(
    entity: Entity,
    owner: TableShape,
    suffix: str,
    columns: Sequence[_Column],
    *,
    is_owned: bool,
) -> TableShape:
    """Return a table about the rows of another, with the key of its owner in each row."""
    name, id_, symbol = f"{owner.name}_{suffix}", f"{owner.id}.{suffix}", f"{entity.qname}.{suffix}"
    keys = [column for column in owner.columns if column.id in owner.key.columns]
    links = tuple(
        ColumnShape(
            id=f"{id_}.owner" if len(keys) == 1 else f"{id_}.owner_{key.id}",
            name=f"owner_{key.name}",
            symbol=symbol,
            type=key.type,
            nullable=False,
        )
        for key in keys
    )
    rest = tuple(
        ColumnShape(id=f"{id_}.{column}", name=column, symbol=symbol, type=type_, nullable=nullable)
        for column, type_, nullable in columns
    )
    identity = ColumnShape(id=f"{id_}.id", name="id", symbol=symbol, type=_UUID, nullable=False)
    return TableShape(
        id=id_,
        name=name,
        schema=owner.schema,
        symbol=symbol,
        columns=(identity, *links, *rest),
        key=KeyShape(name=f"pk_{name}", columns=(identity.id,)),
        foreign_keys=tuple(
            ForeignKeyShape(
                id=f"fk:{link.id}",
                name=f"fk_{name}_owner",
                column=link.id,
                target=owner.id,
                target_column=key.id,
                on_delete="CASCADE",
                deferred=False,
            )
            for link, key in zip(links, keys, strict=True)
            if is_owned
        ),
        indexes=(
            IndexShape(
                id=f"ix:{id_}.owner",
                name=f"ix_{name}_owner",
                columns=tuple(link.id for link in links),
            ),
        ),
    )
