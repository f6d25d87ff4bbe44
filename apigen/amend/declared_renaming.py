"""Rename in a spec and say so there: `renamed_from` is what keeps rows, code and clients."""

import re
from collections.abc import Mapping

from apigen.amend.amendment import Amendment, RefusedError
from apigen.amend.declared import Holder, holder_named, holders, readable, refuse_of_mixin
from apigen.amend.new_names import NewNames, new_names
from apigen.amend.renaming import renamed_path, renamed_spec
from apigen.amend.spec import Spec, read_spec
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.source.node import MappingNode, ScalarNode
from apigen.source.round_trip import UneditableError, mapping_at, with_entry, with_scalar
from apigen.spec.shorthand import with_modifier
from apigen.values import dataclass

_PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")
_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_KEY = "renamed_from"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rename:
    kind: str
    old: str
    new: str


def rename_entity(
    texts: Mapping[str, str], old: str, new: str, *, past: Mapping[str, str] | None = None
) -> Amendment:
    """Return the spec with an entity, child, value object or other type called `new`.

    Args:
        texts: Text of every file of a spec without errors, the root first.
        old: `Order`, `orders.Order`, `OrderLine`, `Order.OrderLine`.
        new: Class name; it stays in its context.
        past: The spec as of the last run; a name that it does not have is no former name.

    Raises:
        RefusedError: there is no such entity, or the new name is taken or none.
    """
    spec = readable(texts)
    holder = holder_named(spec, old)
    context = holder.qname.rpartition(".")[0]
    prefix, _, short = new.rpartition(".")
    if prefix and prefix != context:
        raise RefusedError(
            f"`{holder.short}` belongs to `{context}`", help="a rename leaves it there"
        )
    if _PASCAL.fullmatch(short) is None:
        raise RefusedError(f"names of entities and types are PascalCase, not `{short}`")
    if holder.kind == "child" and holder.qname not in spec.system.children:
        raise RefusedError(
            f"`{holder.short}` belongs to a mixin and is several classes",
            help=f"`entity: {short}` in the spec names it",
        )
    if short == holder.short:
        raise RefusedError(f"`{short}` is its name already")
    qname = f"{context}.{short}"
    taken = next((one for one in holders(spec) if one.qname == qname), None)
    if taken is not None:
        raise RefusedError(f"`{short}` is there already, at {taken.file}:{taken.name.span.line}")
    names = new_names(spec, (_Rename(kind=holder.kind, old=holder.qname, new=qname),))
    texts = _renamed(spec, names)
    if holder.kind == "mixin":
        # A mixin has no place in the database, in code or in the API.
        return Amendment(texts=texts)
    path = renamed_path(spec, names, holder)
    former = _former(past, holder.qname, "", holder.short)
    return Amendment(texts=_declared(texts, holder, path, former), notes=_notes(spec, holder))


def rename_field(
    texts: Mapping[str, str],
    entity: str,
    old: str,
    new: str,
    *,
    past: Mapping[str, str] | None = None,
) -> Amendment:
    """Return the spec with a field, or a collection of owned entities, called `new`.

    Args:
        texts: Text of every file of a spec without errors, the root first.
        entity: `Order`, `orders.Order`, `OrderLine`, `Order.OrderLine`, a value object, a mixin.
        old: As the spec has it: `customer` for `customer: ref(Customer)`.
        new: Its name from now on.
        past: The spec as of the last run; a name that it does not have is no former name.

    Raises:
        RefusedError: there is no such entity or field, or the new name is taken or none.
    """
    spec = readable(texts)
    holder = holder_named(spec, entity)
    own = holder.field(old)
    children = [one for one in holders(spec) if one.owner == holder.qname]
    collection = next((one for one in children if one.name.value == old), None)
    state = _state_field(spec, holder.qname)
    if own is None and collection is None and old != state:
        _refuse_unknown(spec, holder, old, children)
    if _SNAKE.fullmatch(new) is None:
        raise RefusedError(f"field names are snake_case, not `{new}`")
    if new == old:
        raise RefusedError(f"`{new}` is its name already")
    taken = (state, *(one.name.value for one in children))
    if holder.field(new) is not None or new in taken:
        raise RefusedError(f"`{holder.short}` has a field `{new}` already")
    kind = "field" if collection is None else "collection"
    rename = _Rename(kind=kind, old=f"{holder.qname}.{old}", new=f"{holder.qname}.{new}")
    names = new_names(spec, (rename,))
    if not names.declarations:
        # A mixin's children are several classes, so their fields have no one name.
        raise RefusedError(f"`{rename.old}` cannot be renamed by itself", help="edit the spec")
    renamed = _renamed(spec, names)
    former = _former(past, holder.qname, old, old)
    if own is not None:
        path = (*holder.path, "fields", new)
        return Amendment(
            texts=_declared(renamed, holder, path, former), notes=_sharing(spec, holder)
        )
    if collection is None:
        return Amendment(texts=_declared(renamed, holder, (*holder.path, "lifecycle"), former))
    path = (*holder.path, "children", new)
    return Amendment(texts=_declared(renamed, holder, path, former))


