"""Bring the children of an aggregate into the state that a payload describes."""

from collections.abc import Callable, Sequence
from typing import Any

from ..core.errors import ValidationError
from ..domain.entity import ChildEntity


def merge_children[ChildT: ChildEntity[Any], ItemT](
    field: str,
    children: Sequence[ChildT],
    items: Sequence[ItemT],
    *,
    id_of: Callable[[ItemT], object | None],
    create: Callable[[ItemT], ChildT],
    change: Callable[[ChildT, ItemT], None],
) -> list[ChildT]:
    """Return the children in the order of `items`: with an id changed, without one made anew.

    Children that no item names are left out. Identifiers are of a type each, hence Any.

    Raises:
        ValidationError: An item has the id of no child, or two have the same, or a child can not
            be changed so: with the place of the item before the name of the field.
    """
    known = {child.id: child for child in children}
    merged: list[ChildT] = []
    for number, item in enumerate(items):
        id = id_of(item)
        if id is None:
            merged.append(create(item))
            continue
        child = known.pop(id, None)
        if child is None:
            raise ValidationError(
                f"{field}.{number}.id", id, "reference", f"there is no such element in {field}"
            )
        try:
            change(child, item)
        except ValidationError as error:
            place = f"{field}.{number}.{error.field}"
            raise ValidationError(place, error.value, error.constraint, error.message) from error
        merged.append(child)
    return merged


def merge_child[ChildT: ChildEntity[Any], ItemT](
    child: ChildT | None,
    item: ItemT | None,
    *,
    create: Callable[[ItemT], ChildT],
    change: Callable[[ChildT, ItemT], None],
) -> ChildT | None:
    """Return the only child of its kind as `item` describes it: changed, made anew, or gone."""
    if item is None:
        return None
    if child is None:
        return create(item)
    change(child, item)
    return child


def refuse_children(field: str) -> None:
    """Refuse children for an element that there is: only a new one can bring them along.

    Raises:
        ValidationError: Always.
    """
    raise ValidationError(field, None, "create_only", "can only be given with a new element")
