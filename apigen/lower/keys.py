"""Uniqueness and indexes: names of fields to attributes (AG309), derived names."""

from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.field import Field, IndexMethod
from apigen.ir.system import ExclusiveArc, Index, ObjectStore, ObjectType, Uniqueness
from apigen.ir.types import ListOf, ManyOf, MapOf, ObjectRef, SetOf, UnionRef
from apigen.lower.encryption import check_keyed
from apigen.lower.fields import FieldDraft
from apigen.lower.identifiers import constraint_name
from apigen.lower.rules import RuleBook
from apigen.lower.workspace import Workspace
from apigen.spec.entities import IndexSpec, UniqueSpec
from apigen.spec.located import Located
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """The entity or child whose keys are lowered."""

    title: str
    """As the user knows it."""
    table: str
    drafts: tuple[FieldDraft, ...]
    synthesized: tuple[Field, ...]
    live_only: bool
    """Whether a uniqueness counts live rows only."""
    rules: RuleBook


def attributes(
    names: tuple[Located[str], ...], keyed: Keyed, work: Workspace, *, of: str
) -> tuple[str, ...] | None:
    """Return the attributes that names mean, None when one is wrong (AG309, AG705) or poisoned.

    Args:
        names: As written.
        keyed: The entity or child.
        work: For findings.
        of: The key that names them: `unique`, `indexes`, …
    """
    resolved: list[str] = []
    complete = True
    for name in names:
        attribute = _attribute(name, keyed, work)
        if attribute is None or not _is_comparable(attribute, name, keyed, work, of=of):
            complete = False
        elif attribute in resolved:
            work.found.error("AG309", f"`{name.value}` is named twice", name.span, help="once")
            complete = False
        else:
            resolved.append(attribute)
    return tuple(resolved) if complete else None


def _is_comparable(
    attribute: str, name: Located[str], keyed: Keyed, work: Workspace, *, of: str
) -> bool:
    fields = (field for draft in keyed.drafts for field in draft.fields)
    field = next((one for one in fields if one.attribute == attribute), None)
    return field is None or check_keyed(field, name, of, work)


def _attribute(name: Located[str], keyed: Keyed, work: Workspace) -> str | None:
    head, dot, rest = name.value.partition(".")
    for draft in keyed.drafts:
        if draft.name.value == head or any(field.attribute == head for field in draft.fields):
            if not draft.fields:
                return None
            if draft.is_arc and draft.name.value == head:
                choices = ", ".join(f"`{field.attribute}`" for field in draft.fields)
                _refuse(name, f"`{head}` is one of several refs", f"name one: {choices}", work)
                return None
            field = next((f for f in draft.fields if f.attribute == head), draft.fields[0])
            return _column(field, rest if dot else None, name, work)
    for field in keyed.synthesized:
        if field.attribute == head:
            return field.attribute
    known = [draft.name.value for draft in keyed.drafts]
    known += [field.attribute for draft in keyed.drafts for field in draft.fields]
    known += [field.attribute for field in keyed.synthesized]
    near = did_you_mean(nearest(head, known))
    _refuse(
        name,
        f"no field `{name.value}` in `{keyed.title}`",
        near or "a ref is written by its name, `customer`, or as `customer_id`",
        work,
    )
    return None


def _column(field: Field, part: str | None, name: Located[str], work: Workspace) -> str | None:
    if (field.computed is not None and not field.stored) or isinstance(
        field.type, ManyOf | ListOf | SetOf | MapOf
    ):
        _refuse(name, f"`{name.value}` has no column of its own", "leave it out", work)
        return None
    if not isinstance(field.type, ObjectRef | UnionRef):
        if part is not None:
            _refuse(name, f"`{field.name.text}` has no parts", "name the field alone", work)
            return None
        return field.attribute
    declared = work.types.get(field.type.target)
    if not isinstance(declared, ObjectType):
        _refuse(name, f"`{name.value}` is stored as JSON", "leave it out", work)
        return None
    parts = [inner.attribute for inner in declared.fields]
    if part is None or part not in parts or declared.store is ObjectStore.JSON:
        help = f"name a part: {', '.join(f'`{field.attribute}.{inner}`' for inner in parts)}"
        if declared.store is ObjectStore.JSON:
            help = f"`{declared.name.text}` is stored as JSON; `store: columns` has columns"
        _refuse(name, f"`{name.value}` is not one column", help, work)
        return None
    return f"{field.attribute}.{part}"


def _refuse(name: Located[str], message: str, help: str, work: Workspace) -> None:
    work.found.error("AG309", message, name.span, help=help)


