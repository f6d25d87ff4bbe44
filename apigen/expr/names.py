"""What a name or dotted path stands for: variables, fields, children, enum members, the clock."""

import ast
import re
from collections.abc import Mapping
from dataclasses import field

from apigen.diagnostics import Span
from apigen.expr.findings import Declaration, Findings, Guard
from apigen.expr.kinds import DATE, DATETIME, INT, describe, item_of, kind_of, short_name
from apigen.expr.mentions import Mention
from apigen.expr.narrowing import NO_FACTS, Fact, Facts, Judged, Proven, key_of
from apigen.expr.scope import ChildScope, Scope, ScopeField
from apigen.expr.text import RuleText
from apigen.ir.expr import EnumMemberExpr, Expr, Now, Path, Root, Step
from apigen.ir.types import EnumRef, IdOf, ListOf, ObjectRef, RefTo, ScalarKind, TypeRef
from apigen.values import dataclass

_CLOCK = {"now": DATETIME, "today": DATE}
_PARTS = {
    ScalarKind.DATE: ("year", "month", "day"),
    ScalarKind.DATETIME: ("year", "month", "day", "hour", "minute"),
    ScalarKind.TIME: ("hour", "minute"),
}
VARIABLE = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """The variable of a comprehension: a child, or a value of a collection."""

    type: TypeRef | None
    child: ChildScope | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Env:
    """Where a node stands: variables around it and what is proven there."""

    variables: Mapping[str, Variable] = field(default_factory=dict)
    facts: Facts = NO_FACTS
    guard: Guard | None = None
    """The innermost comparison that a null test can be put in front of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _At:
    """How far a dotted path has been followed."""

    path: Path
    child: ChildScope | None
    """The child whose fields come next (or whose collection this is)."""


class Names:
    """Resolves names in one scope; findings go to `findings`, and None means "said already"."""

    def __init__(
        self,
        scope: Scope,
        text: RuleText,
        findings: Findings,
        mentions: list[Mention] | None = None,
    ) -> None:
        """Work on one rule; `mentions` takes every name that is resolved."""
        self._scope = scope
        self._text = text
        self._findings = findings
        self._mentions = mentions

    def is_bare(self, node: ast.expr, env: Env) -> bool:
        """Tell whether a node is a word that only an enum beside it can give a meaning."""
        return (
            isinstance(node, ast.Name)
            and node.id not in env.variables
            and node.id not in _CLOCK
            and self._field(self._scope.fields, node.id) is None
            and self._child(self._scope.children, node.id) is None
        )

    def name(self, node: ast.Name, env: Env, hint: TypeRef | None) -> Judged | None:
        """Resolve one word; `hint` is the type of what it is compared with or assigned to."""
        at = self._base(node, env)
        enum = self._scope.enums.get(hint.target) if isinstance(hint, EnumRef) else None
        if isinstance(at, _At):
            if enum is not None and node.id in enum.members and hint is not None:
                declared = self._field(self._scope.fields, node.id)
                if declared is not None and node.id not in env.variables:
                    self._findings.field_over_member(node, node.id, hint, declared.span)
            return Judged(expr=at.path)
        if at is _SILENT:
            return None
        if isinstance(hint, EnumRef) and enum is not None and node.id in enum.members:
            self._mention(node, node.id, enum=hint.target)
            return Judged(
                expr=EnumMemberExpr(
                    enum=hint.target, member=node.id, value=enum.members[node.id], type=hint
                )
            )
        if node.id in _CLOCK:
            return Judged(expr=Now(type=_CLOCK[node.id]))
        foreign = self._text.foreign_word(node)
        if foreign is not None:
            self._findings.add(foreign)
        elif enum is not None:
            where = describe(hint).strip("`")
            known = (*enum.members, *self._known(env))
            self._findings.unknown(node, node.id, known, where=f"the fields or `{where}`")
        else:
            self._findings.unknown(
                node, node.id, self._known(env), where=self._owner_name(), text=True
            )
        return None

    def path(self, node: ast.Attribute, env: Env) -> Judged | None:
        """Resolve a dotted path."""
        chain: list[ast.Attribute] = []
        base: ast.expr = node
        while isinstance(base, ast.Attribute):
            chain.append(base)
            base = base.value
        if not isinstance(base, ast.Name):
            self._findings.not_allowed(node, f"`.{node.attr}` on anything but a name")
            return None
        at = self._base(base, env, follows=True)
        if at is None:
            self._unknown_base(base, chain[-1], env)
        if not isinstance(at, _At):
            return None
        before: ast.expr = base
        for step in reversed(chain):
            reached = self._step(at, before, step, env)
            if reached is None:
                return None
            at, before = reached, step
        return Judged(expr=at.path)

    def child_of(self, path: Expr, env: Env) -> ChildScope | None:
        """Return the child that a path to a collection (or a variable over it) is about."""
        if not isinstance(path, Path) or path.child is None:
            return None
        if path.root is Root.VARIABLE and path.variable is not None:
            variable = env.variables.get(path.variable)
            owned = variable.child if variable is not None else None
            return _find((owned,), path.child) if owned is not None else None
        return _find(self._scope.children, path.child)

    # Fields of the owner and of what stands behind a path.

    def _owner_name(self) -> str:
        return f"`{short_name(self._scope.owner)}`"

    def _known(self, env: Env) -> tuple[str, ...]:
        return (
            *env.variables,
            *(f.attribute for f in self._scope.fields),
            *(c.name for c in self._scope.children),
        )

    @staticmethod
    def _field(fields: tuple[ScopeField, ...], name: str) -> ScopeField | None:
        for by_attribute in (True, False):
            for known in fields:
                if name == (known.attribute if by_attribute else known.name):
                    return known
        return None

    @staticmethod
    def _child(children: tuple[ChildScope, ...], name: str) -> ChildScope | None:
        return next((child for child in children if child.name == name), None)

    def _base(self, node: ast.Name, env: Env, *, follows: bool = False) -> "_At | _Silent | None":
        """Return where a path begins, None for an unknown word, _SILENT when all is said."""
        name = node.id
        if name in env.variables:
            variable = env.variables[name]
            if variable.type is None:
                return _SILENT
            child = variable.child
            path = Path(
                root=Root.VARIABLE,
                steps=(),
                type=variable.type,
                nullable=False,
                variable=name,
                child=child.qname if child is not None else None,
            )
            return _At(path=path, child=child)
        start = Path(root=Root.SELF, steps=(), type=IdOf(target=self._scope.owner), nullable=False)
        return self._enter(
            start, None, self._scope.fields, self._scope.children, node, name, env, follows=follows
        )

    def _unknown_base(self, base: ast.Name, first: ast.Attribute, env: Env) -> None:
        for qname, enum in self._scope.enums.items():
            if short_name(qname) == base.id and first.attr in enum.members:
                self._findings.unknown(first, base.id, (first.attr,), where="a rule")
                return
        self._findings.unknown(base, base.id, self._known(env), where=self._owner_name())

    def _enter(
        self,
        before: Path,
        variable_child: ChildScope | None,
        fields: tuple[ScopeField, ...],
        children: tuple[ChildScope, ...],
        node: ast.expr,
        name: str,
        env: Env,
        *,
        follows: bool,
    ) -> "_At | _Silent | None":
        """Step from `before` to one of these fields or children."""
        known = self._field(fields, name)
        if known is not None:
            if isinstance(known.type, RefTo) and name == known.name != known.attribute:
                if follows:
                    self._findings.leaves_aggregate(node, short_name(known.type.target))
                else:
                    self._findings.bare_ref(node, name, known.attribute)
                return _SILENT
            if known.type is None:
                return _SILENT
            self._mention(node, name, declared=known.span)
            type_ = known.type
            step = Step(
                attribute=known.attribute,
                type=type_,
                nullable=known.nullable,
                computed=known.computed,
            )
            return _At(path=self._grown(before, step, node, env, child=None), child=None)
        child = self._child(children, name)
        if child is None:
            return None
        self._mention(node, name, declared=child.span)
        of_one: TypeRef = IdOf(target=child.qname)
        step = Step(
            attribute=child.name,
            type=of_one if child.to_one else ListOf(item=of_one),
            nullable=child.nullable,
        )
        return _At(path=self._grown(before, step, node, env, child=child.qname), child=child)

    def _mention(
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
        self, before: Path, step: Step, node: ast.expr, env: Env, *, child: str | None
    ) -> Path:
        proven = Fact(Proven.NOT_NULL, key_of(node)) in env.facts
        return Path(
            root=before.root,
            steps=(*before.steps, step),
            type=step.type,
            nullable=step.nullable and not proven,
            variable=before.variable,
            child=child,
        )

    def _step(self, at: _At, before: ast.expr, node: ast.Attribute, env: Env) -> _At | None:
        path, name = at.path, node.attr
        written = self._text.source_of(before)
        if path.nullable:
            self._findings.may_be_null(before, declared=self.declared(path, env), guard=env.guard)
            return None
        fields: tuple[ScopeField, ...] = ()
        children: tuple[ChildScope, ...] = ()
        match path.type:
            case IdOf() if at.child is not None:
                fields, children = at.child.fields, at.child.children
            case ObjectRef(target=target):
                described = self._scope.objects.get(target)
                if described is None:
                    return None
                fields = described.fields
            case RefTo(target=target):
                self._findings.leaves_aggregate(node, short_name(target))
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
        reached = self._enter(path, at.child, fields, children, node, name, env, follows=True)
        if isinstance(reached, _At):
            return reached
        if reached is None:
            known = (*(f.attribute for f in fields), *(c.name for c in children))
            self._findings.unknown(node, name, known, where=f"`{written}`")
        return None

    def _part(self, path: Path, node: ast.Attribute, written: str) -> _At | None:
        kind = kind_of(path.type)
        parts = _PARTS.get(kind, ()) if kind is not None else ()
        if node.attr not in parts:
            self._findings.unknown(node, node.attr, parts, where=f"`{written}`")
            return None
        step = Step(attribute=node.attr, type=INT, nullable=False)
        return _At(
            path=Path(
                root=path.root,
                steps=(*path.steps, step),
                type=INT,
                nullable=False,
                variable=path.variable,
            ),
            child=None,
        )

    def declared(self, expr: Expr, env: Env) -> Declaration | None:
        """Return where the last name of a path was declared."""
        if not isinstance(expr, Path) or not expr.steps:
            return None
        last = expr.steps[-1]
        fields, children = self._all_fields(expr, env)
        for known in fields:
            if known.attribute == last.attribute:
                return Declaration(span=known.span, type=known.type)
        for child in children:
            if child.name == last.attribute:
                return Declaration(span=child.span, type=IdOf(target=child.qname))
        return None

    def _all_fields(
        self, path: Path, env: Env
    ) -> tuple[tuple[ScopeField, ...], tuple[ChildScope, ...]]:
        """Return what the owner of the last step of a path has."""
        owner: TypeRef | None = path.steps[-2].type if len(path.steps) > 1 else None
        if isinstance(owner, ObjectRef):
            described = self._scope.objects.get(owner.target)
            return (described.fields if described is not None else ()), ()
        if isinstance(owner, IdOf):
            child = _find(self._scope.children, owner.target)
            return (child.fields, child.children) if child is not None else ((), ())
        if path.root is Root.SELF:
            return self._scope.fields, self._scope.children
        variable = env.variables.get(path.variable or "")
        child = variable.child if variable is not None else None
        return (child.fields, child.children) if child is not None else ((), ())


class _Silent:
    """Says that a name could not be resolved and the reader has been told, or will be."""


_SILENT = _Silent()


def _find(children: tuple[ChildScope, ...], qname: str) -> ChildScope | None:
    for child in children:
        if child.qname == qname:
            return child
        deeper = _find(child.children, qname)
        if deeper is not None:
            return deeper
    return None
