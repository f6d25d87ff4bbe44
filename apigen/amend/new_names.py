"""What everything is called after a few renames: also what the language derives from a name.

All renames are looked up among the old names, at once: swapping two names is no special case, and
a list that names derived consequences (`OrderLine` after `Order`) means the same as one without.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Protocol

from apigen.amend.reference import (
    ClassTarget,
    CollectionTarget,
    FieldTarget,
    InverseTarget,
    MemberTarget,
    MessageTarget,
    Target,
)
from apigen.amend.spec import Spec
from apigen.diagnostics import Span
from apigen.ir.field import Field
from apigen.ir.names import Name, singularize
from apigen.ir.system import Child, Entity, ObjectType
from apigen.lower.identifiers import wire_name
from apigen.spec.entities import ChildSpec
from apigen.spec.located import Named
from apigen.values import dataclass

_MESSAGES = frozenset({"command", "event", "query", "reaction", "projection"})


class Renaming(Protocol):
    """A declared rename: `apigen.evolve.record.Rename` is one."""

    @property
    def kind(self) -> str:
        """entity, child, collection, field, type, member, mixin, or a kind of message."""

    @property
    def old(self) -> str:
        """Qualified name before."""

    @property
    def new(self) -> str:
        """Qualified name after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNames:
    """New names by what is renamed; what is missing keeps its name."""

    classes: Mapping[str, str]
    """Qualified name to the new class name, without context."""
    declarations: Mapping[Span, str]
    """Declaration of a field or collection to its new name as written there."""
    members: Mapping[tuple[str, str], str]
    arcs: Mapping[Span, str]
    """Declaration of a ref to one of several to its name as written before."""
    entities_to_write: Mapping[Span, str] = field(default_factory=dict)
    """Declaration of a collection to the class name that `entity` has to say from now on."""
    messages: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """By kind and qualified name: commands, events, queries, reactions, projections."""

    def of(self, target: Target, written: str) -> str:
        """Return what stands for `written`, which names `target`."""
        match target:
            case ClassTarget(qname=qname):
                context, dot, short = written.rpartition(".")
                return context + dot + self.classes.get(qname, short)
            case CollectionTarget(declared=declared):
                return self.declarations.get(declared, written)
            case MemberTarget(enum=enum, member=member):
                return self.members.get((enum, member), written)
            case MessageTarget(kind=kind, qname=qname):
                return self.messages.get((kind, qname), written)
            case InverseTarget():
                return written
            case FieldTarget():
                return self._of_field(target, written)

    def _of_field(self, target: FieldTarget, written: str) -> str:
        arc = self.arcs.get(target.declared)
        name = self.declarations.get(target.declared)
        if arc is not None:
            if written == arc:
                return name or written
            name = f"{name or arc}_{Name.of(self.short(target.to)).snake}"
        if name is None or name == target.name:
            return written
        attribute = f"{name}_id" if target.attribute != target.name else name
        if written == target.name:
            return name
        if written == target.attribute:
            return attribute
        return wire_name(attribute, "camel")

    def short(self, qname: str) -> str:
        """Return the new class name of what has a qualified name."""
        return self.classes.get(qname, qname.rpartition(".")[2])


def new_names(spec: Spec, renames: Iterable[Renaming]) -> NewNames:
    """Return the new names; a rename of what the spec does not have says nothing."""
    classes: dict[str, str] = {}
    declarations: dict[Span, str] = {}
    members: dict[tuple[str, str], str] = {}
    wanted: dict[str, str] = {}
    named: list[tuple[Span, str, str]] = []
    messages: dict[tuple[str, str], str] = {}
    for rename in renames:
        owner, _, old = rename.old.rpartition(".")
        new = rename.new.rpartition(".")[2]
        if rename.kind == "member":
            members[(owner, old)] = new
        elif rename.kind in _MESSAGES:
            messages[(rename.kind, rename.old)] = new
        elif rename.kind in ("entity", "type", "mixin"):
            classes[rename.old] = new
        elif rename.kind == "child" and rename.old in spec.system.children:
            wanted[rename.old] = new
        else:
            # A child of the form `context.Owner.collection` is a collection.
            declared = _declared(spec, owner, old)
            if declared is not None:
                named.append((declared, old, new))
    for declared, old, new in named:
        declarations[declared] = _as_written(spec.fields.get(declared, ()), old, new, classes)
    arcs = {
        span: _arc_name(fields)
        for span, fields in spec.fields.items()
        if len({known.name.text for known in fields}) > 1
    }
    to_write: dict[Span, str] = {}
    for entity in spec.system.entities.values():
        _children(entity, classes, declarations, wanted, to_write, named_classes(spec))
        if entity.lifecycle is not None and entity.qname in classes:
            # The enumeration of the states is called after its entity.
            pascal = Name.of(classes[entity.qname]).pascal
            classes[entity.lifecycle.enum] = f"{pascal}Status"
    return NewNames(
        classes=classes,
        declarations=declarations,
        members=members,
        arcs=arcs,
        entities_to_write=to_write,
        messages=messages,
    )


