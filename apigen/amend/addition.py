"""Add an entity or a field to a spec."""

import re
from collections.abc import Mapping, Sequence

from apigen.amend.amendment import Amendment, FieldText, RefusedError, Typed, field_text
from apigen.amend.declared import (
    Holder,
    Section,
    holder_named,
    holders,
    mixin_with,
    readable,
    sections,
)
from apigen.amend.spec import SHARED, Spec
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.names import words
from apigen.source.meaning import own_entries
from apigen.source.positions import Positions
from apigen.source.round_trip import Inserted, UneditableError, mapping_at, with_entry
from apigen.source.splices import Splice, spliced
from apigen.source.written import Value

_STEP = 2
_ENTITY_NAME = re.compile(r"[A-Z][A-Za-z0-9]*")
_FIELD_NAME = re.compile(r"[A-Za-z_]\w*")


def add_entity(
    texts: Mapping[str, str], name: str, context: str | None, fields: Sequence[str]
) -> Amendment:
    """Return the spec with an entity more, last in its context.

    Args:
        texts: Text of every file of a spec without errors, the root first.
        name: Of the entity.
        context: Where it belongs; may be left out when there is one.
        fields: `name: type …`, at least one.

    Raises:
        RefusedError: the name is taken or no name, the context is unknown, a field is no field.
    """
    spec = readable(texts)
    if _ENTITY_NAME.fullmatch(name) is None:
        fixed = "".join(part.capitalize() for part in words(name))
        help = f"did you mean `{fixed}`?" if _ENTITY_NAME.fullmatch(fixed) else ""
        raise RefusedError(
            f"entity names are PascalCase, not `{name}`",
            help=help or "a name starts with a letter, then letters and digits",
        )
    if not fields:
        raise RefusedError("an entity needs a field", help="--field 'title: str(1..80)'")
    several = len(fields) > 1
    read = tuple(
        field_text(text, f"--field {number}" if several else "--field")
        for number, text in enumerate(fields, start=1)
    )
    for one in read:
        _check_name(one)
        if sum(other.name == one.name for other in read) > 1:
            raise RefusedError(f"the field `{one.name}` is given twice")
    where = _context(spec, context)
    taken = next((one for one in holders(spec) if one.qname == f"{where}.{name}"), None)
    if taken is not None:
        at = f"{taken.file}:{taken.name.span.line}"
        raise RefusedError(
            f"`{name}` is there already, at {at}",
            help=f"`apigen add-field {name} 'name: type'` adds a field to it",
        )
    section = _home(spec, where)
    text = texts[section.file]
    body: dict[str, Value] = {"fields": {one.name: one.value for one in read}}
    step = _step(text, section)
    if section.spec.entities is None:
        inserted = _inserted(text, section.path, "entities", {name: body}, step)
        path = (*section.path, "entities", name)
    else:
        inserted = _inserted(text, (*section.path, "entities"), name, body, step)
        path = (*section.path, "entities", name)
        inserted = _spaced(text, inserted, (*section.path, "entities"))
    new = inserted.text
    return Amendment(
        texts={**texts, section.file: new},
        typed=tuple(_typed(one, section.file, new, (*path, "fields")) for one in read),
    )


def add_field(texts: Mapping[str, str], entity: str, shorthand: str) -> Amendment:
    """Return the spec with a field more, last of its entity, child, value object or mixin.

    Args:
        texts: Text of every file of a spec without errors, the root first.
        entity: `Order`, `orders.Order`, `OrderLine` or `Order.OrderLine`.
        shorthand: `name: type …`.

    Raises:
        RefusedError: there is no such entity, it has the field, or the field is none.
    """
    spec = readable(texts)
    holder = holder_named(spec, entity)
    read = field_text(shorthand, "FIELD")
    _check_name(read)
    if holder.kind == "type" and holder.fields is None:
        raise RefusedError(
            f"`{holder.short}` has no fields", help="entities, children and value objects have"
        )
    _refuse_taken(spec, holder, read.name)
    text = texts[holder.file]
    if holder.fields is None:
        new = _inserted(text, holder.path, "fields", {read.name: read.value}, _STEP).text
    else:
        new = _inserted(text, (*holder.path, "fields"), read.name, read.value, _STEP).text
    typed = _typed(read, holder.file, new, (*holder.path, "fields"))
    return Amendment(texts={**texts, holder.file: new}, typed=(typed,))