def uniquenesses(
    written: tuple[tuple[Located[str] | None, UniqueSpec], ...], keyed: Keyed, work: Workspace
) -> tuple[Uniqueness, ...]:
    """Return those of fields (`unique` flags) in order, then the composite ones."""
    found: list[Uniqueness] = []
    for draft in keyed.drafts:
        found += _of_field(draft, keyed, work)
    for name, spec in written:
        if not spec.fields:
            continue
        resolved = attributes(spec.fields, keyed, work, of="unique")
        where = keyed.rules.condition(spec.where) if spec.where is not None else None
        if resolved is None or (spec.where is not None and where is None):
            continue
        found.append(
            Uniqueness(
                name=constraint_name(
                    "uq", keyed.table, (name.value,) if name is not None else resolved
                ),
                attributes=resolved,
                where=where,
                live_only=keyed.live_only,
            )
        )
    return _distinct_names(tuple(found))


def _of_field(draft: FieldDraft, keyed: Keyed, work: Workspace) -> list[Uniqueness]:
    asked = draft.spec.unique
    if asked is None or (isinstance(asked, Located) and asked.value is False):
        return []
    scope: tuple[str, ...] | None = ()
    if isinstance(asked, tuple):
        scope = attributes(asked, keyed, work, of="unique")
    is_global = isinstance(asked, Located) and asked.value == "global"
    uniquenesses: list[Uniqueness] = []
    for field in draft.fields:
        if scope is None or isinstance(field.type, ManyOf | ListOf | SetOf | MapOf):
            continue
        columns = _whole(field, work)
        parts = (*scope, *columns)
        uniquenesses.append(
            Uniqueness(
                name=constraint_name("uq", keyed.table, parts),
                attributes=parts,
                where=None,
                live_only=keyed.live_only and not is_global,
            )
        )
    return uniquenesses


def _whole(field: Field, work: Workspace) -> tuple[str, ...]:
    """Return the attributes that hold all of a field: the parts of a value object in columns."""
    declared = work.types.get(field.type.target) if isinstance(field.type, ObjectRef) else None
    if isinstance(declared, ObjectType) and declared.store is ObjectStore.COLUMNS:
        return tuple(
            f"{field.attribute}.{inner.attribute}"
            for inner in declared.fields
            if inner.computed is None
        )
    return (field.attribute,)


def _distinct_names(found: tuple[Uniqueness, ...]) -> tuple[Uniqueness, ...]:
    kept: dict[str, Uniqueness] = {}
    for uniqueness in found:
        kept.setdefault(uniqueness.name, uniqueness)
    return tuple(kept.values())


def indexes(
    written: tuple[tuple[Located[str] | None, IndexSpec], ...], keyed: Keyed, work: Workspace
) -> tuple[Index, ...]:
    """Return the indexes of the `indexes` key; those of single fields are `Field.index`."""
    found: dict[str, Index] = {}
    for name, spec in written:
        if not spec.fields:
            continue
        resolved = attributes(spec.fields, keyed, work, of="indexes")
        include = attributes(spec.include or (), keyed, work, of="indexes")
        descending = attributes(_descending(spec.sort or ()), keyed, work, of="indexes")
        ascending = attributes(_ascending(spec.sort or ()), keyed, work, of="indexes")
        where = keyed.rules.condition(spec.where) if spec.where is not None else None
        if resolved is None or include is None or descending is None or ascending is None:
            continue
        if spec.where is not None and where is None:
            continue
        for attribute in (*descending, *ascending):
            if attribute not in resolved:
                assert spec.sort is not None
                work.found.error(
                    "AG309",
                    f"`{attribute}` is sorted but not in the index",
                    spec.sort[0].span,
                    help="add it to `fields`",
                )
        derived = constraint_name(
            "ix", keyed.table, (name.value,) if name is not None else resolved
        )
        found.setdefault(
            derived,
            Index(
                name=derived,
                attributes=resolved,
                descending=descending,
                include=include,
                where=where,
                method=IndexMethod(spec.method.value)
                if spec.method is not None
                else IndexMethod.BTREE,
            ),
        )
    return tuple(found.values())


def _descending(names: tuple[Located[str], ...]) -> tuple[Located[str], ...]:
    return tuple(
        Located(value=name.value[1:], span=name.span) for name in names if name.value[:1] == "-"
    )


def _ascending(names: tuple[Located[str], ...]) -> tuple[Located[str], ...]:
    return tuple(name for name in names if name.value[:1] != "-")


def arcs(table: str, drafts: tuple[FieldDraft, ...]) -> tuple[ExclusiveArc, ...]:
    """Return the exclusive arcs among the fields."""
    return tuple(
        ExclusiveArc(
            name=constraint_name("ck", table, (draft.name.value, "arc")),
            attributes=tuple(field.attribute for field in draft.fields),
            nullable=draft.arc_nullable,
        )
        for draft in drafts
        if draft.is_arc
    )
