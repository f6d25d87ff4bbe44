"""Where a definition went that its owner took out of a file."""

from collections.abc import Iterable, Iterator

from apigen.merge.merged import Unmergeable
from apigen.merge.python.clauses import clause_block, definition_clause, has_block
from apigen.merge.python.matching import likeness
from apigen.merge.python.source import Source, read
from apigen.merge.python.units import Kind, Unit, block

_LIKE = 0.75
"""Share of tokens from which on two definitions of one name are the same one."""


def find_moved(generated: str, symbol: str, others: Iterable[tuple[str, str]]) -> str | None:
    """Give where a definition looks moved to, as `path::symbol`, None when nowhere.

    Args:
        generated: A text in which it still stands.
        symbol: Its dotted name there.
        others: Path and text of the files to look in; those that are not Python are passed over.
    """
    wanted = next((unit for name, unit in _definitions(generated) if name == symbol), None)
    if wanted is None:
        return None
    best: tuple[float, str] | None = None
    for path, text in others:
        if wanted.name not in text:
            continue
        for name, unit in _definitions(text):
            if unit.name != wanted.name:
                continue
            alike = likeness(unit.norm, wanted.norm)
            if alike > _LIKE and (best is None or alike > best[0]):
                best = (alike, f"{path}::{name}")
    return None if best is None else best[1]


def _definitions(text: str) -> Iterator[tuple[str, Unit]]:
    try:
        source = read(text if text.endswith("\n") else text + "\n")
    except Unmergeable:
        return
    yield from _inside(source, None, "")


def _inside(source: Source, owner: Unit | None, path: str) -> Iterator[tuple[str, Unit]]:
    if owner is None:
        body = block(source, source.tree.body, start=0, end=len(source.text))
    else:
        clause = definition_clause(owner)
        if not has_block(clause):
            return
        body = clause_block(clause)
    for unit in body.units:
        if unit.kind is Kind.DEFINITION:
            name = f"{path}.{unit.name}" if path else unit.name
            yield name, unit
            if unit.is_class:
                yield from _inside(source, unit, name)
