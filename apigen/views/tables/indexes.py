"""The indexes and uniquenesses of a table: what the spec asks for, and what its keys need."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from apigen.ir.field import IndexMethod
from apigen.ir.system import Child, Entity, System, Uniqueness
from apigen.ir.types import LocalizedText, Scalar, ScalarKind
from apigen.views.tables.ciphers import blind_column
from apigen.views.tables.columns import columns_of, stored_fields
from apigen.views.tables.parts import Column, Index
from apigen.views.tables.storage import shortened

_TRIGRAMS = (IndexMethod.GIN, IndexMethod.TRGM)
_TEXT_LIKE = frozenset({ScalarKind.STR, ScalarKind.TEXT})


def indexes(owner: Entity | Child, columns: Iterable[Column], system: System) -> tuple[Index, ...]:
    """Return the indexes and uniquenesses of an owner's table, which has these columns."""
    found: list[Index] = []
    if isinstance(owner, Child):
        if owner.key is not None:
            key = columns_of(owner, (owner.key,), system)
            found.append(
                Index(
                    name=shortened(f"uq_{owner.table}_{'_'.join(key)}"),
                    columns=(owner.parent_column, *key),
                    unique=True,
                )
            )
        if owner.to_one:
            found.append(
                Index(
                    name=shortened(f"uq_{owner.table}_{owner.parent_column}"),
                    columns=(owner.parent_column,),
                    unique=True,
                )
            )
    found += _declared(owner, system)
    found = [one for index in found for one in _by_locale(index, owner, system)]
    return (*found, *_missing_foreign_key_indexes(owner.table, columns, found))


def _declared(owner: Entity | Child, system: System) -> list[Index]:
    """Return the indexes that the spec asks for, and those of single fields."""
    found = [_unique(owner, unique, system) for unique in owner.unique]
    if isinstance(owner, Entity):
        for index in owner.indexes:
            columns = columns_of(owner, index.attributes, system)
            found.append(
                Index(
                    name=shortened(index.name),
                    columns=columns,
                    descending=columns_of(owner, index.descending, system),
                    include=columns_of(owner, index.include, system),
                    where=index.where,
                    method=index.method,
                    trigrams=_trigrams(owner, columns, index.method, system),
                )
            )
    covered = {index.columns[0] for index in found if index.where is None and not index.live_only}
    covered |= {column.column for column in stored_fields(owner, system)[:1]}
    for column in stored_fields(owner, system):
        method = column.path[-1].index
        name = column.column
        if column.cipher is not None:
            name = blind_column(column.cipher, owner)
        if method is None or (method is IndexMethod.BTREE and name in covered):
            continue
        found.append(
            Index(
                name=shortened(f"ix_{owner.table}_{column.column}"),
                columns=(name,),
                method=method,
                trigrams=_trigrams(owner, (column.column,), method, system),
            )
        )
    return found


def _missing_foreign_key_indexes(
    table: str, columns: Iterable[Column], indexes: Iterable[Index]
) -> Iterator[Index]:
    """Yield an index for each foreign key that no index or key begins with."""
    columns = tuple(columns)
    leading = {index.columns[0] for index in indexes if index.where is None and not index.live_only}
    key = [column.name for column in columns if column.primary_key]
    leading |= set(key[:1])
    for column in columns:
        if column.foreign_key is not None and column.name not in leading:
            yield Index(name=shortened(f"ix_{table}_{column.name}"), columns=(column.name,))


def _by_locale(index: Index, owner: Entity | Child, system: System) -> Iterator[Index]:
    """Yield an index for each locale where it is over localized texts.

    Unique are the texts themselves, not what stands in for those that are missing.
    """
    texts = {
        column.column
        for column in stored_fields(owner, system)
        if isinstance(column.type, LocalizedText)
    }
    localized = tuple(column for column in index.columns if column in texts)
    if not localized:
        yield index
        return
    for locale, chain in system.i18n.chains.items():
        ending = locale.lower().replace("-", "_")
        yield replace(
            index,
            name=shortened(f"{index.name}_{ending}"),
            localized=localized,
            locales=(locale,) if index.unique else chain,
            trigrams=localized if index.method in _TRIGRAMS else (),
        )


def _trigrams(
    owner: Entity | Child, columns: tuple[str, ...], method: IndexMethod, system: System
) -> tuple[str, ...]:
    if method not in _TRIGRAMS:
        return ()
    texts = {
        column.column
        for column in stored_fields(owner, system)
        if isinstance(column.type, Scalar)
        and (column.type.kind in _TEXT_LIKE or column.type.constraints.max is not None)
    }
    return tuple(column for column in columns if column in texts)


def _unique(owner: Entity | Child, unique: Uniqueness, system: System) -> Index:
    return Index(
        name=shortened(unique.name),
        columns=columns_of(owner, unique.attributes, system),
        unique=True,
        where=unique.where,
        live_only=unique.live_only,
    )
