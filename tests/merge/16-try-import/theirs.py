"""Rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

try:
    import orjson
except ImportError:
    orjson = None
    HAS_ORJSON = False
else:
    HAS_ORJSON = True


def row(values: Mapping[str, object]) -> str:
    """Give a row."""
    return str(values)
