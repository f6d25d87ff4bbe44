"""Remove an entity or a field from a spec, unless something else needs it."""

from collections.abc import Callable, Mapping
from typing import NoReturn

from apigen.amend.amendment import Amendment, Place, RefusedError, Removal
from apigen.amend.declared import Holder, holder_named, holders, readable, refuse_of_mixin
from apigen.amend.owners_code import names_of_classes
from apigen.amend.reference import (
    ClassTarget,
    CollectionTarget,
    FieldTarget,
    InverseTarget,
    MessageTarget,
    Reference,
    Role,
)
from apigen.amend.references import references
from apigen.amend.spec import Spec
from apigen.diagnostics import Span
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.source.meaning import Path, own_entries
from apigen.source.positions import Positions
from apigen.source.round_trip import (
    UneditableError,
    mapping_at,
    paths_of_keys,
    without_entries,
    without_entry,
)
from apigen.values import dataclass


def remove_entity(texts: Mapping[str, str], name: str) -> Amendment:
    """Return the spec without an entity, or without a child and its collection.

    Args:
        texts: Text of every file of a spec without errors, the root first.
        name: `Order`, `orders.Order`, `OrderLine`, `Order.OrderLine`.

    Raises:
        RefusedError: there is no such entity, or something else of the spec names it; its places
            are in the error.
    """
    spec = readable(texts)
    holder = holder_named(spec, name, kinds=("entity", "child"))
    classes = _with_children(spec, holder)
    region = _region(spec, holder)
    declared = {holder.name.span}
    for known in classes:
        declared |= _declared_in(spec, known)

    def is_part(reference: Reference) -> bool:
        match reference.target:
            case ClassTarget(qname=qname):
                return qname in classes
            case CollectionTarget(declared=at) if reference.role is Role.SEED:
                return at == holder.name.span
            case FieldTarget() if reference.role is Role.SEED:
                # Rows are told once, by the entity or the collection that has them.
                return False
            case FieldTarget(declared=at) | CollectionTarget(declared=at):
                return _is_in(spec, at, region) and at in declared
            case InverseTarget(declared=at):
                return _is_in(spec, at, region)
            case MessageTarget(qname=qname):
                # Its commands, events and queries go with it.
                return qname.rpartition(".")[0] in classes
            case _:
                return False

    def is_seed(reference: Reference) -> bool:
        match reference.target:
            case ClassTarget(qname=qname):
                return reference.role is Role.SEED and qname == holder.qname
            case CollectionTarget(declared=at):
                # A row of an entity that goes is gone with its collections.
                return reference.role is Role.SEED and at == holder.name.span
            case _:
                return False

    seeds = _seeds(spec, is_seed)
    places = _outside(spec, is_part, region, but=seeds.spans)
    if places:
        raise RefusedError(
            f"`{holder.short}` is still needed",
            help="remove these places first, then run this again",
            places=places,
        )
    others = (*spec.system.entities, *spec.system.children)
    stays = [_short(qname) for qname in others if qname not in classes]
    return Amendment(
        texts=_without(seeds.removed_from(texts), holder.file, holder.path),
        notes=seeds.notes,
        removal=Removal(
            what=f"`{holder.short}`",
            symbols=classes,
            is_meant=names_of_classes(map(_short, sorted(classes)), stays),
        ),
    )


