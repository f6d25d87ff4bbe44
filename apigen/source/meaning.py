"""What a tree says, as values that can be compared, and what it would say after an edit.

Own entries of a mapping are told from those that `<<` brings, so that an edit can not turn one into
the other unnoticed.
"""

from collections.abc import Callable

from apigen.source.loader import load_text
from apigen.source.node import Entry, MappingNode, Node, ScalarNode, SequenceNode
from apigen.source.written import Value

type Meaning = tuple[object, ...]
type Path = tuple[str | int, ...]
"""Keys from the outermost mapping down; a number is a place in a list, from 0."""


def own_entries(mapping: MappingNode) -> tuple[Entry, ...]:
    """Return the entries written in a mapping itself, not those that `<<` brings."""
    span = mapping.span
    return tuple(
        entry
        for entry in mapping.entries
        if (span.line, span.column)
        <= (entry.key_span.line, entry.key_span.column)
        < (span.end_line, span.end_column)
    )


def reads_as(text: str, wanted: Meaning) -> bool:
    """Tell whether a text is right YAML that says what is wanted."""
    loaded = load_text(text, file="")
    return loaded.value is not None and not loaded.has_errors and meaning(loaded.value) == wanted


def meaning(node: Node) -> Meaning:
    """Return what a node says; the order of entries counts."""
    match node:
        case ScalarNode(value=value, raw=raw):
            return ("scalar", value, raw)
        case SequenceNode(items=items):
            return ("list", *(meaning(item) for item in items))
        case MappingNode(entries=entries):
            own = own_entries(node)
            return (
                "mapping",
                len(own),
                *((entry.key, meaning(entry.value)) for entry in entries),
            )


def meaning_of(value: Value) -> Meaning:
    """Return what a new value says once it is written."""
    if isinstance(value, str):
        return ("scalar", value, value)
    entries = ((key, meaning_of(inner)) for key, inner in value.items())
    return ("mapping", len(value), *entries)


type _Change = Callable[[int, list[tuple[str, Meaning]]], tuple[int, list[tuple[str, Meaning]]]]


def _changed(meaning: Meaning, path: Path, change: _Change) -> Meaning:
    """Return a mapping's meaning with the entries of the mapping at `path` changed."""
    if meaning[0] == "list":
        items = [one for one in meaning[1:] if isinstance(one, tuple)]
        return (
            "list",
            *(
                _changed(item, path[1:], change) if at == path[0] else item
                for at, item in enumerate(items)
            ),
        )
    _, own, *rest = meaning
    entries: list[tuple[str, Meaning]] = [one for one in rest if isinstance(one, tuple)]
    assert isinstance(own, int)
    if not path:
        count, entries = change(own, entries)
        return ("mapping", count, *entries)
    entries = [
        (key, _changed(inner, path[1:], change) if key == path[0] else inner)
        for key, inner in entries
    ]
    return ("mapping", own, *entries)


def with_one(said: Meaning, path: Path, key: str, value: Meaning, *, first: bool) -> Meaning:
    """Return what is said with an entry more in the mapping at `path`."""

    def change(
        own: int, entries: list[tuple[str, Meaning]]
    ) -> tuple[int, list[tuple[str, Meaning]]]:
        at = 0 if first else own
        return own + 1, [*entries[:at], (key, value), *entries[at:]]

    return _changed(said, path, change)


def without_one(said: Meaning, path: Path) -> Meaning:
    """Return what is said without the entry at `path`."""

    def change(
        own: int, entries: list[tuple[str, Meaning]]
    ) -> tuple[int, list[tuple[str, Meaning]]]:
        return own - 1, [entry for entry in entries if entry[0] != path[-1]]

    return _changed(said, path[:-1], change)


def with_another(said: Meaning, path: Path, value: Meaning) -> Meaning:
    """Return what is said with another value at `path`."""

    def change(
        own: int, entries: list[tuple[str, Meaning]]
    ) -> tuple[int, list[tuple[str, Meaning]]]:
        return own, [(key, value if key == path[-1] else old) for key, old in entries]

    return _changed(said, path[:-1], change)
