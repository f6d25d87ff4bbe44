"""What rules over rows may name: entities with their refs followed, the actor, inputs.

Policies, conditions of queries and columns of read models are typed here, once all entities are
known. Rules of one aggregate are `apigen.lower.rules`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from apigen.diagnostics import Diagnostic, Label, Span
from apigen.expr.scope import (
    ActorScope,
    ChildScope,
    EntityScope,
    RuleKind,
    Scope,
    ScopeField,
)
from apigen.ir.expr import TypedExpr
from apigen.ir.field import Field
from apigen.ir.system import Child, Entity
from apigen.ir.types import TypeRef
from apigen.lower.contexts import SHARED
from apigen.lower.meanings import Meanings
from apigen.lower.workspace import Workspace
from apigen.spec.located import Located


def entity_scopes(
    entities: Iterable[Entity], meanings: Meanings, work: Workspace
) -> dict[str, EntityScope]:
    """Return what rules may read of each entity, by qualified name."""
    return {
        entity.qname: EntityScope(
            name=entity.name.text,
            qname=entity.qname,
            fields=_fields(entity.qname, entity.fields, entity.span, meanings, work),
            children=tuple(_child(child, meanings, work) for child in entity.children),
            span=entity.span,
        )
        for entity in entities
    }


def actor_scope(work: Workspace) -> ActorScope | None:
    """Return what rules may read of whoever acts; None without security."""
    security = work.security
    if security is None:
        return None
    return ActorScope(
        claims=tuple(
            ScopeField(
                name=claim.name,
                attribute=claim.name,
                type=claim.type,
                nullable=claim.nullable,
                span=work.claim_spans[claim.name],
            )
            for claim in security.claims
        ),
        roles=work.roles.declared,
    )


def _child(child: Child, meanings: Meanings, work: Workspace) -> ChildScope:
    return ChildScope(
        name=child.attribute,
        qname=child.qname,
        to_one=child.to_one,
        nullable=child.to_one and not child.min,
        fields=_fields(child.qname, child.fields, child.span, meanings, work),
        children=tuple(_child(inner, meanings, work) for inner in child.children),
        span=child.span,
    )


def _fields(
    owner: str, fields: tuple[Field, ...], span: Span, meanings: Meanings, work: Workspace
) -> tuple[ScopeField, ...]:
    """Return the fields; those whose declaration was wrong too, so that uses stay silent."""
    known = tuple(meanings.field(one) for one in fields)
    names = {one.name for one in known} | {one.attribute for one in known}
    broken = sorted(
        name.rpartition(".")[2] for name in work.poisoned if name.rpartition(".")[0] == owner
    )
    return (
        *known,
        *(
            ScopeField(name=name, attribute=name, type=None, nullable=False, span=span)
            for name in broken
            if name not in names
        ),
    )


@dataclass(slots=True, kw_only=True)
class RowRules:
    """Types rules over rows of the entities of a system."""

    entities: Mapping[str, Entity]
    meanings: Meanings
    work: Workspace
    _scopes: dict[str, dict[str, EntityScope]] = field(default_factory=dict)
    """By context; most contexts have no such rule."""

    def scope(self, kind: RuleKind, owner: str, *, input: tuple[Field, ...] = ()) -> Scope:
        """Return what a rule over rows of entity `owner` may name."""
        context = owner.rpartition(".")[0]
        known = self._scopes.get(context)
        if known is None:
            known = self._scopes[context] = entity_scopes(
                (one for one in self.entities.values() if one.context == context),
                self.meanings,
                self.work,
            )
        bare = self.meanings.scope(kind, owner, known[owner].fields, known[owner].children)
        return replace(
            bare,
            entities=known,
            actor=actor_scope(self.work),
            input=tuple(self.meanings.field(one) for one in input),
        )

    def typed(
        self,
        text: Located[str],
        kind: RuleKind,
        owner: str,
        *,
        input: tuple[Field, ...] = (),
        expected: TypeRef | None = None,
        nullable: bool = False,
        used: Label | None = None,
    ) -> TypedExpr | None:
        """Return the rule; `used` is added to what is reported about it."""
        # Most specs have no such rules, and the parser of Python is dear to import.
        from apigen.expr.parser import parse_rule

        outcome = parse_rule(
            text.value,
            span=text.span,
            scope=self.scope(kind, owner, input=input),
            expected=expected,
            nullable=nullable,
            mentions=self.work.mentions,
        )
        self.work.found.add(*(_labelled(one, used) for one in outcome.diagnostics))
        return outcome.value


def _labelled(found: Diagnostic, used: Label | None) -> Diagnostic:
    return found if used is None else replace(found, labels=(*found.labels, used))


@dataclass(frozen=True, slots=True, kw_only=True)
class RowConditions:
    """Conditions of access rules over rows of one entity."""

    rules: RowRules
    entity: Entity
    used: set[tuple[str, str]]
    """Context and name of each policy that is used; grows."""

    def policy(self, name: str) -> Located[str] | None:
        """Return the condition of a policy of the entity's context, or of all contexts."""
        for place in (self.entity.context, SHARED):
            context = self.rules.work.contexts.get(place)
            declared = context.policies.get(name) if context is not None else None
            if declared is not None:
                self.used.add((place, name))
                return declared.value
        return None

    def policies(self) -> tuple[str, ...]:
        """Return the names of all policies that may be used for the entity."""
        contexts = self.rules.work.contexts
        return tuple(
            name
            for place in dict.fromkeys((self.entity.context, SHARED))
            if place in contexts
            for name in contexts[place].policies
        )

    def is_field(self, name: str) -> bool:
        """Whether a bare word is a field of the entity, or was meant to be one."""
        return any(
            name in (one.attribute, one.name.text) for one in self.entity.fields
        ) or self.rules.work.is_poisoned(self.entity.qname, name)

    def typed(self, text: Located[str], use: Located[str]) -> TypedExpr | None:
        """Return the condition; what is wrong with a policy also says where it is used."""
        label = None
        if text is not use:
            label = Label(span=use.span, text=f"used for `{self.entity.name.text}` here")
        return self.rules.typed(text, RuleKind.POLICY, self.entity.qname, used=label)
