"""What the rules of one command may name, and where its targets are looked up."""

from apigen.diagnostics import Span
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.expr.scope import ChildScope, RuleKind, ScopeField
from apigen.ir.expr import TypedExpr
from apigen.ir.field import Field, Origin, Surface
from apigen.ir.system import Child, Entity
from apigen.ir.types import ManyOf, TypeRef
from apigen.lower.lifecycle import LifecycleDraft
from apigen.lower.meanings import Meanings, parse
from apigen.lower.workspace import Workspace
from apigen.spec.located import Located
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The entity whose commands are lowered."""

    entity: Entity
    fields: tuple[ScopeField, ...]
    children: tuple[ChildScope, ...]
    lifecycle: LifecycleDraft | None
    immutable: frozenset[str]
    """Names of the fields that are set on create only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandScope:
    """A command whose inputs are lowered."""

    qname: str
    title: str
    """What messages call it."""
    owner: Owner | None
    creates: bool
    is_custom: bool
    inputs: tuple[Field, ...]
    input: tuple[ScopeField, ...]
    """With those whose declaration was wrong."""
    meanings: Meanings
    work: Workspace

    def guard(self, text: Located[str]) -> TypedExpr | None:
        """Return a condition that is judged before anything is changed."""
        return self._parse(text, RuleKind.GUARD)

    def value(self, text: Located[str], type_: TypeRef, *, nullable: bool) -> TypedExpr | None:
        """Return what a field is set to; nothing is there yet when a factory sets it."""
        return self._parse(text, RuleKind.ASSIGN, expected=type_, nullable=nullable)

    def told(self, text: Located[str], type_: TypeRef, *, nullable: bool) -> TypedExpr | None:
        """Return what a payload is filled with: of the owner as the command leaves it."""
        return self._parse(text, RuleKind.ASSIGN, expected=type_, nullable=nullable, done=True)

    def key(self, text: Located[str]) -> TypedExpr | None:
        """Return the value by which a second run is known."""
        return self._parse(text, RuleKind.NATURAL_KEY)

    def of_child(self, text: Located[str], child: Child) -> TypedExpr | None:
        """Return a condition over one child."""
        scope = self._child_scope(child)
        return parse(
            text,
            self.meanings.scope(
                RuleKind.REMOVE, child.qname, scope.fields, scope.children, input=self.input
            ),
            self.work,
        )

    def _child_scope(self, child: Child) -> ChildScope:
        assert self.owner is not None
        return next(known for known in self.owner.children if known.qname == child.qname)

    def _parse(
        self,
        text: Located[str],
        kind: RuleKind,
        *,
        expected: TypeRef | None = None,
        nullable: bool = False,
        done: bool = False,
    ) -> TypedExpr | None:
        is_there = self.owner is not None and (done or not self.creates)
        fields = self.owner.fields if self.owner is not None and is_there else ()
        children = self.owner.children if self.owner is not None and is_there else ()
        return parse(
            text,
            self.meanings.scope(
                kind,
                self.owner.entity.qname if self.owner is not None else self.qname,
                fields,
                children,
                input=self.input,
                old=self.owner.fields if self.owner is not None and not self.creates else (),
            ),
            self.work,
            expected=expected,
            nullable=nullable,
        )

    def child(self, name: Located[str], verb: str) -> Child | None:
        """Return a collection of the owner, or report AG406."""
        entity = self.owner.entity if self.owner is not None else None
        known = entity.children if entity is not None else ()
        child = next((one for one in known if one.attribute == name.value), None)
        if child is None:
            self.cannot(
                verb,
                name.value,
                f"`{entity.name.text}` has no such collection"
                if entity is not None
                else "this command belongs to no entity",
                name.span,
                help=did_you_mean(nearest(name.value, [one.attribute for one in known]))
                or "collections stand under `children:`",
            )
        elif child.to_one:
            self.cannot(verb, name.value, "it holds at most one", name.span, help="leave it out")
            return None
        return child

    def cannot(self, verb: str, name: str, why: str, span: Span, *, help: str) -> None:
        """Report AG406."""
        said = {"set": "set", "append": "appended to", "remove": "removed from"}[verb]
        self.work.found.error("AG406", f"`{name}` cannot be {said}: {why}", span, help=help)


def named(name: str, fields: tuple[Field, ...]) -> Field | None:
    """Return a field by the name a spec has for it: a ref by its own and by `<name>_id`."""
    for field in fields:
        if name in (field.attribute, field.name.text):
            return field
    return None


def is_settable(field: Field) -> bool:
    """Whether a field has a value that somebody gives it."""
    if field.computed is not None or (isinstance(field.type, ManyOf) and not field.writes):
        return False
    return field.origin is not Origin.SYNTH or Surface.CREATE in field.writes


def is_required(field: Field) -> bool:
    """Whether a row can not be without a value of this field, and nothing else gives one."""
    if field.nullable or field.default is not None or not is_settable(field):
        return False
    if isinstance(field.type, ManyOf):
        return isinstance(field.type.constraints.min, int) and field.type.constraints.min > 0
    return True
