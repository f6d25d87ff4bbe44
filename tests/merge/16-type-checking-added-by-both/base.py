"""Rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    import orjson
except ImportError:
    orjson = None


def row(values: object) -> str:
    """Give a row."""
    return str(values)
