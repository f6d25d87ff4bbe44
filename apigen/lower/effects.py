"""What a command changes: `set`, `append`, `remove`, and everything a factory assigns.

AG403 for the lifecycle's field, AG405 for what nothing fills, AG406 for what cannot be changed.
"""

from collections.abc import Iterator

from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.behaviour import Append, Assign, Effect, RemoveChildren
from apigen.ir.field import Field, Origin, Surface
from apigen.ir.system import Child, Entity, IdKind
from apigen.ir.types import ManyOf
from apigen.lower.command_scope import CommandScope, Owner, is_required, is_settable, named
from apigen.lower.erasure import erasure
from apigen.spec.commands import Assignments, CommandSpec
from apigen.spec.located import Located


def effects(spec: CommandSpec, scope: CommandScope) -> tuple[Effect, ...]:
    """Return the effects in the order in which they take place."""
    assigned = tuple(_assignments(spec.set or (), scope))
    owner = scope.owner
    if owner is not None and scope.creates:
        assigned = tuple(_factory(spec, assigned, owner, scope))
    appended = tuple(
        effect
        for named_ in spec.append or ()
        for effect in _append(named_.name, named_.value, scope)
    )
    removed = tuple(
        effect
        for named_ in spec.remove or ()
        for effect in _remove(named_.name, named_.value, scope)
    )
    erased = erasure(spec.erases, scope) if spec.erases else None
    return (*assigned, *appended, *removed, *((erased,) if erased is not None else ()))


def _assignments(values: Assignments, scope: CommandScope) -> Iterator[Assign]:
    for value in values:
        field = _target(value.name, scope)
        if field is None:
            continue
        typed = scope.value(value.value, field.type, nullable=field.nullable)
        if typed is not None:
            yield Assign(attribute=field.attribute, value=typed)


def _target(name: Located[str], scope: CommandScope) -> Field | None:
    """Return the field that `set` means, or report AG403 or AG406."""
    owner = scope.owner
    if owner is None:
        help = "put the command under the `commands:` of an entity"
        scope.cannot("set", name.value, "this command belongs to no entity", name.span, help=help)
        return None
    entity = owner.entity
    field = named(name.value, entity.fields)
    if field is None:
        if not scope.work.is_poisoned(entity.qname, name.value.removesuffix("_id")):
            known = [f.name.text for f in entity.fields if is_settable(f)]
            is_child = any(child.attribute == name.value for child in entity.children)
            scope.cannot(
                "set",
                name.value,
                f"`{entity.name.text}` has no such field",
                name.span,
                help="children change by `append` and `remove`"
                if is_child
                else did_you_mean(nearest(name.value, known))
                or f"fields: {', '.join(f'`{one}`' for one in known)}",
            )
        return None
    if entity.lifecycle is not None and field.attribute == entity.lifecycle.field:
        scope.work.found.error(
            "AG403",
            f"`{name.value}` only changes by `moves`",
            name.span,
            help=f"a factory makes it `{entity.lifecycle.initial}`"
            if scope.creates
            else f"such as `moves: {entity.lifecycle.initial} -> …`",
        )
        return None
    why, help = _why_not(field, owner, scope)
    if why:
        scope.cannot("set", name.value, why, name.span, help=help)
        return None
    return field


def _why_not(field: Field, owner: Owner, scope: CommandScope) -> tuple[str, str]:
    if field.computed is not None:
        return "it is computed", "set what it is computed from"
    if isinstance(field.type, ManyOf) and not field.writes:
        return "its rows have an entity of their own", "create rows of the entity in `through`"
    if field.file is not None:
        return "a file is uploaded", "clients `PUT` and `DELETE` it"
    if field.origin is Origin.SYNTH and not (scope.creates and Surface.CREATE in field.writes):
        return "apigen keeps it", "leave it out"
    if not scope.creates and field.name.text in owner.immutable:
        return "it is set on create only", "remove `immutable` from the field, or leave it out"
    return "", ""


