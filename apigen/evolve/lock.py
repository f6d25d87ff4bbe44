"""`.apigen/lock.json` as text: one JSON value a line, so that git can unite two branches.

Every line ends in a comma and every list in `null`: whatever lines a union merge brings together
are still JSON. Two lines of one thing that differ come back as they are; `apigen.evolve.identity`
and `apigen.evolve.evolution` choose, because they know today's spec. The first line of the file
and format 1 are those of apigen 0.1, which had symbols only.
"""

import json
from collections.abc import Iterable
from urllib.parse import quote, unquote

from apigen.evolve.record import Lock, Symbol
from apigen.ir.types import Json

FORMAT = 2
_REMOVED = "removed"


class LockError(ValueError):
    """The text is no lock of a known format; the message says why."""


def parse_lock(content: bytes) -> Lock:
    """Read a lock of format 1 or 2.

    Raises:
        LockError: it can not be read, or another apigen wrote it.
    """
    try:
        document = json.loads(content)
    except ValueError as problem:
        raise LockError(f"it is not JSON: {problem}") from problem
    if not isinstance(document, dict):
        raise LockError("it is not a mapping")
    if document.get("format") not in (1, FORMAT):
        raise LockError(f"it has format {document.get('format')}: another apigen wrote it")
    lines = _lines(document, "symbols")
    found = dict.fromkeys(_symbol(line) for line in lines)
    if "schema" not in document:
        return Lock(symbols=tuple(found), schema=None, orphans=_texts(document, "orphans"))
    chosen, disputed = _undisputed(_lines(document, "schema"))
    # Dear to import, and the symbols of a lock are often all that is asked for.
    from apigen.evolve.schema_lines import schema_of_lines

    try:
        schema = schema_of_lines(chosen)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as problem:
        raise LockError(f"its schema can not be read ({problem!r})") from problem
    return Lock(
        symbols=tuple(found),
        schema=schema,
        orphans=_texts(document, "orphans"),
        disputed=disputed,
    )


def print_lock(lock: Lock) -> bytes:
    """Return the text of a lock; symbols by id, everything else in the order it has."""
    from apigen.evolve.schema_lines import schema_lines

    ordered = sorted(lock.symbols, key=lambda symbol: (symbol.id, symbol.qname, symbol.kind))
    parts = [f'"symbols": [\n{_printed(_line(symbol) for symbol in ordered)}null]']
    if lock.schema is not None:
        parts.append(f'"schema": [\n{_printed(schema_lines(lock.schema))}null]')
    parts.append(f'"orphans": [\n{_printed(lock.orphans)}null]')
    return f'{{"format": {FORMAT}, {",\n".join(parts)}}}\n'.encode()


def _printed(values: Iterable[object]) -> str:
    return "".join(f"{json.dumps(value, ensure_ascii=False)},\n" for value in values)


def _lines(document: dict[str, Json], key: str) -> list[Json]:
    lines = document.get(key, [])
    if not isinstance(lines, list):
        raise LockError(f"`{key}` is not a list")
    return [line for line in lines if line is not None]


def _texts(document: dict[str, Json], key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(line) for line in _lines(document, key)))


def _line(symbol: Symbol) -> str:
    storage = quote(symbol.storage, safe="-._~") if symbol.kind == "member" else symbol.storage
    words = [symbol.id, symbol.kind, symbol.qname, storage, symbol.hash]
    return " ".join([*words, _REMOVED] if symbol.removed else words)


def _symbol(line: Json) -> Symbol:
    words = line.split(" ") if isinstance(line, str) else []
    if len(words) not in (5, 6) or words[5:] not in ([], [_REMOVED]):
        raise LockError(f"`{line}` is not the line of a symbol")
    id, kind, qname, storage, digest = words[:5]
    return Symbol(
        id=id,
        kind=kind,
        qname=qname,
        storage=unquote(storage) if kind == "member" else storage,
        hash=digest,
        removed=len(words) == 6,
    )


def _undisputed(lines: list[Json]) -> tuple[list[list[Json]], tuple[tuple[str, ...], ...]]:
    """Return one line of each kind and id, and all versions of those that have several."""
    versions: dict[tuple[str, str], dict[str, list[Json]]] = {}
    for line in lines:
        if not isinstance(line, list) or len(line) != 3 or not isinstance(line[2], dict):
            raise LockError(f"`{line}` is not a line of a schema")
        text = json.dumps(line, ensure_ascii=False)
        versions.setdefault((str(line[0]), str(line[1])), {})[text] = line
    chosen = [next(iter(known.values())) for known in versions.values()]
    disputed = tuple(tuple(known) for known in versions.values() if len(known) > 1)
    return chosen, disputed