def _renamed(spec: Spec, names: NewNames) -> dict[str, str]:
    try:
        return renamed_spec(spec, names)
    except UneditableError as problem:
        raise RefusedError(f"the spec cannot be edited here: {problem}") from None


def _refuse_unknown(spec: Spec, holder: Holder, name: str, children: list[Holder]) -> None:
    refuse_of_mixin(spec, holder, name)
    names = [field.name.value for field in holder.fields or ()]
    names += [child.name.value for child in children]
    raise RefusedError(
        f"`{holder.short}` has no field `{name}`",
        help=did_you_mean(nearest(name, names))
        or f"fields: {', '.join(f'`{known_name}`' for known_name in names)}",
    )


def _former(past: Mapping[str, str] | None, owner: str, field: str, name: str) -> str | None:
    """Return what to write as former name; None when the last run did not know the name."""
    if past is None:
        return name
    read = read_spec(past)
    if read.value is None:
        return name
    known = {one.qname: one for one in holders(read.value)}
    holder = known.get(owner)
    if holder is None:
        # An owner that is new, or was renamed since: its fields may have been there.
        return name if field else None
    if not field or holder.field(field) is not None or field == _state_field(read.value, owner):
        return name
    is_collection = any(one.owner == owner and one.name.value == field for one in known.values())
    return name if is_collection else None


def _state_field(spec: Spec, owner: str) -> str | None:
    """Return the field that holds the state of an entity with a lifecycle."""
    entity = spec.system.entities.get(owner)
    return None if entity is None or entity.lifecycle is None else entity.lifecycle.field


def _declared(
    texts: Mapping[str, str], holder: Holder, path: tuple[str, ...], former: str | None
) -> dict[str, str]:
    """Write `renamed_from` where something new-named is declared."""
    text = texts[holder.file]
    if former is None:
        return dict(texts)
    try:
        node = mapping_at(text, path[:-1]).get(path[-1])
        if isinstance(node, ScalarNode):
            text = with_scalar(text, path, node.raw, with_modifier(node.raw, _KEY, former))
        elif isinstance(node, MappingNode):
            entry = node.get(_KEY)
            if isinstance(entry, ScalarNode):
                text = with_scalar(text, (*path, _KEY), entry.raw, former)
            elif entry is None:
                text = with_entry(text, path, _KEY, former, first=True).text
    except UneditableError as problem:
        raise RefusedError(
            f"the spec cannot be edited here: {problem}",
            help=f"edit it, with `{_KEY}: {former}`, then `apigen regenerate`",
        ) from None
    return {**texts, holder.file: text}


def _notes(spec: Spec, holder: Holder) -> tuple[str, ...]:
    """Tell of names the spec gives explicitly, which a rename leaves alone."""
    entity = spec.system.entities.get(holder.qname)
    context = spec.contexts.get(holder.qname.rpartition(".")[0])
    if entity is None or context is None:
        return ()
    written = context.entities[holder.short].value
    kept: list[str] = []
    if written.plural is not None:
        kept.append(f"`plural: {written.plural.value}`")
    if written.table is not None:
        kept.append(f"`table: {written.table.value}`")
    kept += (
        f"`inverse={field.inverse}` of `{field.name.text}`"
        for field in entity.fields
        if field.inverse == entity.name.plural_snake
    )
    return tuple(f"{one} stays as the spec has it." for one in kept)


def _sharing(spec: Spec, holder: Holder) -> tuple[str, ...]:
    if holder.kind != "mixin":
        return ()
    users = [one.short for one in holders(spec) if holder.qname in one.uses]
    names = ", ".join(f"`{user}`" for user in users)
    return (f"Mixin `{holder.short}` is used by {names}.",) if users else ()