def remove_field(texts: Mapping[str, str], entity: str, name: str) -> Amendment:
    """Return the spec without a field.

    Args:
        texts: Text of every file of a spec without errors, the root first.
        entity: `Order`, `orders.Order`, `OrderLine`, `Order.OrderLine`, a value object, a mixin.
        name: As the spec has it: `customer` for `customer: ref(Customer)`.

    Raises:
        RefusedError: there is no such field, or something else of the spec names it; its places
            are in the error.
    """
    spec = readable(texts)
    holder = holder_named(spec, entity)
    own = holder.field(name)
    if own is None:
        _refuse_unknown(spec, holder, name)

    def is_it(reference: Reference) -> bool:
        match reference.target:
            case FieldTarget(declared=declared) | InverseTarget(declared=declared):
                return declared == own.name.span
            case _:
                return False

    path = (*holder.path, "fields", name)
    seeds = _seeds(spec, lambda one: one.role is Role.SEED and is_it(one))
    places = _outside(spec, is_it, _region_at(spec, holder.file, path), but=seeds.spans)
    if places:
        raise RefusedError(
            f"`{name}` of `{holder.short}` is still needed",
            help="remove these places first, then run this again",
            places=places,
        )
    fields = spec.fields.get(own.name.span, ())
    names = frozenset(text for field in fields for text in (field.name.text, field.attribute))
    return Amendment(
        texts=_without(seeds.removed_from(texts), holder.file, path),
        notes=seeds.notes,
        removal=Removal(
            what=f"`{name}` of `{holder.short}`",
            symbols=frozenset(field.qname for field in fields),
            is_meant=names.__contains__,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seeds:
    """Values of seed rows, written in the spec, that go with what they are values of."""

    spans: frozenset[Span]
    """Of their keys."""
    paths: Mapping[str, tuple[Path, ...]]
    """By file."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know."""
        if not self.spans:
            return ()
        places = "one place" if len(self.spans) == 1 else f"{len(self.spans)} places"
        return (f"Seed rows lose what goes, in {places} of the spec.",)

    def removed_from(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Return the texts without them; a set of rows that would be empty goes too."""
        edited = dict(texts)
        try:
            for file, paths in self.paths.items():
                rows = [path for path in paths if int in map(type, path)]
                edited[file] = without_entries(edited[file], rows)
                for path in paths:
                    if path not in rows:
                        edited[file] = without_entry(edited[file], _emptied(edited[file], path))
        except UneditableError as problem:
            raise _uneditable(problem) from None
        return edited


def _seeds(spec: Spec, wanted: Callable[[Reference], bool]) -> _Seeds:
    spans: set[Span] = set()
    paths: dict[str, list[Path]] = {}
    known: dict[str, Mapping[tuple[int, int], Path]] = {}
    for reference in references(spec):
        span = reference.word.span
        # Files of rows are data of their owner's: their places are told.
        if not wanted(reference) or span in spans or span.file not in spec.document.sources:
            continue
        if span.file not in known:
            known[span.file] = paths_of_keys(spec.texts[span.file])
        path = known[span.file].get((span.line, span.column))
        if path is not None:
            spans.add(span)
            paths.setdefault(span.file, []).append(path)
    return _Seeds(
        spans=frozenset(spans), paths={file: tuple(found) for file, found in paths.items()}
    )


def _emptied(text: str, path: Path) -> Path:
    """Return the path of what would be empty without the entry at `path`, up to `seeds`."""
    while path[-1] != "seeds" and len(own_entries(mapping_at(text, path[:-1]))) == 1:
        path = path[:-1]
    return path


def _uneditable(problem: UneditableError) -> RefusedError:
    return RefusedError(
        f"the spec cannot be edited here: {problem}", help="edit it, then `apigen regenerate`"
    )


def _short(qname: str) -> str:
    return qname.rpartition(".")[2]


def _refuse_unknown(spec: Spec, holder: Holder, name: str) -> NoReturn:
    refuse_of_mixin(spec, holder, name)
    for child in holders(spec):
        if child.owner == holder.qname and child.name.value == name:
            raise RefusedError(
                f"`{name}` of `{holder.short}` holds `{child.short}`",
                help=f"`apigen remove-entity {holder.short}.{child.short}` removes both",
            )
    names = [field.name.value for field in holder.fields or ()]
    raise RefusedError(
        f"`{holder.short}` has no field `{name}`",
        help=did_you_mean(nearest(name, names))
        or f"fields: {', '.join(f'`{known_name}`' for known_name in names)}",
    )


def _with_children(spec: Spec, holder: Holder) -> frozenset[str]:
    found = {holder.qname}
    for child in holders(spec):
        # Children come after what owns them.
        if child.owner in found:
            found.add(child.qname)
    return frozenset(found)


def _declared_in(spec: Spec, qname: str) -> frozenset[Span]:
    """Return where the fields and collections of a class are declared."""
    holder = spec.system.entities.get(qname) or spec.system.children.get(qname)
    if holder is None:
        return frozenset()
    fields = (field.span for field in holder.fields)
    return frozenset((*fields, *(child.span for child in holder.children)))


type _Region = tuple[str, int, int]


def _region(spec: Spec, holder: Holder) -> _Region:
    return _region_at(spec, holder.file, holder.path)


def _region_at(spec: Spec, file: str, path: tuple[str, ...]) -> _Region:
    positions = spec.positions[file]
    entry = mapping_at(spec.texts[file], path[:-1]).entry(path[-1])
    assert entry is not None
    return file, positions.bounds(entry.key_span)[0], positions.bounds(entry.value.span)[1]


def _is_in(spec: Spec, span: Span, region: _Region) -> bool:
    file, start, end = region
    if span.file != file:
        return False
    return start <= spec.positions[file].bounds(span)[0] < end


def _outside(
    spec: Spec,
    wanted: Callable[[Reference], bool],
    region: _Region,
    *,
    but: frozenset[Span],
) -> tuple[Place, ...]:
    """Return the places outside of a region that name what goes, in order; not those in `but`."""
    found: dict[Span, Place] = {}
    for reference in references(spec):
        if reference.role is Role.DECLARATION or reference.word.span in but:
            continue
        if wanted(reference):
            span = _span(spec, reference)
            if not _is_in(spec, span, region):
                written = reference.word.written
                found[span] = Place(span=span, text=f"`{written}`: {reference.role.value}")
    return tuple(found[span] for span in sorted(found))


def _span(spec: Spec, reference: Reference) -> Span:
    positions: Positions = spec.positions[reference.file]
    place = positions.find(reference.word)
    if place is None:
        return reference.word.span
    line, column = positions.place(place[0])
    return Span(
        file=reference.file,
        line=line,
        column=column,
        end_line=line,
        end_column=column + place[1] - place[0],
    )


def _without(texts: Mapping[str, str], file: str, path: tuple[str, ...]) -> dict[str, str]:
    """Take an entry out; a mapping of children that would be empty goes with it."""
    text = texts[file]
    if path[-2] == "children" and len(own_entries(mapping_at(text, path[:-1]))) == 1:
        path = path[:-1]
    try:
        return {**texts, file: without_entry(text, path)}
    except UneditableError as problem:
        raise _uneditable(problem) from None