def _factory(
    spec: CommandSpec, assigned: tuple[Assign, ...], owner: Owner, scope: CommandScope
) -> Iterator[Assign]:
    """Yield an assignment for each field that has a source, in the order of the fields."""
    entity = owner.entity
    given = {assign.attribute: assign for assign in assigned}
    # A value that is wrong is reported: its field is not without a source.
    written = {value.name.value for value in spec.set or ()}
    for field in entity.fields:
        if not is_settable(field) or _is_status(field, entity):
            continue
        if field.attribute in given:
            yield given[field.attribute]
        elif written.isdisjoint((field.attribute, field.name.text)):
            yield from _from_input(field, entity, scope)
    appended = {named_.name.value for named_ in spec.append or ()}
    for child in entity.children:
        if child.min is not None and child.min > 0 and child.attribute not in appended:
            _no_source(child.attribute, entity, scope)


def _is_status(field: Field, entity: Entity) -> bool:
    return entity.lifecycle is not None and field.attribute == entity.lifecycle.field


def _from_input(field: Field, entity: Entity, scope: CommandScope) -> Iterator[Assign]:
    source = next(
        (one for one in scope.input if field.attribute in (one.name, one.attribute)), None
    )
    if source is None:
        is_key = field.origin is Origin.SYNTH
        needed = entity.identity.kind is IdKind.STR if is_key else is_required(field)
        if needed and not scope.is_custom:
            _no_source(field.name.text, entity, scope)
        return
    text = Located(value=f"input.{source.attribute}", span=source.span)
    typed = scope.value(text, field.type, nullable=field.nullable)
    if typed is not None:
        yield Assign(attribute=field.attribute, value=typed)


def _no_source(name: str, entity: Entity, scope: CommandScope) -> None:
    if scope.is_custom:
        return
    span = next((field.span for field in entity.fields if field.name.text == name), entity.span)
    scope.work.found.error(
        "AG405",
        f"`{entity.name.text}.{name}` has no source in `{scope.title}`",
        span,
        help=f"an input of the name `{name}`, or `set: {{ {name}: … }}`, or a default",
    )


def _append(name: Located[str], values: Assignments, scope: CommandScope) -> Iterator[Append]:
    child = scope.child(name, "append")
    if child is None:
        return
    assigned: list[Assign] = []
    for value in values:
        field = _child_field(value.name, child, scope)
        if field is None:
            continue
        typed = scope.value(value.value, field.type, nullable=field.nullable)
        if typed is not None:
            assigned.append(Assign(attribute=field.attribute, value=typed))
    written = {value.name.value for value in values}
    for field in child.fields:
        if is_required(field) and written.isdisjoint((field.attribute, field.name.text)):
            scope.work.found.error(
                "AG405",
                f"`{child.class_name.text}.{field.name.text}` has no source",
                name.span,
                help=f"give it: `append: {{ {name.value}: {{ {field.name.text}: … }} }}`",
            )
    yield Append(collection=child.attribute, child=child.qname, values=tuple(assigned))


def _child_field(name: Located[str], child: Child, scope: CommandScope) -> Field | None:
    field = named(name.value, child.fields)
    if field is None:
        if not scope.work.is_poisoned(child.qname, name.value.removesuffix("_id")):
            known = [one.name.text for one in child.fields if is_settable(one)]
            scope.cannot(
                "set",
                name.value,
                f"`{child.class_name.text}` has no such field",
                name.span,
                help=did_you_mean(nearest(name.value, known))
                or f"fields: {', '.join(f'`{one}`' for one in known)}",
            )
        return None
    if not is_settable(field):
        why = "it is computed" if field.computed is not None else "apigen keeps it"
        scope.cannot("set", name.value, why, name.span, help="leave it out")
        return None
    return field


def _remove(
    name: Located[str], condition: Located[str], scope: CommandScope
) -> Iterator[RemoveChildren]:
    child = scope.child(name, "remove")
    if child is None:
        return
    typed = scope.of_child(condition, child)
    if typed is not None:
        yield RemoveChildren(collection=child.attribute, child=child.qname, condition=typed)
