"""What rules may read of entities and of whoever acts, and what conditions over rows mean.

Rules of one aggregate are `apigen.lower.rules`.
"""

from collections.abc import Iterable
from dataclasses import replace

from apigen.diagnostics import Label, Span
from apigen.diagnostics.collector import Collector
from apigen.expr.scope import (
    ActorScope,
    ChildScope,
    EntityScope,
    RuleKind,
    ScopeField,
)
from apigen.ir.expr import TypedExpr
from apigen.ir.field import Field
from apigen.ir.system import Child, Entity
from apigen.lower.contexts import SHARED
from apigen.lower.meanings import Meanings, parse
from apigen.lower.workspace import Workspace
from apigen.spec.located import Located
from apigen.values import dataclass


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RowConditions:
    """Conditions of access rules over rows of one entity."""

    entity: Entity
    meanings: Meanings
    work: Workspace
    used: set[tuple[str, str]]
    """Context and name of each policy that is used; grows."""

    def policy(self, name: str) -> Located[str] | None:
        """Return the condition of a policy of the entity's context, or of all contexts."""
        for place in (self.entity.context, SHARED):
            context = self.work.contexts.get(place)
            declared = context.policies.get(name) if context is not None else None
            if declared is not None:
                self.used.add((place, name))
                return declared.value
        return None

    def policies(self) -> tuple[str, ...]:
        """Return the names of all policies that may be used for the entity."""
        contexts = self.work.contexts
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
        ) or self.work.is_poisoned(self.entity.qname, name)

    def typed(self, text: Located[str], use: Located[str]) -> TypedExpr | None:
        """Return the condition; what is wrong with a policy also says where it is used."""
        aside = replace(self.work, found=Collector())
        scope = self.meanings.entity(self.entity.qname)
        typed = parse(
            text,
            self.meanings.scope(RuleKind.POLICY, scope.qname, scope.fields, scope.children),
            aside,
        )
        label = Label(span=use.span, text=f"used for `{self.entity.name.text}` here")
        self.work.found.add(
            *(
                one if text is use else replace(one, labels=(*one.labels, label))
                for one in aside.found.found
            )
        )
        return typed
