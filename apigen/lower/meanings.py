"""What names mean to rules: declared types, keys, other entities, whoever acts."""

from collections.abc import Mapping

from apigen.expr.scope import (
    ActorScope,
    ChildScope,
    EntityScope,
    EnumScope,
    EventScope,
    ObjectScope,
    RuleKind,
    Scope,
    ScopeField,
)
from apigen.ir.expr import TypedExpr
from apigen.ir.field import Field
from apigen.ir.system import EnumType, ObjectStore, ObjectType, ValueType
from apigen.ir.types import EnumRef, LiteralDefault, LocalizedText, TypeRef, plain_type
from apigen.lower.fields import FieldDraft
from apigen.lower.workspace import Workspace
from apigen.spec.located import Located


class Meanings:
    """What declared types and keys mean to a rule."""

    def __init__(self, types: Mapping[str, ValueType], keys: Mapping[str, TypeRef]) -> None:
        """Enter all types; `keys` has the type of the key of every entity and child."""
        self._keys = keys
        self._enums: dict[str, EnumScope] = {}
        self._objects: dict[str, ObjectScope] = {}
        self._entities: dict[str, dict[str, EntityScope]] = {}
        self._actor: ActorScope | None = None
        # Enums first: fields of value objects have members of them as defaults.
        for declared in sorted(types.values(), key=lambda one: not isinstance(one, EnumType)):
            self.enter(declared)

    def enter(self, declared: ValueType) -> None:
        """Enter a type, or enter it again once its own rules are typed."""
        match declared:
            case EnumType(members=members):
                self._enums[declared.qname] = EnumScope(
                    members={member.name: member.value for member in members}
                )
            case ObjectType(fields=fields, measure=measure):
                self._objects[declared.qname] = ObjectScope(
                    fields=tuple(self.field(field) for field in fields),
                    in_columns=declared.store is ObjectStore.COLUMNS,
                    value=measure.value if measure is not None else None,
                    unit=measure.unit if measure is not None else None,
                )
            case _:
                pass

    def surround(self, entities: Mapping[str, EntityScope], actor: ActorScope | None) -> None:
        """Enter what rules may read of entities and of whoever acts, once all fields are typed."""
        self._actor = actor
        for qname, entity in entities.items():
            self._entities.setdefault(qname.partition(".")[0], {})[qname] = entity

    def entity(self, qname: str) -> EntityScope:
        """Return what rules may read of an entity."""
        return self._entities[qname.partition(".")[0]][qname]

    def field(self, field: Field) -> ScopeField:
        """Return what a rule knows of a field."""
        default = field.default
        literal = default.value if isinstance(default, LiteralDefault) else None
        if isinstance(field.type, EnumRef) and isinstance(literal, str):
            known = self._enums.get(field.type.target)
            literal = known.members.get(literal) if known is not None else None
        return ScopeField(
            name=field.name.text,
            attribute=field.attribute,
            type=plain_type(field.type),
            locale=field.type.default if isinstance(field.type, LocalizedText) else "",
            nullable=field.nullable,
            span=field.span,
            # A stored one is read from its column.
            computed=None if field.stored else field.computed,
            encrypted=field.encrypted is not None,
            default=literal if not isinstance(literal, list | dict) else None,
        )

    def scope(
        self,
        kind: RuleKind,
        owner: str,
        fields: tuple[ScopeField, ...] = (),
        children: tuple[ChildScope, ...] = (),
        *,
        input: tuple[ScopeField, ...] = (),
        old: tuple[ScopeField, ...] = (),
        event: EventScope | None = None,
    ) -> Scope:
        """Return the scope of one rule; `owner` is qualified, so that its context is known."""
        return Scope(
            kind=kind,
            owner=owner,
            fields=fields,
            children=children,
            enums=self._enums,
            objects=self._objects,
            keys=self._keys,
            input=input,
            old=old,
            event=event,
            actor=self._actor,
            entities=self._entities.get(owner.partition(".")[0], {}),
        )


def parse(
    text: Located[str],
    scope: Scope,
    work: Workspace,
    *,
    expected: TypeRef | None = None,
    nullable: bool = False,
    db: bool = False,
) -> TypedExpr | None:
    """Return a rule typed, or report what is wrong with it (AG42x, AG430)."""
    # Most specs have no rules, and the parser of Python is dear to import.
    from apigen.expr.parser import parse_rule

    outcome = parse_rule(
        text.value,
        span=text.span,
        scope=scope,
        expected=None if expected is None else plain_type(expected),
        nullable=nullable,
        db=db,
        mentions=work.mentions,
    )
    work.found.add(*outcome.diagnostics)
    return outcome.value


def scope_fields(drafts: tuple[FieldDraft, ...], meanings: Meanings) -> tuple[ScopeField, ...]:
    """Return what a rule may read of fields; those that were wrong are there without a type."""
    known: list[ScopeField] = []
    for draft in drafts:
        known += (meanings.field(field) for field in draft.fields)
        if not draft.fields:
            known.append(
                ScopeField(
                    name=draft.name.value,
                    attribute=draft.name.value,
                    type=None,
                    nullable=False,
                    span=draft.name.span,
                )
            )
    return tuple(known)
