"""What a project remembers of the last run, and what a run finds against it. Data only."""

from collections.abc import Mapping
from enum import StrEnum

from apigen.diagnostics import Span
from apigen.evolve.revision import Revision
from apigen.ir.schema import Schema
from apigen.ir.system import System
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A symbol of a spec with its stable id."""

    id: str
    kind: str
    """entity, child, field, type, member, command, event, query, reaction, projection."""
    qname: str
    storage: str
    """`table`, `table.column`, the stored value of a member; `-` for what has none."""
    hash: str
    """Of what it means, wherever it stands."""
    removed: bool = False
    """A tombstone: the id is not given again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """`.apigen/lock.json`."""

    symbols: tuple[Symbol, ...]
    schema: Schema | None
    """The tables as the revisions make them; None in a lock of apigen 0.1."""
    orphans: tuple[str, ...] = ()
    """`path` or `path::symbol` of code that is kept without use."""
    disputed: tuple[tuple[str, ...], ...] = ()
    """Lines of the schema, as JSON, of which two branches wrote different versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """What is known of the last run; everything empty on the first."""

    lock: Lock | None
    spec: Mapping[str, str]
    """Text of the spec's files as they were, by path from the root file's folder, root first."""
    system: System | None
    """Lowered from `spec`, with the lock's ids; None when there is none or it has errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """Declared by `renamed_from`, or known from the lock."""

    kind: str
    """As of symbols; a child is its class, or its collection: `context.Order.lines`."""
    old: str
    """Qualified name in the last run's spec; a member is `context.Type.member`."""
    new: str


class Effect(StrEnum):
    """What a change does, worst last."""

    NONE = "none"
    SAFE = "safe"
    WARN = "warn"
    LOCKING = "locking"
    BREAKING = "breaking"
    DESTRUCTIVE = "destructive"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecChange:
    """One difference of meaning between two systems."""

    kind: str
    """added, removed, renamed, moved, changed."""
    element: str
    """entity, child, field, type, member, relation, operation, rule, …."""
    symbol: str
    """Qualified name today, or of the last run when it is gone."""
    attribute: str = ""
    before: str = ""
    after: str = ""
    database: Effect = Effect.NONE
    api: Effect = Effect.NONE
    events: Effect = Effect.NONE
    span: Span | None = None
    """Where it stands today; for what is gone, its owner."""
    text: str = ""
    """One sentence for people, without a full stop: "field `Task.note` is new"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """What the owner agreed to on the command line: `Entity`, `Entity.field` or qualified."""

    removal: frozenset[str] = frozenset()
    data_loss: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evolution:
    """What is different from the last run."""

    system: System
    """Today's, with the ids of the lock."""
    lock: Lock
    """To be written; orphans are those of the last run (`disk` brings them up to date)."""
    changes: tuple[SpecChange, ...]
    """In the order of the spec."""
    renames: tuple[Rename, ...]
    revisions: tuple[Revision, ...]
    """To be written, in the order of applying; all but the last are rarely there."""
    version: str | None
    """Suggested version of the generated API; None when nothing calls for another."""
    changelog: str
    """Markdown fragment; empty when clients notice nothing."""
