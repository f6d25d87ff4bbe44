"""Write documents as CSV or as one JSON array, piece by piece.

Knows nothing of where documents come from.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from ..core.json import dumps
from .read_model import Composite, Document, Output, ReadModel


class JsonArray:
    """One JSON array of all documents."""

    def __init__(self) -> None:
        """Begin with an empty array."""
        self._is_first = True

    def begin(self) -> bytes:
        """Return what comes before everything."""
        return b"["

    def piece(self, documents: Sequence[Document]) -> bytes:
        """Return some documents, parted from those before."""
        inner = dumps(documents)[1:-1]
        piece = inner if self._is_first or not inner else b"," + inner
        self._is_first = self._is_first and not inner
        return piece

    def end(self) -> bytes:
        """Return what comes after everything."""
        return b"]"


class CsvTable:
    """A row a document, a column a value (RFC 4180); collections are JSON in one cell."""

    def __init__(self, model: ReadModel) -> None:
        """Prepare the columns of a model: `address.city` for a part of a value object."""
        others = [*(collection.name for collection in model.collections), *model.derived]
        self._columns = [*_columns(model.outputs), *((name,) for name in others)]

    def begin(self) -> bytes:
        """Return the line of names."""
        return _lines([[".".join(path) for path in self._columns]])

    def piece(self, documents: Sequence[Document]) -> bytes:
        """Return the lines of some documents."""
        return _lines([[_cell(document, path) for path in self._columns] for document in documents])

    def end(self) -> bytes:
        """Return what comes after everything."""
        return b""


def _columns(outputs: Sequence[Output]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for output in outputs:
        if isinstance(output, Composite):
            found += [(output.name, *path) for path in _columns(output.parts)]
        else:
            found.append((str(getattr(output, "name", "")),))
    return found


def _cell(document: Document, path: tuple[str, ...]) -> str:
    value: Any = document
    for name in path:
        value = value[name] if isinstance(value, Mapping) else None
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    text = dumps(value)
    # A decimal or an instant is a JSON string; a cell has no quotes of its own.
    return str(orjson.loads(text)) if text.startswith(b'"') else text.decode()


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()
