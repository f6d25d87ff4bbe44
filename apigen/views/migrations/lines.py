"""Lines of a migration put together: one batch a table, one `if` a database."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from apigen.values import dataclass

POSTGRESQL = "postgresql"
SQLITE = "sqlite"
_INDENT = "    "


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A statement, for one database or both, alone or inside a batch."""

    source: str
    only: str | None = None
    batch: str | None = None
    """Arguments of the batch that it is a call of."""
    autocommit: bool = False
    """Not in a transaction."""
    once: bool = False
    """Said once, however often it is needed."""


def arranged(made: Iterable[Line]) -> list[str]:
    """Return the body of a function; neighbours share what is around them."""
    body: list[str] = []
    for is_shared, group in groupby(made, key=lambda line: line.only is None):
        found = [*group]
        body += _batched(found) if is_shared else _apart(found)
    return body


def _apart(found: list[Line]) -> Iterator[str]:
    """Yield an `if` of what each database alone does; the one knows nothing of the other."""
    on_postgresql = [line for line in found if line.only == POSTGRESQL]
    on_sqlite = [line for line in found if line.only == SQLITE]
    first = on_postgresql or on_sqlite
    sign = "==" if on_postgresql else "!="
    yield f'if op.get_context().dialect.name {sign} "postgresql":'
    yield from (_INDENT + line for line in _committed(first))
    if on_postgresql and on_sqlite:
        yield "else:"
        yield from (_INDENT + line for line in _batched(on_sqlite))


def _committed(found: list[Line]) -> Iterator[str]:
    for autocommit, group in groupby(found, key=lambda line: line.autocommit):
        if not autocommit:
            yield from _batched([*group])
            continue
        yield "with op.get_context().autocommit_block():"
        yield from (_INDENT + line for line in _batched([*group]))


def _batched(found: list[Line]) -> Iterator[str]:
    for batch, group in groupby(found, key=lambda line: line.batch):
        if batch is None:
            yield from (line.source for line in group)
            continue
        yield f"with op.batch_alter_table({batch}) as batch:"
        yield from (f"{_INDENT}batch.{line.source}" for line in group)
