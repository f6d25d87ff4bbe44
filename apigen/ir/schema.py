"""The tables of a system as plain data: what the lock remembers and migrations are worked out from.

Every part has the stable id of the spec element it stands for, so that a part with the same id and
another name is a rename. Data only.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """All tables, sorted by id."""

    tables: tuple["TableShape", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """One table. H4 completes this module."""

    id: str
    name: str
