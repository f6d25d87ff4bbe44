"""`.apigen/lock.json`: the stable identity of every symbol of the spec, one line each.

A line holds `id kind qname table.column hash`; the hash is of what the symbol means, whatever its
place in a file, so that a later run can tell a change from a move.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache

from apigen.diagnostics import Span
from apigen.ir.system import Child, Element, Entity, Field, System

FORMAT = 1
_NESTED = (Child, Entity, Field)


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """One line of the lock."""

    id: str
    kind: str
    qname: str
    storage: str
    """`table` or `table.column`; `-` for what has no place in the database."""
    hash: str

    def line(self) -> str:
        """Return the line without its end."""
        return f"{self.id} {self.kind} {self.qname} {self.storage} {self.hash}"


def symbols(system: System) -> tuple[Symbol, ...]:
    """Return every symbol of the system, sorted by id."""
    found: list[Symbol] = []
    for context in system.contexts:
        found.extend(_symbol("type", value_type, "-") for value_type in context.types)
        for entity in context.entities:
            found.extend(_of_entity("entity", entity))
    return tuple(sorted(found, key=lambda symbol: (symbol.id, symbol.qname)))


def print_symbols(found: tuple[Symbol, ...]) -> bytes:
    """Return the text of the lock."""
    body = ",\n".join(json.dumps(symbol.line(), ensure_ascii=False) for symbol in found)
    return f'{{"format": {FORMAT}, "symbols": [\n{body}\n]}}\n'.encode()


def _of_entity(kind: str, owner: Entity | Child) -> Iterator[Symbol]:
    yield _symbol(kind, owner, owner.table)
    for field in owner.fields:
        storage = "-" if field.computed else f"{owner.table}.{field.column}"
        yield _symbol("field", field, storage)
    for child in owner.children:
        yield from _of_entity("child", child)


def _symbol(kind: str, element: Element, storage: str) -> Symbol:
    digest = hashlib.sha256(repr(_meaning(element, top=True)).encode()).hexdigest()[:16]
    return Symbol(id=element.id, kind=kind, qname=element.qname, storage=storage, hash=digest)


def _meaning(value: object, *, top: bool = False) -> object:
    """Reduce a value to plain data: no spans, and nested symbols by id only."""
    kind: type = type(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, tuple | list):
        return [_meaning(part) for part in value]
    if isinstance(value, Span):
        return None
    if isinstance(value, _NESTED) and not top:
        return value.id
    names = _field_names(kind)
    if names is not None:
        return [kind.__name__, *((name, _meaning(getattr(value, name))) for name in names)]
    if isinstance(value, Mapping):
        return sorted((str(key), repr(_meaning(part))) for key, part in value.items())
    if isinstance(value, frozenset | set):
        return sorted(repr(_meaning(part)) for part in value)
    return value


_PLAIN = frozenset({str, int, bool, float, type(None)})


@cache
def _field_names(kind: type) -> tuple[str, ...] | None:
    """Return the fields of a dataclass, None for any other class."""
    return tuple(part.name for part in fields(kind)) if is_dataclass(kind) else None
