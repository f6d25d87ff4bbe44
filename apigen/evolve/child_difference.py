"""What is different between owned entities, then and today: collections, sizes, order."""

from collections.abc import Iterator

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.field_difference import field_changes
from apigen.evolve.record import SpecChange
from apigen.evolve.rule_difference import key_changes, rule_changes
from apigen.evolve.side import Side
from apigen.ir.system import Child, Entity


def child_changes(
    before: Entity | Child, after: Entity | Child, old: Side, new: Side, *, in_api: bool
) -> Iterator[SpecChange]:
    """Yield the changes of what an owner owns, all levels."""
    known = {child.id: child for child in before.children}
    owner = after.class_name.text if isinstance(after, Child) else after.name.text
    for child in after.children:
        subject = Subject("child", child.qname, child.span, in_api=in_api)
        was = known.pop(child.id, None)
        if was is None:
            text = f"`{owner}` has `{child.attribute}`"
            yield change(Row.CHILD_ADDED, subject, text)
            continue
        yield from _child(was, child, subject, owner, old, new)
    for gone in known.values():
        subject = Subject("child", gone.qname, after.span, in_api=in_api)
        yield change(Row.CHILD_REMOVED, subject, f"`{gone.attribute}` of `{owner}` is gone")


def _child(
    before: Child, after: Child, subject: Subject, owner: str, old: Side, new: Side
) -> Iterator[SpecChange]:
    name = after.attribute
    if before.attribute != after.attribute:
        yield change(
            Row.COLLECTION_RENAMED,
            subject,
            f"`{before.attribute}` of `{owner}` is called `{name}`",
            attribute="collection",
            before=before.attribute,
            after=name,
        )
    if before.class_name.text != after.class_name.text:
        yield change(
            Row.CHILD_RENAMED,
            subject,
            f"`{before.class_name.text}` is called `{after.class_name.text}`",
            before=before.qname,
            after=after.qname,
        )
    yield from stored_name(before, after, subject, after.class_name.text)
    if before.identity.kind is not after.identity.kind:
        yield change(
            Row.ID_STRATEGY,
            subject,
            f"`{after.class_name.text}` has another kind of id",
            attribute="id",
            before=before.identity.kind.value,
            after=after.identity.kind.value,
        )
    if before.to_one != after.to_one:
        yield change(
            Row.TO_ONE if after.to_one else Row.TO_MANY,
            subject,
            f"`{owner}` has {'at most one' if after.to_one else 'many'} `{name}`",
            attribute="one",
            before=str(before.to_one).lower(),
            after=str(after.to_one).lower(),
        )
    for attribute, low, high in (
        ("min", after.min or 0, before.min or 0),
        ("max", _upper(before.max), _upper(after.max)),
    ):
        if low == high:
            continue
        # How many there are is checked by the program: no table has such a rule.
        yield change(
            Row.LOOSENED if low < high else Row.TIGHTENED,
            subject._replace(is_stored=False),
            f"`{name}` of `{owner}` holds another number",
            attribute=attribute,
            before=str(getattr(before, attribute)),
            after=str(getattr(after, attribute)),
        )
    yield from _order(before, after, subject, owner)
    if before.nested is not after.nested:
        order = ("none", "create", "write")
        grew = order.index(after.nested.value) > order.index(before.nested.value)
        yield change(
            Row.SURFACE_GAINED if grew else Row.SURFACE_LOST,
            subject,
            f"`{name}` is {'accepted in more' if grew else 'not accepted in all'} payloads",
            attribute="nested",
            before=before.nested.value,
            after=after.nested.value,
        )
    yield from field_changes(before, after, old, new, in_api=subject.in_api)
    yield from child_changes(before, after, old, new, in_api=subject.in_api)
    yield from rule_changes(before.invariants, after.invariants, subject, old)
    yield from key_changes(before, after, subject, old)


def _order(before: Child, after: Child, subject: Subject, owner: str) -> Iterator[SpecChange]:
    """Yield changes of what makes a child unique in its parent, and of the order of children."""
    shown = f"`{after.attribute}` of `{owner}`"
    keys = _field_id(before, before.key), _field_id(after, after.key)
    if keys[0] != keys[1]:
        yield change(
            Row.TIGHTENED if after.key else Row.LOOSENED,
            subject,
            f"{shown} are {f'unique by `{after.key}`' if after.key else 'not unique any more'}",
            attribute="key",
            before=before.key or "",
            after=after.key or "",
        )
    if after.to_one or before.to_one:
        return
    orders = _field_id(before, before.order_by), _field_id(after, after.order_by)
    if orders[0] != orders[1]:
        yield change(
            Row.ORDERED_BY_FIELD if after.order_by else Row.ORDERED_BY_POSITION,
            subject._replace(is_stored=not (before.order_by and after.order_by)),
            f"{shown} are in the order {f'of `{after.order_by}`' if after.order_by else 'sent'}",
            attribute="order_by",
            before=before.order_by or "",
            after=after.order_by or "",
        )


def _field_id(child: Child, attribute: str | None) -> str:
    return next((field.id for field in child.fields if field.attribute == attribute), "")


def _upper(bound: int | None) -> float:
    return float("inf") if bound is None else bound


def stored_name(
    before: Entity | Child, after: Entity | Child, subject: Subject, title: str
) -> Iterator[SpecChange]:
    """Yield another name of the table."""
    if before.table != after.table:
        yield change(
            Row.STORED_NAME,
            subject,
            f"the table of `{title}` is called `{after.table}`",
            attribute="table",
            before=before.table,
            after=after.table,
        )
