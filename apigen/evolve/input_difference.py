"""What is different between the values that two messages carry: inputs, payloads, rows of views.

They are compared like the fields of a value object; what they are for decides who notices.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from apigen.evolve.field_difference import field_changes
from apigen.evolve.record import SpecChange
from apigen.evolve.side import Side
from apigen.ir.element import Element
from apigen.ir.field import Field, Origin, Surface
from apigen.ir.system import ObjectStore, ObjectType

_SENT = frozenset({Surface.CREATE})
_TOLD = frozenset({Surface.RESPONSE})
_NOWHERE: frozenset[Surface] = frozenset()


def sent_changes(
    owner: Element,
    before: tuple[Field, ...],
    after: tuple[Field, ...],
    old: Side,
    new: Side,
    *,
    in_api: bool,
) -> Iterator[SpecChange]:
    """Yield the changes of what is sent: of the inputs of a command or query."""
    yield from _changes(owner, before, after, old, new, reads=_NOWHERE, writes=_SENT, in_api=in_api)


def told_changes(
    owner: Element,
    before: tuple[Field, ...],
    after: tuple[Field, ...],
    old: Side,
    new: Side,
    *,
    in_api: bool,
) -> Iterator[SpecChange]:
    """Yield the changes of what is told: of the payload of an event, or of a projection."""
    yield from _changes(owner, before, after, old, new, reads=_TOLD, writes=_NOWHERE, in_api=in_api)


def _changes(
    owner: Element,
    before: tuple[Field, ...],
    after: tuple[Field, ...],
    old: Side,
    new: Side,
    *,
    reads: frozenset[Surface],
    writes: frozenset[Surface],
    in_api: bool,
) -> Iterator[SpecChange]:
    names = {field.name.text for field in before}
    today = {field.name.text for field in after}
    carried = partial(replace, reads=reads, writes=writes, origin=Origin.USER)
    then = [carried(one, id=one.name.text) for one in before]
    now: list[Field] = []
    for field in after:
        former = [name for name in field.renamed_from if name in names and name not in today]
        id = former[0] if former and field.name.text not in names else field.name.text
        now.append(carried(field, id=id))
    yield from field_changes(
        _object(owner, tuple(then)),
        _object(owner, tuple(now)),
        old,
        new,
        in_api=in_api,
        is_stored=False,
    )


def _object(owner: Element, fields: tuple[Field, ...]) -> ObjectType:
    return ObjectType(
        id=owner.id,
        qname=owner.qname,
        name=owner.name,
        doc=owner.doc,
        span=owner.span,
        fields=fields,
        invariants=(),
        measure=None,
        store=ObjectStore.JSON,
        example=None,
    )
