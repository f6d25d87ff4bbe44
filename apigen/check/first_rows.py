"""AG305: entities that need each other, so that no first row of any of them can exist."""

from collections.abc import Iterator, Mapping

from apigen.diagnostics import Diagnostic, Label
from apigen.ir.field import Field
from apigen.ir.system import Child, Entity, System
from apigen.ir.types import ManyOf, RefTo
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class _Need:
    """What a row cannot be without: a row of one of `targets`, and the field that says so."""

    owner: str
    field: Field
    targets: tuple[str, ...]
    is_key: bool


def first_rows(system: System) -> Iterator[Diagnostic]:
    """Yield a finding for each circle of required refs.

    An entity that merely leads into a circle stays silent: mending the circle mends it too.
    """
    needs = {qname: _needs(entity) for qname, entity in system.entities.items()}
    stuck = _stuck(needs)
    seen: set[str] = set()
    for start in stuck:
        circle = _circle(start, stuck)
        members = {need.owner for need in circle}
        # A key made of itself is AG301's.
        if seen.isdisjoint(members) and any(not need.is_key for need in circle):
            yield _finding(circle)
        seen |= members


def _needs(entity: Entity) -> tuple[_Need, ...]:
    return tuple(_of(entity.qname, entity.fields, entity, entity.identity.fields))


def _of(
    qname: str, fields: tuple[Field, ...], owner: Entity | Child, key: tuple[str, ...]
) -> Iterator[_Need]:
    for field in fields:
        type_ = field.type
        is_required = isinstance(type_, RefTo) and not field.nullable
        if isinstance(type_, ManyOf) and field.writes:
            is_required = isinstance(type_.constraints.min, int) and type_.constraints.min > 0
        if is_required and isinstance(type_, RefTo | ManyOf):
            yield _Need(
                owner=qname, field=field, targets=(type_.target,), is_key=field.attribute in key
            )
    by_attribute = {field.attribute: field for field in fields}
    for arc in owner.arcs:
        parts = [by_attribute[name] for name in arc.attributes if name in by_attribute]
        targets = tuple(part.type.target for part in parts if isinstance(part.type, RefTo))
        if not arc.nullable and targets:
            yield _Need(owner=qname, field=parts[0], targets=targets, is_key=False)
    for child in owner.children:
        if child.min is not None and child.min > 0:
            yield from _of(qname, child.fields, child, ())


def _stuck(needs: Mapping[str, tuple[_Need, ...]]) -> dict[str, _Need]:
    """Return the entities that can have no row, each with a need that is never met."""
    possible: set[str] = set()
    while True:
        unmet = {
            qname: next((n for n in all_ if not possible.intersection(n.targets)), None)
            for qname, all_ in needs.items()
            if qname not in possible
        }
        met = [qname for qname, need in unmet.items() if need is None]
        if not met:
            return {qname: need for qname, need in unmet.items() if need is not None}
        possible.update(met)


def _circle(start: str, stuck: Mapping[str, _Need]) -> tuple[_Need, ...]:
    """Follow unmet needs from `start` until they come back, and return the round part.

    A target that is missing, as after errors, is no circle.
    """
    path: list[str] = []
    here = start
    while here not in path:
        if here not in stuck:
            return ()
        path.append(here)
        here = stuck[here].targets[0]
    return tuple(stuck[qname] for qname in path[path.index(here) :])


def _finding(circle: tuple[_Need, ...]) -> Diagnostic:
    names = [need.owner.rpartition(".")[2] for need in circle]
    first = circle[0]
    written = f"{names[0]}.{first.field.name.text}"
    message = f"no first `{names[0]}` can exist: `{written}` needs one"
    if len(circle) > 1:
        through = " → ".join((*names, names[0]))
        message = f"no first `{names[0]}` can exist: required refs go in a circle, {through}"
    return Diagnostic(
        code="AG305",
        message=message,
        span=first.field.span,
        label="required here",
        labels=tuple(Label(span=need.field.span, text="and here") for need in circle[1:]),
        help="make it optional with `?`" if len(circle) == 1 else "make one of them optional: `?`",
    )
