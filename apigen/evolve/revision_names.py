"""What a revision is called: the end of its file's name, and the first line in it."""

from collections.abc import Iterable, Iterator

from apigen.evolve.conversion import Way
from apigen.evolve.schema_difference import SchemaDifference, TablePair, columns_of
from apigen.values import dataclass

_LONGEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """Names of a revision, and what else its docstring says."""

    slug: str
    message: str
    notes: tuple[str, ...] = ()


def naming(found: SchemaDifference) -> Naming:
    """Return the names of the revision that loses nothing."""
    phrases = [("create", table.name, "") for table in found.added]
    phrases += [
        ("rename", pair.before.name, f"to {pair.after.name}")
        for pair in found.kept
        if pair.before.name != pair.after.name
    ]
    for pair in found.kept:
        phrases += _of_table(pair)
    return _named(phrases, found)


def _of_table(pair: TablePair) -> Iterator[tuple[str, str, str]]:
    table = pair.after.name
    for column in pair.added:
        yield "add", column.name, f"to {table}"
    for one in pair.columns:
        if one.before.name != one.after.name:
            yield "rename", one.before.name, f"to {one.after.name} in {table}"
        if one.before.nullable != one.after.nullable:
            verb = "allow no" if one.after.nullable else "require"
            yield verb, one.after.name, f"in {table}"
        if one.way in (Way.IN_PLACE, Way.RESCALED, Way.KEPT):
            yield "change", one.after.name, f"in {table}"
    names = {column.id for column in pair.added}
    for index in pair.indexes.added:
        if not names & {*index.columns}:
            yield "add", index.name, f"to {table}"
    for index in pair.indexes.removed:
        if not {column.id for column in pair.removed} & {*index.columns}:
            yield "drop", index.name, f"from {table}"
    for exclusion in pair.exclusions.added:
        yield "add", exclusion.name, f"to {table}"
    for exclusion in pair.exclusions.removed:
        if not {column.id for column in pair.removed} & columns_of(exclusion, pair.before):
            yield "drop", exclusion.name, f"from {table}"


def loss_naming(found: SchemaDifference) -> Naming:
    """Return the names of the revision that loses something, and what."""
    phrases = [("drop", table.name, "") for table in found.removed]
    notes = [
        f"Going back makes the table {table.name} again, without its rows."
        for table in found.removed
    ]
    for pair in found.kept:
        for column in pair.removed:
            phrases.append(("drop", column.name, f"from {pair.after.name}"))
            value = "with its default" if column.fill is not None else "empty"
            if column.name == "is_deleted":
                value = "false in every row: what was deleted before is live"
            notes.append(
                f"Going back makes the column {pair.after.name}.{column.name} again, {value}."
            )
        for one in pair.columns:
            if one.way in (Way.CONVERTED, Way.LOST):
                phrases.append(("convert", one.after.name, f"in {pair.after.name}"))
                notes.append(
                    f"Values of {pair.after.name}.{one.after.name} that the new type does not hold"
                    " are cut, rounded or empty, and going back does not bring them back."
                )
    named = _named(phrases, found)
    return Naming(slug=named.slug, message=named.message, notes=tuple(notes))


def _named(phrases: list[tuple[str, str, str]], found: SchemaDifference) -> Naming:
    if len(phrases) == 1:
        verb, name, rest = phrases[0]
        sentence = " ".join(part for part in (verb, name, rest) if part)
        slug = sentence.replace(" ", "_")
        if len(slug) > _LONGEST:
            slug = f"{verb}_{name}".replace(" ", "_")[:_LONGEST]
        return Naming(slug=_plain(slug), message=f"{sentence[0].upper()}{sentence[1:]}.")
    tables = _touched(found)
    if not tables:
        return Naming(slug="change_schemas", message="Change the schemas.")
    slug = "change_" + "_and_".join(tables)
    if len(slug) > _LONGEST:
        slug = f"change_{len(tables)}_tables"
    sentences = ", ".join(" ".join(part for part in phrase if part) for phrase in phrases)
    message = f"Change {_listed(tables)}."
    notes = (f"{sentences[0].upper()}{sentences[1:]}.",) if sentences else ()
    return Naming(slug=_plain(slug), message=message, notes=notes)


def _touched(found: SchemaDifference) -> list[str]:
    names = [table.name for table in (*found.added, *found.removed)]
    names += [pair.after.name for pair in found.kept if _differs(pair)]
    return names


def _differs(pair: TablePair) -> bool:
    parts = (pair.foreign_keys, pair.checks, pair.indexes, pair.exclusions)
    return (
        bool(pair.added or pair.removed)
        or any(part.added or part.removed or part.changed for part in parts)
        or any(
            (one.before.name, one.before.nullable, one.way)
            != (one.after.name, one.after.nullable, Way.SAME)
            for one in pair.columns
        )
        or pair.before.name != pair.after.name
        or any(_stored(one.values) != _stored(other.values) for one, other in pair.checks.kept)
    )


def _stored(values: Iterable[tuple[str, str]]) -> dict[str, str]:
    return dict(values)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _plain(slug: str) -> str:
    return "".join(one if one.isascii() and one.isalnum() else "_" for one in slug).lower()
