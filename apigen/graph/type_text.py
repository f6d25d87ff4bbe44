"""Write a resolved type the way a spec does: `str(1..200)`, `list(email)`, `todo | done`.

For people only: enum members are spelled out and long ones cut, so the text cannot be parsed back.
"""

from collections.abc import Mapping
from typing import assert_never

from apigen.ir.system import EnumType, ValueType
from apigen.ir.types import (
    Constraints,
    EnumRef,
    IdOf,
    ListOf,
    LocalizedText,
    ManyOf,
    MapOf,
    ObjectRef,
    RefTo,
    Scalar,
    ScalarKind,
    SetOf,
    TypeRef,
    UnionRef,
)

_MEMBERS_SHOWN = 4
_LENGTHS = frozenset({ScalarKind.STR, ScalarKind.TEXT, ScalarKind.BYTES})


def type_text(type_ref: TypeRef, types: Mapping[str, ValueType]) -> str:
    """Return `type_ref` in the words of the spec; `types` tells the members of an enum."""
    match type_ref:
        case Scalar(named=str(named)):
            return _short(named)
        case Scalar(kind=kind, constraints=constraints):
            return _scalar(kind, constraints)
        case EnumRef(target=target):
            declared = types.get(target)
            return _members(declared) if isinstance(declared, EnumType) else _short(target)
        case ObjectRef(target=target) | UnionRef(target=target):
            return _short(target)
        case RefTo(target=target):
            return _short(target)
        case IdOf(target=target):
            return f"id({_short(target)})"
        case ManyOf(target=target):
            return f"many({_short(target)})"
        case ListOf(item=item):
            return f"list({type_text(item, types)})"
        case SetOf(item=item):
            return f"set({type_text(item, types)})"
        case MapOf(item=item):
            return f"map({type_text(item, types)})"
        case LocalizedText(item=item):
            return f"{type_text(item, types)} localized"
        case _:
            assert_never(type_ref)


def _short(qname: str) -> str:
    return qname.rpartition(".")[2]


def _members(enum: EnumType) -> str:
    names = [member.name for member in enum.members]
    shown = " | ".join(names[:_MEMBERS_SHOWN])
    return shown if len(names) <= _MEMBERS_SHOWN else f"{shown} | …"


def _scalar(kind: ScalarKind, constraints: Constraints) -> str:
    if kind is ScalarKind.DECIMAL:
        return f"decimal({constraints.precision}, {constraints.scale})"
    if kind not in _LENGTHS or constraints.max is None:
        return kind.value
    if constraints.min is None:
        return f"{kind.value}({constraints.max})"
    return f"{kind.value}({constraints.min}..{constraints.max})"
