"""Relations between entities: join tables of `many`, back navigation, keys that fit a column."""

from dataclasses import replace

from apigen.diagnostics import Label, Span
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.field import Field, JoinTable
from apigen.ir.names import Name, singularize
from apigen.ir.system import Child, Entity, IdKind, Inverse
from apigen.ir.types import IdOf, ManyOf, RefTo
from apigen.lower.entities import EntityDraft
from apigen.lower.fields import FieldDraft
from apigen.lower.identifiers import fitting
from apigen.lower.identity import refuse_composite_target
from apigen.lower.workspace import Workspace
from apigen.spec.located import Located
from apigen.spec.names import NameRule, check_name


def relate(
    entities: dict[str, Entity], drafts: dict[str, EntityDraft], work: Workspace
) -> dict[str, Entity]:
    """Return the entities with join tables and inverses (AG302, AG303, AG308)."""
    joined = {
        qname: replace(
            entity,
            fields=tuple(_joined(field, entity, entities, drafts, work) for field in entity.fields),
        )
        for qname, entity in entities.items()
    }
    for entity in entities.values():
        if entity.identity.kind is IdKind.COMPOSITE:
            for child in entity.children:
                refuse_composite_target(entity.name.text, child.span, work)
    inverses = _inverses(joined, drafts, work)
    return {
        qname: replace(entity, inverses=tuple(inverses.get(qname, ())))
        for qname, entity in joined.items()
    }


def _joined(
    field: Field,
    entity: Entity,
    entities: dict[str, Entity],
    drafts: dict[str, EntityDraft],
    work: Workspace,
) -> Field:
    if not isinstance(field.type, ManyOf):
        return field
    draft = _draft_of(field, drafts[entity.qname].drafts)
    through = draft.spec.through if draft is not None else None
    if through is not None:
        return _through(field, through, entity, entities, work)
    target = entities.get(field.type.target)
    owner_column = fitting(f"{entity.name.snake}_id")
    target_name = Name.of(field.type.target.rpartition(".")[2]).snake
    target_column = fitting(f"{target_name}_id")
    if target_column == owner_column:
        parts = field.attribute.split("_")
        target_column = fitting("_".join((*parts[:-1], singularize(parts[-1]), "id")))
    if target_column == owner_column:
        target_column = fitting(f"other_{target_column}")
    if target is not None and target.identity.kind is IdKind.COMPOSITE:
        refuse_composite_target(target.name.text, field.span, work)
    if entity.identity.kind is IdKind.COMPOSITE:
        refuse_composite_target(entity.name.text, field.span, work)
    return replace(
        field,
        join=JoinTable(
            table=fitting(f"{entity.table}_{field.attribute}"),
            owner_column=owner_column,
            target_column=target_column,
        ),
    )


def _through(
    field: Field,
    through: Located[str],
    entity: Entity,
    entities: dict[str, Entity],
    work: Workspace,
) -> Field:
    assert isinstance(field.type, ManyOf)
    qname = f"{entity.context}.{through.value.rpartition('.')[2]}"
    join = entities.get(qname)
    if join is None:
        known = [e.name.text for e in entities.values() if e.context == entity.context]
        if work.symbols.of(qname) is None or qname not in work.poisoned:
            work.found.error(
                "AG308",
                f"`{through.value}` is not an entity of this context",
                through.span,
                help=did_you_mean(nearest(through.value, known))
                or "a join with data is an entity with a `ref` to each side",
            )
        return field
    sides: list[str] = []
    for side in (entity.qname, field.type.target):
        columns = [
            candidate.column
            for candidate in join.fields
            if isinstance(candidate.type, RefTo)
            and candidate.type.target == side
            and candidate.column not in sides
        ]
        if not columns or (len(columns) > 1 and entity.qname != field.type.target):
            count = "no" if not columns else "more than one"
            work.found.error(
                "AG308",
                f"`{through.value}` has {count} ref to `{side.rpartition('.')[2]}`",
                through.span,
                labels=(Label(span=join.span, text="declared here"),),
                help="a join entity has one `ref` to each side",
            )
            return field
        sides.append(columns[0])
    # What is shown of a row would change with rows of another aggregate, and its ETag would not.
    work.found.error(
        "AG014",
        "`through` is not supported yet",
        through.span,
        help=f"leave the field out: the refs of `{join.name.text}` with `inverse` lead both ways",
    )
    return field


def _draft_of(field: Field, drafts: tuple[FieldDraft, ...]) -> FieldDraft | None:
    for draft in drafts:
        if any(known.attribute == field.attribute for known in draft.fields):
            return draft
    return None


def _inverses(
    entities: dict[str, Entity], drafts: dict[str, EntityDraft], work: Workspace
) -> dict[str, list[Inverse]]:
    taken: dict[tuple[str, str], Span] = {}
    for qname, entity in entities.items():
        for field in entity.fields:
            taken[(qname, field.attribute)] = field.span
            taken[(qname, field.name.text)] = field.span
        for child in entity.children:
            taken[(qname, child.attribute)] = child.span
    found: dict[str, list[Inverse]] = {}
    for entity in entities.values():
        for draft in drafts[entity.qname].drafts:
            _check_targets(draft, entities, work)
            if draft.spec.inverse is None:
                continue
            name = draft.spec.inverse
            if not check_name(name, NameRule(kind="inverse", case="snake"), work.found):
                continue
            for field in entity.fields:
                if field.name.text not in {known.name.text for known in draft.fields}:
                    continue
                if not isinstance(field.type, RefTo | ManyOf):
                    continue
                target = field.type.target
                first = taken.setdefault((target, name.value), name.span)
                if first is not name.span:
                    _refuse_inverse(name, target, first, work)
                    continue
                unique = any(u.attributes == (field.attribute,) for u in entity.unique)
                found.setdefault(target, []).append(
                    Inverse(
                        attribute=name.value,
                        source=entity.qname,
                        field=field.attribute,
                        to_one=isinstance(field.type, RefTo) and unique,
                    )
                )
        for child in entity.children:
            _check_child_targets(child, entities, work)
    return found


def _refuse_inverse(name: Located[str], target: str, first: Span, work: Workspace) -> None:
    short = target.rpartition(".")[2]
    work.found.error(
        "AG303",
        f"inverse `{name.value}` is already used on `{short}`",
        name.span,
        labels=(Label(span=first, text="by this one"),),
        help=f"name one differently: `inverse=other_{name.value}`",
    )


def _check_targets(draft: FieldDraft, entities: dict[str, Entity], work: Workspace) -> None:
    for field in draft.fields:
        span = draft.spec.type.span if draft.spec.type is not None else field.span
        _check_target(field, span, entities, work)


def _check_child_targets(child: Child, entities: dict[str, Entity], work: Workspace) -> None:
    for field in child.fields:
        _check_target(field, field.span, entities, work)
    for inner in child.children:
        _check_child_targets(inner, entities, work)


def _check_target(field: Field, span: Span, entities: dict[str, Entity], work: Workspace) -> None:
    if isinstance(field.type, RefTo | IdOf):
        target = entities.get(field.type.target)
        if target is not None and target.identity.kind is IdKind.COMPOSITE:
            refuse_composite_target(target.name.text, span, work)
