"""Dotted paths of rules, step by step: fields, children, parts of dates, refs to aggregates."""

import ast
from dataclasses import replace

from apigen.diagnostics import Span
from apigen.expr.env import Env, Owned
from apigen.expr.findings import Declaration, Findings
from apigen.expr.kinds import INT, item_of, kind_of, short_name
from apigen.expr.mentions import Mention
from apigen.expr.narrowing import Fact, Proven, key_of
from apigen.expr.scope import (
    COMMAND_KINDS,
    SQL_KINDS,
    ChildScope,
    RuleKind,
    Scope,
    ScopeField,
)
from apigen.expr.text import RuleText
from apigen.ir.expr import Expr, Path, Root, Step
from apigen.ir.types import IdOf, ListOf, ObjectRef, RefTo, ScalarKind, TypeRef
from apigen.values import dataclass

_PARTS = {
    ScalarKind.DATE: ("year", "month", "day"),
    ScalarKind.DATETIME: ("year", "month", "day", "hour", "minute"),
    ScalarKind.TIME: ("hour", "minute"),
}
_OWN_KINDS = frozenset({RuleKind.INVARIANT, RuleKind.COMPUTED, RuleKind.INDEX_WHERE})
"""Rules of an aggregate alone, where a ref is nothing but its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """How far a dotted path has been followed."""

    path: Path
    inside: Owned | None = None
    """What the next name is looked up in, when the path leads to an entity or child."""


class Silent:
    """Says that a name could not be resolved and the reader has been told, or will be."""


SILENT = Silent()


class Paths:
    """Follows paths in one scope; findings go to `findings`, and None means "said already"."""

    def __init__(
        self,
        scope: Scope,
        text: RuleText,
        findings: Findings,
        mentions: list[Mention] | None,
    ) -> None:
        """Work on one rule; `mentions` takes every name that is resolved."""
        self._scope = scope
        self._text = text
        self._findings = findings
        self._mentions = mentions

    def enter(
        self,
        before: Path,
        fields: tuple[ScopeField, ...],
        children: tuple[ChildScope, ...],
        node: ast.expr,
        name: str,
        env: Env,
        *,
        follows: bool,
    ) -> At | Silent | None:
        """Step from `before` to one of these fields or children; None when there is none."""
        known = field_of(fields, name)
        if known is not None:
            if known.type is None:
                return SILENT
            type_ = known.type
            inside: Owned | None = None
            if isinstance(type_, RefTo) and name == known.name != known.attribute:
                if follows:
                    inside = self._target(before, type_.target, node)
                    if inside is None:
                        return SILENT
                elif self._scope.kind in _OWN_KINDS:
                    self._findings.bare_ref(node, name, known.attribute)
                    return SILENT
            self.mention(node, name, declared=known.span)
            step = Step(
                attribute=known.attribute,
                type=type_,
                nullable=known.nullable,
                computed=known.computed,
                encrypted=known.encrypted,
                locale=known.locale,
            )
            others = (known.attribute, known.name) if isinstance(type_, RefTo) else ()
            path = self._grown(before, step, node, env, child=None, others=others)
            return At(path=path, inside=inside)
        child = child_of(children, name)
        if child is None:
            return None
        self.mention(node, name, declared=child.span)
        of_one: TypeRef = IdOf(target=child.qname)
        step = Step(
            attribute=child.name,
            type=of_one if child.to_one else ListOf(item=of_one),
            nullable=child.nullable,
        )
        return At(path=self._grown(before, step, node, env, child=child.qname), inside=child)

    def _target(self, before: Path, target: str, node: ast.expr) -> Owned | None:
        """Return the aggregate behind a ref, None when rules of this kind may not read it."""
        found = self._scope.entities.get(target)
        kind = self._scope.kind
        if found is not None and kind in SQL_KINDS:
            return found
        begins = not before.steps and before.root in (Root.SELF, Root.INPUT)
        if found is not None and kind in COMMAND_KINDS and begins:
            return found
        self._findings.leaves_aggregate(node, short_name(target))
        return None

    def mention(
        self, node: ast.expr, name: str, *, declared: Span | None = None, enum: str = ""
    ) -> None:
        """Record the last name of a path."""
        if self._mentions is None:
            return
        _, end = self._text.bounds(node)
        self._mentions.append(
            Mention(
                rule=self._text.span,
                text=self._text.text,
                start=end - len(name),
                end=end,
                declared=declared,
                enum=enum,
            )
        )

    def _grown(
        self,
        before: Path,
        step: Step,
        node: ast.expr,
        env: Env,
        *,
        child: str | None,
        others: tuple[str, ...] = (),
    ) -> Path:
        """Return a path with one more step; `others` are names that mean the same step."""
        spellings = (node, *(_renamed(node, name) for name in others))
        proven = any(Fact(Proven.NOT_NULL, key_of(one)) in env.facts for one in spellings)
        return Path(
            root=before.root,
            steps=(*before.steps, step),
            type=step.type,
            nullable=step.nullable and not proven,
            variable=before.variable,
            child=child,
            locale=step.locale,
        )

    def step(
        self, at: At, before: ast.expr, node: ast.Attribute, env: Env, *, last: bool
    ) -> At | None:
        """Follow one name; `last` tells whether the path ends there."""
        path, name = at.path, node.attr
        written = self._text.source_of(before)
        if path.nullable:
            self._findings.may_be_null(before, declared=self.declared(path, env), guard=env.guard)
            return None
        fields: tuple[ScopeField, ...] = ()
        children: tuple[ChildScope, ...] = ()
        match path.type:
            case IdOf() | RefTo() if at.inside is not None:
                fields, children = at.inside.fields, at.inside.children
            case ObjectRef(target=target):
                described = self._scope.objects.get(target)
                if described is None:
                    return None
                fields = described.fields
            case RefTo(target=target):
                self._findings.leaves_aggregate(node, short_name(target), key=written)
                return None
            case IdOf(target=target) if path.root is Root.INPUT:
                self._findings.leaves_aggregate(node, short_name(target), id_input=written)
                return None
            case _ if item_of(path.type) is not None:
                self._findings.mismatch(
                    node,
                    f"`{written}` is a collection and has no `{name}`",
                    f"read each: `all(x.{name} for x in {written})`, `sum(…)`, `any(…)`",
                )
                return None
            case _:
                return self._part(path, node, written)
        reached = self.enter(path, fields, children, node, name, env, follows=not last)
        if isinstance(reached, At):
            return reached
        if reached is None:
            known = (*(f.attribute for f in fields), *(c.name for c in children))
            self._findings.unknown(node, name, known, where=f"`{written}`")
        return None

    def _part(self, path: Path, node: ast.Attribute, written: str) -> At | None:
        kind = kind_of(path.type)
        parts = _PARTS.get(kind, ()) if kind is not None else ()
        if node.attr not in parts:
            self._findings.unknown(node, node.attr, parts, where=f"`{written}`")
            return None
        step = Step(attribute=node.attr, type=INT, nullable=False)
        part = replace(path, steps=(*path.steps, step), type=INT, nullable=False, child=None)
        return At(path=part)

    def declared(self, expr: Expr, env: Env) -> Declaration | None:
        """Return where the last name of a path was declared."""
        if not isinstance(expr, Path) or not expr.steps:
            return None
        last = expr.steps[-1]
        fields, children = self._around(expr, env)
        for known in fields:
            if known.attribute == last.attribute:
                return Declaration(span=known.span, type=known.type)
        for child in children:
            if child.name == last.attribute:
                return Declaration(span=child.span, type=IdOf(target=child.qname))
        return None

    def _around(
        self, path: Path, env: Env
    ) -> tuple[tuple[ScopeField, ...], tuple[ChildScope, ...]]:
        """Return what the owner of the last step of a path has."""
        scope = self._scope
        owner: TypeRef | None = path.steps[-2].type if len(path.steps) > 1 else None
        match owner:
            case ObjectRef(target=target):
                described = scope.objects.get(target)
                return (described.fields if described is not None else ()), ()
            case IdOf(target=target) | RefTo(target=target):
                return _members(self.owned(target))
        match path.root:
            case Root.SELF:
                return scope.fields, scope.children
            case Root.VARIABLE:
                variable = env.variables.get(path.variable or "")
                return _members(variable.child if variable is not None else None)
            case Root.INPUT:
                return scope.input, ()
            case Root.OLD:
                return scope.old, ()
            case Root.EVENT:
                return (scope.event.payload if scope.event is not None else ()), ()
            case Root.ACTOR:
                return (scope.actor.claims if scope.actor is not None else ()), ()
            case Root.ENTITIES:
                return (), ()

    def owned(self, qname: str) -> Owned | None:
        """Return an entity, or an owned entity of anything in scope, by its qualified name."""
        entity = self._scope.entities.get(qname)
        if entity is not None:
            return entity
        found = _below(self._scope.children, qname)
        for known in self._scope.entities.values():
            found = found or _below(known.children, qname)
        return found


def field_of(fields: tuple[ScopeField, ...], name: str) -> ScopeField | None:
    """Return a field by its attribute, else by its name in the spec."""
    for by_attribute in (True, False):
        for known in fields:
            if name == (known.attribute if by_attribute else known.name):
                return known
    return None


def child_of(children: tuple[ChildScope, ...], name: str) -> ChildScope | None:
    """Return a collection by its name."""
    return next((child for child in children if child.name == name), None)


def _members(owned: Owned | None) -> tuple[tuple[ScopeField, ...], tuple[ChildScope, ...]]:
    return (owned.fields, owned.children) if owned is not None else ((), ())


def _below(children: tuple[ChildScope, ...], qname: str) -> ChildScope | None:
    for child in children:
        if child.qname == qname:
            return child
        deeper = _below(child.children, qname)
        if deeper is not None:
            return deeper
    return None


def _renamed(node: ast.expr, name: str) -> ast.expr:
    """Return a node with another last name."""
    if isinstance(node, ast.Attribute):
        return ast.Attribute(value=node.value, attr=name, ctx=node.ctx)
    return ast.Name(id=name, ctx=ast.Load())