def _declared(spec: Spec, owner: str, name: str) -> Span | None:
    """Return where a field or collection of an entity, child, type or mixin is declared."""
    system = spec.system
    holder = system.entities.get(owner) or system.children.get(owner) or system.types.get(owner)
    if isinstance(holder, Entity | Child):
        for child in holder.children:
            if child.attribute == name:
                return child.span
    if isinstance(holder, Entity | Child | ObjectType):
        for known in holder.fields:
            if known.name.text == name and known.span in spec.fields:
                return known.span
        # A ref to one of several is several fields, and may be named as it is written.
        for known in holder.fields:
            if known.name.text.startswith(f"{name}_") and known.span in spec.fields:
                same = spec.fields[known.span]
                if len({one.name.text for one in same}) > 1 and _arc_name(same) == name:
                    return known.span
    context, _, mixin = owner.rpartition(".")
    named = spec.contexts[context].mixins.get(mixin) if context in spec.contexts else None
    for field_ in (named.value.fields or ()) if named is not None else ():
        if field_.name.value == name:
            return field_.name.span
    return None


def _as_written(fields: tuple[Field, ...], old: str, new: str, classes: Mapping[str, str]) -> str:
    """Return the new name of a declaration; that of one field of an arc ends with its target."""
    for known in fields if len({one.name.text for one in fields}) > 1 else ():
        if known.name.text == old:
            target = getattr(known.type, "target", "")
            short = classes.get(target, target.rpartition(".")[2])
            return new.removesuffix(f"_{Name.of(short).snake}")
    return new


def _arc_name(fields: tuple[Field, ...]) -> str:
    """Return the name that a ref to one of several is written with."""
    one = fields[0]
    target = getattr(one.type, "target", "").rpartition(".")[2]
    return one.name.text.removesuffix(f"_{Name.of(target).snake}")


def named_classes(spec: Spec) -> frozenset[Span]:
    """Return the declarations of collections whose `entity` says what their class is called."""
    found: set[Span] = set()
    pending: list[Named[ChildSpec]] = []
    for context in spec.contexts.values():
        for entity in context.entities.values():
            pending += entity.value.children or ()
        for mixin in context.mixins.values():
            pending += mixin.value.children or ()
    while pending:
        named = pending.pop()
        if named.value.entity is not None:
            found.add(named.name.span)
        pending += named.value.children or ()
    return frozenset(found)


def class_of(parent: str, collection: str, *, to_one: bool) -> str:
    """Return the class name of a child from its parent's and its collection's."""
    parts = Name.of(collection).snake.split("_")
    if not to_one:
        parts[-1] = singularize(parts[-1])
    return Name.of(parent).pascal + "".join(part.capitalize() for part in parts)


def _children(
    holder: Entity | Child,
    classes: dict[str, str],
    declarations: Mapping[Span, str],
    wanted: Mapping[str, str],
    to_write: dict[Span, str],
    own: frozenset[Span],
) -> None:
    text = holder.name.text if isinstance(holder, Entity) else holder.class_name.text
    parent = classes.get(holder.qname, text)
    for child in holder.children:
        collection = declarations.get(child.span, child.attribute)
        keeps = child.span in own
        name = child.class_name.text if keeps else class_of(parent, collection, to_one=child.to_one)
        asked = wanted.get(child.qname, name)
        if asked != name:
            name = asked
            if not keeps:
                to_write[child.span] = name
        if name != child.class_name.text:
            classes[child.qname] = name
        _children(child, classes, declarations, wanted, to_write, own)
