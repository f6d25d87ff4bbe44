"""What commands give to fields and tell with events: values of the right type, as source."""

from dataclasses import replace

from apigen.ir.behaviour import Emission, Guard
from apigen.ir.expr import Const, Path, Root, SqlSupport, Step, TypedExpr
from apigen.ir.field import Field
from apigen.ir.system import System
from apigen.ir.types import (
    ActorDefault,
    IdOf,
    ListOf,
    LocalizedText,
    RefTo,
    Scalar,
    ScalarKind,
    TypeRef,
)
from apigen.python import layout
from apigen.python.annotations import FORMAT_TYPES, scalar_type
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.views.domain.command_rules import CommandRules

_ACTOR_ID = Scalar(kind=ScalarKind.TEXT)


def guarded(
    guard: Guard, rules: CommandRules, system: System, imports: ImportSet, *, owner: str
) -> str:
    """Return the statement that refuses a command when a guard does not hold."""
    name = imports.use(layout.support(system, "core.errors", "GuardViolation"))
    refusal = rules.refusal(guard.condition, owner=owner)
    return f"if {refusal}:\n    raise {name}({text(guard.code)}, {text(guard.message)})"


def event_source(
    emission: Emission, rules: CommandRules, system: System, imports: ImportSet, *, owner: str
) -> str:
    """Return the event that a command makes."""
    event = next(one for one in system.events if one.qname == emission.event)
    fields = {field.attribute: field for field in event.payload}
    payload = imports.use(layout.payload(system, event))
    arguments: list[str] = []
    for one in emission.values:
        type_ = fields[one.attribute].type
        source = rules.source(as_written(type_, one.value), owner=owner)
        source = as_type(type_, one.value, source, system, imports)
        if isinstance(type_, ListOf):
            # A payload is immutable.
            copied = f"tuple({source})"
            source = f"None if {source} is None else {copied}" if one.value.nullable else copied
        arguments.append(f"{spell(one.attribute)}={source}")
    name = imports.use(layout.event(system, event))
    moment = f", occurred_at={rules.present}" if rules.uses_clock else ""
    return f"{name}(payload={payload}({', '.join(arguments)}){moment})"


def as_type(
    type_: TypeRef, value: TypedExpr, source: str, system: System, imports: ImportSet
) -> str:
    """Return a value as the type of the field that gets it: a text as a `Sku`.

    What is read from a field of the type is of the type already.
    """
    if isinstance(type_, LocalizedText):
        return _as_localized(type_, value, source, system, imports)
    if isinstance(value.tree, Path) and value.tree.root is Root.ACTOR:
        # A claim is what an identifier is made of.
        said = "claim" if value.nullable else source
        typed = ""
        match type_:
            case IdOf(target=target) | RefTo(target=target):
                typed = f"{imports.use(layout.id_type(system, target))}({said})"
            case ListOf(item=IdOf(target=target)):
                typed = f"[{imports.use(layout.id_type(system, target))}(item) for item in {said}]"
            case _:
                pass
        if typed:
            return f"None if (claim := {source}) is None else {typed}" if value.nullable else typed
    if not isinstance(type_, Scalar) or (type_.named is None and type_.kind not in FORMAT_TYPES):
        return source
    tree = value.tree
    if isinstance(tree, Const) and tree.value is None:
        return source
    read = tree.type if isinstance(tree, Path) else None
    if isinstance(read, Scalar) and (read.named, read.kind) == (type_.named, type_.kind):
        return source
    typed = f"{scalar_type(type_, system=system, imports=imports)}({source})"
    return f"None if {source} is None else {typed}" if value.nullable else typed


def as_written(type_: TypeRef, value: TypedExpr) -> TypedExpr:
    """Return a rule that yields what a field of the type gets: all of a localized text."""
    tree = value.tree
    if not isinstance(type_, LocalizedText) or not isinstance(tree, Path):
        return value
    return replace(value, tree=replace(tree, locale=""))


def is_spoken(value: TypedExpr) -> bool:
    """Tell whether a rule is the name of a localized text."""
    tree = value.tree
    return isinstance(tree, Path) and bool(tree.locale)


def _as_localized(
    type_: LocalizedText, value: TypedExpr, source: str, system: System, imports: ImportSet
) -> str:
    is_null = isinstance(value.tree, Const) and value.tree.value is None
    if is_null or is_spoken(value):
        return source
    name = imports.use(layout.support(system, "domain.localized", "Localized"))
    made = f"{name}({{{text(type_.default)}: {source}}})"
    return f"None if {source} is None else {made}" if value.nullable else made


def actor_rule(field: Field, default: ActorDefault, system: System) -> TypedExpr:
    """Return `actor.<claim>` as the rule that fills a field."""
    claims = system.security.claims if system.security is not None else ()
    found = next((one for one in claims if one.name == default.claim), None)
    type_ = found.type if found is not None else _ACTOR_ID
    nullable = found is not None and found.nullable
    step = Step(attribute=default.claim, type=type_, nullable=nullable)
    return TypedExpr(
        source=f"actor.{default.claim}",
        tree=Path(root=Root.ACTOR, steps=(step,), type=type_, nullable=nullable),
        type=type_,
        nullable=nullable,
        reads=frozenset(),
        uses_clock=False,
        sql=SqlSupport.NONE,
        span=field.span,
        uses_actor=True,
    )
