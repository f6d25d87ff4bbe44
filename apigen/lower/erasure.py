"""`erases`: which attributes hold the personal data that a command overwrites (AG406)."""

from apigen.ir.behaviour import Erase
from apigen.ir.field import Field
from apigen.ir.system import Child, Entity, ObjectType
from apigen.ir.types import (
    ListOf,
    ManyOf,
    MapOf,
    ObjectRef,
    Scalar,
    ScalarKind,
    SetOf,
    TypeRef,
    plain_type,
)
from apigen.lower.command_scope import CommandScope
from apigen.lower.workspace import Workspace
from apigen.spec.located import Located

ALL = "pii"
_OVERWRITTEN = frozenset(
    {ScalarKind.STR, ScalarKind.TEXT, ScalarKind.EMAIL, ScalarKind.URL, ScalarKind.SLUG}
)
_ERASED = "erased"


def erasure(words: tuple[Located[str], ...], scope: CommandScope) -> Erase | None:
    """Return the attributes whose data is of the classes, `pii` for all of them."""
    if scope.owner is None:
        _cannot("pii", "this command belongs to no entity", words[0], scope)
        return None
    entity = scope.owner.entity
    attributes: dict[str, None] = {}
    for word in words:
        fields = [
            field
            for field in entity.fields
            if field.computed is None and _holds(field, word.value, scope.work)
        ]
        inner = _personal_child(entity, word.value, scope.work)
        if inner is not None:
            _cannot(inner, "it is in owned entities", word, scope, help="`remove` them instead")
        elif not fields:
            _cannot(
                word.value,
                f"`{entity.name.text}` has no such data",
                word,
                scope,
                help="mark fields with `pii=contact` and the like",
            )
        for field in fields:
            if not _can_be_overwritten(field):
                _cannot(
                    field.name.text,
                    "no value of its type says nothing",
                    word,
                    scope,
                    help="make the field optional with `?`: it becomes null",
                )
                continue
            attributes[field.attribute] = None
    return Erase(attributes=tuple(attributes)) if attributes else None


def _cannot(
    what: str,
    why: str,
    word: Located[str],
    scope: CommandScope,
    *,
    help: str = "put the command under the `commands:` of an entity",
) -> None:
    scope.work.found.error("AG406", f"`{what}` cannot be erased: {why}", word.span, help=help)


def _holds(field: Field, word: str, work: Workspace) -> bool:
    if field.pii is not None:
        return word in (ALL, field.pii)
    return _holds_inside(field.type, word, work, frozenset())


def _holds_inside(type_: TypeRef, word: str, work: Workspace, seen: frozenset[str]) -> bool:
    match type_:
        case ObjectRef(target=target) if target not in seen:
            declared = work.types.get(target)
            fields = declared.fields if isinstance(declared, ObjectType) else ()
            return any(
                word in (ALL, field.pii)
                if field.pii is not None
                else _holds_inside(field.type, word, work, seen | {target})
                for field in fields
            )
        case ListOf(item=item) | SetOf(item=item) | MapOf(item=item):
            return _holds_inside(item, word, work, seen)
        case _:
            return False


def _personal_child(owner: Entity | Child, word: str, work: Workspace) -> str | None:
    for child in owner.children:
        for field in child.fields:
            if _holds(field, word, work):
                return f"{child.attribute}.{field.name.text}"
        deeper = _personal_child(child, word, work)
        if deeper is not None:
            return deeper
    return None


def _can_be_overwritten(field: Field) -> bool:
    if field.nullable:
        return True
    match plain_type(field.type):
        case ListOf(constraints=limits) | SetOf(constraints=limits) | MapOf(constraints=limits):
            return not limits.min
        case ManyOf(constraints=limits):
            return not limits.min
        case Scalar(kind=kind, constraints=limits) if kind in _OVERWRITTEN:
            shortest = limits.min if isinstance(limits.min, int) else 0
            longest = limits.max if isinstance(limits.max, int) else len(_ERASED)
            return limits.pattern is None and shortest <= len(_ERASED) <= longest
        case _:
            return False