def _check_name(field: FieldText) -> None:
    if _FIELD_NAME.fullmatch(field.name) is None:
        raise RefusedError(
            f"`{field.name}` is no field name", help="snake_case, such as `due_on: date?`"
        )


def _refuse_taken(spec: Spec, holder: Holder, name: str) -> None:
    own = holder.field(name)
    if own is not None:
        at = f"{own.name.span.file}:{own.name.span.line}"
        raise RefusedError(f"`{holder.short}` has a field `{name}` already, at {at}")
    mixin = mixin_with(spec, holder, name)
    if mixin is not None:
        raise RefusedError(
            f"`{holder.short}` has a field `{name}` already, from mixin `{mixin.short}`"
        )
    for child in holders(spec):
        if child.owner == holder.qname and child.name.value == name:
            raise RefusedError(f"`{holder.short}` has a collection `{name}` already")


def _context(spec: Spec, wanted: str | None) -> str:
    known = [name for name in spec.contexts if name != SHARED]
    if wanted is not None:
        if wanted in known:
            return wanted
        raise RefusedError(
            f"no context named `{wanted}`",
            help=did_you_mean(nearest(wanted, known))
            or f"contexts: {', '.join(f'`{name}`' for name in known)}",
        )
    if len(known) == 1:
        return known[0]
    raise RefusedError(
        "the spec has several contexts",
        help=f"say which: --context {known[0]} ({', '.join(f'`{name}`' for name in known)})",
    )


def _home(spec: Spec, context: str) -> Section:
    """Return the section that takes a new entity: one with entities, if there is one."""
    own = [section for section in sections(spec) if section.context == context]
    with_entities = [section for section in own if section.spec.entities]
    is_named = [section for section in own if section.path or section.spec.entities is not None]
    return (with_entities or is_named or own)[0]


def _inserted(text: str, path: tuple[str, ...], key: str, value: Value, step: int) -> Inserted:
    try:
        return with_entry(text, path, key, value, step=step)
    except UneditableError as problem:
        raise RefusedError(
            f"the spec cannot be edited here: {problem}", help="edit it, then `apigen regenerate`"
        ) from None


def _step(text: str, section: Section) -> int:
    """Return by how many columns the entities of a section are indented."""
    if not section.spec.entities:
        return _STEP
    mapping = mapping_at(text, section.path)
    entry = mapping.entry("entities")
    entities = own_entries(mapping_at(text, (*section.path, "entities")))
    if entry is None or not entities or entities[0].key_span.line == entry.key_span.line:
        return _STEP
    return max(entities[0].key_span.column - entry.key_span.column, 1)


def _spaced(before: str, inserted: Inserted, path: tuple[str, ...]) -> Inserted:
    """Put a blank line before a new entity where there is one between the last two."""
    own = own_entries(mapping_at(before, path))
    if len(own) < 2:
        return inserted
    positions = Positions(before)
    last = positions.line_start(positions.bounds(own[-1].key_span)[0])
    above = positions.line_start(max(last - 1, 0))
    while above < last and before[above:last].lstrip().startswith("#"):
        last, above = above, positions.line_start(max(above - 1, 0))
    if before[above:last].strip():
        return inserted
    positions = Positions(inserted.text)
    at = positions.line_start(inserted.start)
    broken = positions.line_break(positions.line_start(max(at - 1, 0)))
    text = spliced(inserted.text, [Splice(start=at, end=at, text=broken)])
    width = len(broken)
    return Inserted(text=text, start=inserted.start + width, end=inserted.end + width)


def _typed(field: FieldText, file: str, text: str, path: tuple[str, ...]) -> Typed:
    entry = mapping_at(text, path).entry(field.name)
    positions = Positions(text)
    assert entry is not None
    start, end = positions.bounds(entry.key_span)[0], positions.bounds(entry.value.span)[1]
    return field.placed(file, text, start, end)
