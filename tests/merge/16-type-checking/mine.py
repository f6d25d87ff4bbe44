"""Rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from todo.own import Audit

try:
    import orjson
except ImportError:
    orjson = None


def row(values: Mapping[str, object]) -> str:
    """Give a row."""
    return str(values)


def audit(value: Audit) -> None:
    """Note it."""
